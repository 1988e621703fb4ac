import { hash } from 'node:crypto'
import { z } from 'zod'
import { LedgerError } from '../../node/core/errors.ts'

export const Role = z.enum(['operator', 'submitter', 'auditor'])
export type Role = z.infer<typeof Role>

/** What can be done, and the roles that may. Everything that is not listed is public. */
const ALLOWED = {
  submitMaterial: ['submitter'],
  /** A submitter reads what it handed in itself, an auditor everything. */
  readMaterial: ['submitter', 'auditor'],
  /** A submitter erases what it handed in itself, an operator everything. */
  eraseMaterial: ['submitter', 'operator'],
  audit: ['auditor', 'operator'],
  readMetrics: ['auditor', 'operator'],
  backup: ['operator'],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof ALLOWED

/** One credential: a token, or its SHA-256 so that the configuration holds no secret. */
export const Credential = z
  .strictObject({
    /** Shown in statements as the submitter. */
    name: z.string().regex(/^\P{Cc}{1,100}$/u, 'not 1 to 100 printable characters'),
    roles: z.array(Role).min(1),
    token: z
      .string()
      .regex(/^[A-Za-z0-9._~+/-]{16,256}=*$/, 'not a bearer token of 16 characters or more')
      .optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'not 64 hex digits')
      .optional(),
  })
  .refine(
    ({ token, sha256 }) => (token === undefined) !== (sha256 === undefined),
    'needs either token or sha256',
  )
export type Credential = z.infer<typeof Credential>

export interface Principal {
  readonly name: string
  readonly roles: ReadonlySet<Role>
}

export interface Authenticator {
  /**
   * @param header the Authorization header (RFC 6750 §2.1)
   * @throws LedgerError unauthenticated/TOKEN_MISSING, TOKEN_UNKNOWN
   */
  authenticate(header: string | undefined): Principal
}

export function createAuthenticator(credentials: readonly Credential[]): Authenticator {
  const principals = new Map(
    credentials.map(({ name, roles, token, sha256 }) => [
      token === undefined ? (sha256 ?? '') : digestToken(token),
      { name, roles: new Set(roles) },
    ]),
  )
  return {
    authenticate(header) {
      if (header === undefined) throw new LedgerError('unauthenticated', 'TOKEN_MISSING')
      if (!/^bearer /i.test(header)) throw new LedgerError('unauthenticated', 'TOKEN_MISSING')
      // Found by its digest: how long that takes says nothing about the token.
      const principal = principals.get(digestToken(header.slice('bearer '.length).trim()))
      if (principal === undefined) throw new LedgerError('unauthenticated', 'TOKEN_UNKNOWN')
      return principal
    },
  }
}

/** @throws LedgerError forbidden/ROLE_MISSING */
export function requireAction(principal: Principal, action: Action): void {
  if (ALLOWED[action].some((role) => principal.roles.has(role))) return
  throw new LedgerError('forbidden', 'ROLE_MISSING', { needs: rolesFor(action) })
}

export function rolesFor(action: Action): readonly Role[] {
  return ALLOWED[action]
}

function digestToken(token: string): string {
  return hash('sha256', token)
}
