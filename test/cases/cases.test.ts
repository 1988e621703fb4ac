import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeCases } from './behavior.ts'

behavesLikeCases('memory', async () => new MemoryKeyValueStore())
behavesLikeCases('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
