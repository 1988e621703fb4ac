import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeBenefits } from './behavior.ts'

behavesLikeBenefits('memory', async () => new MemoryKeyValueStore())
behavesLikeBenefits('LevelDB', (folder) => LevelKeyValueStore.open(join(folder, 'ledger')))
