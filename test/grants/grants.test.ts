import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeGrants } from './behavior.ts'

behavesLikeGrants('memory', async () => new MemoryKeyValueStore())
behavesLikeGrants('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
