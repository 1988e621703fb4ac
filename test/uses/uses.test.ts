import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { answersConcurrently } from './concurrent.ts'
import { masksFields } from './masking.ts'
import { answersOnce } from './once.ts'
import { servesOnce } from './singleUse.ts'
import { provesStates } from './states.ts'

const openMemory = async () => new MemoryKeyValueStore()
const openLevel = (folder: string) => LevelKeyValueStore.open(join(folder, 'ledger'))

for (const behave of [answersOnce, answersConcurrently, provesStates, masksFields, servesOnce]) {
  behave('memory', openMemory)
  behave('LevelDB', openLevel)
}
