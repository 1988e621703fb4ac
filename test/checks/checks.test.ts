import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeChecks } from './behavior.ts'

behavesLikeChecks('memory', async () => new MemoryKeyValueStore())
behavesLikeChecks('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
