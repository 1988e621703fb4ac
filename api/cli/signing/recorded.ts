import type { RecordedAct } from '../../http/grants/schema.ts'
import type { Context } from '../context.ts'

/** Tells that an act was recorded, and how far it is on its way to the chain. */
export function recorded(
  context: Context,
  recordedAct: RecordedAct,
  about: Readonly<Record<string, unknown>>,
  human?: string,
): void {
  const { evidence: _, ...answer } = recordedAct
  const { transaction, block } = answer
  const where =
    transaction === undefined || block === undefined
      ? 'Logged; the chain has not recorded it yet.'
      : `Recorded in block ${block.number} by transaction ${transaction}.`
  context.result({ ...about, ...answer }, human === undefined ? where : `${human}\n${where}`)
}
