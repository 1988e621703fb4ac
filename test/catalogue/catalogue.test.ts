import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { answersLikeAList, behavesLikeCatalogue } from './behavior.ts'

const openMemory = async () => new MemoryKeyValueStore()

behavesLikeCatalogue('memory', openMemory)
behavesLikeCatalogue('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
describe('the catalogue', () => answersLikeAList(openMemory))
