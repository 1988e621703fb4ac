import { join } from 'node:path'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { keepsToCases } from './cases.ts'
import { carriesOn } from './carrying.ts'
import { answersConcurrently } from './concurrent.ts'
import { masksFields } from './masking.ts'
import { answersOnce } from './once.ts'
import { servesOnce } from './singleUse.ts'
import { sparesOnce } from './sparing.ts'
import { provesStates } from './states.ts'

const openMemory = async () => new MemoryKeyValueStore()
const openLevel = (folder: string) => LevelKeyValueStore.open(join(folder, 'ledger'))

const BEHAVIORS = [
  answersOnce,
  answersConcurrently,
  carriesOn,
  provesStates,
  keepsToCases,
  masksFields,
  servesOnce,
  sparesOnce,
]
for (const behave of BEHAVIORS) {
  behave('memory', openMemory)
  behave('LevelDB', openLevel)
}
