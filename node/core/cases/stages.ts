import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { CaseOpened, CaseStaged, Stage } from '../statements/case.ts'

/** The stages that a case came to, in order. */
export type Progress = readonly Pick<CaseStaged, 'stage' | 'outcome'>[]

/**
 * The stage that may follow; undefined after the last. What was refused is told to the applicant, and nothing is
 * issued.
 */
export function nextStage(progress: Progress): Stage | undefined {
  const last = progress.at(-1)
  if (last === undefined) return 'accepted'
  return last.outcome === 'refused' ? 'delivered' : AFTER[last.stage]
}

/** Whether nothing more is needed of anybody: it was decided, one way or the other. */
export function isDecided(progress: Progress): boolean {
  return progress.some(({ stage }) => stage === 'decided')
}

/**
 * That `by` may bring a case to a stage.
 *
 * @throws LedgerError forbidden/CASE_NOT_YOURS: neither accepts it nor decides it
 * @throws LedgerError forbidden/CASE_STAGE_NOT_YOURS {stage, department}: the other of the two does
 * @throws LedgerError conflict/CASE_STAGE_OUT_OF_ORDER {stage, next}; no `next` where the case is closed
 */
export function verifyStage(
  { acceptedBy, decidedBy }: Pick<CaseOpened, 'acceptedBy' | 'decidedBy'>,
  progress: Progress,
  { stage, by }: { readonly stage: Stage; readonly by: Hex },
): void {
  if (by !== acceptedBy && by !== decidedBy) throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
  const department = { acceptedBy, decidedBy, either: by }[HANDLERS[stage]]
  if (by !== department)
    throw new LedgerError('forbidden', 'CASE_STAGE_NOT_YOURS', { stage, department })
  const next = nextStage(progress)
  if (stage !== next)
    throw new LedgerError('conflict', 'CASE_STAGE_OUT_OF_ORDER', { stage, ...(next && { next }) })
}

const AFTER: Readonly<Record<Stage, Stage | undefined>> = {
  accepted: 'reviewed',
  reviewed: 'decided',
  decided: 'issued',
  issued: 'delivered',
  delivered: undefined,
}

/** Whose work a stage is; what is issued may be handed out where it was applied for. */
const HANDLERS: Readonly<Record<Stage, 'acceptedBy' | 'decidedBy' | 'either'>> = {
  accepted: 'acceptedBy',
  reviewed: 'decidedBy',
  decided: 'decidedBy',
  issued: 'either',
  delivered: 'either',
}
