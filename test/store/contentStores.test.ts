import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import { MemoryContentStore } from '../../node/store/memory/memoryContentStore.ts'
import { behavesLikeContentStore, SEGMENT_LIMIT } from '../behaviors/contentStore.ts'
import { temporaryFolder } from './temporaryFolder.ts'

describe('content stores', () => {
  const folder = temporaryFolder()
  const segmentLimit = SEGMENT_LIMIT
  behavesLikeContentStore('memory', async () => new MemoryContentStore({ segmentLimit }))
  behavesLikeContentStore('files', () => FileContentStore.open(folder.path, { segmentLimit }))
})
