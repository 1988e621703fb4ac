import type { Asker } from '../cases/access.ts'
import { requireAgents } from '../cases/agents.ts'
import type { Cases } from '../cases/cases.ts'
import { holdersByRole, requireRoles } from '../cases/roles.ts'
import type { Certificates } from '../certificates/certificates.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import { requireTarget } from '../core/catalogue/target.ts'
import { isDecided } from '../core/cases/stages.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Asking } from '../core/resolution/asking.ts'
import type { Candidate } from '../core/resolution/candidates.ts'
import { chooseCandidates, worthWeighing } from '../core/resolution/choose.ts'
import type { Choice } from '../core/resolution/choose.ts'
import type { Resolution } from '../core/resolution/document.ts'
import { findOffers, isWithinReach } from '../core/resolution/offers.ts'
import type { Mask } from '../core/resolution/prefill.ts'
import { requireReason } from '../core/resolution/reason.ts'
import type { PastRequest } from '../core/resolution/requested.ts'
import { resolve } from '../core/resolution/resolve.ts'
import type { PastUse } from '../core/resolution/used.ts'
import { viewFor } from '../core/resolution/view.ts'
import type { UseReceipt } from '../core/statements/check.ts'
import type { Grants } from '../grants/grants.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { GrantRequests, RequestRecord } from '../requests/requests.ts'
import { CaseReceipts } from '../uses/caseReceipts.ts'
import { Faces } from './faces.ts'
import { Gathering } from './gathering.ts'
import type { GatheringParts } from './gathering.ts'
import { HeldGrants } from './grants.ts'
import { KnownHolders } from './holders.ts'
import { inquiryOf, ownOf } from './inquiry.ts'
import type { Inquiry } from './inquiry.ts'
import type { CaseResolving, ResolutionRequest, Resolutions, Upload } from './resolutions.ts'

export interface ResolutionsParts extends GatheringParts {
  readonly cases: Pick<Cases, 'find' | 'get' | 'ofBundle'>
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'factsOf' | 'disclose'>
  readonly mirror: Pick<Mirror, 'assertFresh' | 'grants' | 'holders' | 'world'>
  readonly grants: Pick<Grants, 'get' | 'viewOf'>
  readonly requests: Pick<GrantRequests, 'ofCase'>
  readonly mask: Mask
}

/** Asks what a resolution follows from; what follows is `resolve`'s. */
export class LedgerResolutions implements Resolutions {
  readonly #parts: ResolutionsParts
  readonly #grants: HeldGrants
  readonly #receipts: CaseReceipts

  constructor(parts: ResolutionsParts) {
    this.#parts = parts
    this.#receipts = new CaseReceipts(parts)
    this.#grants = new HeldGrants(parts)
  }

  ofCase(code: string, department: Hex, asked?: CaseResolving): Promise<Resolution> {
    return this.#resolveCase(code, department, asked)
  }

  async ofParty(code: string, asker: Pick<Asker, 'isOneOf'>): Promise<Resolution> {
    const { statement } = await this.#parts.cases.get(code)
    const { matters, parties } = await inquiryOf(statement, statement.decidedBy, this.#parts)
    const own = ownOf(parties, asker)
    const resolution = await this.#resolveCase(code, statement.decidedBy, {}, own)
    return viewFor(resolution, matters, (role) => own[role] !== undefined)
  }

  async dryRun(request: ResolutionRequest, asker: Asker): Promise<Resolution> {
    const day = request.day ?? dayOf(this.#parts.now())
    const matters = this.#mattersOf(request, day)
    const [first] = matters
    if (first === undefined) throw new TypeError('a theme has matters')
    requireRoles(matters, request.parties)
    const known = new KnownHolders(this.#parts.directory)
    const holderOf = async (agent: Hex) => (await known.get('AGENT', agent)).holder
    const { holder: applicant } = await known.get('APPLICANT', request.applicant)
    for (const matter of matters) {
      requireTarget(matter, applicant)
      await requireAgents(matter, request, holderOf)
    }
    const department = asker.department ?? first.owner
    const parties = holdersByRole(request)
    return this.#resolve({
      matters,
      day,
      // No case, no look: what others have nobody is told of without one, which is on record.
      parties: ownOf(parties, asker),
      fields: request.fields,
      caseCodes: new Set(),
      department,
      circle: { departments: [department], parties },
      consider: request.consider ?? [],
    })
  }

  async requireReason({ caseCode, type, holder, reason }: Upload): Promise<void> {
    if (reason !== undefined) return
    const opened = (await this.#parts.cases.find(caseCode))?.statement
    if (opened === undefined) return
    const { parties, ...inquiry } = await inquiryOf(opened, opened.decidedBy, this.#parts)
    const matters = inquiry.matters.map((matter) => asksOnly(matter, type))
    const known = new KnownHolders(this.#parts.directory)
    const owners = holder && (await known.idsOf(holder))
    // Whose it is says who plays a part of which the case says nothing.
    const supposed = { ...playedBy(owners, matters), ...parties }
    // Grants are not looked at: one that is missing can be asked for.
    const of = { code: caseCode, isDecided: false }
    const supposing = { ...inquiry, parties: supposed, matters, of }
    const asking = await new Gathering(supposing, this.#parts, known).gather()
    for (const choice of chooseCandidates(asking)) {
      const party = asking.parties[choice.required.holder] ?? []
      if (choice.required.material !== type) continue
      if (owners === undefined || party.some((id) => owners.includes(id)))
        requireReason(choice, reason)
    }
  }

  async #resolveCase(
    code: string,
    department: Hex,
    asked: CaseResolving = {},
    own?: Asking['parties'],
  ): Promise<Resolution> {
    const { statement, stages } = await this.#parts.cases.get(code)
    const [inquiry, receipts] = await Promise.all([
      inquiryOf(statement, department, this.#parts),
      this.#receipts.of(code, department),
    ])
    requireRoles(inquiry.matters, asked.parties)
    return this.#resolve({
      ...inquiry,
      uses: receipts.map(pastUseOf),
      of: { code, isDecided: isDecided(stages.map((stage) => stage.statement)) },
      parties: { ...inquiry.parties, ...asked.parties },
      fields: { ...inquiry.fields, ...asked.fields },
      consider: asked.consider ?? [],
      ...(own && { own }),
    })
  }

  #mattersOf({ matter, theme }: ResolutionRequest, day: Day): Matter[] {
    const { catalogue } = this.#parts
    const codes = theme === undefined ? [matter ?? ''] : catalogue.get('theme', theme, day).matters
    return codes.map((code) => catalogue.get('matter', code, day))
  }

  async #resolve(inquiry: Inquiry): Promise<Resolution> {
    const { mirror, directory, certificates, mask } = this.#parts
    mirror.assertFresh()
    const gathering = new Gathering(inquiry, this.#parts, new KnownHolders(directory))
    const newest = await gathering.withGrants(await gathering.gather(), this.#grants)
    const faces = new Faces(certificates)
    const [asking, choices] = await this.#choose(newest, gathering, faces)
    const requests = await this.#requestsFor(choices, inquiry)
    const told = inquiry.own ? choices.map((one) => withoutOthers(one, inquiry.own)) : choices
    return resolve({ ...asking, requests }, { fieldsOf: faces.of, mask }, told)
  }

  /** Most often the newest pass all rules, and nothing else has to be read. */
  async #choose(asking: Asking, gathering: Gathering, faces: Faces): Promise<[Asking, Choice[]]> {
    const newest = chooseCandidates(asking)
    await faces.read(shownOf(newest))
    const unsettled = worthWeighing(newest, asking, faces.of)
    if (unsettled.size === 0) return [asking, newest]
    const further = await gathering.lookFurther(asking, unsettled, this.#grants)
    const weighed = findOffers(further).filter(({ required }) => unsettled.has(required.material))
    await faces.read(
      weighed.flatMap(({ offers }) =>
        offers.filter(isWithinReach).map(({ candidate }) => candidate),
      ),
    )
    const choices = chooseCandidates(further, faces.of)
    await faces.read(shownOf(choices))
    return [further, choices]
  }

  /** What was asked of the holders whose grants are missing. */
  async #requestsFor(choices: readonly Choice[], { of, department }: Inquiry) {
    const isLacking = choices.some(({ missing, instead }) => missing.length > 0 || instead)
    if (of === undefined || !isLacking) return []
    return (await this.#parts.requests.ofCase(of.code, department)).map(pastOf)
  }
}

/** That something else of somebody else's is asked for would tell that a rule fails with what is there. */
function withoutOthers({ instead, ...choice }: Choice, own: Asking['parties'] = {}): Choice {
  return own[choice.required.holder] === undefined || instead === undefined
    ? choice
    : { ...choice, instead }
}

/** What may be read of what was taken. */
function shownOf(choices: readonly Choice[]): Candidate[] {
  return choices.flatMap(({ state, taken }) =>
    (state === 'ready' || state === 'used') && taken ? [taken.candidate] : [],
  )
}

function pastUseOf(receipt: UseReceipt): PastUse {
  const { id: use, subject, fields, manner } = receipt
  const common = { use, subject, fields, manner }
  if (receipt.kind === 'use.released') return { ...common, expires: receipt.expires }
  const { questions, answers } = receipt
  const answered = questions.map((question, i) => ({ question, answer: answers[i] ?? false }))
  return { ...common, expires: Infinity, answered }
}

function pastOf({ statement, state, answer }: RequestRecord): PastRequest {
  const { id, holder, items, purposes, expires, notAfter } = statement
  const said = answer?.statement
  const granted = said?.kind === 'request.approved' ? { grant: said.grant } : {}
  return { id, state, ...granted, holder, items, purposes, expires, notAfter }
}

/** Every part that the matters ask something of, but of the applicant and of agents, who are named or are not there. */
function playedBy(owners: readonly Hex[] = [], matters: readonly Matter[]): Asking['parties'] {
  if (owners.length === 0) return {}
  const roles = matters.flatMap(({ materials }) => materials.map(({ holder }) => holder))
  const others = roles.filter((role) => role !== 'APPLICANT' && role !== 'AGENT')
  return Object.fromEntries(others.map((role) => [role, owners]))
}

function asksOnly(matter: Matter, type: string): Matter {
  const { materials, rules } = matter
  const isAbout = (place: object) => !('material' in place) || place.material === type
  return {
    ...matter,
    materials: materials.filter(({ material }) => material === type),
    rules: rules.filter(({ left, right }) => isAbout(left) && isAbout(right)),
  }
}
