import type { Act } from '../../../node/core/acts/acts.ts'
import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { parseMoment } from '../../../node/core/verify/moment.ts'
import type { DepartmentProfile, Mirror } from '../../../node/mirror/mirror.ts'
import { readJson } from '../body.ts'
import { sendRecorded } from '../grants/present.ts'
import { callerOf, callingDepartment } from '../registered/access.ts'
import { previewAct, requireActOf, submitAct } from '../registered/acts.ts'
import type { ActParts } from '../registered/acts.ts'
import { send, sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import * as documentation from './documentation.ts'
import { presentDepartment } from './present.ts'
import {
  BelowQuery,
  DepartmentDescription,
  DepartmentPreviewRequest,
  DepartmentQuery,
  DepartmentRequest,
} from './schema.ts'
import type { DepartmentPage, Departments } from './schema.ts'

export interface DepartmentParts extends ActParts {
  readonly mirror: Mirror
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const ACTS = ['Accreditation', 'TypesChange', 'StandingChange', 'Rekeying'] as const

export function departmentRoutes(parts: DepartmentParts): Route[] {
  return [...readingRoutes(parts), ...actingRoutes(parts)]
}

/**
 * Who may do what is public: anybody has to be able to tell who may ask for a material. While the chain is still being
 * read, nobody is told that a department is not there, or that it is what it may be no longer.
 */
function readingRoutes(parts: DepartmentParts): Route[] {
  const { mirror } = parts
  const { departments } = mirror
  return [
    {
      method: 'GET',
      path: '/v1/departments',
      documentation: documentation.list,
      async handle(ctx) {
        mirror.assertFresh()
        const authority = departments.authority()
        if (authority === undefined) throw new LedgerError('unavailable', 'MIRROR_STALE')
        const page = await findBelow(ctx, authority, parts)
        const answer: Departments = {
          authority: await presentDepartment(profileOf(authority, parts), nowIn(parts), parts),
          ...page,
        }
        sendJson(ctx, 200, answer)
      },
    },
    {
      method: 'GET',
      path: '/v1/departments/{address}',
      documentation: documentation.get,
      async handle(ctx) {
        const { at } = parseBy(DepartmentQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        mirror.assertFresh()
        const profile = profileOf(addressIn(ctx), parts)
        const time = at === undefined ? nowIn(parts) : parseMoment(at)
        sendJson(ctx, 200, await presentDepartment(profile, time, parts))
      },
    },
    {
      method: 'GET',
      path: '/v1/departments/{address}/below',
      documentation: documentation.below,
      async handle(ctx) {
        mirror.assertFresh()
        const { department } = profileOf(addressIn(ctx), parts)
        sendJson(ctx, 200, await findBelow(ctx, department, parts))
      },
    },
  ]
}

function actingRoutes(parts: DepartmentParts): Route[] {
  const { chain, directory, mirror } = parts
  return [
    {
      method: 'POST',
      path: '/v1/departments/preview',
      action: 'relayAct',
      documentation: documentation.preview,
      async handle(ctx) {
        const { act: draft } = await readJson(ctx, DepartmentPreviewRequest, 'PREVIEW_MALFORMED')
        const { department } = draft.message
        const accreditor = draft.message.accreditor ?? callingDepartment(ctx)
        const nonce = await chain.nonceOf(accreditor)
        const act = { ...draft, message: { ...draft.message, accreditor, nonce } } as Act
        const agreeing = agreeingTo(draft, mirror)
        const signers = [mirror.departments.accountOf(accreditor), ...agreeing]
        sendJson(ctx, 200, await previewAct(act, signers, [accreditor, department], parts))
      },
    },
    {
      method: 'POST',
      path: '/v1/departments',
      action: 'relayAct',
      documentation: documentation.act,
      async handle(ctx) {
        const request = await readJson(ctx, DepartmentRequest, 'ACT_MALFORMED')
        const { description } = request
        const act = requireActOf(request.act, ...ACTS)
        const { accreditor, department } = act.message
        // The signature is for the act alone: what is said beside it is the caller's word.
        if (description !== undefined) requireDescriber(ctx, accreditor)
        const submitted = await submitAct(ctx, act, parts)
        if (description !== undefined)
          await directory.describe({ ...description, department, by: accreditor })
        sendRecorded(ctx, submitted, {}, { Location: `/v1/departments/${department}` })
      },
    },
    {
      method: 'POST',
      path: '/v1/departments/{address}/description',
      action: 'relayAct',
      documentation: documentation.describe,
      async handle(ctx) {
        const description = await readJson(ctx, DepartmentDescription, 'DESCRIPTION_MALFORMED')
        const { department, accreditor = department } = profileOf(addressIn(ctx), parts)
        requireDescriber(ctx, accreditor)
        const { evidence } = await directory.describe({
          ...description,
          department,
          by: accreditor,
        })
        send(ctx, 201, EVIDENCE_MEDIA_TYPE, evidence, { Location: `/v1/departments/${department}` })
      },
    },
  ]
}

/** Who else has to sign: the account that a department comes to act by. */
function agreeingTo({ type, message }: DepartmentPreviewRequest['act'], mirror: Mirror): Hex[] {
  if (type === 'Rekeying') return [message.account]
  const isNew = mirror.departments.find(message.department) === undefined
  return type === 'Accreditation' && isNew ? [message.department] : []
}

/**
 * The department above says who a department is; nobody is above the authority.
 *
 * @throws LedgerError forbidden/DEPARTMENT_NOT_BELOW
 */
function requireDescriber(ctx: Context, by: Hex): void {
  if (callerOf(ctx).department !== by) throw new LedgerError('forbidden', 'DEPARTMENT_NOT_BELOW')
}

async function findBelow(
  ctx: Context,
  department: Hex,
  parts: DepartmentParts,
): Promise<DepartmentPage> {
  const page = parseBy(BelowQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { items, next } = await parts.mirror.departments.below(department, page)
  const at = nowIn(parts)
  const departments = items.map((profile) => presentDepartment(profile, at, parts))
  return { departments: await Promise.all(departments), ...(next !== undefined && { next }) }
}

/** @throws LedgerError notFound/DEPARTMENT_UNKNOWN */
function profileOf(address: Hex, { mirror }: DepartmentParts): DepartmentProfile {
  const profile = mirror.departments.find(address)
  if (profile === undefined) throw new LedgerError('notFound', 'DEPARTMENT_UNKNOWN')
  return profile
}

/** @throws LedgerError notFound/DEPARTMENT_UNKNOWN */
function addressIn(ctx: Context): Hex {
  const { data } = HexAddress.safeParse(parameter(ctx, 'address'))
  if (data === undefined) throw new LedgerError('notFound', 'DEPARTMENT_UNKNOWN')
  return data
}

function nowIn({ now }: DepartmentParts): number {
  return Math.floor(now() / 1000)
}
