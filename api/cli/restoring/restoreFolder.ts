import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { LedgerError } from '../../../node/core/errors.ts'
import { checkLedger } from '../../../node/ledger/audit/audit.ts'
import type { AuditSummary } from '../../../node/ledger/audit/audit.ts'
import type { ReadBackup } from '../../../node/ledger/backup/archiveReader.ts'
import { restoreBackup } from '../../../node/ledger/backup/restore.ts'
import { syncFolder } from '../../../node/store/disk.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { MASTER_KEY_FILE } from '../../../node/store/sealing/masterKey.ts'
import { exists } from '../exists.ts'
import { CONTENTS_FOLDER, STORE_FOLDER } from '../stoppedNode.ts'

export interface Restoring {
  readonly source: AsyncIterable<Uint8Array>
  readonly dataFolder: string
  readonly masterKey: Uint8Array
  /** Put the master key into the folder, as a node does that has none configured. */
  readonly keepKey: boolean
}

export interface RestoredFolder extends ReadBackup {
  readonly summary: AuditSummary
}

/** Only a folder with this in it is thrown away when a restore begins again. */
const MARKER = 'RESTORE-UNFINISHED'

/**
 * Makes the data folder beside its place and moves it there once it was found sound. A failure leaves nothing;
 * killed, it leaves `<data folder>.restoring`, which the next try removes.
 *
 * @throws LedgerError conflict/DATA_FOLDER_NOT_EMPTY, conflict/RESTORE_FOLDER_TAKEN
 * @throws LedgerError invalid/MASTER_KEY_WRONG, corrupt/AUDIT_FAILED, and those of `restoreBackup`
 */
export async function restoreFolder(restoring: Restoring): Promise<RestoredFolder> {
  const { dataFolder, masterKey, keepKey } = restoring
  await requireEmpty(dataFolder)
  const draft = `${resolve(dataFolder)}.restoring`
  await beginDraft(draft)
  try {
    const restored = await fill(draft, restoring)
    if (keepKey) await keepMasterKey(draft, masterKey)
    await rm(join(draft, MARKER))
    await syncFolder(draft)
    if (await exists(dataFolder)) await rmdir(dataFolder)
    await rename(draft, dataFolder)
    await syncFolder(dirname(resolve(dataFolder)))
    return restored
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function keepMasterKey(folder: string, masterKey: Uint8Array): Promise<void> {
  const text = `${Buffer.from(masterKey).toString('hex')}\n`
  await writeFile(join(folder, MASTER_KEY_FILE), text, { mode: 0o600, flag: 'wx' })
}

async function fill(draft: string, { source, masterKey }: Restoring): Promise<RestoredFolder> {
  const store = await LevelKeyValueStore.open(join(draft, STORE_FOLDER))
  try {
    const contents = await FileContentStore.open(join(draft, CONTENTS_FOLDER))
    try {
      const read = await restoreBackup(source, { store, contents })
      const reopenRing = () => KeyRing.open(store, masterKey)
      const parts = { store, contents, ring: await reopenRing(), reopenRing }
      return { ...read, summary: await checkLedger(parts) }
    } finally {
      await contents.close()
    }
  } finally {
    await store.close()
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (names.length > 0) throw new LedgerError('conflict', 'DATA_FOLDER_NOT_EMPTY', { folder })
}

async function beginDraft(draft: string): Promise<void> {
  if (await exists(join(draft, MARKER))) await rm(draft, { recursive: true })
  await mkdir(dirname(draft), { recursive: true })
  try {
    await mkdir(draft, { mode: 0o700 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    // Not one of ours: whatever is in it stays.
    throw new LedgerError('conflict', 'RESTORE_FOLDER_TAKEN', { folder: draft }, { cause })
  }
  await writeFile(
    join(draft, MARKER),
    'A restore makes a data folder here. Repeat it to begin again.\n',
  )
}
