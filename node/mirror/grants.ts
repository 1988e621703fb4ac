import type { Hex } from '../chain/chain.ts'
import type { GrantState } from '../core/grants/world.ts'
import type { MirrorTable } from '../store/layout.ts'
import type { MirroredGrant, MirroredGrants, MirroredUse, Page, PageRequest } from './mirror.ts'
import { readPage } from './pages.ts'
import { bare, NO_HASH, NO_USE } from './records.ts'
import type { GrantRecord } from './records.ts'
import type { MirrorState } from './state.ts'

const UNKNOWN: GrantRecord = { used: 0, lastUse: NO_USE }

export class Grants implements MirroredGrants {
  readonly #state: MirrorState

  constructor(state: MirrorState) {
    this.#state = state
  }

  stateOf(grant: Hex): GrantState {
    return stateOf(this.#state.get('grant', bare(grant)) ?? UNKNOWN)
  }

  epochOf(account: Hex): number {
    return this.#state.get('epoch', bare(account)) ?? 0
  }

  find(grant: Hex): MirroredGrant | undefined {
    const record = this.#state.get('grant', bare(grant))
    if (record?.registered === undefined) return undefined
    const { holder, parent, grantor, grantee, place } = record.registered
    return {
      grant,
      holder,
      parent: parent === NO_HASH ? undefined : parent,
      grantor,
      grantee,
      registered: place,
      state: stateOf(record),
      revocation: record.revocation,
    }
  }

  childrenOf(grant: Hex, page: PageRequest): Promise<Page<MirroredGrant>> {
    return this.#list('grantBelow', grant, page)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<Page<MirroredGrant>> {
    return this.#list('grantOfHolder', holder, page)
  }

  to(grantee: Hex, page: PageRequest): Promise<Page<MirroredGrant>> {
    return this.#list('grantToGrantee', grantee, page)
  }

  findUse(useId: Hex): MirroredUse | undefined {
    return this.#state.get('use', bare(useId))
  }

  usesOf(grant: Hex, page: PageRequest): Promise<Page<MirroredUse>> {
    return readPage(this.#state, ['useOfGrant', bare(grant)], page, (useId) =>
      this.findUse(useId as Hex),
    )
  }

  #list(table: MirrorTable, of: Hex, page: PageRequest): Promise<Page<MirroredGrant>> {
    return readPage(this.#state, [table, bare(of)], page, (grant) => this.find(grant as Hex))
  }
}

function stateOf({ registered, revocation, used, lastUse }: GrantRecord): GrantState {
  return {
    registeredAt: registered?.place.time ?? 0,
    revokedAt: revocation?.recorded.time ?? 0,
    used,
    lastUse,
  }
}
