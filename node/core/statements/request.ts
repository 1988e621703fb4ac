import * as z from 'zod'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { GrantDocument } from '../grants/grant.ts'
import { ScopeDocument } from '../grants/scope.ts'
import { caseCode, head, shownText, StatementId, typeCode } from './parts.ts'

/** What somebody asks a holder to grant, for a case. */
export const requestedGrant = {
  /** 统一审批编码 of the case that it is for. */
  case: caseCode,
  /** Whose grant is asked for. */
  holder: HexHash,
  /** Codes of the required materials that it is about. */
  materials: z.array(typeCode).min(1).max(256).optional(),
  /** What the holder's lists would say. */
  items: ScopeDocument.shape.items,
  purposes: ScopeDocument.shape.purposes,
  /** Seconds since 1970: the grant would end then. */
  notAfter: GrantDocument.shape.notAfter,
  /** In all; 0 for any number. */
  uses: GrantDocument.shape.uses,
  /** Levels over which it might be passed on. */
  depth: GrantDocument.shape.depth,
  /** Why it is needed, for the holder to read. */
  reason: shownText(500).optional(),
}

/** A department, or an agent, asked a holder for a grant 申请授权. */
export const RequestMade = z
  .strictObject({
    ...head,
    kind: z.literal('request.made'),
    ...requestedGrant,
    /** Who asks, and would receive the grant: a department, or an account. */
    grantee: HexAddress,
    /** Seconds since 1970: not answered after that. */
    expires: z.int().min(0),
  })
  .meta({ id: 'RequestMade' })
export type RequestMade = z.infer<typeof RequestMade>

const answer = {
  ...head,
  /** Statement id. */
  request: StatementId,
  /** The holder's account. */
  by: HexAddress,
}

/** The holder signed a grant for it, of all that was asked or of less. */
export const RequestApproved = z
  .strictObject({ ...answer, kind: z.literal('request.approved'), grant: HexHash })
  .meta({ id: 'RequestApproved' })
export type RequestApproved = z.infer<typeof RequestApproved>

/** The holder will not. */
export const RequestDeclined = z
  .strictObject({ ...answer, kind: z.literal('request.declined'), reason: shownText(500) })
  .meta({ id: 'RequestDeclined' })
export type RequestDeclined = z.infer<typeof RequestDeclined>

/** Both answers have the same id: a request is answered once. */
export function answerIdOf(request: string): string {
  return `${request}-answer`
}
