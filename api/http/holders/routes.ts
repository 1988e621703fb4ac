import { requireHolderCode } from '../../../node/core/identifiers/holder.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { decode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { holderIdOf } from '../../../node/core/parties/holder.ts'
import { checkAt, parseBy } from '../../../node/core/schema.ts'
import { Turns } from '../../../node/core/turns.ts'
import { Holder as HolderCode } from '../../../node/core/statement.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { readJson } from '../body.ts'
import { sendRecorded } from '../grants/present.ts'
import { callerOf, callingDepartment, isHolder } from '../registered/access.ts'
import { previewAct, requireActOf, submitAct } from '../registered/acts.ts'
import type { ActParts } from '../registered/acts.ts'
import { sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { departmentAsking, holderIn } from './access.ts'
import * as documentation from './documentation.ts'
import { portfolioRoute } from './portfolio.ts'
import type { PortfolioRouteParts } from './portfolio.ts'
import { presentHolder } from './present.ts'
import {
  AccountPreviewRequest,
  AccountRequest,
  HolderPreviewRequest,
  HolderQuery,
  HolderRequest,
} from './schema.ts'
import type { Holder, HolderPage, HolderPreview } from './schema.ts'

export interface HolderParts extends ActParts, PortfolioRouteParts {
  readonly mirror: Mirror
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who somebody is, is for nobody else to keep. */
const PRIVATE = { 'Cache-Control': 'private, no-store' }

export function holderRoutes(parts: HolderParts): Route[] {
  return [
    ...readingRoutes(parts),
    portfolioRoute(parts),
    ...registeringRoutes(parts),
    ...accountRoutes(parts),
  ]
}

function readingRoutes(parts: HolderParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/holders/me',
      action: 'readHolder',
      documentation: documentation.mine,
      async handle(ctx) {
        const page = parseBy(HolderQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { account } = callerOf(ctx)
        const { items, next } = await parts.mirror.holders.holdersOf(account, page)
        const holders = items.map((id) => show(id, false, parts))
        const answer: HolderPage = {
          holders: await Promise.all(holders),
          ...(next !== undefined && { next }),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/holders/find',
      action: 'findHolder',
      documentation: documentation.find,
      async handle(ctx) {
        const code = await readJson(ctx, HolderCode, 'HOLDER_CODE_MALFORMED')
        const holder = await parts.directory.idOf(code, whomFor(ctx, parts))
        sendJson(ctx, 200, { holder }, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/holders/{id}',
      action: 'readHolder',
      documentation: documentation.get,
      async handle(ctx) {
        const id = holderIn(ctx)
        sendJson(ctx, 200, await show(id, isMaskedFor(ctx, id, parts), parts), PRIVATE)
      },
    },
  ]
}

function registeringRoutes(parts: HolderParts): Route[] {
  const { chain, directory, mirror } = parts
  // Of two registrations of one code at once, the second has to find the first.
  const turns = new Turns()
  return [
    {
      method: 'POST',
      path: '/v1/holders/preview',
      action: 'registerHolder',
      documentation: documentation.preview,
      async handle(ctx) {
        const { registration, account } = await readJson(
          ctx,
          HolderPreviewRequest,
          'PREVIEW_MALFORMED',
        )
        const { salt, codeType, code } = registration
        checkAt('/registration/code', () => requireHolderCode({ codeType, code }, parts.now()))
        const registrar = callingDepartment(ctx)
        const holder = holderIdOf(decode0x(salt), codeType, code)
        await directory.requireNew({ holder, registrar, codeType, code })
        const nonce = await chain.nonceOf(registrar)
        const act = {
          type: 'HolderBinding',
          message: { registrar, holder, account, nonce },
        } as const
        const signers = [mirror.departments.accountOf(registrar)]
        const shown = await previewAct(act, signers, [registrar], parts)
        const answer: HolderPreview = { holder, ...shown }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/holders',
      action: 'registerHolder',
      documentation: documentation.register,
      async handle(ctx) {
        const { registration, ...request } = await readJson(ctx, HolderRequest, 'ACT_MALFORMED')
        const act = requireActOf(request.act, 'HolderBinding')
        const { registrar, holder } = act.message
        requireRegistrar(ctx, registrar)
        const { salt, codeType, code } = registration
        checkAt('/registration/code', () => requireHolderCode({ codeType, code }, parts.now()))
        if (holderIdOf(decode0x(salt), codeType, code) !== holder)
          throw new LedgerError('invalid', 'HOLDER_ID_MISMATCH')
        const submitted = await turns.take(`${registrar} ${codeType} ${code}`, async () => {
          await directory.requireNew({ holder, registrar, codeType, code })
          // The chain first: it says whether this department may speak of this holder at all.
          const recorded = await submitAct(ctx, act, parts)
          await directory.register({ ...registration, holder, registrar })
          return recorded
        })
        sendRecorded(ctx, submitted, {}, { Location: `/v1/holders/${holder}` })
      },
    },
  ]
}

/** Rebinding, where somebody succeeds the holder, represents it from now on, or lost a key. */
function accountRoutes(parts: HolderParts): Route[] {
  const preview = (type: 'HolderBinding' | 'HolderRelease', ending: string): Route => ({
    method: 'POST',
    path: `/v1/holders/{id}${ending}/preview`,
    action: 'registerHolder',
    documentation: documentation.previewAccount(type),
    async handle(ctx) {
      const { account, endGrants = false } = await readJson(
        ctx,
        AccountPreviewRequest,
        'PREVIEW_MALFORMED',
      )
      const holder = holderIn(ctx)
      const registrar = callingDepartment(ctx)
      const nonce = await parts.chain.nonceOf(registrar)
      const message = { registrar, holder, account, nonce }
      const act =
        type === 'HolderBinding'
          ? ({ type, message } as const)
          : ({ type, message: { ...message, endGrants } } as const)
      const known = isMaskedFor(ctx, holder, parts)
        ? undefined
        : await parts.directory.holderOf(holder)
      const names = new Map(known ? [[holder, known.name]] : [])
      const signers = [parts.mirror.departments.accountOf(registrar)]
      sendJson(ctx, 200, await previewAct(act, signers, [registrar], parts, names), PRIVATE)
    },
  })
  const handIn = (type: 'HolderBinding' | 'HolderRelease', ending: string): Route => ({
    method: 'POST',
    path: `/v1/holders/{id}${ending}`,
    action: 'registerHolder',
    documentation: documentation.changeAccount(type),
    async handle(ctx) {
      const request = await readJson(ctx, AccountRequest, 'ACT_MALFORMED')
      const act = requireActOf(request.act, type)
      if (act.message.holder !== parameter(ctx, 'id'))
        throw new LedgerError('invalid', 'HOLDER_ID_MISMATCH')
      requireRegistrar(ctx, act.message.registrar)
      sendRecorded(ctx, await submitAct(ctx, act, parts))
    },
  })
  return [
    preview('HolderBinding', '/accounts'),
    handIn('HolderBinding', '/accounts'),
    preview('HolderRelease', '/accounts/release'),
    handIn('HolderRelease', '/accounts/release'),
  ]
}

/** Everybody for a department that issues or registers; else only whose account it is. */
function whomFor(ctx: Context, { mirror }: HolderParts): (id: Hex) => boolean {
  const { account, roles } = callerOf(ctx)
  const signsForOthers = roles.has('issuer') || roles.has('registrar')
  return (id) => signsForOthers || isHolder(account, [id], mirror)
}

/** @throws LedgerError forbidden/REGISTRAR_OTHER */
function requireRegistrar(ctx: Context, registrar: Hex): void {
  if (callingDepartment(ctx) !== registrar) throw new LedgerError('forbidden', 'REGISTRAR_OTHER')
}

/**
 * The holder's accounts, its registrar and departments above that see who it is; other departments see enough to tell
 * whether it is the one before them.
 *
 * @throws LedgerError forbidden/HOLDER_NOT_YOURS
 */
function isMaskedFor(ctx: Context, holder: Hex, { mirror }: HolderParts): boolean {
  const department = departmentAsking(ctx, holder, mirror)
  if (department === undefined) return false
  if (!callerOf(ctx).roles.has('registrar')) return true
  let above = mirror.holders.registrarOf(holder)
  while (above !== undefined && above !== department)
    above = mirror.departments.find(above)?.accreditor
  return above === undefined
}

/** @throws LedgerError notFound/HOLDER_NOT_FOUND */
function show(id: Hex, masked: boolean, { mirror, directory }: HolderParts): Promise<Holder> {
  const registrar = mirror.holders.registrarOf(id)
  if (registrar === undefined) throw new LedgerError('notFound', 'HOLDER_NOT_FOUND')
  const accounts = mirror.holders.accountsOf(id)
  return presentHolder({ id, registrar, accounts }, masked, directory)
}
