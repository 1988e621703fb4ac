import { DISTRUST, fail, pass, REFETCH, REFUSE, skipped, unknown } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** Each grant of a chain, at the moment of a use. */
export const GRANT: Sentences = {
  GRANT_HOLDS: pass(
    'This grant was registered, live, in its time and no wider than the one above.',
  ),
  GRANT_NOT_APPLICABLE: skipped('The statement is no use under a grant.'),
  GRANT_NOT_REACHED: skipped('A grant above this one is broken.'),
  NOT_REACHED: skipped('A check before this one found what it would need to be wrong or missing.'),

  USE_STATE_MAYBE_OUTDATED: unknown(
    'Nothing shows that the proven block was still the newest when the use was decided.',
    REFETCH,
  ),
  USE_COUNT_OVERTAKEN: unknown(
    'The chain counted another use of this grant since, so its state does not tell which ones.',
    'Look for the use among the events of the grant registry.',
  ),
  USE_STATE_OF_OTHER_BLOCK: fail(
    'The grants are proven in another block than the one that the use was decided by.',
    DISTRUST,
  ),
  USE_STATE_OF_OTHER_TIME: fail(
    'The block that the use was decided by was not the newest one at that time.',
    DISTRUST,
  ),

  GRANT_CHAIN_EMPTY: fail('There is no grant at all.', REFUSE),
  GRANT_CHAIN_TOO_LONG: fail('The chain has more grants than the contract takes.', REFUSE),
  GRANT_PARENT_MISMATCH: fail('This grant was not made under the one above.', REFUSE),
  GRANT_EMPTY: fail('This grant grants nothing, or to nobody.', REFUSE),
  GRANT_WINDOW_EMPTY: fail('This grant ends before it begins.', REFUSE),
  GRANT_GRANTOR_MISMATCH: fail(
    'This grant was given by somebody else than it was given to.',
    REFUSE,
  ),
  GRANT_HOLDER_MISMATCH: fail('This grant is about another holder than the one above.', REFUSE),
  GRANT_SCOPE_MISMATCH: fail('This grant is about another list than the one above.', REFUSE),
  GRANT_ITEMS_WIDENED: fail('This grant gives more items than the one above.', REFUSE),
  GRANT_PURPOSES_WIDENED: fail('This grant gives more purposes than the one above.', REFUSE),
  GRANT_WINDOW_WIDENED: fail('This grant lasts longer than the one above.', REFUSE),
  GRANT_DEPTH_WIDENED: fail('The one above may not be passed on so far.', REFUSE),
  GRANT_USES_WIDENED: fail('This grant gives more uses than the one above.', REFUSE),
  GRANT_NOT_YET_VALID: fail('This grant had not begun when it was used.', REFUSE),
  GRANT_EXPIRED: fail('This grant had ended when it was used.', REFUSE),
  GRANT_EPOCH_OUTDATED: fail(
    'Whoever gave this grant had ended all of its grants when it was used.',
    REFUSE,
  ),
  GRANT_NOT_REGISTERED: fail('This grant was not registered when it was used.', REFUSE),
  GRANT_IS_REVOKED: fail('This grant was revoked when it was used.', REFUSE),
  GRANT_USES_EXHAUSTED: fail('This grant was used up.', REFUSE),
  GRANTOR_ENDED: fail(
    'The account that gave the first grant was released, with all that it granted.',
    REFUSE,
  ),
  USE_ITEMS_NOT_GRANTED: fail('The use asks for items that the last grant does not give.', REFUSE),
  USE_PURPOSE_NOT_GRANTED: fail(
    'The use is not for exactly one of the purposes that the last grant gives.',
    REFUSE,
  ),
  NOT_ACCREDITED: fail(
    'The department, or one above it, was not accredited to use materials at that time.',
    REFUSE,
  ),
  USE_GRANT_MISMATCH: fail('The department signed to use another grant.', REFUSE),
  USE_EXPIRED: fail('The department’s request was past its time.', REFUSE),
  USE_OUT_OF_SEQUENCE: fail('The department’s request is not the next one of this grant.', REFUSE),
}
