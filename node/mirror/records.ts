import type { Head, Hex } from '../chain/chain.ts'
import type { RegistryEvent } from '../chain/registries.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { MirrorTable } from '../store/layout.ts'
import type { HolderAccount, MirroredUse, Place, StatusRecord } from './mirror.ts'

/**
 * What each table holds, as JSON; records are replaced, never changed. Ids are hex without 0x.
 *
 * | table | id | record |
 * |---|---|---|
 * | about | `cursor` | where the mirror stands, and of what |
 * | about | `authority` | the department that everything is accredited from |
 * | undo | block, 12 digits | see Undo |
 * | department, departmentsOfAccount, epoch | address | |
 * | holder, certificate, grant, use | the id on chain | |
 * | departmentBelow | accreditor/position | the department |
 * | holderOfAccount | account/holder | the holder, while bound |
 * | grantBelow, grantOfHolder, grantToGrantee | parent, holder or grantee/position | the grant |
 * | useOfGrant | grant/sequence, 8 digits | the use |
 *
 * A position is the block, 12 digits, and the place among its logs, 6 digits.
 */
export interface Tables extends Record<MirrorTable, Stored> {
  about: Cursor | Hex
  department: DepartmentRecord
  departmentsOfAccount: readonly Hex[]
  epoch: number
  holder: HolderRecord
  certificate: readonly StatusRecord[]
  grant: GrantRecord
  use: MirroredUse
  undo: Undo
  departmentBelow: Hex
  holderOfAccount: Hex
  grantBelow: Hex
  grantOfHolder: Hex
  grantToGrantee: Hex
  useOfGrant: Hex
}

export type Stored =
  | Cursor
  | DepartmentRecord
  | readonly Hex[]
  | number
  | HolderRecord
  | readonly StatusRecord[]
  | GrantRecord
  | MirroredUse
  | Undo
  | Hex

/** A mirror of something else, or written in another form, is made anew. `from`: the first block that counts. */
export interface MirrorIdentity {
  readonly v: number
  readonly registries: Registries
  readonly from: number
}

export interface Cursor extends MirrorIdentity {
  readonly block: Head
}

/** What a block's events replaced, by key; null where there was nothing. Undefined when it cannot be taken back. */
export interface Undo {
  readonly hash: Hex
  readonly was?: readonly (readonly [key: string, record: Stored | null])[]
}

/** Times in seconds since 1970. */
export interface DepartmentRecord {
  readonly accreditor: Hex
  readonly accredited: Place
  /** Oldest first, at most one from each second, as the contract keeps them; so are `accounts`. */
  readonly terms: readonly Terms[]
  /** Empty until it changes its account. */
  readonly accounts: readonly { readonly from: number; readonly account: Hex }[]
  readonly types: Readonly<Record<Hex, readonly Period[]>>
}

export interface Terms {
  readonly from: number
  readonly rights: number
  readonly standing: number
  readonly notBefore: number
  readonly notAfter: number
}

/** `until` 0 while it lasts. */
export interface Period {
  readonly from: number
  readonly until: number
}

export interface HolderRecord {
  readonly registrar: Hex
  readonly accounts: readonly HolderAccount[]
}

export interface GrantRecord {
  /** Absent while only its revocation was recorded: a grant may end before it begins. */
  readonly registered?: {
    readonly holder: Hex
    readonly parent: Hex
    readonly grantor: Hex
    readonly grantee: Hex
    readonly place: Place
  }
  readonly used: number
  readonly lastUse: Hex
  readonly revocation?: { readonly revoker: Hex; readonly recorded: Place }
}

export interface Records {
  get<Table extends MirrorTable>(table: Table, id: string): Tables[Table] | undefined
}

export interface RecordWriter extends Records {
  put<Table extends MirrorTable>(table: Table, id: string, record: Tables[Table]): void
  /** Puts what was never there, and so need not be looked for. */
  add<Table extends MirrorTable>(table: Table, id: string, record: Tables[Table]): void
  remove(table: MirrorTable, id: string): void
}

export const NO_ADDRESS: Hex = `0x${'0'.repeat(40)}`
export const NO_HASH: Hex = `0x${'0'.repeat(64)}`
export const NO_USE: Hex = `0x${'0'.repeat(32)}`

/** Without 0x. */
export function bare(hex: Hex): string {
  return hex.slice(2)
}

export function blockId(number: number): string {
  return number.toString(16).padStart(12, '0')
}

export function positionOf({ block, logIndex }: RegistryEvent): string {
  return blockId(block.number) + logIndex.toString(16).padStart(6, '0')
}

export function placeOf({ block, transaction, logIndex }: RegistryEvent): Place {
  const { number, hash, timestamp } = block
  return { block: number, blockHash: hash, time: timestamp, transaction, logIndex }
}

export function covers({ from, until }: Period, time: number): boolean {
  return from <= time && (until === 0 || time < until)
}

/** The last that had begun by then. */
export function latestBy<Item extends { readonly from: number }>(
  items: readonly Item[],
  time: number,
): Item | undefined {
  return items.findLast(({ from }) => from <= time)
}

export function encodeRecord(record: Stored): Uint8Array {
  return Buffer.from(JSON.stringify(record))
}

export function decodeRecord(bytes: Uint8Array): Stored {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()) as Stored
}
