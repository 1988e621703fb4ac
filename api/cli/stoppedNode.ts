import { join } from 'node:path'
import { LedgerError } from '../../node/core/errors.ts'
import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { MASTER_KEY_FILE, openOrCreateMasterKey } from '../../node/store/sealing/masterKey.ts'
import { misuse } from './context.ts'
import { exists } from './exists.ts'

/** Where a node keeps what, in its data folder. */
export const STORE_FOLDER = 'ledger'
export const CONTENTS_FOLDER = 'contents'

export interface StoppedNode {
  readonly store: LevelKeyValueStore
  readonly contents: FileContentStore
  close(): Promise<void>
}

/**
 * The stores of a node that does not run: while they are open, it cannot start.
 *
 * @throws LedgerError unavailable/DATA_FOLDER_IN_USE while it runs, corrupt/STORE_CORRUPT
 */
export async function openStoppedNode(dataFolder: string): Promise<StoppedNode> {
  // Opening would make a ledger where there is none.
  if (!(await exists(join(dataFolder, STORE_FOLDER, 'CURRENT')))) {
    misuse(`There is no ledger in ${dataFolder}.`)
  }
  const store = await LevelKeyValueStore.open(join(dataFolder, STORE_FOLDER))
  try {
    const contents = await FileContentStore.open(join(dataFolder, CONTENTS_FOLDER))
    return {
      store,
      contents,
      async close() {
        await contents.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * @param configured the master key from the environment, which comes first
 * @throws LedgerError invalid/MASTER_KEY_WRONG, invalid/MASTER_KEY_MISSING, corrupt/SEAL_BROKEN
 */
export async function openStoppedRing(
  { store }: Pick<StoppedNode, 'store'>,
  dataFolder: string,
  configured: Uint8Array | undefined,
): Promise<{ readonly ring: KeyRing; readonly reopenRing: () => Promise<KeyRing> }> {
  const key = configured ?? (await readMasterKey(dataFolder))
  const reopenRing = () => KeyRing.open(store, key)
  return { ring: await reopenRing(), reopenRing }
}

async function readMasterKey(dataFolder: string): Promise<Uint8Array> {
  if (!(await exists(join(dataFolder, MASTER_KEY_FILE)))) {
    throw new LedgerError('invalid', 'MASTER_KEY_MISSING', { folder: dataFolder })
  }
  return (await openOrCreateMasterKey(dataFolder)).key
}
