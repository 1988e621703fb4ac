import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeCases } from './behavior.ts'
import { behavesLikeChecks } from './checking.ts'
import { behavesLikeResolutions } from './resolving.ts'
import { behavesLikeReuse } from './reusing.ts'

const openLevel = (folder: string) => LevelKeyValueStore.open(join(folder, 'ledger'))

behavesLikeCases('memory', async () => new MemoryKeyValueStore())
behavesLikeCases('LevelDB', openLevel)
behavesLikeResolutions('memory', async () => new MemoryKeyValueStore())
behavesLikeResolutions('LevelDB', openLevel)
behavesLikeChecks('memory', async () => new MemoryKeyValueStore())
behavesLikeChecks('LevelDB', openLevel)
behavesLikeReuse('memory', async () => new MemoryKeyValueStore())
behavesLikeReuse('LevelDB', openLevel)
