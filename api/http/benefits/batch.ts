import type { BenefitSubjects } from '../../../node/benefits/benefits.ts'
import { reasonsOf } from '../../../node/core/benefits/reasons.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseStrictJson } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { Holder } from '../../../node/core/statement.ts'
import { answerLines } from '../answerLines.ts'
import { CSV_TYPE, csvHead } from '../csv.ts'
import { presentProblem, toLedgerError } from '../errors.ts'
import { NDJSON_TYPE } from '../materials/schema.ts'
import type { Context } from '../route.ts'
import { LINE_COLUMNS, lineRow } from './present.ts'
import type { BenefitLineDone, BenefitLineRefused } from './schema.ts'

/** Bytes of a line: a code has 64 characters. */
const MAX_LINE = 1024

export type Step = 'check' | 'grant'

/** Takes one subject a line and tells of each, in order, as NDJSON or as a table; see `answerLines`. */
export function answerSubjects(
  ctx: Context,
  run: BenefitSubjects,
  step: Step,
  { asTable, maxBytes }: { readonly asTable: boolean; readonly maxBytes: number },
): Promise<void> {
  const write = (line: BenefitLineDone | BenefitLineRefused) => [
    Buffer.from(asTable ? lineRow(line) : `${JSON.stringify(line)}\n`),
  ]
  return answerLines(ctx, {
    mediaType: asTable ? CSV_TYPE : NDJSON_TYPE,
    maxBytes,
    maxLine: MAX_LINE,
    ...(asTable && { head: Buffer.from(csvHead(LINE_COLUMNS)) }),
    async take(number, bytes) {
      const subject = readSubject(bytes)
      try {
        return write(await STEPS[step](run, subject, number))
      } catch (thrown) {
        return write({ ...refusalOf(number, thrown), subject })
      }
    },
    refuse: (number, thrown) => write(refusalOf(number, thrown)),
  })
}

/** @throws LedgerError invalid/BENEFIT_SUBJECT_MALFORMED, JSON_* */
function readSubject(line: Uint8Array | undefined): Holder {
  if (line === undefined)
    throw new LedgerError('invalid', 'BENEFIT_SUBJECT_MALFORMED', { maxBytes: MAX_LINE })
  return parseBy(Holder, parseStrictJson(line), 'BENEFIT_SUBJECT_MALFORMED')
}

type Taken = (run: BenefitSubjects, subject: Holder, line: number) => Promise<BenefitLineDone>

const STEPS: Readonly<Record<Step, Taken>> = {
  async check({ benefit, check }, subject, line) {
    const { id, index, period, finding } = await check(subject)
    const reasons = reasonsOf(finding, benefit.conditions)
    const result = finding.qualifies ? 'qualified' : 'unqualified'
    return { line, status: 201, subject, result, reasons, period, id, index }
  },
  async grant({ grant }, subject, line) {
    const { id, index, period, created } = await grant(subject)
    const status = created ? 201 : 200
    return { line, status, subject, result: 'granted', reasons: [], period, id, index }
  },
}

function refusalOf(line: number, thrown: unknown): BenefitLineRefused {
  const problem = presentProblem(toLedgerError(thrown))
  return { line, status: problem.status, problem }
}
