import type { Wallet } from 'ethers'
import type { SignedAct } from '../../../node/core/acts/acts.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument, ScopeView } from '../../../node/core/grants/scope.ts'
import type { LedgerRequests } from '../../../node/requests/ledgerRequests.ts'
import type { AskedGrant, RequestAsker } from '../../../node/requests/requests.ts'
import type { GrantDraft } from '../../../node/grants/draft.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { addressOf as accountOf, mask } from '../../chain/support/registryScene.ts'
import { MATTER, PROPERTY } from '../../core/resolution/scene.ts'
import { bureau, CASE, CaseScene, counter, landlord } from '../../cases/support/scene.ts'
import { NOW } from '../../grants/support/scene.ts'

export const DAY = 24 * 60 * 60

/** The bureau as it asks; and whoever acts by an account alone. */
export const asBureau: RequestAsker = {
  grantee: bureau,
  department: bureau,
  isOneOf: () => false,
}
export const asHolder = (account: Hex, holder: Hex): RequestAsker => ({
  grantee: account,
  isOneOf: (holders) => holders.includes(holder),
})

/** What the bureau would need of the landlord. */
export function asking(changes: Partial<AskedGrant> = {}): AskedGrant {
  return {
    case: CASE,
    holder: landlord,
    materials: ['PROPERTY'],
    items: [{ certificateType: PROPERTY, fields: ['location', 'owners'], may: 'copy' }],
    purposes: [{ matter: MATTER.code, department: bureau }],
    notAfter: NOW + 30 * DAY,
    uses: 2,
    depth: 0,
    reason: '住所变更登记',
    ...changes,
  }
}

/** What a holder signed, with what the grantee is to be shown. */
export interface Signed {
  readonly act: Extract<SignedAct, { type: 'Grant' }>
  readonly view: ScopeView
}

/** Requests on a real ledger with a case, parties and grants. */
export class RequestScene {
  readonly cases: CaseScene
  readonly requests: LedgerRequests

  private constructor(cases: CaseScene) {
    this.cases = cases
    this.requests = cases.requests
  }

  static async open(openStore: (folder: string) => Promise<KeyValueStore>): Promise<RequestScene> {
    const cases = await CaseScene.open(openStore)
    await cases.openCase()
    return new RequestScene(cases)
  }

  async made(changes: Partial<AskedGrant> = {}): Promise<string> {
    return (await this.requests.make(asking(changes), asBureau)).id
  }

  /** As the holder's wallet signs what was asked, or less, or more. */
  async signed(
    by: Wallet,
    changes: Partial<GrantDraft> = {},
    lists: Partial<ScopeDocument> = {},
  ): Promise<Signed> {
    const { items, purposes, holder, notAfter, uses, depth } = asking()
    const document = { v: 1 as const, seed: 'a'.repeat(64), items, purposes, ...lists }
    const draft = {
      grantor: accountOf(by),
      grantee: bureau,
      holder,
      scope: scopeOf(document),
      items: mask(...document.items.keys()),
      purposes: mask(...document.purposes.keys()),
      notAfter,
      depth,
      uses,
      ...changes,
    }
    const { grants } = this.cases
    const reader = grants.reader(by)
    const preview = await grants.grants.preview({ draft, above: [], lists: { document }, reader })
    if (preview.view === undefined) throw new Error('the lists hold what is granted')
    return { act: grants.granting(by, preview.chain), view: preview.view }
  }

  approve(id: string, { act, view }: Signed) {
    return this.requests.approve(id, act, { view, wait: AbortSignal.timeout(5_000) })
  }

  /** The case comes to its decision. */
  async decide(): Promise<void> {
    const { cases } = this.cases
    await cases.stage(CASE, { stage: 'accepted' }, counter)
    await cases.stage(CASE, { stage: 'reviewed' }, bureau)
    await cases.stage(CASE, { stage: 'decided', outcome: 'granted' }, bureau)
  }

  /** Seconds go by. */
  later(seconds: number): void {
    this.cases.grants.time += seconds
  }

  close(): Promise<void> {
    return this.cases.close()
  }
}
