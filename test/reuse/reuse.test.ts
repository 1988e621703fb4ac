import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeReuse } from './behavior.ts'

behavesLikeReuse('memory', async () => new MemoryKeyValueStore())
behavesLikeReuse('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
