import type { CaseRules, UseForCase } from '../cases/rules.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { hashAct } from '../core/acts/typedData.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import { grantIdOf } from '../core/grants/rules.ts'
import type { GrantState, GrantWorld } from '../core/grants/world.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { Asked } from '../core/uses/context.ts'
import { verifyAuthorization, verifyHolders } from '../core/uses/decide.ts'
import type { AskedUse } from '../core/uses/decide.ts'
import type { Authorization, UseRequest } from '../core/uses/documents.ts'
import { userOf } from '../core/uses/request.ts'
import { isSignedByKey, neededSignatures, useIdOf } from '../core/uses/signatures.ts'
import type { NeededSignature } from '../core/uses/signatures.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import type { Mirror, MirrorWorld } from '../mirror/mirror.ts'
import type { FoundSubject, Subjects } from './subjects.ts'

/** What is asked; with questions, a data check. */
export type DecidableRequest = UseRequest & Pick<Asked, 'questions'>

/** A use that every rule allows. */
export interface DecidedUse extends FoundSubject {
  readonly request: DecidableRequest
  /** Of the grants of each authorization, root first. */
  readonly ids: readonly (readonly Hex[])[]
}

export interface DecidingParts {
  readonly ledger: Pick<Ledger, 'origin'>
  readonly subjects: Subjects
  readonly singles: SingleUses
  readonly caseRules: Pick<CaseRules, 'requireUse'>
  readonly chain: Pick<RegistryChain, 'registries' | 'isValidSignature'>
  readonly mirror: Pick<Mirror, 'grants'>
  readonly world: MirrorWorld
  /** Of the department; undefined where nobody has said. */
  readonly region: string | undefined
}

/**
 * That the department asks: its own account signed each use, so that what follows, and be it a refusal, is on record as
 * an answer to it.
 *
 * @throws LedgerError unverified/USE_SIGNATURE_INVALID {department}
 */
export async function requireDepartment(
  { authorizations }: UseRequest,
  world: MirrorWorld,
  chain: DecidingParts['chain'],
): Promise<void> {
  for (const { use, signature } of authorizations) {
    const account = world.accountOf(use.user)
    const digest = hashAct({ type: 'Use', message: use }, chain.registries)
    if (!(await isSigned({ account, signature }, digest, chain)))
      throw new LedgerError('unverified', 'USE_SIGNATURE_INVALID', { department: use.user })
  }
}

/**
 * Every rule, in the state of the mirror: whose it is, who may, what for, and whether it is still good.
 *
 * @throws LedgerError see `Uses.request`
 */
export async function decideUse(
  request: DecidableRequest,
  { ledger, subjects, singles, caseRules, chain, mirror, world, region }: DecidingParts,
): Promise<DecidedUse> {
  const { authorizations, fields, manner, questions, context } = request
  const granting = authorizations.map((authorization) => authorization.chain[0]?.holder as Hex)
  const found = await subjects.find(request.subject, granting)
  verifyHolders(found.holders, authorizations)
  const asked: AskedUse = {
    subject: found.subject,
    holders: found.holders,
    fields,
    manner,
    questions,
    context,
    origin: ledger.origin,
    region,
  }
  const ids: (readonly Hex[])[] = []
  for (const authorization of authorizations) {
    // What the chain counted, it saw signed.
    const isCounted = mirror.grants.findUse(useIdOf(authorization, chain.registries)) !== undefined
    ids.push(verifyOne(authorization, asked, world, chain.registries, isCounted))
    if (!isCounted) await requireGrantee(authorization, world, chain)
  }
  await caseRules.requireUse(forCase(request, userOf(request), found), world)
  const caseCodes = await singles.casesWith(context.case)
  await subjects.requireUsable(found, context.case, { time: world.time, caseCodes })
  if (found.material !== undefined) await singles.require(found.material, context.case)
  return { ...found, request, ids }
}

/** What the case has to allow. */
export function forCase(
  {
    context: { case: code, matter },
    questions,
    authorizations,
  }: Pick<DecidableRequest, 'context' | 'questions'> & {
    readonly authorizations: readonly Pick<Authorization, 'chain'>[]
  },
  department: Hex,
  { subject }: Pick<FoundSubject, 'subject'>,
): UseForCase {
  const chains = authorizations.map(({ chain }) => chain)
  return { case: code, matter, department, subject, isCheck: questions !== undefined, chains }
}

function verifyOne(
  authorization: Authorization,
  asked: AskedUse,
  world: MirrorWorld,
  registries: Registries,
  isCounted: boolean,
): Hex[] {
  const ids = authorization.chain.map((grant) => grantIdOf(grant, registries))
  const judged = isCounted ? withoutUse(authorization, ids, world) : world
  const idOf = (grant: Grant) => ids[authorization.chain.indexOf(grant)] as Hex
  return verifyAuthorization(authorization, asked, judged, registries, idOf)
}

/**
 * What the chain counted already, before a crash, is judged as if it had not, whatever was counted since. All else is
 * as it is now: what was revoked in between is released no more.
 */
function withoutUse(
  { chain, use }: Authorization,
  ids: readonly Hex[],
  world: MirrorWorld,
): GrantWorld {
  const last = ids.length - 1
  return {
    time: world.time,
    epochOf: (account) => world.epochOf(account),
    bindingOf: (holder, account) => world.bindingOf(holder, account),
    accountAs: (department, role) => world.accountAs(department, role),
    accountOf: (department) => world.accountOf(department),
    stateOf(grant): GrantState {
      const state = world.stateOf(grant)
      const hop = ids.indexOf(grant)
      if (hop === last) return { ...state, used: use.sequence }
      return hop >= 0 && chain[hop]?.uses !== 0 ? { ...state, used: state.used - 1 } : state
    },
  }
}

/** The last grantee lets the department use what it was granted. */
async function requireGrantee(
  authorization: Authorization,
  world: MirrorWorld,
  chain: DecidingParts['chain'],
): Promise<void> {
  const [, grantee] = neededSignatures(authorization, world)
  if (grantee === undefined) return
  const digest = hashAct({ type: 'Use', message: authorization.use }, chain.registries)
  if (!(await isSigned(grantee, digest, chain)))
    throw new LedgerError('unverified', 'USE_GRANTEE_SIGNATURE_INVALID', {
      account: grantee.account,
    })
}

/** By a key, or by a contract account as its chain says (ERC-1271): only then is the chain asked. */
async function isSigned(
  needed: NeededSignature,
  digest: Uint8Array,
  chain: DecidingParts['chain'],
): Promise<boolean> {
  return (
    isSignedByKey(needed, digest) ||
    chain.isValidSignature(needed.account, digest, needed.signature)
  )
}
