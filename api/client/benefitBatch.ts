import { LedgerError } from '../../node/core/errors.ts'
import { parseBy } from '../../node/core/schema.ts'
import type { Holder } from '../../node/core/statement.ts'
import { BenefitLineDone, BenefitLineRefused } from '../http/benefits/schema.ts'
import { NDJSON_TYPE } from '../http/materials/schema.ts'
import { readJsonLines } from './lines.ts'
import { refusalOf } from './refusal.ts'
import { queryOf } from './requests.ts'
import type { Call, Transport } from './transport.ts'

export interface BenefitBatch {
  /** Who looks, in the department. */
  readonly officer: string
  /** Names the batch: one that broke off is run again under the same name. */
  readonly batch: string
  readonly signal?: AbortSignal
}

/** What became of one subject. `line` counts from 1 over the whole batch. */
export type BenefitOutcome =
  | Omit<BenefitLineDone, 'status'>
  | { readonly line: number; readonly subject: Holder; readonly error: LedgerError }

/** Subjects of one request: few enough to be sent again when a connection breaks. */
const REQUEST_SUBJECTS = 500

interface Target {
  readonly path: string
  readonly isRepeatable: boolean
}

export async function* runSubjects(
  transport: Transport,
  { path, isRepeatable }: Target,
  subjects: Iterable<Holder> | AsyncIterable<Holder>,
  { signal, ...run }: BenefitBatch,
): AsyncGenerator<BenefitOutcome, void> {
  let part: Holder[] = []
  let first = 1
  const target = { path: `${path}${queryOf(run)}`, isRepeatable }
  const send = () => runPart(transport, target, part, first, signal)
  for await (const subject of subjects) {
    part.push(subject)
    if (part.length < REQUEST_SUBJECTS) continue
    yield* await send()
    first += part.length
    part = []
  }
  if (part.length > 0) yield* await send()
}

async function runPart(
  transport: Transport,
  { path, isRepeatable }: Target,
  part: readonly Holder[],
  first: number,
  signal: AbortSignal | undefined,
): Promise<BenefitOutcome[]> {
  const call: Call = {
    method: 'POST',
    headers: { 'Content-Type': NDJSON_TYPE },
    body: () => part.map((subject) => `${JSON.stringify(subject)}\n`).join(''),
    isRepeatable,
    signal,
  }
  return transport.call(path, call, async ({ body }) => {
    const outcomes: BenefitOutcome[] = []
    for await (const value of readJsonLines(body)) {
      const subject = part[outcomes.length]
      // A line after the last says why the batch ended there.
      if (subject === undefined) throw refusalOf(BenefitLineRefused.parse(value).problem)
      outcomes.push(readOutcome(value, first - 1, subject))
    }
    if (outcomes.length < part.length) throw new LedgerError('unavailable', 'ANSWER_CUT_SHORT')
    return outcomes
  })
}

function readOutcome(value: unknown, offset: number, subject: Holder): BenefitOutcome {
  const refused = BenefitLineRefused.safeParse(value)
  if (refused.success)
    return { line: offset + refused.data.line, subject, error: refusalOf(refused.data.problem) }
  const { status: _, line, ...done } = parseBy(BenefitLineDone, value, 'ANSWER_UNEXPECTED')
  return { ...done, line: offset + line }
}
