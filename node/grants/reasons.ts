import { refusalBy } from '../core/errors.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import { grantIdOf, verifyRegistration } from '../core/grants/rules.ts'
import type { GrantChain } from '../core/grants/rules.ts'
import type { GrantState, GrantWorld } from '../core/grants/world.ts'
import type { Registries } from '../core/parties/registries.ts'

const NO_PARENT: Hex = `0x${'0'.repeat(64)}`
const SOMEBODY: Hex = `0x${'0'.repeat(39)}1`
const SOMETHING: Hex = `0x${'0'.repeat(63)}1`

/**
 * All that speaks against registering the last grant of a chain, in the order of the rules. The rules tell the first
 * that is broken; each is then taken as kept, and they are asked again.
 */
export function reasonsAgainst(
  chain: GrantChain,
  world: GrantWorld,
  registries: Registries,
): LedgerError[] {
  const ids = chain.map((grant) => grantIdOf(grant, registries))
  const supposed = new Supposition(chain, ids, world)
  const reasons: LedgerError[] = []
  for (;;) {
    const reason = refusalBy(() =>
      verifyRegistration(supposed.chain, supposed.world, registries, supposed.idOf),
    )
    if (reason === undefined) return reasons
    reasons.push(reason)
    const hop = reason.details['hop']
    // What names no hop is about the chain as a whole: nothing below it can be told.
    if (typeof hop !== 'number' || !supposed.keep(reason.code, hop)) return reasons
  }
}

/** A chain as it would be had rules been kept that were broken. Its grants keep their ids. */
class Supposition {
  readonly chain: Grant[]
  readonly world: GrantWorld
  readonly idOf: (grant: Grant) => Hex
  readonly #ids: readonly Hex[]
  readonly #states = new Map<Hex, GrantState>()
  readonly #kept = new Set<string>()

  constructor(chain: GrantChain, ids: readonly Hex[], world: GrantWorld) {
    this.chain = chain.map((grant) => ({ ...grant }))
    this.#ids = ids
    this.idOf = (grant) => ids[this.chain.indexOf(grant)] as Hex
    this.world = {
      time: world.time,
      epochOf: (account) => world.epochOf(account),
      stateOf: (grant) => this.#states.get(grant) ?? world.stateOf(grant),
      bindingOf: (holder, account) => world.bindingOf(holder, account),
      accountAs: (department, role) => world.accountAs(department, role),
      accountOf: (department) => world.accountOf(department),
    }
  }

  /** False where nothing can be supposed, or was before. */
  keep(code: string, hop: number): boolean {
    const key = `${code} ${hop}`
    const grant = this.chain[hop]
    if (grant === undefined || this.#kept.has(key)) return false
    this.#kept.add(key)
    const change = this.#change(code, grant, hop)
    if (change !== undefined) Object.assign(grant, change)
    return change !== undefined
  }

  #change(code: string, grant: Grant, hop: number): Partial<Grant> | undefined {
    const above = this.chain[hop - 1]
    const { time } = this.world
    switch (code) {
      case 'GRANT_PARENT_MISMATCH':
        return { parent: this.#ids[hop - 1] ?? NO_PARENT }
      case 'GRANT_EMPTY':
        return {
          items: isZero(grant.items) ? (above?.items ?? SOMETHING) : grant.items,
          purposes: isZero(grant.purposes) ? (above?.purposes ?? SOMETHING) : grant.purposes,
          grantee: isZero(grant.grantee) ? SOMEBODY : grant.grantee,
        }
      case 'GRANT_WINDOW_EMPTY':
        return { notBefore: grant.notAfter, notAfter: grant.notBefore }
      case 'GRANT_GRANTOR_MISMATCH':
        return above && { grantor: above.grantee, epoch: this.world.epochOf(above.grantee) }
      case 'GRANT_HOLDER_MISMATCH':
        return above && { holder: above.holder }
      case 'GRANT_SCOPE_MISMATCH':
        return above && { scope: above.scope }
      case 'GRANT_ITEMS_WIDENED':
        return above && { items: above.items }
      case 'GRANT_PURPOSES_WIDENED':
        return above && { purposes: above.purposes }
      case 'GRANT_WINDOW_WIDENED':
        return above && clamped(grant, above)
      case 'GRANT_DEPTH_WIDENED':
        // Those above are supposed to be grants that may be passed on that far.
        for (const [i, each] of this.chain.slice(0, hop).entries())
          each.depth = Math.max(each.depth, hop - i)
        return above && { depth: above.depth - 1 }
      case 'GRANT_USES_WIDENED':
        return above && { uses: above.uses }
      case 'GRANT_EXPIRED':
        // Those below end no later: they are over for the same reason.
        for (const each of this.chain) each.notAfter = Math.max(each.notAfter, time)
        return {}
      case 'GRANT_EPOCH_OUTDATED':
        return { epoch: this.world.epochOf(grant.grantor) }
      case 'GRANT_IS_REVOKED':
      case 'GRANT_NOT_REGISTERED': {
        const id = this.#ids[hop] as Hex
        const registeredAt = this.world.stateOf(id).registeredAt
        const isRevoked = code === 'GRANT_IS_REVOKED'
        this.#states.set(id, {
          ...this.world.stateOf(id),
          registeredAt: isRevoked ? registeredAt : time,
          revokedAt: 0,
        })
        return {}
      }
      default:
        return undefined
    }
  }
}

/** As much of the grant's window as lies in the one above; all of that, where none does. */
function clamped(grant: Grant, above: Grant): Pick<Grant, 'notBefore' | 'notAfter'> {
  const notBefore = Math.max(grant.notBefore, above.notBefore)
  const notAfter = Math.min(grant.notAfter, above.notAfter)
  const { notBefore: first, notAfter: last } = above
  return notBefore <= notAfter ? { notBefore, notAfter } : { notBefore: first, notAfter: last }
}

function isZero(hex: Hex): boolean {
  return BigInt(hex) === 0n
}
