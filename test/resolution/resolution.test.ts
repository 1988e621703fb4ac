import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeResolutions } from './behavior.ts'

behavesLikeResolutions('memory', async () => new MemoryKeyValueStore())
behavesLikeResolutions('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
