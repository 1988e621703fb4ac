import type { Use } from '../../node/core/acts/acts.ts'
import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { grantIdOf } from '../../node/core/grants/rules.ts'
import { openingsForUse } from '../../node/core/grants/scope.ts'
import type { Masks, Openings, ScopeView } from '../../node/core/grants/scope.ts'
import { audienceOf } from '../../node/core/grants/use.ts'
import type { Registries } from '../../node/core/parties/registries.ts'
import { contextOf } from '../../node/core/uses/context.ts'
import { verifyScope } from '../../node/core/uses/decide.ts'
import type { AskedUse } from '../../node/core/uses/decide.ts'

/** What somebody wants to use under a grant. */
export interface WantedUse extends Pick<
  AskedUse,
  'subject' | 'fields' | 'manner' | 'questions' | 'context' | 'origin' | 'region'
> {
  /** The department. */
  readonly user: Hex
  /** From the root down. */
  readonly chain: readonly Grant[]
  /** What the last grantee was shown of the lists. */
  readonly view: ScopeView
  /** How often the last grant was used before, as far as uses are counted: see `isLimited`. */
  readonly sequence: number
  /** Seconds since 1970: up to then it may be asked. */
  readonly notAfter: number
}

export interface ComposedUse {
  /** To be signed by the department, and by the last grantee where that is another. */
  readonly use: Use
  readonly openings: Openings
}

/**
 * What to sign to use this, under the first item and purpose of the grant that allow it.
 *
 * @throws LedgerError forbidden/USE_SUBJECT_NOT_GRANTED, USE_FIELDS_NOT_GRANTED {fields}, USE_COPY_NOT_GRANTED,
 *   USE_PURPOSE_OTHER_*: nothing that was shown allows it
 */
export function composeUse(wanted: WantedUse, registries: Registries): ComposedUse {
  let reason: unknown = new LedgerError('forbidden', 'USE_SUBJECT_NOT_GRANTED')
  for (const purpose of wanted.view.purposes)
    for (const item of wanted.view.items) {
      const masks = { items: bit(item.index), purposes: bit(purpose.index) }
      const composed = composeUseOf(masks, wanted, registries)
      try {
        verifyScope({ ...unsigned, chain: [...wanted.chain], ...composed }, askedOf(wanted))
        return composed
      } catch (error) {
        if (!isLedgerError(error)) throw error
        // That another item is about something else says less than why this one does not do.
        if (!isLedgerError(error, 'USE_SUBJECT_NOT_GRANTED')) reason = error
      }
    }
  throw reason
}

/**
 * As `composeUse`, of these items and this purpose, whether they allow it or not.
 *
 * @throws LedgerError invalid/SCOPE_OPENING_MISSING
 */
export function composeUseOf(masks: Masks, wanted: WantedUse, registries: Registries): ComposedUse {
  const { user, chain, view, origin, sequence, notAfter } = wanted
  const last = chain.at(-1)
  if (last === undefined) throw new TypeError('a use is under a grant')
  return {
    use: {
      grant: grantIdOf(last, registries),
      user,
      ...masks,
      context: contextOf(wanted),
      audience: audienceOf(origin),
      sequence,
      notAfter,
    },
    openings: openingsForUse(view, masks),
  }
}

const unsigned = { signature: '0x' } as const

function askedOf({ subject, fields, manner, ...rest }: WantedUse): AskedUse {
  const { questions, context, origin, region } = rest
  return { subject, holders: [], fields, manner, questions, context, origin, region }
}

function bit(index: number): Hex {
  return `0x${(1n << BigInt(index)).toString(16).padStart(64, '0')}`
}
