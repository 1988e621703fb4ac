import type { Cases } from '../cases/cases.ts'
import { casesOfTheme } from '../cases/themes.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Certificates } from '../certificates/certificates.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Candidate } from '../core/resolution/candidates.ts'
import { chooseCandidates, placeOf } from '../core/resolution/choose.ts'
import type { Asking, Choice, FoundCandidates } from '../core/resolution/choose.ts'
import type { Considered, Resolution } from '../core/resolution/document.ts'
import type { FieldsOf, Mask } from '../core/resolution/prefill.ts'
import { requireReason } from '../core/resolution/reason.ts'
import { requiredOf } from '../core/resolution/required.ts'
import { resolve } from '../core/resolution/resolve.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Grants } from '../grants/grants.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { TermIndex } from '../store/terms.ts'
import { CandidateFinder } from './candidates.ts'
import { HeldGrants } from './grants.ts'
import { KnownHolders } from './holders.ts'
import type { KnownHolder } from './holders.ts'
import type { Asker, CaseResolving, ResolutionRequest, Resolutions, Upload } from './resolutions.ts'

export interface ResolutionsParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly cases: Pick<Cases, 'find' | 'get' | 'ofHolder'>
  readonly catalogue: CatalogueReader
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'disclose'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode' | 'departmentOf'>
  readonly mirror: Pick<Mirror, 'assertFresh' | 'grants' | 'holders' | 'certificates'>
  readonly grants: Pick<Grants, 'get' | 'viewOf'>
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
}

/** Gathers what a resolution follows from; what follows is `resolve`'s. */
export class LedgerResolutions implements Resolutions {
  readonly #parts: ResolutionsParts
  readonly #grants: HeldGrants

  constructor(parts: ResolutionsParts) {
    this.#parts = parts
    this.#grants = new HeldGrants(parts)
  }

  async ofCase(code: string, department: Hex, asked: CaseResolving = {}): Promise<Resolution> {
    const { statement } = await this.#parts.cases.get(code)
    const question = await this.#ask(statement, department)
    return this.#resolve({
      ...question,
      parties: { ...question.parties, ...asked.parties },
      fields: { ...question.fields, ...asked.fields },
      consider: asked.consider ?? [],
    })
  }

  async dryRun(request: ResolutionRequest, asker: Asker): Promise<Resolution> {
    const day = request.day ?? dayOf(this.#parts.now())
    const matters = this.#mattersOf(request, day)
    const [first] = matters
    if (first === undefined) throw new TypeError('a theme has matters')
    const { department } = asker
    const parties = partiesOf(request)
    return this.#resolve({
      matters,
      day,
      parties: department === undefined ? ownOf(parties, asker) : parties,
      fields: request.fields,
      caseCodes: new Set(),
      department: department ?? first.owner,
      consider: request.consider ?? [],
    })
  }

  async requireReason({ caseCode, type, holder, reason }: Upload): Promise<void> {
    if (reason !== undefined) return
    const opened = await this.#parts.cases.find(caseCode)
    if (opened === undefined) return
    const question = await this.#ask(opened.statement, opened.statement.decidedBy)
    const matters = question.matters.map((matter) => asksOnly(matter, type))
    const known = new KnownHolders(this.#parts.directory)
    const owners = holder && (await known.idsOf(holder))
    // Grants are not looked at: one that is missing can be asked for.
    const asking = await this.#gather({ ...question, matters }, known)
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
      caseCodes: await casesOfTheme(opened, this.#parts.cases),
      department,
      consider: [],
    }
  }

  async #resolve(question: Question): Promise<Resolution> {
    this.#parts.mirror.assertFresh()
    const known = new KnownHolders(this.#parts.directory)
    const gathered = await this.#gather(question, known)
    const asking = { ...gathered, grants: await this.#grantsFor(gathered) }
    const choices = chooseCandidates(asking)
    const fieldsOf = await this.#read(choices)
    return resolve(asking, { fieldsOf, mask: this.#parts.mask }, choices)
  }

  /** Everything but the grants. */
  async #gather(question: Question, known: KnownHolders): Promise<Asking> {
    const { matters, parties, fields, caseCodes, department } = question
    const now = this.#parts.now()
    const region = (await this.#parts.directory.departmentOf(department))?.region
    const asking: Asking = {
      matters,
      types: this.#typesOf(matters, question.day),
      day: dayOf(now),
      time: Math.floor(now / 1000),
      caseCodes,
      ...(fields && { fields }),
      parties: await everyId(parties, known),
      department,
      ...(region !== undefined && { region }),
      candidates: new Map(),
      grants: new Map(),
    }
    return { ...asking, candidates: await this.#candidatesFor(asking, question, known) }
  }

  #typesOf(matters: readonly Matter[], day: Day): Map<string, MaterialType> {
    // With what proves an agent, whether there is one or not.
    const codes = requiredOf(matters, true).map(({ material }) => material)
    return new Map(
      codes.map((code) => [code, this.#parts.catalogue.get('materialType', code, day)]),
    )
  }

  async #candidatesFor(
    { matters, types, day, time, caseCodes, parties }: Asking,
    { parties: named, consider }: Question,
    known: KnownHolders,
  ): Promise<Map<string, FoundCandidates>> {
    const finder = new CandidateFinder(
      { ...this.#parts, statuses: this.#parts.mirror.certificates },
      known,
    )
    const isActedFor = (parties['AGENT'] ?? []).length > 0
    const found = requiredOf(matters, isActedFor).map(async (required) => {
      const type = types.get(required.material) as MaterialType
      const holders = parties[required.holder] ?? []
      const party = await Promise.all(
        (named[required.holder] ?? []).map((id) => known.get(required.holder, id)),
      )
      const wanted = { type, holders, caseCodes, day, time }
      const asked = consider.filter(({ material }) => material === required.material)
      const [items, considered] = await Promise.all([
        finder.find(required, type, distinct(party), wanted),
        Promise.all(asked.map((one) => finder.consider(one))),
      ])
      const all = considered.filter((one): one is Candidate => one !== undefined)
      return [placeOf(required), { ...items, considered: all }] as const
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

  /** What is written on what was taken; certificates lie sealed, and are read when they may be shown. */
  async #read(choices: readonly Choice[]): Promise<FieldsOf> {
    const taken = choices.flatMap(({ state, taken }) =>
      state === 'ready' && taken?.candidate.kind === 'certificate' ? [taken.candidate.id] : [],
    )
    const faces = new Map(
      await Promise.all(
        [...new Set(taken)].map(async (id) => {
          const { fields } = readDisclosed(await this.#parts.certificates.disclose(id))
          return [id, fields] as const
        }),
      ),
    )
    return ({ taken }) => {
      if (taken === undefined) return undefined
      const { candidate } = taken
      return candidate.kind === 'material' ? candidate.material?.fields : faces.get(candidate.id)
    }
  }
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
