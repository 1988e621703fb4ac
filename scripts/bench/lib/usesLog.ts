import { randomBytes } from 'node:crypto'
import { encodeHex, utf8 } from '../../../node/core/bytes.ts'
import { commit } from '../../../node/core/commitment.ts'
import { formatEntry } from '../../../node/core/entry.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { canonicalize } from '../../../node/core/json.ts'
import type { KeyValueStore, Write } from '../../../node/store/keyValueStore.ts'
import * as layout from '../../../node/store/layout.ts'
import type { KeyRing } from '../../../node/store/sealing/keyRing.ts'

/** Of a month in 2023: materials before it, and cases with the uses in them. */
export interface UsesLog {
  readonly month: '2023-08'
  readonly uses: number
  /** Each source is used so many times on average, at random. */
  readonly usesPerSource: number
  readonly usesPerCase: number
  readonly departments: number
}

/** Authorizations that uses are given in turn: most of their bytes. */
const AUTHORIZATIONS = 1024
/** Entries that are committed together. */
const GROUP = 2048

/**
 * Writes the entries of a log with their statements, sealed each with a key of its own, and nothing else of it: an
 * intake of a million uses would take many times as long as what is measured with them.
 *
 * @returns how many entries there are
 */
export async function logUses(store: KeyValueStore, ring: KeyRing, log: UsesLog): Promise<number> {
  let index = 0
  let writes: Write[] = []
  for (const { at, kind, text } of statementsOf(log)) {
    const [salt, dataKey, statement] = [randomBytes(32), randomBytes(32), utf8(text)]
    const entry = formatEntry({ at, kind, commitment: commit(salt, statement) })
    const sealed = ring.sealStatement(dataKey, Buffer.concat([salt, statement]))
    writes.push(
      { type: 'put', key: layout.entryKey(index), value: entry },
      { type: 'put', key: layout.statementKey(index), value: sealed },
      { type: 'put', key: layout.dataKeyKey(index), value: ring.wrap(dataKey) },
    )
    if (++index % GROUP > 0) continue
    await store.commit(writes)
    writes = []
  }
  await store.commit(writes)
  return index
}

interface Logged {
  readonly at: string
  readonly kind: string
  /** Canonical. */
  readonly text: string
}

function* statementsOf({ uses, usesPerSource, usesPerCase, departments }: UsesLog) {
  const addressOf = (i: number): Hex => `0x${(i % departments).toString(16).padStart(40, '0')}`
  const sources = Math.ceil(uses / usesPerSource)
  for (let i = 0; i < sources; i++) yield material(i, addressOf(i))
  const authorizations = Array.from({ length: AUTHORIZATIONS }, (_, i) =>
    canonicalize([authorization(addressOf(i), addressOf(i + 1))]),
  )
  for (let i = 0; i < uses; i++) {
    const at = timeOf(i / uses)
    const code = String(310_110_202_300_000 + Math.floor(i / usesPerCase))
    if (i % usesPerCase === 0) yield opened(at, code, addressOf(i))
    const source = Math.floor(Math.random() * sources)
    const rest = canonicalize(use(i, source, code, addressOf(i)))
    // It comes first, and takes longest to put in order.
    const first = authorizations[i % AUTHORIZATIONS] as string
    yield { at, kind: 'use.released', text: `{"authorizations":${first},${rest.slice(1)}` }
  }
}

/** @param share of the month that is gone */
function timeOf(share: number): string {
  const start = Date.parse('2023-08-01T00:00:00+08:00')
  return new Date(start + Math.floor(share * 31 * 86_400_000)).toISOString()
}

function material(i: number, submitter: Hex): Logged {
  const kind = 'material.submitted'
  const text = canonicalize({
    v: 1,
    id: `m${i}`,
    kind,
    type: 'LEASE',
    content: {
      digests: [`sha-256:${word().slice(2)}`, `sm3:${word().slice(2)}`],
      size: 10_240,
      mediaType: 'application/pdf',
      kept: 'here',
    },
    submitter: `department ${submitter}`,
    title: '房屋租赁合同',
    holder: { codeType: '001', code: '91310110MA1G00000X' },
    fields: { address: '上海市杨浦区', area: 120, certNo: word(), owners: '王某' },
  })
  return { at: '2023-07-05T02:00:00.000Z', kind, text }
}

function opened(at: string, code: string, department: Hex): Logged {
  const kind = 'case.opened'
  const text = canonicalize({
    v: 1,
    id: `case-${code}`,
    kind,
    case: code,
    applicant: word(),
    channel: 'web',
    matter: { code: 'CO_ADDR_CHANGE', version: 1 },
    day: '2023-08-05',
    acceptedBy: department,
    decidedBy: department,
  })
  return { at, kind, text }
}

function use(i: number, source: number, code: string, user: Hex): object {
  return {
    v: 1,
    id: `use-${i}`,
    kind: 'use.released',
    user,
    subject: {
      kind: i % 2 ? 'material' : 'certificate',
      id: `m${i}`,
      index: source,
      type: 'LEASE',
    },
    fields: ['address', 'area', 'certNo', 'owners'],
    spares: { material: 'LEASE', holder: 'APPLICANT' },
    context: { case: code, matter: 'CO_ADDR_CHANGE', officer: '王科员', cause: '住所变更' },
  }
}

const word = (): string => `0x${encodeHex(randomBytes(32))}`
const opening = () => ({ salt: word(), proof: Array.from({ length: 8 }, word) })

/** As long as that of a use under a grant that was passed on twice. */
function authorization(grantor: Hex, grantee: Hex): object {
  const grant = () => ({
    parent: word(),
    grantor,
    grantee,
    holder: word(),
    scope: word(),
    items: word(),
    purposes: word(),
    notBefore: 0,
    notAfter: 1_700_000_000,
    depth: 3,
    uses: 0,
    epoch: 0,
    salt: word(),
    signature: `${word()}${encodeHex(randomBytes(33))}`,
  })
  return { chain: [grant(), grant(), grant()], openings: [opening(), opening()] }
}
