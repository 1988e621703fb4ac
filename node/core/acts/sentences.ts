import { encode0x, type Hex } from '../ethereum/hex.ts'
import type { Grant } from '../grants/grant.ts'
import { verifyScopeView, type ScopeView } from '../grants/scope.ts'
import type { Registries } from '../parties/registries.ts'
import type { Act } from './acts.ts'
import { sayInChinese } from './chinese.ts'
import { sayInEnglish } from './english.ts'
import type { Vocabulary } from './phrases.ts'
import { refusal } from './refusals.ts'
import { domainOf, hashAct } from './typedData.ts'

/** What a sentence may say beside the act itself. */
export interface Surroundings {
  /** Of accounts, departments, holders and whatever else has an id; stand beside the id, never in its place. */
  readonly names?: ReadonlyMap<Hex, string>
  /** Names the chain and the contract that the signature will be for. */
  readonly registries?: Registries
  /** What the lists say where the masks have a bit, as `openScope` gives it; otherwise only numbers are told. */
  readonly scope?: ScopeView
  /** The grant that a use or a revocation is about; needs `registries`. */
  readonly grant?: Grant
}

/**
 * The act in one sentence, for the person who is about to sign it. Derived from what will be signed: every member
 * stands in it but nonce and salt, which change nothing for people. Items and purposes count from 1. What comes
 * from elsewhere is checked against the act, but for the names.
 *
 * @throws LedgerError as `verifyScopeView`, where `scope` is not the one that the act's masks are of
 * @throws LedgerError invalid/USE_GRANT_MISMATCH, where `grant` is another than the act names
 */
export function describeAct(act: Act, around: Surroundings = {}): { zh: string; en: string } {
  const words = vocabularyOf(act, around)
  const domain = around.registries && domainOf(act.type, around.registries)
  return { zh: sayInChinese(act, words, domain), en: sayInEnglish(act, words, domain) }
}

function vocabularyOf(act: Act, { names, registries, scope, grant }: Surroundings): Vocabulary {
  const isAboutGrant = act.type === 'Use' || act.type === 'Revocation'
  if (isAboutGrant && grant !== undefined) requireGrant(grant, act.message.grant, registries)
  const of = act.type === 'Grant' ? act.message : isAboutGrant ? grant : undefined
  const { items, purposes } = entriesOf(act, of?.scope, scope)
  return { names: names ?? new Map(), items, purposes, grant: isAboutGrant ? grant : undefined }
}

function requireGrant(grant: Grant, requested: Hex, registries: Registries | undefined): void {
  if (registries === undefined) throw new TypeError('a grant is told by the registries it is for')
  const presented = encode0x(hashAct({ type: 'Grant', message: grant }, registries))
  if (presented !== requested) throw refusal('UseGrantMismatch', { presented, requested })
}

/** A list that the scope does not commit to must not tell anybody what to sign. */
function entriesOf(
  act: Act,
  committed: Hex | undefined,
  scope: ScopeView | undefined,
): Pick<Vocabulary, 'items' | 'purposes'> {
  if (scope === undefined || (act.type !== 'Grant' && act.type !== 'Use'))
    return { items: new Map(), purposes: new Map() }
  if (committed === undefined) throw new TypeError('a scope is told by the grant it is of')
  verifyScopeView(committed, scope, act.message)
  return {
    items: new Map(scope.items.map(({ index, item }) => [index, item])),
    purposes: new Map(scope.purposes.map(({ index, purpose }) => [index, purpose])),
  }
}
