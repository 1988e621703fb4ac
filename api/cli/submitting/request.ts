import { parseBy } from '../../../node/core/schema.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { MaterialSubmission } from '../../../node/core/statement.ts'
import { misuse } from '../context.ts'

export interface SubmitChoice {
  readonly type: string
  readonly title?: string
  readonly holder?: string
  readonly id?: string
  readonly field?: readonly string[]
  readonly case?: string
  readonly reason?: string
  readonly supersedes?: string
  readonly certificateIdentifier?: string
  readonly channel?: string
  /** A digit. */
  readonly receiptMode?: string
  readonly mediaType?: string
  readonly digestsOnly?: boolean
}

/** What is said of every file of a run; its content is added to it. */
export type Described = Omit<MaterialSubmission, 'content'>

/**
 * Its fields are texts, and lists of texts, until `typeFields`.
 *
 * @throws CommanderError when a value is not one that the ledger takes
 */
export function describe(choice: SubmitChoice): Described {
  const { type, title, id, case: caseCode, reason } = choice
  const { supersedes, certificateIdentifier, channel, receiptMode } = choice
  const holder = choice.holder === undefined ? undefined : parseHolder(choice.holder)
  const fields = choice.field && gather(choice.field.map(parseField))
  const described = {
    type,
    ...(id !== undefined && { id }),
    ...(title !== undefined && { title }),
    ...(holder && { holder }),
    ...(fields && { fields }),
    ...(caseCode !== undefined && { caseCode }),
    ...(reason !== undefined && { reason }),
    ...(supersedes !== undefined && { supersedes }),
    ...(certificateIdentifier !== undefined && { certificateIdentifier }),
    ...(channel !== undefined && { channel }),
    ...(receiptMode !== undefined && { receiptMode: Number(receiptMode) }),
  }
  return checked(described)
}

/** Found wrong here rather than a thousand times by the ledger. */
function checked(described: Record<string, unknown>): Described {
  const sample = { ...described, content: { mediaType: 'text/plain' } }
  try {
    const { content: _, ...rest } = parseBy(MaterialSubmission, sample, 'SUBMISSION_MALFORMED')
    return rest
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const issues = error.details['issues'] as { pointer: string; rule: string }[]
    return misuse(issues.map(({ pointer, rule }) => `${pointer.slice(1)} is ${rule}`).join('; '))
  }
}

function parseHolder(text: string): { codeType: string; code: string } {
  const [, codeType = '', code = ''] = /^(\d{3}):(.+)$/.exec(text) ?? []
  if (code === '') misuse('A holder is written <code type>:<code>, such as 001:91310110MADEM0011Y.')
  return { codeType, code }
}

/** What is said of a field several times is a list. */
function gather(fields: readonly (readonly [name: string, value: string])[]): object {
  const values = new Map<string, string | string[]>()
  for (const [name, value] of fields) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : [before, value].flat())
  }
  return Object.fromEntries(values)
}

function parseField(text: string): [name: string, value: string] {
  const equals = text.indexOf('=')
  if (equals < 1) misuse('A field is written <name>=<value>.')
  return [text.slice(0, equals), text.slice(equals + 1)]
}
