import type { Cases } from '../cases/cases.ts'
import { requireAgents } from '../cases/agents.ts'
import { requireRoles } from '../cases/roles.ts'
import { casesOfBundle } from '../cases/bundles.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import { withFace } from '../catalogue/certificateTypes.ts'
import type { Certificates } from '../certificates/certificates.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { requireTarget } from '../core/catalogue/target.ts'
import { isDecided } from '../core/cases/stages.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { isWanted } from '../core/resolution/candidates.ts'
import type { Candidate } from '../core/resolution/candidates.ts'
import { placeOf } from '../core/resolution/asking.ts'
import type { Asking, FoundCandidates } from '../core/resolution/asking.ts'
import { chooseCandidates, worthWeighing } from '../core/resolution/choose.ts'
import type { Choice } from '../core/resolution/choose.ts'
import type { Considered, Resolution } from '../core/resolution/document.ts'
import { findOffers, isWithinReach } from '../core/resolution/offers.ts'
import type { Mask } from '../core/resolution/prefill.ts'
import { requireReason } from '../core/resolution/reason.ts'
import type { PastRequest } from '../core/resolution/requested.ts'
import { requiredOf } from '../core/resolution/required.ts'
import type { Required } from '../core/resolution/required.ts'
import { resolve } from '../core/resolution/resolve.ts'
import type { PastUse } from '../core/resolution/used.ts'
import { viewFor } from '../core/resolution/view.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import type { UseReceipt } from '../core/statements/check.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Grants } from '../grants/grants.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { GrantRequests, RequestRecord } from '../requests/requests.ts'
import type { TermIndex } from '../store/terms.ts'
import { CaseReceipts } from '../uses/caseReceipts.ts'
import type { Undertakings } from '../undertakings/undertakings.ts'
import { CandidateFinder } from './candidates.ts'
import { Faces } from './faces.ts'
import { HeldGrants } from './grants.ts'
import { KnownHolders } from './holders.ts'
import type { KnownHolder } from './holders.ts'
import type { Asker, CaseResolving, ResolutionRequest, Resolutions, Upload } from './resolutions.ts'
import { undertakingsFor } from './undertaken.ts'

export interface ResolutionsParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly cases: Pick<Cases, 'find' | 'get' | 'ofBundle'>
  readonly catalogue: CatalogueReader
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'factsOf' | 'disclose'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode' | 'departmentOf'>
  readonly mirror: Pick<Mirror, 'assertFresh' | 'grants' | 'holders'>
  readonly grants: Pick<Grants, 'get' | 'viewOf'>
  readonly requests: Pick<GrantRequests, 'ofCase'>
  readonly undertakings: Pick<Undertakings, 'ofCase' | 'brokenBy'>
  readonly mask: Mask
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who is asked for what, as far as a case or a request says. */
interface Question {
  readonly matters: readonly Matter[]
  /** On which versions are in force. */
  readonly day: Day
  readonly parties: Asking['parties']
  readonly fields: Asking['fields'] | undefined
  readonly caseCodes: ReadonlySet<string>
  readonly department: Hex
  readonly consider: readonly Considered[]
  /** The case itself, where there is one. */
  readonly of?: { readonly code: string; readonly isDecided: boolean }
  /** What the department was given for it. */
  readonly uses?: readonly PastUse[]
}

/**
 * Good candidates of a material that rules choose among, at most: to read one costs a fraction of a millisecond, and an
 * answer is to stay quick. Whoever has more of a type names the right one, see `CaseResolving.consider`.
 */
const WEIGHED = 32

/** Gathers what a resolution follows from; what follows is `resolve`'s. */
export class LedgerResolutions implements Resolutions {
  readonly #parts: ResolutionsParts
  readonly #grants: HeldGrants
  readonly #receipts: CaseReceipts

  constructor(parts: ResolutionsParts) {
    this.#parts = parts
    this.#receipts = new CaseReceipts(parts)
    this.#grants = new HeldGrants(parts)
  }

  async ofCase(code: string, department: Hex, asked: CaseResolving = {}): Promise<Resolution> {
    const { statement, stages } = await this.#parts.cases.get(code)
    const [question, receipts] = await Promise.all([
      this.#ask(statement, department),
      this.#receipts.of(code, department),
    ])
    requireRoles(question.matters, asked.parties)
    return this.#resolve({
      ...question,
      uses: receipts.map(pastUseOf),
      of: { code, isDecided: isDecided(stages.map((stage) => stage.statement)) },
      parties: { ...question.parties, ...asked.parties },
      fields: { ...question.fields, ...asked.fields },
      consider: asked.consider ?? [],
    })
  }

  async ofParty(code: string, asker: Pick<Asker, 'isOneOf'>): Promise<Resolution> {
    const { statement } = await this.#parts.cases.get(code)
    const [resolution, { matters }] = await Promise.all([
      this.ofCase(code, statement.decidedBy),
      this.#ask(statement, statement.decidedBy),
    ])
    const own = ownOf(partiesOf(statement), asker)
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
    return this.#resolve({
      matters,
      day,
      // No case, no look: what others have nobody is told of without one, which is on record.
      parties: ownOf(partiesOf(request), asker),
      fields: request.fields,
      caseCodes: new Set(),
      department: asker.department ?? first.owner,
      consider: request.consider ?? [],
    })
  }

  async requireReason({ caseCode, type, holder, reason }: Upload): Promise<void> {
    if (reason !== undefined) return
    const opened = await this.#parts.cases.find(caseCode)
    if (opened === undefined) return
    const { parties, ...question } = await this.#ask(opened.statement, opened.statement.decidedBy)
    const matters = question.matters.map((matter) => asksOnly(matter, type))
    const known = new KnownHolders(this.#parts.directory)
    const owners = holder && (await known.idsOf(holder))
    // Whose it is says who plays a part of which the case says nothing.
    const supposed = { ...playedBy(owners, matters), ...parties }
    // Grants are not looked at: one that is missing can be asked for.
    const of = { code: caseCode, isDecided: false }
    const asking = await this.#gather({ ...question, parties: supposed, matters, of }, known)
    for (const choice of chooseCandidates(asking)) {
      const party = asking.parties[choice.required.holder] ?? []
      if (choice.required.material !== type) continue
      if (owners === undefined || party.some((id) => owners.includes(id)))
        requireReason(choice, reason)
    }
  }

  #mattersOf({ matter, theme }: ResolutionRequest, day: Day): Matter[] {
    const { catalogue } = this.#parts
    const codes = theme === undefined ? [matter ?? ''] : catalogue.get('theme', theme, day).matters
    return codes.map((code) => catalogue.get('matter', code, day))
  }

  async #ask(opened: CaseOpened, department: Hex): Promise<Question> {
    const { day, fields } = opened
    return {
      matters: [this.#parts.catalogue.get('matter', opened.matter.code, day)],
      day,
      parties: partiesOf(opened),
      fields,
      caseCodes: await casesOfBundle(opened, this.#parts.cases),
      department,
      consider: [],
    }
  }

  async #resolve(question: Question): Promise<Resolution> {
    this.#parts.mirror.assertFresh()
    const known = new KnownHolders(this.#parts.directory)
    const gathered = await this.#gather(question, known)
    const newest = { ...gathered, grants: await this.#grantsFor(gathered) }
    const faces = new Faces(this.#parts.certificates)
    const [asking, choices] = await this.#choose(newest, question, known, faces)
    const requests = await this.#requestsFor(choices, question)
    return resolve({ ...asking, requests }, { fieldsOf: faces.of, mask: this.#parts.mask }, choices)
  }

  /** Most often the newest pass all rules, and nothing else has to be read. */
  async #choose(
    asking: Asking,
    question: Question,
    known: KnownHolders,
    faces: Faces,
  ): Promise<[Asking, Choice[]]> {
    const newest = chooseCandidates(asking)
    await faces.read(shownOf(newest))
    const unsettled = worthWeighing(newest, asking, faces.of)
    if (unsettled.size === 0) return [asking, newest]
    const further = await this.#lookFurther(asking, unsettled, question, known)
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

  /** @param unsettled materials that a rule failed for */
  async #lookFurther(
    asking: Asking,
    unsettled: ReadonlySet<string>,
    question: Question,
    known: KnownHolders,
  ): Promise<Asking> {
    const older = await this.#candidatesFor(asking, question, known, {
      enough: WEIGHED,
      isWanted: (required) =>
        unsettled.has(required.material) && asking.candidates.get(placeOf(required))?.more === true,
    })
    if (older.size === 0) return asking
    const candidates = new Map([...asking.candidates, ...older])
    return { ...asking, candidates, grants: await this.#grantsFor({ ...asking, candidates }) }
  }

  /** What was asked of the holders whose grants are missing. */
  async #requestsFor(choices: readonly Choice[], { of, department }: Question) {
    if (of === undefined || choices.every(({ missing }) => missing.length === 0)) return []
    return (await this.#parts.requests.ofCase(of.code, department)).map(pastOf)
  }

  /** Everything but the grants. */
  async #gather(question: Question, known: KnownHolders): Promise<Asking> {
    const { matters, parties, fields, caseCodes, department, uses } = question
    const now = this.#parts.now()
    const region = (await this.#parts.directory.departmentOf(department))?.region
    const asking: Asking = {
      matters,
      types: this.#typesOf(matters, question.day),
      day: dayOf(now),
      caseDay: question.day,
      time: Math.floor(now / 1000),
      caseCodes,
      isDecided: question.of?.isDecided ?? false,
      ...(fields && { fields }),
      ...(uses && { uses }),
      parties: await everyId(parties, known),
      department,
      ...(region !== undefined && { region }),
      candidates: new Map(),
      grants: new Map(),
    }
    const look = { enough: 1, isWanted: () => true }
    const [candidates, undertaken] = await Promise.all([
      this.#candidatesFor(asking, question, known, look),
      undertakingsFor(
        asking,
        { code: question.of?.code, day: question.day },
        this.#parts.undertakings,
      ),
    ])
    return { ...asking, ...undertaken, candidates }
  }

  #typesOf(matters: readonly Matter[], day: Day): Map<string, MaterialType> {
    // With what proves an agent, whether there is one or not.
    const codes = requiredOf(matters, true).map(({ material }) => material)
    const { catalogue } = this.#parts
    return new Map(
      codes.map((code) => [
        code,
        withFace(catalogue, catalogue.get('materialType', code, day), day),
      ]),
    )
  }

  async #candidatesFor(
    { matters, types, day, time, caseCodes, parties }: Asking,
    { parties: named, consider, uses = [] }: Question,
    known: KnownHolders,
    look: { readonly enough: number; readonly isWanted: (required: Required) => boolean },
  ): Promise<Map<string, FoundCandidates>> {
    const finder = new CandidateFinder(this.#parts, known)
    const isActedFor = (parties['AGENT'] ?? []).length > 0
    const wanted = requiredOf(matters, isActedFor).filter(look.isWanted)
    const used = await findUsed(finder, uses)
    const found = wanted.map(async (required) => {
      const type = types.get(required.material) as MaterialType
      const holders = parties[required.holder] ?? []
      const party = await Promise.all(
        (named[required.holder] ?? []).map((id) => known.get(required.holder, id)),
      )
      const sought = { type, holders, caseCodes, day, time }
      const asked = consider.filter(({ material }) => material === required.material)
      const [items, considered] = await Promise.all([
        finder.find(required, distinct(party), sought, look.enough),
        Promise.all(asked.map((one) => finder.consider(one))),
      ])
      const all = considered.filter((one): one is Candidate => one !== undefined)
      const had = used.filter((one) => isWanted(one, sought))
      return [placeOf(required), { ...items, considered: [...all, ...had] }] as const
    })
    return new Map(await Promise.all(found))
  }

  /** Of everybody whose material was found, to everybody who could use it: the department, the applicant, its agents. */
  async #grantsFor({ candidates, department, parties }: Asking): Promise<Asking['grants']> {
    const { holders } = this.#parts.mirror
    const acting = [...(parties['APPLICANT'] ?? []), ...(parties['AGENT'] ?? [])]
    const accounts = acting.flatMap((holder) =>
      holders
        .accountsOf(holder)
        .filter(({ periods }) => periods.at(-1)?.until === 0)
        .map(({ account }) => account),
    )
    const grantees = new Set([department, ...accounts])
    const owners = new Set([...candidates.values()].flatMap(({ items }) => items.flatMap(ownersOf)))
    const grants = [...owners].map(
      async (holder) => [holder, await this.#grants.of(holder, grantees)] as const,
    )
    return new Map(await Promise.all(grants))
  }
}

/** What may be read of what was taken. */
function shownOf(choices: readonly Choice[]): Candidate[] {
  return choices.flatMap(({ state, taken }) =>
    (state === 'ready' || state === 'used') && taken ? [taken.candidate] : [],
  )
}

/** What the department was given goes on counting, however much came in since. */
async function findUsed(finder: CandidateFinder, uses: readonly PastUse[]): Promise<Candidate[]> {
  const subjects = new Map(uses.map(({ subject }) => [subject.id, subject]))
  const found = await Promise.all([...subjects.values()].map((one) => finder.consider(one)))
  return found.filter((one) => one !== undefined)
}

function pastUseOf(receipt: UseReceipt): PastUse {
  const { id: use, subject, fields, manner } = receipt
  const common = { use, subject, fields, manner }
  if (receipt.kind === 'use.released') return { ...common, expires: receipt.expires }
  const { questions, answers } = receipt
  const answered = questions.map((question, i) => ({ question, answer: answers[i] ?? false }))
  return { ...common, expires: Infinity, answered }
}

function pastOf({ statement, state }: RequestRecord): PastRequest {
  const { id, holder, items, purposes, expires, notAfter } = statement
  return { id, state, holder, items, purposes, expires, notAfter }
}

function partiesOf({
  applicant,
  agents,
  parties,
}: Pick<CaseOpened, 'applicant' | 'agents' | 'parties'>): Asking['parties'] {
  return { ...parties, APPLICANT: [applicant], ...(agents && { AGENT: agents }) }
}

/** Somebody may be known by several ids, and have granted by any of them. */
async function everyId(
  parties: Asking['parties'],
  known: KnownHolders,
): Promise<Asking['parties']> {
  const all = Object.entries(parties).map(async ([role, ids = []]) => {
    const holders = await Promise.all(ids.map((id) => known.get(role, id)))
    return [role, [...new Set([...ids, ...holders.flatMap((holder) => holder.ids)])]] as const
  })
  return Object.fromEntries(await Promise.all(all))
}

function ownOf(parties: Asking['parties'], asker: Asker): Asking['parties'] {
  return Object.fromEntries(
    Object.entries(parties).filter(([, ids = []]) => ids.every((id) => asker.isOneOf([id]))),
  )
}

/** Every part that the matters ask something of, but of the applicant and of agents, who are named or are not there. */
function playedBy(owners: readonly Hex[] = [], matters: readonly Matter[]): Asking['parties'] {
  if (owners.length === 0) return {}
  const roles = matters.flatMap(({ materials }) => materials.map(({ holder }) => holder))
  const others = roles.filter((role) => role !== 'APPLICANT' && role !== 'AGENT')
  return Object.fromEntries(others.map((role) => [role, owners]))
}

/** Two ids of one holder lead to the same materials. */
function distinct(party: readonly KnownHolder[]): KnownHolder[] {
  const named = party.map(
    (known) => [`${known.holder.codeType} ${known.holder.code}`, known] as const,
  )
  return [...new Map(named).values()]
}

function ownersOf(candidate: Candidate): readonly Hex[] {
  return candidate.kind === 'certificate' ? candidate.holders : (candidate.material?.holders ?? [])
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
