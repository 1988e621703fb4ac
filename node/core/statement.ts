import * as z from 'zod'
import { utf8 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { canonicalize, parseStrictJson, STATEMENT_LIMITS } from './json.ts'
import { parseBy } from './schema.ts'
import { ActSigned } from './statements/act.ts'
import { BenefitChecked, BenefitConfirmed, BenefitGranted } from './statements/benefit.ts'
import { CaseOpened, CaseStaged } from './statements/case.ts'
import { CataloguePublished } from './statements/catalogue.ts'
import { UseChecked } from './statements/check.ts'
import { CertificateIssued } from './statements/certificate.ts'
import { GrantShown } from './statements/grant.ts'
import {
  MaterialErased,
  MaterialRejected,
  MaterialReleased,
  MaterialSubmission,
  MaterialSubmitted,
  MaterialWithdrawn,
} from './statements/material.ts'
import { DepartmentDescribed, HolderRegistered } from './statements/party.ts'
import { RequestApproved, RequestDeclined, RequestMade } from './statements/request.ts'
import { UndertakingChecked, UndertakingGiven } from './statements/undertaking.ts'
import { UseRefused, UseReleased } from './statements/use.ts'

export { MaterialErased, MaterialSubmission, MaterialSubmitted } from './statements/material.ts'
export { Fields, Holder, HolderCodeType, StatementId } from './statements/parts.ts'
export type { FieldValue } from './statements/parts.ts'

const KINDS_OF_STATEMENT = [
  MaterialSubmitted,
  MaterialErased,
  MaterialWithdrawn,
  MaterialReleased,
  MaterialRejected,
  DepartmentDescribed,
  HolderRegistered,
  ActSigned,
  CertificateIssued,
  GrantShown,
  UseReleased,
  UseRefused,
  UseChecked,
  CataloguePublished,
  CaseOpened,
  CaseStaged,
  RequestMade,
  RequestApproved,
  RequestDeclined,
  UndertakingGiven,
  UndertakingChecked,
  BenefitChecked,
  BenefitConfirmed,
  BenefitGranted,
] as const

/**
 * What happened, in private: only its salted hash is public.
 * A later kind is one more schema in `statements/` and one more line here; nothing else in the core changes.
 */
export const Statement = z.discriminatedUnion('kind', KINDS_OF_STATEMENT).meta({ id: 'Statement' })
export type Statement = z.infer<typeof Statement>
export type StatementKind = Statement['kind']
type Content = Extract<Statement, { content: unknown }>['content']

/**
 * @throws LedgerError invalid/JSON_*, see `parseStrictJson`
 * @throws LedgerError invalid/STATEMENT_*, DIGEST_*, see `readStatement`
 */
export function parseStatement(source: string | Uint8Array): Statement {
  return readStatement(parseStrictJson(source))
}

/**
 * @throws LedgerError invalid/STATEMENT_VERSION_UNSUPPORTED, STATEMENT_KIND_UNKNOWN: a newer reader is needed
 * @throws LedgerError invalid/STATEMENT_MALFORMED, DIGEST_*
 */
export function readStatement(value: unknown): Statement {
  const { v, kind } = statementHead(value)
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('invalid', 'STATEMENT_VERSION_UNSUPPORTED', { v })
  }
  if (typeof kind === 'string' && !KINDS.has(kind)) {
    throw new LedgerError('invalid', 'STATEMENT_KIND_UNKNOWN', { kind: kind.slice(0, 64) })
  }
  return parseBy(Statement, value, 'STATEMENT_MALFORMED')
}

/** @throws LedgerError invalid/SUBMISSION_MALFORMED, DIGEST_* */
export function readSubmission(value: unknown): MaterialSubmission {
  return parseBy(MaterialSubmission, value, 'SUBMISSION_MALFORMED')
}

/** What a statement says of the bytes it speaks of; undefined where it speaks of none. */
export function contentOf(statement: Statement): Content | undefined {
  return 'content' in statement ? statement.content : undefined
}

/**
 * RFC 8785 bytes of a statement: what is committed to and stored.
 *
 * @throws LedgerError invalid/JSON_TOO_LONG above 64 KiB
 */
export function encodeStatement(statement: Statement): Uint8Array {
  const bytes = utf8(canonicalize(statement))
  if (bytes.length > STATEMENT_LIMITS.bytes) {
    throw new LedgerError('invalid', 'JSON_TOO_LONG', { maxBytes: STATEMENT_LIMITS.bytes })
  }
  return bytes
}

const KINDS: ReadonlySet<string> = new Set(KINDS_OF_STATEMENT.map(({ shape }) => shape.kind.value))

function statementHead(value: unknown): { v?: unknown; kind?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}
