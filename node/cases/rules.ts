import type { Catalogue } from '../catalogue/catalogue.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { RequiredMaterial } from '../core/catalogue/matter.ts'
import { isDecided } from '../core/cases/stages.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { GrantChain } from '../core/grants/rules.ts'
import type { GrantWorld } from '../core/grants/world.ts'
import { departmentNamed } from '../core/parties/principal.ts'
import { isTakenFromBank } from '../core/resolution/offers.ts'
import { isNecessary, requiredOf } from '../core/resolution/required.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import type { Spared } from '../core/statements/use.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { isHandler } from './access.ts'
import type { CaseRecord, Cases } from './cases.ts'
import { CaseCircle, inCase } from './circle.ts'
import { holdersByRole } from './roles.ts'

export interface CaseRulesParts {
  readonly cases: Pick<Cases, 'find'>
  readonly catalogue: Pick<Catalogue, 'find' | 'getVersion' | 'list'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What a department would use for a case. */
export interface UseForCase {
  readonly case: string
  /** Code of the matter that it names. */
  readonly matter: string
  readonly department: Hex
  /** `type`: code of the certificate or material type. */
  readonly subject: { readonly kind: 'certificate' | 'material'; readonly type: string }
  /** Asked about, and not shown. */
  readonly isCheck: boolean
  /** Grants of each holder, root first. */
  readonly chains: readonly GrantChain[]
}

/**
 * What may be done for a case 无办件不调证: by those who handle it, for its matter, while it is open, and over nobody who has
 * no part in it. Uses, data checks and materials that are handed in all ask here.
 *
 * Cases of a matter that the catalogue holds are opened here, so that one that nobody opened is none. Of any other
 * matter no case can be opened here: it is one of elsewhere, of which only its code is known, and what is said of it
 * says so.
 */
export class CaseRules {
  readonly #parts: CaseRulesParts

  constructor(parts: CaseRulesParts) {
    this.#parts = parts
  }

  /** Of the entry by which it was opened here; undefined of a case of elsewhere. */
  async indexOf(code: string): Promise<number | undefined> {
    return (await this.#parts.cases.find(code))?.index
  }

  /**
   * @param world says whose an account is
   * @throws LedgerError conflict/CASE_NOT_OPENED {case, matter}, CASE_DECIDED {case}
   * @throws LedgerError forbidden/CASE_NOT_YOURS, CASE_MATTER_OTHER {case, matter}
   * @throws LedgerError forbidden/DATA_CHECK_NEEDED {material}
   * @throws LedgerError forbidden/GRANT_TOO_DEEP_FOR_MATTER {maxDepth}, GRANTEE_NOT_IN_CASE {account, hop}
   */
  async requireUse(wanted: UseForCase, world: Pick<GrantWorld, 'bindingOf'>): Promise<void> {
    const record = await this.#parts.cases.find(wanted.case)
    if (record === undefined) return this.#requireElsewhere(wanted)
    const { statement: opened } = record
    requireHandler(opened, wanted.department)
    if (opened.matter.code !== wanted.matter)
      throw new LedgerError('forbidden', 'CASE_MATTER_OTHER', {
        case: opened.case,
        matter: opened.matter.code,
      })
    requireOpen(record)
    const circle = new CaseCircle(inCase(opened, wanted.department), this.#parts.directory, world)
    for (const chain of wanted.chains) {
      const asked = this.#askedOf(chain, opened, wanted.subject)
      requireCheck(asked, wanted)
      requireDepth(asked, chain)
      await requireWithin(circle, chain)
    }
  }

  /**
   * What its use spares a case: a material that its matter cannot do without, and that nobody has to hand in. Of a case
   * of elsewhere nobody knows what it requires: there each type is one.
   *
   * @param subject `type`: code of the certificate or material type
   * @param holders whose it is; they may be known by other ids, too
   */
  async findSpared(
    code: string,
    subject: UseForCase['subject'],
    holders: readonly Hex[],
  ): Promise<Spared | undefined> {
    const opened = (await this.#parts.cases.find(code))?.statement
    if (opened === undefined) return { material: subject.type }
    const { version } = opened.matter
    const matter = this.#parts.catalogue.getVersion('matter', opened.matter.code, version).entry
    const isActedFor = (opened.agents ?? []).length > 0
    const parties = holdersByRole(opened)
    for (const required of requiredOf([matter], isActedFor)) {
      const { material, holder } = required
      if (!isNecessary(required, isActedFor) || !isTakenFromBank(required)) continue
      if (!this.#isAbout(required, subject, opened)) continue
      const named = parties[holder]
      // Who plays a part that the case does not name turns out later.
      if (named === undefined || (await this.#areOf(named, holders))) return { material, holder }
    }
    return undefined
  }

  /** Whether one of these ids is of somebody who is named, by whatever id. */
  async #areOf(named: readonly Hex[], ids: readonly Hex[]): Promise<boolean> {
    if (named.some((id) => ids.includes(id))) return true
    const { directory } = this.#parts
    const known = await Promise.all(named.map((id) => directory.holderOf(id)))
    const others = await Promise.all(
      known.flatMap((one) => (one ? [directory.holdersWithCode(one)] : [])),
    )
    return others.flat().some(({ holder }) => ids.includes(holder))
  }

  /**
   * That a material may be handed in for a case. Whoever has a token of this node is one of its ways in, and not a
   * department: it takes what comes before a case is opened, and what comes from an archive. A department that could do
   * so would prepare the cases of others; it opens its own first.
   *
   * @param submitter as statements name it
   * @returns whether the case was opened here: of another one nothing more can be asked
   * @throws LedgerError forbidden/CASE_NOT_YOURS; conflict/CASE_NOT_OPENED {case}, CASE_DECIDED {case}
   */
  async requireHandIn(code: string, submitter: string): Promise<boolean> {
    const record = await this.#parts.cases.find(code)
    const department = departmentNamed(submitter)
    if (record === undefined) {
      if (department !== undefined && this.#areOpenedHere())
        throw new LedgerError('conflict', 'CASE_NOT_OPENED', { case: code })
      return false
    }
    if (department !== undefined) requireHandler(record.statement, department)
    requireOpen(record)
    return true
  }

  /** Where nothing can be applied for, every case is one of elsewhere. */
  #areOpenedHere(): boolean {
    const { catalogue, now } = this.#parts
    return catalogue.list('matter', dayOf(now())).length > 0
  }

  #requireElsewhere({ case: code, matter }: UseForCase): void {
    const { catalogue, now } = this.#parts
    if (catalogue.find('matter', matter, dayOf(now())) !== undefined)
      throw new LedgerError('conflict', 'CASE_NOT_OPENED', { case: code, matter })
  }

  /**
   * What the matter asks of that holder; else what it asks of others. None: it does not ask for it, and limits nothing.
   */
  #askedOf(
    chain: GrantChain,
    opened: CaseOpened,
    subject: UseForCase['subject'],
  ): RequiredMaterial[] {
    const { code, version } = opened.matter
    const matter = this.#parts.catalogue.getVersion('matter', code, version).entry
    const asked = matter.materials.filter((required) => this.#isAbout(required, subject, opened))
    const holder = chain[0]?.holder
    const parties = holdersByRole(opened)
    const own = asked.filter((required) => parties[required.holder]?.some((id) => id === holder))
    return own.length > 0 ? own : asked
  }

  #isAbout(
    { material }: Pick<RequiredMaterial, 'material'>,
    { kind, type }: UseForCase['subject'],
    { day }: CaseOpened,
  ): boolean {
    if (kind === 'material') return material === type
    return this.#parts.catalogue.find('materialType', material, day)?.certificateType === type
  }
}

/** @throws LedgerError conflict/CASE_DECIDED {case} */
export function requireOpen({ statement, stages }: CaseRecord): void {
  if (isDecided(stages.map((stage) => stage.statement)))
    throw new LedgerError('conflict', 'CASE_DECIDED', { case: statement.case })
}

/** @throws LedgerError forbidden/CASE_NOT_YOURS */
function requireHandler(opened: CaseOpened, department: Hex): void {
  if (!isHandler(opened, department)) throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
}

/**
 * Of what the matter only asks about, nobody is shown anything, whatever a grant shows.
 *
 * @throws LedgerError forbidden/DATA_CHECK_NEEDED {material}
 */
function requireCheck(asked: readonly RequiredMaterial[], { isCheck }: UseForCase): void {
  const [first] = asked
  if (isCheck || first === undefined) return
  if (asked.every(({ exemption }) => exemption === 'dataCheck'))
    throw new LedgerError('forbidden', 'DATA_CHECK_NEEDED', { material: first.material })
}

/**
 * As deep as the matter allows; the holder's own grant is there at least.
 *
 * @throws LedgerError forbidden/GRANT_TOO_DEEP_FOR_MATTER {maxDepth}
 */
function requireDepth(asked: readonly RequiredMaterial[], chain: GrantChain): void {
  const maxDepth = Math.max(1, ...asked.map(({ maxGrantDepth }) => maxGrantDepth))
  if (asked.length > 0 && chain.length > maxDepth)
    throw new LedgerError('forbidden', 'GRANT_TOO_DEEP_FOR_MATTER', { maxDepth })
}

/** @throws LedgerError forbidden/GRANTEE_NOT_IN_CASE {account, hop} */
async function requireWithin(circle: CaseCircle, chain: GrantChain): Promise<void> {
  const outsider = await circle.findOutsider(chain.map(({ grantee }) => grantee))
  if (outsider !== undefined)
    throw new LedgerError('forbidden', 'GRANTEE_NOT_IN_CASE', { ...outsider })
}
