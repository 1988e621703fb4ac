import * as z from 'zod'
import { decodeHex, encodeHex, equalBytes } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { decode0x, encode0x, HexAddress } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Hash } from '../hash/hash.ts'
import { canonicalize } from '../json.ts'
import { parseBy } from '../schema.ts'
import { StatementId } from '../statements/parts.ts'
import { bitsOf } from './mask.ts'
import { hashRoots, LIST_LENGTH, ScopeTree, TREE_HEIGHT, verifyEntry } from './scopeTree.ts'
import type { ListName, Opening } from './scopeTree.ts'

// What a holder grants from: a list of items and a list of purposes, written once. A grant's masks name positions in
// them, and `Grant.scope` commits to both.

const Hash32 = z.string().regex(/^[0-9a-f]{64}$/, 'not 64 hex digits')
const code = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'not a code')
/** `copy` allows a derived copy to be kept; `read` only to be looked at. */
const may = z.enum(['read', 'copy'])

const fieldNames = z
  .array(z.string().regex(/^[\p{L}_][\p{L}\p{N}_.-]{0,63}$/u, 'not a field name'))
  .min(1)
  .max(100)
  .refine(
    (names) => names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name),
    'not sorted, each once',
  )

/**
 * A material, whole or only these fields of it; or of the holder's certificates of a type, these fields. What is
 * sensitive is shown masked, but for those in `plain` where the matter needs them in clear.
 */
export const ScopeItem = z
  .union([
    z.strictObject({
      material: StatementId,
      fields: fieldNames.optional(),
      plain: fieldNames.optional(),
      may,
    }),
    z.strictObject({
      certificateType: code,
      fields: fieldNames,
      plain: fieldNames.optional(),
      may,
    }),
  ])
  .refine(
    ({ fields, plain = [] }) => plain.every((name) => fields?.includes(name) ?? true),
    'shows a field in clear that it does not show',
  )
  .meta({ id: 'ScopeItem' })
export type ScopeItem = z.infer<typeof ScopeItem>

/** For a matter, where wanted only by one department or within a region (GB/T 2260: 310000 includes 310110). */
export const ScopePurpose = z
  .strictObject({
    matter: code,
    department: HexAddress.optional(),
    region: z
      .string()
      .regex(/^\d{6}$/, 'not a region code of 6 digits')
      .optional(),
  })
  .meta({ id: 'ScopePurpose' })
export type ScopePurpose = z.infer<typeof ScopePurpose>

const listOf = <T>(entry: z.ZodType<T>) =>
  z
    .array(entry)
    .min(1)
    .max(LIST_LENGTH)
    // Clearing one bit would else leave the same thing granted by another.
    .refine((list) => new Set(list.map(canonicalize)).size === list.length, 'an entry twice')

/** Only the holder has all of it: whoever knows `seed` can open every position. */
export const ScopeDocument = z
  .strictObject({
    v: z.literal(1),
    /** 32 random bytes, anew for each document. */
    seed: Hash32,
    items: listOf(ScopeItem),
    purposes: listOf(ScopePurpose),
  })
  .meta({ id: 'ScopeDocument' })
export type ScopeDocument = z.infer<typeof ScopeDocument>

const opening = {
  index: z
    .int()
    .min(0)
    .max(LIST_LENGTH - 1),
  salt: Hash32,
  /** From the leaf's sibling up to the root's child. */
  proof: z.array(Hash32).length(TREE_HEIGHT),
}
const ItemOpening = z.strictObject({ ...opening, item: ScopeItem }).meta({ id: 'ItemOpening' })
const PurposeOpening = z
  .strictObject({ ...opening, purpose: ScopePurpose })
  .meta({ id: 'PurposeOpening' })

const ascending = <T extends { index: number }>(entry: z.ZodType<T>) =>
  z
    .array(entry)
    .min(1)
    .max(LIST_LENGTH)
    .refine(
      (list) => list.every(({ index }, i) => i === 0 || (list[i - 1]?.index ?? index) < index),
      'not in order, each index once',
    )

const roots = { itemsRoot: Hash32, purposesRoot: Hash32 }

/** What a grantee is shown of a scope: the items and purposes that it was given, and nothing of the others. */
export const ScopeView = z
  .strictObject({ ...roots, items: ascending(ItemOpening), purposes: ascending(PurposeOpening) })
  .meta({ id: 'ScopeView' })
export type ScopeView = z.infer<typeof ScopeView>

/** What a use shows of a scope: the items asked for, and the one purpose. */
export const Openings = z
  .strictObject({ ...roots, items: ascending(ItemOpening), purpose: PurposeOpening })
  .meta({ id: 'Openings' })
export type Openings = z.infer<typeof Openings>

/** Bit masks over the two lists: 0x and 64 hex digits, bit 0 the last. */
export interface Masks {
  readonly items: Hex
  readonly purposes: Hex
}

/** What openings were found to say. */
export interface Opened {
  readonly items: readonly ScopeItem[]
  readonly purposes: readonly ScopePurpose[]
}

/** @throws LedgerError invalid/SCOPE_MALFORMED */
export function readScope(value: unknown): ScopeDocument {
  return parseBy(ScopeDocument, value, 'SCOPE_MALFORMED')
}

/** @throws LedgerError invalid/SCOPE_MALFORMED */
export function readScopeView(value: unknown): ScopeView {
  return parseBy(ScopeView, value, 'SCOPE_MALFORMED')
}

/** What grants from this document carry as `scope`. */
export function scopeOf(document: ScopeDocument): Hex {
  const { items, purposes } = treesOf(document)
  return encode0x(hashRoots(items.root, purposes.root))
}

/**
 * What to show somebody who was granted these masks.
 *
 * @throws LedgerError invalid/GRANT_MASK_BEYOND_LIST with {list, index} for a bit without an entry
 */
export function openScope(document: ScopeDocument, { items, purposes }: Masks): ScopeView {
  const trees = treesOf(document)
  return {
    itemsRoot: encodeHex(trees.items.root),
    purposesRoot: encodeHex(trees.purposes.root),
    items: bitsOf(items).map((index) => {
      const item = entryAt(document.items, 'items', index)
      return { ...trees.items.open(index), item }
    }),
    purposes: bitsOf(purposes).map((index) => {
      const purpose = entryAt(document.purposes, 'purposes', index)
      return { ...trees.purposes.open(index), purpose }
    }),
  }
}

/**
 * The part of a view to show to somebody who was given less.
 *
 * @throws LedgerError invalid/SCOPE_OPENING_MISSING with {list, index} for a bit that the view does not open
 */
export function narrowView(view: ScopeView, { items, purposes }: Masks): ScopeView {
  return {
    ...view,
    items: bitsOf(items).map((index) => findOpening(view.items, 'items', index)),
    purposes: bitsOf(purposes).map((index) => findOpening(view.purposes, 'purposes', index)),
  }
}

/**
 * The part of a view to show with a use.
 *
 * @throws LedgerError as `narrowView`; invalid/SCOPE_OPENING_MISSING without index unless there is one purpose
 */
export function openingsForUse(view: ScopeView, asked: Masks): Openings {
  const { itemsRoot, purposesRoot, items, purposes } = narrowView(view, asked)
  const [purpose, ...others] = purposes
  if (purpose === undefined || others.length > 0)
    throw new LedgerError('invalid', 'SCOPE_OPENING_MISSING', { list: 'purposes' })
  return { itemsRoot, purposesRoot, items, purpose }
}

/**
 * That openings are of this scope, and open exactly the bits of the masks.
 *
 * @throws LedgerError unverified/SCOPE_ROOTS_MISMATCH: of another scope
 * @throws LedgerError unverified/SCOPE_OPENING_MISMATCH with {list, index}: another entry, salt, index or list, or not
 *   asked for
 * @throws LedgerError invalid/SCOPE_OPENING_MISSING with {list, index}
 */
export function verifyOpenings(scope: Hex, openings: Openings, asked: Masks): Opened {
  const { purpose, ...shown } = openings
  return verifyScopeView(scope, { ...shown, purposes: [purpose] }, asked)
}

/** As `verifyOpenings`, of what a grantee is shown: the masks are its grant's. */
export function verifyScopeView(scope: Hex, view: ScopeView, granted: Masks): Opened {
  const itemsRoot = decodeHex(view.itemsRoot)
  const purposesRoot = decodeHex(view.purposesRoot)
  if (!equalBytes(hashRoots(itemsRoot, purposesRoot), decode0x(scope)))
    throw new LedgerError('unverified', 'SCOPE_ROOTS_MISMATCH')
  return {
    items: verifyList('items', itemsRoot, view.items, granted.items, ({ item }) => item),
    purposes: verifyList(
      'purposes',
      purposesRoot,
      view.purposes,
      granted.purposes,
      ({ purpose }) => purpose,
    ),
  }
}

function treesOf({ seed, items, purposes }: ScopeDocument): Record<ListName, ScopeTree> {
  return {
    items: new ScopeTree('items', seed, items),
    purposes: new ScopeTree('purposes', seed, purposes),
  }
}

function verifyList<O extends Opening, E>(
  list: ListName,
  root: Hash,
  openings: readonly O[],
  mask: Hex,
  entryOf: (opening: O) => E,
): E[] {
  const asked = new Set(bitsOf(mask))
  for (const opening of openings) {
    const { index } = opening
    // An entry that nobody asked for must not slip in beside the others.
    if (!asked.delete(index))
      throw new LedgerError('unverified', 'SCOPE_OPENING_MISMATCH', { list, index })
    verifyEntry(list, root, opening, entryOf(opening))
  }
  for (const index of asked)
    throw new LedgerError('invalid', 'SCOPE_OPENING_MISSING', { list, index })
  return openings.map(entryOf)
}

function findOpening<O extends Opening>(openings: readonly O[], list: ListName, index: number): O {
  const found = openings.find((opening) => opening.index === index)
  if (!found) throw new LedgerError('invalid', 'SCOPE_OPENING_MISSING', { list, index })
  return found
}

function entryAt<E>(entries: readonly E[], list: ListName, index: number): E {
  const entry = entries[index]
  if (!entry) throw new LedgerError('invalid', 'GRANT_MASK_BEYOND_LIST', { list, index })
  return entry
}
