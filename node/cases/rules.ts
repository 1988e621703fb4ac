import type { Catalogue } from '../catalogue/catalogue.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { RequiredMaterial } from '../core/catalogue/matter.ts'
import { isDecided } from '../core/cases/stages.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { GrantChain } from '../core/grants/rules.ts'
import type { GrantWorld } from '../core/grants/world.ts'
import { departmentNamed } from '../core/parties/principal.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { isHandler } from './access.ts'
import type { CaseRecord, Cases } from './cases.ts'
import { CaseCircle, inCase } from './circle.ts'
import { holdersByRole } from './roles.ts'

export interface CaseRulesParts {
  readonly cases: Pick<Cases, 'find'>
  readonly catalogue: Pick<Catalogue, 'find' | 'getVersion'>
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
  /** Grants of each holder, root first. */
  readonly chains: readonly GrantChain[]
}

/**
 * What may be done for a case 无办件不调证: by those who handle it, for its matter, while it is open, and over nobody who has
 * no part in it. Uses, data checks and materials that are handed in all ask here.
 *
 * Cases of a matter that the catalogue holds are opened here, so that one that nobody opened is none. Of any other matter no
 * case can be opened here: it is one of elsewhere, of which only its code is known, and what is said of it says so.
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
      this.#requireDepth(chain, opened, wanted.subject)
      await requireWithin(circle, chain)
    }
  }

  /**
   * That a material may be handed in for a case. Whoever has a token of this node is one of its ways in, and not a
   * department; what comes in before a case is opened, comes in for one of elsewhere.
   *
   * @param submitter as statements name it
   * @throws LedgerError forbidden/CASE_NOT_YOURS; conflict/CASE_DECIDED {case}
   */
  async requireHandIn(code: string, submitter: string): Promise<void> {
    const record = await this.#parts.cases.find(code)
    if (record === undefined) return
    const department = departmentNamed(submitter)
    if (department !== undefined) requireHandler(record.statement, department)
    requireOpen(record)
  }

  #requireElsewhere({ case: code, matter }: UseForCase): void {
    const { catalogue, now } = this.#parts
    if (catalogue.find('matter', matter, dayOf(now())) !== undefined)
      throw new LedgerError('conflict', 'CASE_NOT_OPENED', { case: code, matter })
  }

  /** As deep as the matter allows for what it asks for; what it does not ask for it does not limit. */
  #requireDepth(chain: GrantChain, opened: CaseOpened, subject: UseForCase['subject']): void {
    const { catalogue } = this.#parts
    const { code, version } = opened.matter
    const matter = catalogue.getVersion('matter', code, version).entry
    const asked = matter.materials.filter((required) => this.#isAbout(required, subject, opened))
    const holder = chain[0]?.holder
    const parties = holdersByRole(opened)
    const own = asked.filter((required) => parties[required.holder]?.some((id) => id === holder))
    const depths = (own.length > 0 ? own : asked).map(({ maxGrantDepth }) => maxGrantDepth)
    // The holder's own grant is there at least.
    const maxDepth = Math.max(1, ...depths)
    if (depths.length > 0 && chain.length > maxDepth)
      throw new LedgerError('forbidden', 'GRANT_TOO_DEEP_FOR_MATTER', { maxDepth })
  }

  #isAbout(
    { material }: RequiredMaterial,
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

/** @throws LedgerError forbidden/GRANTEE_NOT_IN_CASE {account, hop} */
async function requireWithin(circle: CaseCircle, chain: GrantChain): Promise<void> {
  const outsider = await circle.findOutsider(chain.map(({ grantee }) => grantee))
  if (outsider !== undefined)
    throw new LedgerError('forbidden', 'GRANTEE_NOT_IN_CASE', { ...outsider })
}
