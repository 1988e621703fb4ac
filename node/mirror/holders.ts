import type { Hex } from '../chain/chain.ts'
import type { Binding } from '../core/grants/world.ts'
import type { HolderAccount, MirroredHolders, Page, PageRequest } from './mirror.ts'
import { readPage } from './pages.ts'
import { bare, covers } from './records.ts'
import type { HolderRecord } from './records.ts'
import type { MirrorState } from './state.ts'

const NEVER_BOUND: Binding = { from: 0, until: 0, grantsEndedAt: 0 }

export class Holders implements MirroredHolders {
  readonly #state: MirrorState

  constructor(state: MirrorState) {
    this.#state = state
  }

  registrarOf(holder: Hex): Hex | undefined {
    return this.#record(holder)?.registrar
  }

  accountsOf(holder: Hex): readonly HolderAccount[] {
    return this.#record(holder)?.accounts ?? []
  }

  boundAccountsOf(holder: Hex): readonly Hex[] {
    return this.accountsOf(holder)
      .filter(({ periods }) => periods.at(-1)?.until === 0)
      .map(({ account }) => account)
  }

  isBoundAt(holder: Hex, account: Hex, at: number): boolean {
    return this.#account(holder, account)?.periods.some((period) => covers(period, at)) ?? false
  }

  holdersOf(account: Hex, page: PageRequest): Promise<Page<Hex>> {
    return readPage(
      this.#state,
      ['holderOfAccount', bare(account)],
      page,
      (holder) => holder as Hex,
    )
  }

  /** The latest, all zero for an account that was never bound. */
  bindingOf(holder: Hex, account: Hex): Binding {
    const known = this.#account(holder, account)
    const latest = known?.periods.at(-1)
    if (known === undefined || latest === undefined) return NEVER_BOUND
    return { from: latest.from, until: latest.until, grantsEndedAt: known.grantsEndedAt }
  }

  #account(holder: Hex, account: Hex): HolderAccount | undefined {
    return this.#record(holder)?.accounts.find((one) => one.account === account)
  }

  #record(holder: Hex): HolderRecord | undefined {
    return this.#state.get('holder', bare(holder))
  }
}
