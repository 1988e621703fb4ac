import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { behavesLikeKeyValueStore } from '../behaviors/keyValueStore.ts'
import { temporaryFolder } from './temporaryFolder.ts'

describe('key-value stores', () => {
  const folder = temporaryFolder()
  behavesLikeKeyValueStore('memory', async () => new MemoryKeyValueStore())
  behavesLikeKeyValueStore('LevelDB', () => LevelKeyValueStore.open(join(folder.path, 'db')))
})
