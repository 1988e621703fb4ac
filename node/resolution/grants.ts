import type { CaseCircle } from '../cases/circle.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import type { HeldGrant } from '../core/resolution/granted.ts'
import type { GrantRecord, Grants } from '../grants/grants.ts'
import type { MirroredGrants } from '../mirror/mirror.ts'

export interface HeldGrantParts {
  readonly mirror: { readonly grants: Pick<MirroredGrants, 'ofHolder' | 'stateOf'> }
  readonly grants: Pick<Grants, 'get' | 'viewOf'>
}

/** Of a holder's grants, read at a time. */
const PAGE = 100
/** Of a holder's grants, looked through; and of those to somebody who is in the case, looked at. */
const MOST_READ = 1_000
const MOST = 24
/** Whose lists are kept in memory: what a grant opens never changes. */
const KEPT = 4_096

/** What holders granted to those who could use it in a case. */
export class HeldGrants {
  readonly #parts: HeldGrantParts
  readonly #opened = new Map<Hex, NonNullable<HeldGrant['opened']>>()

  constructor(parts: HeldGrantParts) {
    this.#parts = parts
  }

  /**
   * Newest first, the dead ones too: they tell why there is none.
   *
   * @param circle of the case: whom they may have gone through
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  async of(
    holder: Hex,
    grantees: ReadonlySet<Hex>,
    circle: Pick<CaseCircle, 'findOutsider'>,
  ): Promise<HeldGrant[]> {
    const found = await this.#find(holder, grantees)
    return Promise.all(found.map((grant) => this.#read(grant, circle)))
  }

  async #find(holder: Hex, grantees: ReadonlySet<Hex>): Promise<Hex[]> {
    const found: Hex[] = []
    let cursor: string | undefined
    let read = 0
    do {
      const page = { limit: PAGE, newestFirst: true, cursor }
      const { items, next } = await this.#parts.mirror.grants.ofHolder(holder, page)
      for (const { grant, grantee } of items) if (grantees.has(grantee)) found.push(grant)
      read += items.length
      cursor = next
    } while (cursor !== undefined && found.length < MOST && read < MOST_READ)
    return found.slice(0, MOST)
  }

  async #read(grant: Hex, circle: Pick<CaseCircle, 'findOutsider'>): Promise<HeldGrant> {
    const [record, opened] = await Promise.all([
      this.#parts.grants.get(grant),
      this.#openedBy(grant),
    ])
    const outsider = await circle.findOutsider((record.chain ?? []).map(({ grantee }) => grantee))
    return {
      grant,
      length: record.line.length,
      left: this.#leftOf(record),
      ...(opened && { opened }),
      ...(outsider && { outside: outsider.hop }),
      ...deadOf(record),
    }
  }

  /** Uses are counted all along a chain. */
  #leftOf({ chain = [], line }: GrantRecord): number {
    const left = chain.flatMap(({ uses }: Grant, hop) => {
      const id = line[hop]
      if (uses === 0 || id === undefined) return []
      return [uses - this.#parts.mirror.grants.stateOf(id).used]
    })
    return Math.min(...left)
  }

  async #openedBy(grant: Hex): Promise<HeldGrant['opened']> {
    const known = this.#opened.get(grant)
    if (known !== undefined) return known
    try {
      const { items, purposes } = await this.#parts.grants.viewOf(grant)
      const opened = {
        items: items.map(({ item }) => item),
        purposes: purposes.map(({ purpose }) => purpose),
      }
      this.#keep(grant, opened)
      return opened
    } catch (error) {
      if (isLedgerError(error, 'GRANT_VIEW_NOT_KEPT')) return undefined
      throw error
    }
  }

  #keep(grant: Hex, opened: NonNullable<HeldGrant['opened']>): void {
    this.#opened.set(grant, opened)
    const [oldest] = this.#opened.keys()
    if (this.#opened.size > KEPT && oldest !== undefined) this.#opened.delete(oldest)
  }
}

function deadOf({ standing }: GrantRecord): Pick<HeldGrant, 'dead'> {
  if (standing.is === 'live') return {}
  // Without its terms nobody can use it here.
  if (standing.is !== 'dead') return { dead: { code: 'GRANT_TERMS_UNKNOWN' } }
  const { code, details } = standing.because
  const { hop } = details
  return { dead: { code, ...(typeof hop === 'number' && { hop }) } }
}
