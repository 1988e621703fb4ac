import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeCertificates, outlivesRestarts } from './behavior.ts'

behavesLikeCertificates('memory', async () => new MemoryKeyValueStore())

const openLevel = (folder: string) => LevelKeyValueStore.open(join(folder, 'ledger'))
behavesLikeCertificates('LevelDB', openLevel)
outlivesRestarts('LevelDB', openLevel)
