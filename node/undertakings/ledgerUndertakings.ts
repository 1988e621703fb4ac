import { isHandler } from '../cases/access.ts'
import type { Cases, Logged } from '../cases/cases.ts'
import { requireOpen } from '../cases/rules.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { dayOf } from '../core/catalogue/day.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import { undertakingCheckIdOf, undertakingIdOf } from '../core/statements/undertaking.ts'
import type { UndertakingChecked, UndertakingGiven } from '../core/statements/undertaking.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import { Turns } from '../core/turns.ts'
import { composeUndertaking, differencesOf } from '../core/undertakings/compose.ts'
import type { Undertaken } from '../core/undertakings/compose.ts'
import type { Undertaking } from '../core/undertakings/undertaking.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { Mirror, MirrorWorld } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { evidenceWith } from '../states/evidence.ts'
import { slotsOfBinding } from '../states/slots.ts'
import type { StateProofs } from '../states/stateProofs.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import { UndertakingRecords } from './records.ts'
import { requireSigned } from './signature.ts'
import type {
  SignedUndertaking,
  UndertakingCheck,
  UndertakingPage,
  UndertakingRecord,
  Undertakings,
} from './undertakings.ts'

export interface UndertakingsParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly cases: Pick<Cases, 'get'>
  readonly catalogue: Pick<Catalogue, 'get' | 'getVersion'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>
  readonly mirror: Pick<Mirror, 'world'>
  readonly chain: Pick<RegistryChain, 'registries' | 'isValidSignature'>
  readonly states: StateProofs
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Undertakings on top of the ledger: a statement for each, and one for each check of it. */
export class LedgerUndertakings implements Undertakings {
  readonly #parts: UndertakingsParts
  readonly #records: UndertakingRecords
  readonly #turns = new Turns()

  constructor(parts: UndertakingsParts) {
    this.#parts = parts
    this.#records = new UndertakingRecords(parts)
  }

  async draft(code: string, undertaken: Undertaken): Promise<Undertaking> {
    const { wanted } = await this.#compose(code, undertaken)
    await this.#requireOpen(wanted)
    return wanted
  }

  async give({ undertaking, signature }: SignedUndertaking): Promise<Appended> {
    await requireSigned(undertaking, signature, this.#parts.chain)
    const id = undertakingIdOf(undertaking)
    // Of two that come at once, the second has to find the first.
    return this.#turns.take(id, async () => {
      const known = await this.#records.find(id)
      // A key may sign the same in more than one way, and what was given stays given.
      if (known && differencesOf(undertaking, known.statement.undertaking).length === 0)
        return this.#present(known)
      const { wanted, world, opened } = await this.#compose(undertaking.caseCode, undertaking)
      const members = differencesOf(undertaking, wanted)
      if (members.length > 0) throw new LedgerError('invalid', 'UNDERTAKING_MISMATCH', { members })
      if (known) throw new LedgerError('conflict', 'UNDERTAKING_GIVEN', { undertaking: id })
      await this.#requireOpen(wanted)
      const { registries } = this.#parts.chain
      const said: UndertakingGiven = {
        v: 1,
        id,
        kind: 'undertaking.given',
        registries,
        undertaking,
        signature,
        acceptedBy: opened.acceptedBy,
      }
      return this.#append(said, opened, world)
    })
  }

  check(id: string, check: UndertakingCheck, by: Hex): Promise<Appended> {
    return this.#turns.take(id, async () => {
      const record = await this.get(id)
      const given = record.statement
      const { undertaking } = given
      const { statement: opened } = await this.#parts.cases.get(undertaking.caseCode)
      if (!isHandler(opened, by)) throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
      const [newest] = record.checks
      if (newest !== undefined && isSameCheck(newest.statement, check, by))
        return this.#present(newest)
      const statement: UndertakingChecked = {
        v: 1,
        id: undertakingCheckIdOf(id, newest === undefined ? 0 : numberOf(newest.statement) + 1),
        kind: 'undertaking.checked',
        undertaking: id,
        ...check,
        by,
      }
      const { ledger, terms } = this.#parts
      const found = foundBy(statement, { given })
      return ledger.append({ statement, writes: (index) => terms.writesOf(found, index) })
    })
  }

  get(id: string): Promise<UndertakingRecord> {
    return this.#records.get(id)
  }

  ofCase(code: string): Promise<readonly UndertakingRecord[]> {
    return this.#records.ofCase(code)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<UndertakingPage> {
    return this.#records.ofHolder(holder, page)
  }

  ofDepartment(department: Hex, page: PageRequest): Promise<UndertakingPage> {
    return this.#records.ofDepartment(department, page)
  }

  brokenBy(holders: readonly Hex[]): Promise<ReadonlyMap<Hex, string>> {
    return this.#records.brokenBy(holders)
  }

  async evidence(
    id: string,
    of: 'given' | 'checked',
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array> {
    const { ledger, states, chain } = this.#parts
    const { index, checks } = await this.get(id)
    if (of === 'given') {
      const { chainId } = chain.registries
      const attachments = async () => ({ states: await states.of(index) })
      return evidenceWith(index, attachments, { ledger, states, chainId }, wait)
    }
    const [newest] = checks
    if (newest === undefined)
      throw new LedgerError('notFound', 'UNDERTAKING_NOT_CHECKED', { undertaking: id })
    return wait
      ? ledger.evidenceWhenAnchored(newest.index, wait.anchored)
      : ledger.evidence(newest.index)
  }

  /** What is to be signed, by an account that may sign it now. */
  async #compose(
    code: string,
    undertaken: Undertaken,
  ): Promise<{
    readonly wanted: Undertaking
    readonly opened: CaseOpened
    readonly world: MirrorWorld
  }> {
    const { cases, catalogue, ledger, mirror } = this.#parts
    const { statement: opened } = await cases.get(code)
    const { entry } = catalogue.getVersion('matter', opened.matter.code, opened.matter.version)
    const { material } = undertaken
    const wanted = composeUndertaking(undertaken, {
      opened,
      matter: entry,
      materialName: () => catalogue.get('materialType', material, opened.day).name,
      origin: ledger.origin,
    })
    const world = mirror.world(Math.floor(this.#parts.now() / 1000))
    const { from, until } = world.bindingOf(wanted.by, wanted.account)
    if (from === 0 || until !== 0) throw new LedgerError('forbidden', 'UNDERTAKING_NOT_YOURS')
    return { wanted, opened, world }
  }

  /** That the case takes it now, and the holder at its word. */
  async #requireOpen({ caseCode, holder, due }: Undertaking): Promise<void> {
    const { cases, now } = this.#parts
    requireOpen(await cases.get(caseCode))
    if (due !== '' && due < dayOf(now()))
      throw new LedgerError('conflict', 'UNDERTAKING_OVERDUE', { due })
    const [broken] = (await this.brokenBy(await this.#idsOf(holder))).values()
    if (broken !== undefined)
      throw new LedgerError('forbidden', 'UNDERTAKING_BROKEN', { undertaking: broken })
  }

  /** Somebody may be known by several ids. */
  async #idsOf(holder: Hex): Promise<readonly Hex[]> {
    const { directory } = this.#parts
    const known = await directory.holderOf(holder)
    if (known === undefined) return [holder]
    return (await directory.holdersWithCode(known)).map((one) => one.holder)
  }

  async #append(
    statement: UndertakingGiven,
    opened: CaseOpened,
    { block }: MirrorWorld,
  ): Promise<Appended> {
    const { ledger, terms, states } = this.#parts
    const { undertaking, registries } = statement
    const found = foundBy(statement, { opened })
    const wanted = {
      of: 'sign',
      block: { number: block.number, hash: block.hash },
      slots: slotsOfBinding(undertaking.by, undertaking.account, registries),
    } as const
    const appended = await ledger.append({
      statement,
      writes: (index) => [...terms.writesOf(found, index), states.want(index, [wanted])],
    })
    states.prove(appended.index)
    return appended
  }

  async #present({ index, statement: { id } }: Logged<{ readonly id: string }>): Promise<Appended> {
    return { id, index, created: false, evidence: await this.#parts.ledger.evidence(index) }
  }
}

function isSameCheck(said: UndertakingChecked, check: UndertakingCheck, by: Hex): boolean {
  const { result, reason, officer } = check
  return (
    said.result === result && said.reason === reason && said.officer === officer && said.by === by
  )
}

function numberOf({ id, undertaking }: UndertakingChecked): number {
  return Number(id.slice(undertaking.length + 1))
}
