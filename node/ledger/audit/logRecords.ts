import { decodeUtf8 } from '../../core/bytes.ts'
import { isLedgerError } from '../../core/errors.ts'
import { parseCheckpoint, verifyCheckpoint } from '../../core/tlog/checkpoint.ts'
import type { Checkpoint, LogTrust } from '../../core/tlog/checkpoint.ts'
import { parseNote } from '../../core/tlog/note.ts'
import { attempt } from '../../core/verify/codes.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import type { KeyRing } from '../../store/sealing/keyRing.ts'
import { LogSigner } from '../signer.ts'
import type { AuditParts } from './parts.ts'
import { readOne, reasonOf } from './scan.ts'
import type { Report } from './report.ts'
import type { AuditedHead } from './tree.ts'

/** What the records about the log itself say. */
export interface LogRecords {
  readonly head: AuditedHead
  /** Undefined when neither the records nor the caller say whose signatures count. */
  readonly log: LogTrust | undefined
}

const FORMAT = '1'

/** Reads what the ledger keeps about itself; where it is damaged, the audit goes on with what is left. */
export async function readLogRecords(
  { store, ring, reopenRing }: Pick<AuditParts, 'store' | 'ring' | 'reopenRing'>,
  trusted: LogTrust | undefined,
  report: Report,
): Promise<LogRecords> {
  await checkFormat(store, report)
  await checkRing(ring, reopenRing, report)
  const note = await readText(store, 'checkpoint', report)
  const own = await readLogKey(store, ring, note, report)
  if (trusted && own && !isSame(trusted, own)) {
    report.add('RECORD_WRONG', 'record logKey', { reason: 'not the key that is trusted' })
  }
  const log = trusted ?? own
  const head = note === undefined ? undefined : readCheckpoint(note, log, report)
  return { log, head: head ?? { size: await countEntries(store), root: undefined } }
}

/** Size of the newest checkpoint, as far as it can be read: what is appended during the audit moves it. */
export async function readSize(store: KeyValueStore): Promise<number> {
  try {
    const note = await store.get(layout.metaKey('checkpoint'))
    return note ? parseCheckpoint(parseNote(decodeUtf8(note)).text).size : 0
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return countEntries(store)
  }
}

async function checkFormat(store: KeyValueStore, report: Report): Promise<void> {
  const format = await readText(store, 'format', report)
  if (format !== undefined && format !== FORMAT) report.add('RECORD_WRONG', 'record format')
}

/** The ring in use was opened once; what is stored must still give the same one. */
async function checkRing(
  ring: KeyRing,
  reopen: AuditParts['reopenRing'],
  report: Report,
): Promise<void> {
  try {
    const stored = await reopen()
    if (stored.blind('audit', '') !== ring.blind('audit', '')) {
      report.add('RECORD_WRONG', 'record keyRing')
    }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('RECORD_WRONG', 'record keyRing', reasonOf(error))
  }
}

/** Whose signatures count by the ledger's own records. The checkpoint decides where the origin was altered. */
async function readLogKey(
  store: KeyValueStore,
  ring: KeyRing,
  note: string | undefined,
  report: Report,
): Promise<LogTrust | undefined> {
  const origin = await readText(store, 'origin', report)
  const pkcs8 = await openLogKey(store, ring, report)
  if (pkcs8 === undefined) return undefined
  const logOf = (name: string): LogTrust | undefined =>
    attempt(() => ({ origin: name, key: new LogSigner(name, pkcs8).verifierKey }))
  const stated = origin === undefined ? undefined : logOf(origin)
  const signedOrigin = note && attempt(() => parseCheckpoint(parseNote(note).text).origin)
  if (!note || !signedOrigin || signedOrigin === origin) return stated
  const signed = logOf(signedOrigin)
  if (!signed || !attempt(() => verifyCheckpoint(note, signed))) return stated
  if (origin !== undefined) report.add('RECORD_WRONG', 'record origin')
  return signed
}

async function openLogKey(
  store: KeyValueStore,
  ring: KeyRing,
  report: Report,
): Promise<Uint8Array | undefined> {
  const sealed = await requireRecord(store, 'logKey', report)
  try {
    return sealed && ring.openRecord(layout.metaKey('logKey'), sealed)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('RECORD_WRONG', 'record logKey', reasonOf(error))
    return undefined
  }
}

function readCheckpoint(
  note: string,
  log: LogTrust | undefined,
  report: Report,
): Checkpoint | undefined {
  try {
    return log ? verifyCheckpoint(note, log) : parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('CHECKPOINT_BROKEN', 'checkpoint', reasonOf(error))
    return undefined
  }
}

async function readText(
  store: KeyValueStore,
  name: layout.MetaName,
  report: Report,
): Promise<string | undefined> {
  const record = await requireRecord(store, name, report)
  try {
    return record && decodeUtf8(record)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('RECORD_WRONG', `record ${name}`, reasonOf(error))
    return undefined
  }
}

async function requireRecord(
  store: KeyValueStore,
  name: layout.MetaName,
  report: Report,
): Promise<Uint8Array | undefined> {
  const record = await readOne(store, layout.metaKey(name), report)
  if (record === 'damaged') return undefined
  if (record === 'missing') {
    report.add('RECORD_MISSING', `record ${name}`)
    return undefined
  }
  return record
}

/** How far the entries reach, where no checkpoint tells. */
async function countEntries(store: KeyValueStore): Promise<number> {
  const range = { ...layout.familyRange('entry'), reverse: true, limit: 1 }
  try {
    for await (const [text] of store.scan(range)) {
      const key = layout.parseKey(text)
      return key.family === 'entry' ? key.index + 1 : 0
    }
  } catch (error) {
    if (!isLedgerError(error)) throw error
  }
  return 0
}

function isSame(a: LogTrust, b: LogTrust): boolean {
  return (
    a.origin === b.origin &&
    a.key.keyId === b.key.keyId &&
    Buffer.compare(a.key.key, b.key.key) === 0
  )
}
