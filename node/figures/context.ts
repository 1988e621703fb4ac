import { entryIdOf } from '../core/catalogue/entry.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { FiguresContext } from '../core/figures/figures.ts'
import { NO_DEPARTMENT } from '../core/figures/tally.ts'
import type { MonthTally } from '../core/figures/tally.ts'
import type { Statement } from '../core/statement.ts'
import { departmentTerm } from '../core/terms/parties.ts'
import { openStatement } from '../ledger/reader.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { TermIndex } from '../store/terms.ts'

export interface ContextParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
}

/**
 * What the log says of the departments and matters that a month's figures speak of.
 *
 * @param size entries of the log that are looked at: with more, others come to the same
 */
export async function readContext(
  tally: MonthTally,
  size: number,
  parts: ContextParts,
): Promise<FiguresContext> {
  const departments = new Set<string>()
  const matters = new Set<string>()
  for (const [address, { sources, cases }] of tally.departments()) {
    for (const one of [address, ...sources.keys()]) if (one !== NO_DEPARTMENT) departments.add(one)
    for (const key of cases.keys()) matters.add(key)
  }
  const named = new Map<string, { readonly name: string; readonly region: string }>()
  for (const address of departments) {
    const found = await findDepartment(address, size, parts)
    if (found !== undefined) named.set(address, found)
  }
  const versions = new Map<string, Matter>()
  for (const key of matters) {
    const found = await findMatter(key, parts)
    if (found !== undefined) versions.set(key, found)
  }
  return {
    departmentOf: (address: Hex) => named.get(address),
    matterOf: (code, version) => versions.get(`${code} ${version}`),
  }
}

/** The newest description among these entries counts. */
async function findDepartment(address: string, size: number, { store, ring }: ContextParts) {
  const page = { limit: 1, before: size }
  const [index] = await new TermIndex(store, ring).find(departmentTerm(address), page)
  const statement = index === undefined ? undefined : await open(index, { store, ring })
  return statement?.kind === 'department.described' ? statement : undefined
}

async function findMatter(key: string, { store, ring }: ContextParts): Promise<Matter | undefined> {
  const [code = '', version] = key.split(' ')
  const id = entryIdOf({ kind: 'matter', code, version: Number(version) })
  const record = await store.get(layout.idKey(ring.blind('id', id)))
  const statement = record && (await open(layout.decodeIndex(record), { store, ring }))
  if (statement?.kind !== 'catalogue.published') return undefined
  return statement.entry.kind === 'matter' ? statement.entry : undefined
}

async function open(index: number, { store, ring }: ContextParts): Promise<Statement | undefined> {
  const [sealed, wrapped] = await store.getMany([
    layout.statementKey(index),
    layout.dataKeyKey(index),
  ])
  if (sealed === undefined || wrapped === undefined) return undefined
  try {
    return openStatement(ring, { sealed, wrapped, location: undefined }).statement
  } catch (error) {
    // Of a later version of this software: what it says is not known here.
    if (isLedgerError(error, 'STATEMENT_KIND_UNKNOWN')) return undefined
    throw error
  }
}
