import { LedgerError } from '../core/errors.ts'
import type { KeyRange } from './keyValueStore.ts'

/**
 * Which key means what. Every key of the database is built and parsed here and nowhere else.
 *
 * | key | value |
 * |---|---|
 * | `e/<index>` | entry, the public bytes whose hash is the leaf |
 * | `t/<level>/<tile>` | up to 256 hashes of a tile |
 * | `s/<index>` | salt and statement, sealed |
 * | `k/<index>` | the data key of that statement and its content, wrapped |
 * | `c/<index>` | location of the content |
 * | `f/<file name>` | index of the content in that file, so that a start after a crash knows it at once |
 * | `i/<blinded id>` | index of the statement with that id |
 * | `x/<kind>/<blinded term>/<index>` | nothing: the statement of that entry is found by that term |
 * | `n/<kind>/<blinded term>` | index of the one statement that counts for that term |
 * | `q/<blinded idempotency key>` | what was answered, sealed |
 * | `u/<blinded id>` | a request that the chain is asked to count, until the statement with that id answers it, sealed
 * |
 * | `a/<target>/<size>` | anchor record |
 * | `p/<index>` | what the registries held when that entry was made, proven or still to be proven, sealed |
 * | `o/<index>` | how far that act is on its way to the chain, sealed |
 * | `w/<index>` | nothing: that act is not settled on the chain |
 * | `r/<table>/<id>` | what the mirror of the registries' chain holds; made anew from the chain at any time |
 * | `m/<name>` | about the database itself |
 *
 * One letter, because LevelDB writes whole keys to its journal and keeps them in its block indexes.
 */
export type Key =
  | { readonly family: IndexedFamily; readonly index: number }
  | { readonly family: 'tile'; readonly level: number; readonly index: number }
  | { readonly family: BlindedFamily; readonly blinded: string }
  | { readonly family: 'file'; readonly name: string }
  | {
      readonly family: 'term'
      readonly kind: string
      readonly blinded: string
      readonly index: number
    }
  | { readonly family: 'newest'; readonly kind: string; readonly blinded: string }
  | { readonly family: 'anchor'; readonly target: string; readonly size: number }
  | { readonly family: 'mirror'; readonly table: MirrorTable; readonly id: string }
  | { readonly family: 'meta'; readonly name: MetaName }

/** Families whose keys are an index and nothing else. */
export const INDEXED_FAMILIES = [
  'entry',
  'statement',
  'dataKey',
  'location',
  'states',
  'relay',
  'unsettled',
] as const
export type IndexedFamily = (typeof INDEXED_FAMILIES)[number]
export type BlindedFamily = 'id' | 'idempotency' | 'pendingUse'
export type Family = Key['family']

/**
 * format: version of this layout; origin: the log's; logKey: its signing key, sealed;
 * keyRing: see sealing; checkpoint: the newest signed note.
 */
export const META_NAMES = ['checkpoint', 'format', 'keyRing', 'logKey', 'origin'] as const
export type MetaName = (typeof META_NAMES)[number]

/**
 * Tables of the mirror. Those whose ids have two parts are lists, by the first part in the order of the second.
 */
const MIRROR_LETTERS = {
  about: 'm',
  certificate: 'c',
  department: 'd',
  departmentBelow: 'b',
  departmentsOfAccount: 'a',
  epoch: 'e',
  grant: 'g',
  grantBelow: 'p',
  grantOfHolder: 'w',
  grantToGrantee: 't',
  holder: 'h',
  holderOfAccount: 'o',
  undo: 'n',
  use: 'u',
  useOfGrant: 'v',
} as const
export type MirrorTable = keyof typeof MIRROR_LETTERS
export const MIRROR_TABLES = Object.keys(MIRROR_LETTERS) as MirrorTable[]

const LETTERS = {
  entry: 'e',
  tile: 't',
  statement: 's',
  dataKey: 'k',
  location: 'c',
  file: 'f',
  id: 'i',
  idempotency: 'q',
  pendingUse: 'u',
  term: 'x',
  newest: 'n',
  states: 'p',
  anchor: 'a',
  relay: 'o',
  unsettled: 'w',
  mirror: 'r',
  meta: 'm',
} as const satisfies Record<Family, string>

/** Twelve hex digits: 2^48 entries last 89 years at 100,000 a second. Fixed width, so that order is index order. */
const INDEX_DIGITS = 12
export const INDEX_LIMIT = 2 ** 48
/** Tiles hold 256 hashes: 16 levels span far more than the index does. */
const LEVEL_LIMIT = 16

export const entryKey = (index: number): string => `e/${formatIndex(index)}`
export const statementKey = (index: number): string => `s/${formatIndex(index)}`
export const dataKeyKey = (index: number): string => `k/${formatIndex(index)}`
export const locationKey = (index: number): string => `c/${formatIndex(index)}`
export const statesKey = (index: number): string => `p/${formatIndex(index)}`
export const relayKey = (index: number): string => `o/${formatIndex(index)}`
export const unsettledKey = (index: number): string => `w/${formatIndex(index)}`
export const metaKey = (name: MetaName): string => `m/${name}`

export function tileKey(level: number, index: number): string {
  if (!Number.isInteger(level) || level < 0 || level >= LEVEL_LIMIT)
    throw new TypeError('a tile level is 0 to 15')
  return `t/${level.toString(16)}/${formatIndex(index)}`
}

/** `blinded` as `KeyRing.blind` gives it. */
export function idKey(blinded: string): string {
  return `i/${checked(BLINDED, blinded)}`
}

export function idempotencyKey(blinded: string): string {
  return `q/${checked(BLINDED, blinded)}`
}

/** `blinded` the id of the statement that will answer. */
export function pendingUseKey(blinded: string): string {
  return `u/${checked(BLINDED, blinded)}`
}

/**
 * One of the statements that a term leads to. Many may be led to by one, and one by many.
 *
 * @param kind what the term is: `certificate.holder`
 * @param blinded the term itself, as `KeyRing.blind` gives it
 */
export function termKey(kind: string, blinded: string, index: number): string {
  return `x/${checked(TERM_KIND, kind)}/${checked(BLINDED, blinded)}/${formatIndex(index)}`
}

/** The one statement that counts for a term; `kind` and `blinded` as in `termKey`. */
export function newestKey(kind: string, blinded: string): string {
  return `n/${checked(TERM_KIND, kind)}/${checked(BLINDED, blinded)}`
}

/** All that a term leads to, in the order of the log. */
export function termRange(kind: string, blinded: string): KeyRange {
  const prefix = `x/${checked(TERM_KIND, kind)}/${checked(BLINDED, blinded)}`
  return { gte: `${prefix}/`, lt: `${prefix}0` }
}

export function fileKey(name: string): string {
  return `f/${checkedFileName(name)}`
}

/** Of a large content: 32 hex digits. */
export function checkedFileName(name: string): string {
  return checked(FILE_NAME, name)
}

/** `target` is the configured name of the chain. */
export function anchorKey(target: string, size: number): string {
  return `a/${checked(TARGET, target)}/${formatIndex(size)}`
}

/** `id`: one or two parts of digits and lower-case letters, with a stroke between them. */
export function mirrorKey(table: MirrorTable, id: string): string {
  return `r/${MIRROR_LETTERS[table]}/${checked(MIRROR_ID, id)}`
}

/** A table of the mirror, or what of it has `first` as the first part of its ids. */
export function mirrorRange(table: MirrorTable, first?: string): KeyRange {
  const prefix = first === undefined ? `r/${MIRROR_LETTERS[table]}` : mirrorKey(table, first)
  return { gte: `${prefix}/`, lt: `${prefix}0` }
}

/** All keys of a family, in its order. */
export function familyRange(family: Family): KeyRange {
  // '0' is the character after '/'.
  return { gte: `${LETTERS[family]}/`, lt: `${LETTERS[family]}0` }
}

/** Keys of a family from index `from` up to, not including, `to`. */
export function indexRange(family: IndexedFamily, from: number, to?: number): KeyRange {
  const letter = LETTERS[family]
  return {
    gte: `${letter}/${formatIndex(from)}`,
    lt: to === undefined ? `${letter}0` : `${letter}/${formatIndex(to)}`,
  }
}

/** Anchor records of one target, by size. */
export function anchorRange(target: string): KeyRange {
  const prefix = `a/${checked(TARGET, target)}`
  return { gte: `${prefix}/`, lt: `${prefix}0` }
}

const INDEXED = /^([eskcpow])\/([0-9a-f]{12})$/
const TILE = /^t\/([0-9a-f])\/([0-9a-f]{12})$/
const BLINDED_KEY = /^([iqu])\/([A-Za-z0-9_-]{22})$/
/** 16 random bytes in hex. Nothing else may name a file of contents, or a name could lead out of the folder. */
const FILE_NAME = /^[0-9a-f]{32}$/
const BLINDED = /^[A-Za-z0-9_-]{22}$/
const TERM_KIND = /^[a-z]+(?:\.[a-z]+)*$/
const TERM = /^x\/([a-z]+(?:\.[a-z]+)*)\/([A-Za-z0-9_-]{22})\/([0-9a-f]{12})$/
const NEWEST = /^n\/([a-z]+(?:\.[a-z]+)*)\/([A-Za-z0-9_-]{22})$/
const FILE = /^f\/([0-9a-f]{32})$/
const ANCHOR = /^a\/([a-z0-9-]{1,32})\/([0-9a-f]{12})$/
const TARGET = /^[a-z0-9-]{1,32}$/
const MIRROR = /^r\/([a-z])\/([0-9a-z]{1,64}(?:\/[0-9a-z]{1,64})?)$/
const MIRROR_ID = /^[0-9a-z]{1,64}(?:\/[0-9a-z]{1,64})?$/
const META = /^m\/([A-Za-z]+)$/

/**
 * Index of a key of that family; undefined for any other key. For readers of millions of keys, of which they know the
 * family: it tries no other, and makes nothing.
 */
export function indexIn(family: IndexedFamily, key: string): number | undefined {
  if (key.length !== 2 + INDEX_DIGITS || key[0] !== LETTERS[family] || key[1] !== '/')
    return undefined
  let index = 0
  for (let i = 2; i < key.length; i++) {
    const digit = hexDigit(key.charCodeAt(i))
    if (digit === undefined) return undefined
    index = index * 16 + digit
  }
  return index
}

/** Lower case, as `formatIndex` writes it. */
function hexDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : undefined
}

/** @throws LedgerError corrupt/KEY_UNKNOWN when the key belongs to no family */
export function parseKey(key: string): Key {
  const parsed =
    parseIndexed(key) ??
    parseTile(key) ??
    parseBlinded(key) ??
    parseTerm(key) ??
    parseNewest(key) ??
    parseFile(key) ??
    parseAnchor(key) ??
    parseMirror(key) ??
    parseMeta(key)
  // The key may hold anything: name it only as far as it can be shown.
  if (parsed === undefined)
    throw new LedgerError('corrupt', 'KEY_UNKNOWN', { key: key.slice(0, 64) })
  return parsed
}

function parseIndexed(key: string): Key | undefined {
  const [, letter, index] = INDEXED.exec(key) ?? []
  if (letter === undefined || index === undefined) return undefined
  const families = {
    e: 'entry',
    s: 'statement',
    k: 'dataKey',
    c: 'location',
    p: 'states',
    o: 'relay',
    w: 'unsettled',
  } as const
  return { family: families[letter as keyof typeof families], index: parseInt(index, 16) }
}

function parseTile(key: string): Key | undefined {
  const [, level, index] = TILE.exec(key) ?? []
  if (level === undefined || index === undefined) return undefined
  return { family: 'tile', level: parseInt(level, 16), index: parseInt(index, 16) }
}

function parseBlinded(key: string): Key | undefined {
  const [, letter, blinded] = BLINDED_KEY.exec(key) ?? []
  if (letter === undefined || blinded === undefined) return undefined
  const families = { i: 'id', q: 'idempotency', u: 'pendingUse' } as const
  return { family: families[letter as keyof typeof families], blinded }
}

function parseTerm(key: string): Key | undefined {
  const [, kind, blinded, index] = TERM.exec(key) ?? []
  if (kind === undefined || blinded === undefined || index === undefined) return undefined
  return { family: 'term', kind, blinded, index: parseInt(index, 16) }
}

function parseNewest(key: string): Key | undefined {
  const [, kind, blinded] = NEWEST.exec(key) ?? []
  if (kind === undefined || blinded === undefined) return undefined
  return { family: 'newest', kind, blinded }
}

function parseFile(key: string): Key | undefined {
  const name = FILE.exec(key)?.[1]
  return name === undefined ? undefined : { family: 'file', name }
}

function parseAnchor(key: string): Key | undefined {
  const [, target, size] = ANCHOR.exec(key) ?? []
  if (target === undefined || size === undefined) return undefined
  return { family: 'anchor', target, size: parseInt(size, 16) }
}

function parseMirror(key: string): Key | undefined {
  const [, letter, id] = MIRROR.exec(key) ?? []
  const table = MIRROR_TABLES.find((name) => MIRROR_LETTERS[name] === letter)
  return table === undefined || id === undefined ? undefined : { family: 'mirror', table, id }
}

function parseMeta(key: string): Key | undefined {
  const name = META_NAMES.find((known) => known === META.exec(key)?.[1])
  return name === undefined ? undefined : { family: 'meta', name }
}

/** 6 bytes, big-endian. */
export function encodeIndex(index: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(6)
  bytes.writeUIntBE(checkedIndex(index), 0, 6)
  return bytes
}

/** @throws LedgerError corrupt/INDEX_MALFORMED */
export function decodeIndex(bytes: Uint8Array): number {
  const index = tryDecodeIndex(bytes)
  if (index === undefined) throw new LedgerError('corrupt', 'INDEX_MALFORMED')
  return index
}

/** Undefined where it is none. */
export function tryDecodeIndex(bytes: Uint8Array | undefined): number | undefined {
  return bytes?.length === 6 ? asBuffer(bytes).readUIntBE(0, 6) : undefined
}

function formatIndex(index: number): string {
  return checkedIndex(index).toString(16).padStart(INDEX_DIGITS, '0')
}

function checkedIndex(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= INDEX_LIMIT)
    throw new TypeError('an index is an integer from 0 to 2^48 - 1')
  return index
}

function checked(shape: RegExp, text: string): string {
  if (!shape.test(text)) throw new TypeError(`not a part of a key: ${shape.source}`)
  return text
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
