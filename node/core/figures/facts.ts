import * as z from 'zod'
import type { Hex } from '../ethereum/hex.ts'
import { departmentNamed } from '../parties/principal.ts'

/** What the figures go by, of one statement. Times are milliseconds since 1970. */
export type Fact =
  | {
      readonly is: 'case'
      /** That decides it. */
      readonly department: Hex
      readonly acceptedBy: Hex
      readonly case: string
      readonly matter: string
      readonly version: number
      /** By an agent. */
      readonly isActedFor: boolean
      readonly at: number
    }
  | {
      readonly is: 'use'
      /** That used it. */
      readonly department: Hex
      /** That decides the case: who counts looks it up. Undefined where the case was not opened here by then. */
      readonly decidedBy?: Hex | undefined
      /** `check`: a question about either was answered, and nothing was handed out. */
      readonly of: 'certificate' | 'material' | 'check'
      /** Index of the entry that what was used came with. */
      readonly source: number
      /** The department that it came from: who counts looks it up. Undefined where none handed it in. */
      readonly from?: Hex | undefined
      readonly case: string
      /** The case requires it, and was not spared it before. */
      readonly spares: boolean
      /** How many were shown. */
      readonly fields: number
      readonly at: number
    }
  | { readonly is: 'refusal'; readonly department: Hex; readonly code: string }
  | {
      readonly is: 'submission'
      /** Undefined where the submitter is none. */
      readonly department: Hex | undefined
      /** As of a use. */
      readonly decidedBy?: Hex | undefined
      /** `committed`: an undertaking came in its place. */
      readonly way: 'askedFor' | 'committed'
      readonly case: string
      readonly fields: number
      readonly at: number
    }
  | {
      readonly is: 'look'
      readonly department: Hex
      /** Pieces of evidence that were looked at. */
      readonly evidence: number
      readonly qualified: boolean
      readonly granted: boolean
    }

/** Kinds of statements that the figures go by. */
export const COUNTED_KINDS = [
  'case.opened',
  'use.released',
  'use.checked',
  'use.refused',
  'material.submitted',
  'undertaking.given',
  'benefit.checked',
  'benefit.granted',
] as const
export type CountedKind = (typeof COUNTED_KINDS)[number]

export function isCounted(kind: string): kind is CountedKind {
  return (COUNTED_KINDS as readonly string[]).includes(kind)
}

/**
 * What is read of a statement: far less than all of it, for figures are made of millions. The ledger has read it whole
 * when it took it in.
 */
const READ = {
  'case.opened': z.object({
    acceptedBy: z.string(),
    decidedBy: z.string(),
    agents: z.array(z.unknown()).optional(),
    case: z.string(),
    matter: z.object({ code: z.string(), version: z.int() }),
  }),
  'use.released': z.object({
    user: z.string(),
    subject: z.object({ kind: z.enum(['certificate', 'material']), index: z.int() }),
    fields: z.array(z.unknown()),
    shown: z.int().optional(),
    spares: z.unknown().optional(),
    context: z.object({ case: z.string() }),
  }),
  'use.checked': z.object({
    user: z.string(),
    subject: z.object({ index: z.int() }),
    spares: z.unknown().optional(),
    context: z.object({ case: z.string() }),
  }),
  'use.refused': z.object({ user: z.string(), code: z.string() }),
  'material.submitted': z.object({
    submitter: z.string(),
    caseCode: z.string().optional(),
    fields: z.record(z.string(), z.unknown()).optional(),
  }),
  'undertaking.given': z.object({
    acceptedBy: z.string(),
    undertaking: z.object({ caseCode: z.string() }),
  }),
  'benefit.checked': z.object({
    by: z.string(),
    finding: z.object({
      qualifies: z.boolean(),
      evidence: z.array(z.object({ source: z.unknown().optional() })),
    }),
  }),
} as const

/** Members of a statement that `factOf` looks at; it needs no others. */
export function membersOf(kind: CountedKind): readonly string[] {
  return Object.keys(READ[kind === 'benefit.granted' ? 'benefit.checked' : kind].shape)
}

/**
 * What a statement says for the figures; undefined where it says nothing.
 *
 * @param statement as JSON has it
 * @param at milliseconds since 1970
 */
export function factOf(kind: CountedKind, statement: unknown, at: number): Fact | undefined {
  switch (kind) {
    case 'case.opened': {
      const { acceptedBy, decidedBy, agents = [], ...rest } = READ[kind].parse(statement)
      return {
        is: 'case',
        department: hex(decidedBy),
        acceptedBy: hex(acceptedBy),
        case: rest.case,
        matter: rest.matter.code,
        version: rest.matter.version,
        isActedFor: agents.length > 0,
        at,
      }
    }
    case 'use.released': {
      const { user, subject, fields, shown, spares, context } = READ[kind].parse(statement)
      return {
        is: 'use',
        department: hex(user),
        of: subject.kind,
        source: subject.index,
        case: context.case,
        spares: spares !== undefined,
        // Of a whole material none is named, and all are shown.
        fields: shown ?? fields.length,
        at,
      }
    }
    case 'use.checked': {
      const { user, subject, spares, context } = READ[kind].parse(statement)
      return {
        is: 'use',
        department: hex(user),
        of: 'check',
        source: subject.index,
        case: context.case,
        spares: spares !== undefined,
        fields: 0,
        at,
      }
    }
    case 'use.refused': {
      const { user, code } = READ[kind].parse(statement)
      return { is: 'refusal', department: hex(user), code }
    }
    case 'material.submitted':
      return submissionOf(READ[kind].parse(statement), at)
    case 'undertaking.given': {
      const { acceptedBy, undertaking } = READ[kind].parse(statement)
      const { caseCode } = undertaking
      const department = hex(acceptedBy)
      return { is: 'submission', department, way: 'committed', case: caseCode, fields: 0, at }
    }
    case 'benefit.checked':
    case 'benefit.granted': {
      const { by, finding } = READ['benefit.checked'].parse(statement)
      return {
        is: 'look',
        department: hex(by),
        evidence: finding.evidence.filter(({ source }) => source !== undefined).length,
        qualified: finding.qualifies,
        granted: kind === 'benefit.granted',
      }
    }
    default:
      throw new TypeError(`no kind that is counted: ${String(kind)}`)
  }
}

function submissionOf(
  { submitter, caseCode, fields = {} }: z.infer<(typeof READ)['material.submitted']>,
  at: number,
): Fact | undefined {
  // What is deposited for no case was asked for by nobody.
  if (caseCode === undefined) return undefined
  return {
    is: 'submission',
    department: departmentNamed(submitter),
    // However its submitter says that it came: only a receipt shows that nobody was asked.
    way: 'askedFor',
    case: caseCode,
    fields: Object.keys(fields).length,
    at,
  }
}

function hex(text: string): Hex {
  return text as Hex
}
