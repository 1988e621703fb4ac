import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeFigures } from './behavior.ts'

behavesLikeFigures('memory', async () => new MemoryKeyValueStore())
behavesLikeFigures('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
