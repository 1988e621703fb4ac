import { LedgerError } from '../errors.ts'
import type { Choice } from './choose.ts'
import { idOf } from './candidates.ts'

/**
 * That a material is not asked for that could be exempted, unless somebody says why; the reason goes on record.
 *
 * @param choice what the case's matter made of it; undefined where it does not ask for it
 * @throws LedgerError conflict/MATERIAL_EXEMPTED {material, way, candidate}: state a reason, or use what is there;
 *   without a candidate, undertake to have it
 */
export function requireReason(choice: Choice | undefined, reason: string | undefined): void {
  if (choice === undefined || reason !== undefined) return
  const { required, way, state, taken } = choice
  const { material } = required
  // What was undertaken may be made good; nobody has to hand in what an undertaking would do for.
  if (way === 'commitment' && state === 'open')
    throw new LedgerError('conflict', 'MATERIAL_EXEMPTED', { material, way })
  // What came in for the case may be put right; where there is nothing to take, it has to come from somebody.
  if (taken === undefined || state === 'handedIn') return
  throw new LedgerError('conflict', 'MATERIAL_EXEMPTED', {
    material,
    way,
    candidate: idOf(taken.candidate),
  })
}
