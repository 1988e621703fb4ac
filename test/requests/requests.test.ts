import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeRequests } from './behavior.ts'

behavesLikeRequests('memory', async () => new MemoryKeyValueStore())
behavesLikeRequests('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
