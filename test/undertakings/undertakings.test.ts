import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeUndertakings } from './behavior.ts'

behavesLikeUndertakings('memory', async () => new MemoryKeyValueStore())
behavesLikeUndertakings('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
