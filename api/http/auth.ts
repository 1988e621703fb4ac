import { hash } from 'node:crypto'
import { z } from 'zod'
import { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Role as DepartmentRole } from '../../node/core/parties/roles.ts'
import { shownText } from '../../node/core/statements/parts.ts'

/** What a fixed token may be given: for machines, by whoever runs this node. */
export const Role = z.enum(['operator', 'submitter', 'auditor'])
export type Role = z.infer<typeof Role>

/**
 * What an account is where the parties are recorded. A department's role says nothing about this node: an operator there
 * may run a node of its own, and an auditor there reads what is public.
 */
export type AccountRole = DepartmentRole | 'holder'

interface Allowed {
  /** Roles of fixed tokens that may; none unless given. */
  readonly tokens?: readonly Role[]
  /** Roles of signed-in accounts that may; `every`: all that signed in. The handler looks whose a thing is. */
  readonly accounts?: readonly AccountRole[] | 'every'
}

/** Departments that take materials in. */
const COUNTERS = ['issuer', 'registrar', 'user'] as const

/** What can be done, and who may. Everything that is not listed is public. */
const ALLOWED = {
  submitMaterial: { tokens: ['submitter'], accounts: COUNTERS },
  /** What it handed in itself, or what a holder has. */
  readMaterial: { tokens: ['submitter', 'auditor'], accounts: [...COUNTERS, 'holder'] },
  /** What it handed in itself. */
  readQuarantine: { tokens: ['submitter', 'auditor'], accounts: COUNTERS },
  /** What others handed in, masked. */
  readEveryMaterial: { tokens: ['auditor'] },
  /** What it handed in itself. */
  eraseMaterial: { tokens: ['submitter', 'operator'], accounts: COUNTERS },
  eraseEveryMaterial: { tokens: ['operator'] },
  /** What it handed in itself: withdraws it, and lets it out of quarantine or not. */
  decideMaterial: { tokens: ['submitter', 'operator'], accounts: COUNTERS },
  decideEveryMaterial: { tokens: ['operator'] },
  audit: { tokens: ['auditor', 'operator'], accounts: ['auditor'] },
  readMetrics: { tokens: ['auditor', 'operator'] },
  backup: { tokens: ['operator'] },
  readSession: { tokens: Role.options, accounts: 'every' },
  endSession: { accounts: 'every' },
  /** The act itself says, by its signature, who acts. */
  relayAct: { accounts: 'every' },
  readGrants: { accounts: 'every' },
  /** For a case that it handles, or is a party to. */
  requestGrant: { accounts: 'every' },
  /** By the holder that was asked. */
  answerRequest: { accounts: 'every' },
  registerHolder: { accounts: ['registrar'] },
  readHolder: { accounts: 'every' },
  /** Of a code: its own, or of whoever one is to sign for. Others name the code where there is a record of it. */
  findHolder: { accounts: ['issuer', 'registrar', 'holder'] },
  /** Whoever runs the node publishes first versions alone; a department what it owns. */
  publishCatalogue: { tokens: ['operator'], accounts: [...COUNTERS, 'operator'] },
  issueCertificate: { accounts: ['issuer'] },
  readCertificate: { accounts: 'every' },
  requestUse: { accounts: ['user'] },
  readUses: { accounts: 'every' },
  handleCase: { accounts: ['user'] },
  readCase: { accounts: 'every' },
  /** Of its own: a department, a case that it handles; whoever applies, and who acts for it, what they have. */
  resolveMaterials: { accounts: ['user', 'holder'] },
  /** Its own: the benefit says who owns it. */
  runBenefit: { accounts: ['user'] },
  confirmBenefit: { accounts: 'every' },
  readBenefits: { accounts: 'every' },
  /** Its own. */
  readFigures: { tokens: ['auditor'], accounts: [...COUNTERS, 'operator', 'auditor'] },
  readEveryFigure: { tokens: ['auditor'], accounts: ['auditor'] },
} as const satisfies Record<string, Allowed>

export type Action = keyof typeof ALLOWED

/** One credential: a token, or its SHA-256 so that the configuration holds no secret. */
export const Credential = z
  .strictObject({
    /** Shown in statements as the submitter. */
    name: shownText(100).refine(
      (name) => !/^(account|department) 0x/.test(name),
      'names an account or department',
    ),
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

/** Who asks. */
export type Principal = TokenPrincipal | AccountPrincipal

export interface TokenPrincipal {
  readonly name: string
  readonly roles: ReadonlySet<Role>
  readonly account?: undefined
}

export interface AccountPrincipal extends Party {
  /**
   * `department 0x…` or `account 0x…`: whose materials are whose. Spelled apart, for a department keeps the address of its
   * first account as its name after it has come to act by another, and the key of the first may be in other hands.
   */
  readonly name: string
  readonly account: Hex
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Tells what was opened in the session that it ended, by sign-out or otherwise; answers how to stop. */
  readonly onEnd: (listener: () => void) => () => void
}

/** What an account is, at this moment. */
export interface Party {
  readonly roles: ReadonlySet<AccountRole>
  /** The department that acts by this account. */
  readonly department?: Hex
}

export interface Authenticator {
  /**
   * @param header the Authorization header (RFC 6750 §2.1)
   * @throws LedgerError unauthenticated/TOKEN_MISSING, TOKEN_UNKNOWN, SESSION_ENDED
   */
  authenticate(header: string | undefined): Principal | Promise<Principal>
}

/** Finds who holds the token of a session. */
export interface SessionPrincipals {
  /** Undefined for a text that is no token of a session at all. */
  find(token: string): Promise<AccountPrincipal> | undefined
}

export function createAuthenticator(
  credentials: readonly Credential[],
  sessions?: SessionPrincipals,
): Authenticator {
  const principals = new Map(
    credentials.map(({ name, roles, token, sha256 }): [string, TokenPrincipal] => [
      token === undefined ? (sha256 ?? '') : digestToken(token),
      { name, roles: new Set(roles) },
    ]),
  )
  return {
    authenticate(header) {
      const token = parseBearer(header)
      // Found by its digest: how long that takes says nothing about the token.
      const principal = principals.get(digestToken(token)) ?? sessions?.find(token)
      if (principal === undefined) throw new LedgerError('unauthenticated', 'TOKEN_UNKNOWN')
      return principal
    },
  }
}

/** @throws LedgerError unauthenticated/TOKEN_MISSING */
export function parseBearer(header: string | undefined): string {
  if (header === undefined || !/^bearer /i.test(header))
    throw new LedgerError('unauthenticated', 'TOKEN_MISSING')
  return header.slice('bearer '.length).trim()
}

/** @throws LedgerError forbidden/ROLE_MISSING, ACCOUNT_NEEDED, TOKEN_NEEDED */
export function requireAction(principal: Principal, action: Action): void {
  if (isAllowed(principal, action)) return
  const { tokens = [], accounts = [] } = allowedFor(action)
  const isToken = principal.account === undefined
  const needs = isToken ? tokens : accounts
  if (needs.length > 0) throw new LedgerError('forbidden', 'ROLE_MISSING', { needs })
  if (isToken) throw new LedgerError('forbidden', 'ACCOUNT_NEEDED')
  throw new LedgerError('forbidden', 'TOKEN_NEEDED')
}

export function isAllowed({ account, roles }: Principal, action: Action): boolean {
  const { tokens = [], accounts = [] } = allowedFor(action)
  const allowing = account === undefined ? tokens : accounts
  if (allowing === 'every') return true
  return allowing.some((role: string) => (roles as ReadonlySet<string>).has(role))
}

export function allowedFor(action: Action): Allowed {
  return ALLOWED[action]
}

export function digestToken(token: string): string {
  return hash('sha256', token)
}
