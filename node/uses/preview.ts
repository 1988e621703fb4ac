import type { CaseRules } from '../cases/rules.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { describeAct } from '../core/acts/sentences.ts'
import type { Surroundings } from '../core/acts/sentences.ts'
import { typedDataOf } from '../core/acts/typedData.ts'
import { isLedgerError, refusalBy } from '../core/errors.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { maskOf } from '../core/grants/mask.ts'
import { grantIdOf, verifyUse } from '../core/grants/rules.ts'
import { verifyOpenings } from '../core/grants/scope.ts'
import { audienceOf } from '../core/grants/use.ts'
import { contextOf } from '../core/uses/context.ts'
import { verifyHolders, verifyScope } from '../core/uses/decide.ts'
import type { AskedUse } from '../core/uses/decide.ts'
import { isLimited } from '../core/uses/documents.ts'
import type { Authorization } from '../core/uses/documents.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import type { Mirror, MirrorWorld } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { forCase } from './deciding.ts'
import type { Subjects } from './subjects.ts'
import type { UseDraft, UsePreview, UseToSign } from './uses.ts'

export interface PreviewParts {
  readonly ledger: Pick<Ledger, 'origin'>
  readonly chain: Pick<RegistryChain, 'registries'>
  readonly mirror: Pick<Mirror, 'world'>
  readonly subjects: Subjects
  readonly singles: SingleUses
  readonly caseRules: Pick<CaseRules, 'requireUse'>
  readonly directory: Pick<PartyDirectory, 'departmentOf'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Drafted = Omit<Authorization, 'signature' | 'granteeSignature'>

/** See `Uses.preview`. */
export async function previewUse(draft: UseDraft, parts: PreviewParts): Promise<UsePreview> {
  const world = parts.mirror.world(Math.floor(parts.now() / 1000))
  const authorizations = draft.authorizations.map((one) => complete(draft, one, world, parts))
  const region = (await parts.directory.departmentOf(draft.user))?.region
  const reasons = await reasonsAgainst(draft, authorizations, region, world, parts)
  const acts = authorizations.map((one) => toSign(one, world, parts))
  return { acts: await Promise.all(acts), reasons }
}

/** The use that the openings stand for: they are the items and the purpose that are asked for. */
function complete(
  { user, notAfter, ...asked }: UseDraft,
  { chain, openings }: UseDraft['authorizations'][number],
  world: MirrorWorld,
  { ledger, chain: { registries } }: PreviewParts,
): Drafted {
  const last = chain.at(-1)
  if (last === undefined) throw new TypeError('a chain has at least one grant')
  const grant = grantIdOf(last, registries)
  const use = {
    grant,
    user,
    items: maskOf(openings.items.map(({ index }) => index)),
    purposes: maskOf([openings.purpose.index]),
    context: contextOf(asked),
    audience: audienceOf(ledger.origin),
    sequence: world.stateOf(grant).used,
    notAfter,
  }
  return { chain, openings, use }
}

async function toSign(
  { chain, openings, use }: Drafted,
  world: MirrorWorld,
  { chain: { registries }, directory }: PreviewParts,
): Promise<UseToSign> {
  const act = { type: 'Use', message: use } as const
  const grant = chain.at(-1)
  const department = (await directory.departmentOf(use.user))?.name
  const around: Surroundings = {
    registries,
    names: new Map(department === undefined ? [] : [[use.user, department]]),
    ...(grant && { grant }),
  }
  const { purpose, ...shown } = openings
  const scope = { ...shown, purposes: [purpose] }
  const others = grant !== undefined && grant.grantee !== use.user ? [grant.grantee] : []
  return {
    act,
    typedData: typedDataOf(act, registries),
    // Lists that are not the holder's tell nothing: then the numbers alone are told.
    sentence: refusalBy(() => describeAct(act, { ...around, scope }))
      ? describeAct(act, around)
      : describeAct(act, { ...around, scope }),
    signer: world.accountOf(use.user),
    ...(others[0] !== undefined && { granteeSigner: world.accountOf(others[0]) }),
    isCounted: isLimited({ chain }),
  }
}

/**
 * What is asked about is looked at only for those who hold grants of somebody: ids could be tried out without a trace
 * otherwise.
 */
async function reasonsAgainst(
  { user, subject, fields, manner, questions, context }: UseDraft,
  authorizations: readonly Drafted[],
  region: string | undefined,
  world: MirrorWorld,
  { ledger, chain: { registries }, subjects, singles, caseRules }: PreviewParts,
): Promise<LedgerError[]> {
  const broken = authorizations.map(({ chain, use, openings }) =>
    refusalBy(() => {
      verifyUse(chain, use, world, registries)
      verifyOpenings(chain[0]?.scope ?? '0x', openings, use)
    }),
  )
  const reasons = broken.filter((reason) => reason !== undefined)
  if (reasons.length === authorizations.length) return reasons
  const attempt = async <T>(step: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await step()
    } catch (error) {
      if (!isLedgerError(error) || error.kind === 'unavailable') throw error
      reasons.push(error)
      return undefined
    }
  }
  const granting = authorizations.map(({ chain }) => chain[0]?.holder as Hex)
  const found = await attempt(() => subjects.find(subject, granting))
  if (found === undefined) return reasons
  await attempt(() => verifyHolders(found.holders, authorizations))
  const { origin } = ledger
  const asked: AskedUse = {
    subject: found.subject,
    holders: found.holders,
    fields,
    manner,
    questions,
    context,
    origin,
    region,
  }
  for (const [i, authorization] of authorizations.entries())
    if (broken[i] === undefined) await attempt(() => verifyScope(authorization, asked))
  const ofCase = forCase({ context, questions, authorizations }, user, found)
  await attempt(() => caseRules.requireUse(ofCase, world))
  const caseCodes = await singles.casesWith(context.case)
  const { time } = world
  await attempt(() => subjects.requireUsable(found, context.case, { time, caseCodes }))
  const { material } = found
  if (material !== undefined) await attempt(() => singles.require(material, context.case))
  return reasons
}
