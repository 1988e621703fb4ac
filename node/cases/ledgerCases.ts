import type { CatalogueReader } from '../catalogue/catalogue.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import { requireTarget } from '../core/catalogue/target.ts'
import { verifyStage } from '../core/cases/stages.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { caseIdOf, STAGES } from '../core/statements/case.ts'
import type { CaseOpened, CaseStaged, Stage } from '../core/statements/case.ts'
import { bundleTerm, departmentTerm, holderTerm } from '../core/terms/cases.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { Term } from '../core/terms/term.ts'
import { Turns } from '../core/turns.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import { isAtOrAbove } from './access.ts'
import type { FindAbove } from './access.ts'
import { requireBundle } from './bundles.ts'
import { requireAgents } from './agents.ts'
import { identifyAll } from './identifying.ts'
import type { IdentifiedOpening } from './identifying.ts'
import { requireRoles } from './roles.ts'
import type { CaseOpening, CasePage, CaseRecord, Cases, CaseStaging, Logged } from './cases.ts'

export interface CasesParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly catalogue: Pick<CatalogueReader, 'get'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'idOf' | 'departmentOf'>
  /** As the chain has them now. */
  readonly departments: {
    isUser(department: Hex): boolean
    readonly above: FindAbove
  }
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Of a theme: a bundle has a case of each, at most. */
const MOST_MATTERS = 100

/** Cases on top of the ledger: a statement for the case, and one for each stage that it came to. */
export class LedgerCases implements Cases {
  readonly #parts: CasesParts
  readonly #turns = new Turns()

  constructor(parts: CasesParts) {
    this.#parts = parts
  }

  open(opening: CaseOpening, by: Hex): Promise<Appended> {
    // Of two that come at once for one matter of a bundle, the second has to find the first.
    return this.#turns.take(opening.bundle ?? opening.case, async () => {
      const known = await this.#findOpened(opening.case)
      const named = await identifyAll(opening, this.#parts.directory)
      const statement = await this.#state(named, by, known?.statement.day)
      // What was filed before may be said again, and is the same entry.
      if (statement.bundle !== undefined && known === undefined)
        requireBundle(statement, await this.ofBundle(statement.bundle))
      return this.#append(statement, 'CASE_CODE_TAKEN')
    })
  }

  stage(code: string, staging: CaseStaging, by: Hex): Promise<Appended> {
    // Of two that come at once, the second has to find what the first did.
    return this.#turns.take(code, async () => {
      const { statement: opened, stages } = await this.get(code)
      const { stage } = staging
      const statement: CaseStaged = {
        v: 1,
        id: caseIdOf(code, stage),
        kind: 'case.staged',
        case: code,
        by,
        ...staging,
      }
      const progress = stages.map((logged) => logged.statement)
      // What it came to before may be said again, and is the same entry.
      const upTo = progress.findIndex((staged) => staged.stage === stage)
      verifyStage(opened, upTo < 0 ? progress : progress.slice(0, upTo), { stage, by })
      return this.#append(statement, 'CASE_STAGE_TAKEN')
    })
  }

  async find(code: string): Promise<CaseRecord | undefined> {
    const opened = await this.#findOpened(code)
    return opened && this.#complete(opened)
  }

  findDecision(code: string): Promise<Logged<CaseStaged> | undefined> {
    return this.#find(caseIdOf(code, 'decided'), 'case.staged')
  }

  async get(code: string): Promise<CaseRecord> {
    const found = await this.find(code)
    if (found === undefined) throw new LedgerError('notFound', 'CASE_NOT_FOUND', { case: code })
    return found
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<CasePage> {
    return this.#list(holderTerm(holder), page)
  }

  async ofBundle(code: string): Promise<CaseRecord[]> {
    const found = await this.#parts.terms.find(bundleTerm(code), { limit: MOST_MATTERS })
    return Promise.all(found.map(async (index) => this.#complete(await this.#openedAt(index))))
  }

  ofDepartment(department: Hex, page: PageRequest): Promise<CasePage> {
    return this.#list(departmentTerm(department), page)
  }

  async evidence(
    code: string,
    stage?: Stage,
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array> {
    const { ledger } = this.#parts
    const record = await this.get(code)
    const logged =
      stage === undefined ? record : record.stages.find((one) => one.statement.stage === stage)
    if (logged === undefined) throw new LedgerError('notFound', 'CASE_STAGE_NOT_REACHED', { stage })
    return wait
      ? ledger.evidenceWhenAnchored(logged.index, wait.anchored)
      : ledger.evidence(logged.index)
  }

  /** @param knownDay of the same case, if it was opened before */
  async #state(
    opening: IdentifiedOpening,
    by: Hex,
    knownDay: Day | undefined,
  ): Promise<CaseOpened> {
    const { matter: asked, day: statedDay, decidedBy: stated, ...said } = opening
    const today = dayOf(this.#parts.now())
    const day = statedDay ?? knownDay ?? today
    if (day > today) throw new LedgerError('invalid', 'CASE_DAY_IN_FUTURE', { today })
    const matter = this.#parts.catalogue.get('matter', asked.code, day)
    if (asked.version !== undefined && asked.version !== matter.version)
      throw new LedgerError('conflict', 'CASE_MATTER_VERSION_OTHER', { inForce: matter.version })
    const decidedBy = stated ?? matter.owner
    this.#requireTheme(opening.theme, matter.code, day)
    await this.#requireParties(opening, matter)
    await this.#requireDepartments(matter, by, decidedBy)
    return {
      v: 1,
      id: caseIdOf(opening.case),
      kind: 'case.opened',
      ...said,
      matter: { code: matter.code, version: matter.version },
      day,
      acceptedBy: by,
      decidedBy,
    }
  }

  #requireTheme(code: string | undefined, matter: string, day: Day): void {
    if (code === undefined) return
    const { matters } = this.#parts.catalogue.get('theme', code, day)
    if (!matters.includes(matter)) throw new LedgerError('invalid', 'CASE_THEME_OTHER', { matters })
  }

  async #requireParties(opening: IdentifiedOpening, matter: Matter): Promise<void> {
    const { applicant, parties = {} } = opening
    requireRoles([matter], parties)
    requireTarget(matter, await this.#requireHolder('APPLICANT', applicant))
    await requireAgents(matter, opening, (agent) => this.#requireHolder('AGENT', agent))
    for (const [role, holders = []] of Object.entries(parties))
      for (const holder of holders) await this.#requireHolder(role, holder)
  }

  async #requireHolder(role: string, holder: Hex) {
    const known = await this.#parts.directory.holderOf(holder)
    if (known === undefined) throw new LedgerError('notFound', 'CASE_HOLDER_UNKNOWN', { role })
    return known
  }

  /** Who accepts it was asked for its role as it came in. */
  async #requireDepartments(
    { owner, crossRegion }: Matter,
    acceptedBy: Hex,
    decidedBy: Hex,
  ): Promise<void> {
    const { departments } = this.#parts
    if (!isAtOrAbove(owner, decidedBy, departments.above))
      throw new LedgerError('forbidden', 'CASE_DECIDER_NOT_OWNER', { owner })
    if (!departments.isUser(decidedBy))
      throw new LedgerError('forbidden', 'CASE_DEPARTMENT_NOT_ACCREDITED', {
        department: decidedBy,
      })
    if (crossRegion || acceptedBy === decidedBy) return
    const [here, there] = await Promise.all([
      this.#provinceOf(acceptedBy),
      this.#provinceOf(decidedBy),
    ])
    if (here !== undefined && there !== undefined && here !== there)
      throw new LedgerError('forbidden', 'CASE_REGION_NOT_SERVED')
  }

  /** GB/T 2260: the first two digits. */
  async #provinceOf(department: Hex): Promise<string | undefined> {
    return (await this.#parts.directory.departmentOf(department))?.region.slice(0, 2)
  }

  async #append(statement: CaseOpened | CaseStaged, taken: string): Promise<Appended> {
    const { ledger, terms } = this.#parts
    const found = foundBy(statement)
    try {
      return await ledger.append({ statement, writes: (index) => terms.writesOf(found, index) })
    } catch (error) {
      if (!isLedgerError(error, 'STATEMENT_ID_TAKEN')) throw error
      throw new LedgerError('conflict', taken, { case: statement.case }, { cause: error })
    }
  }

  #list(term: Term, page: PageRequest): Promise<CasePage> {
    return this.#parts.terms.readPage(term, page, async (index) =>
      this.#complete(await this.#openedAt(index)),
    )
  }

  async #complete(opened: Logged<CaseOpened>): Promise<CaseRecord> {
    const code = opened.statement.case
    const stages = await Promise.all(
      STAGES.map((stage) => this.#find(caseIdOf(code, stage), 'case.staged')),
    )
    return { ...opened, stages: stages.filter((stage) => stage !== undefined) }
  }

  #findOpened(code: string): Promise<Logged<CaseOpened> | undefined> {
    return this.#find(caseIdOf(code), 'case.opened')
  }

  /** Whoever hands in a material chooses its id, and may have chosen this one. */
  async #find<Kind extends CaseStatement['kind']>(
    id: string,
    kind: Kind,
  ): Promise<Logged<Extract<CaseStatement, { kind: Kind }>> | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const { kind: found, at } = parseEntry(await ledger.getEntry(index))
    if (found !== kind) return undefined
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== kind) throw mismatch(index)
    return { index, at, statement: statement as Extract<CaseStatement, { kind: Kind }> }
  }

  async #openedAt(index: number): Promise<Logged<CaseOpened>> {
    const { ledger } = this.#parts
    const [entry, { statement }] = await Promise.all([
      ledger.getEntry(index),
      ledger.openStatement(index),
    ])
    if (statement.kind !== 'case.opened') throw mismatch(index)
    return { index, at: parseEntry(entry).at, statement }
  }
}

type CaseStatement = CaseOpened | CaseStaged

function mismatch(index: number): LedgerError {
  return new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
}
