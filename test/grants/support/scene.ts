import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Wallet } from 'ethers'
import { verifySignatures } from '../../../node/acts/signatures.ts'
import type { RelayedAct, Submission, SubmittedAct } from '../../../node/acts/acts.ts'
import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import { hashAct } from '../../../node/core/acts/typedData.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { verifyRegistration, verifyRevocation } from '../../../node/core/grants/rules.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { actIdOf } from '../../../node/core/statements/act.ts'
import type { Reader } from '../../../node/grants/access.ts'
import type { GrantDraft } from '../../../node/grants/draft.ts'
import { LedgerGrants } from '../../../node/grants/ledgerGrants.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../../../node/ledger/onceLedger.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { Reception } from '../../../node/materials/reception.ts'
import type { RegistryMirror } from '../../../node/mirror/openMirror.ts'
import { PartyDirectory } from '../../../node/parties/directory.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { addressOf, mask, newAccount } from '../../chain/support/registryScene.ts'
import { AUTHORITY, authorized, follow, HOLDER, open, TestClock } from '../../mirror/scene.ts'
import { openTestLog } from '../../support/log.ts'
import { ScriptedRegistryChain } from '../../support/registryChain.ts'
import type { EventBody } from '../../support/registryChain.ts'
import { LISTS, SCOPE } from './lists.ts'

export const NOW = 1_700_100_000
const DAY = 24 * 60 * 60

/** Grants on a real ledger, with real contents and a chain that the test tells. Nobody is bound to anything yet. */
export class GrantScene {
  readonly landlord = newAccount()
  readonly tenant = newAccount()
  readonly agent = newAccount()
  readonly stranger = newAccount()
  readonly chain = new ScriptedRegistryChain()
  readonly mirrorClock = new TestClock()
  /** Seconds since 1970. */
  time = NOW
  /** Acts that reached the chain. */
  readonly sent: SignedAct[] = []
  /** Leaves acts on their way. */
  holdsBack = false
  readonly #folder = mkdtempSync(join(tmpdir(), 'onceledger-'))
  #store!: KeyValueStore
  #contents!: FileContentStore
  #reception!: Reception
  ledger!: OnceLedger
  mirror!: RegistryMirror
  directory!: PartyDirectory
  grants!: LedgerGrants

  static async open(openStore: (folder: string) => Promise<KeyValueStore>): Promise<GrantScene> {
    const scene = new GrantScene()
    await scene.#start(await openStore(scene.#folder))
    await scene.mine(authorized())
    return scene
  }

  async #start(store: KeyValueStore): Promise<void> {
    const now = () => this.time * 1000
    this.#store = store
    this.#contents = await FileContentStore.open(join(this.#folder, 'contents'), { reserve: 0 })
    const log = await openTestLog({ store, now })
    const anchors = new SealedAnchorStore(store, log.ring, [])
    const anchoring = await openAnchoring([], {
      log: anchoredLog(log),
      store: anchors,
      clock: systemClock,
      random: Math.random,
    })
    this.ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
    this.#reception = new Reception(this.#contents, {
      digests: ['sha-256', 'sm3'],
      maxContent: 1_000_000,
    })
    this.mirror = await open({ chain: this.chain, store, clock: this.mirrorClock })
    const terms = new TermIndex(store, log.ring)
    this.directory = new PartyDirectory({ ledger: this.ledger, terms, now })
    this.grants = new LedgerGrants({
      ledger: this.ledger,
      reception: this.#reception,
      mirror: this.mirror,
      acts: { submit: (act, submission) => this.#submit(act as SignedAct, submission) },
      directory: this.directory,
      registries: this.registries,
      now,
    })
  }

  get reception(): Reception {
    return this.#reception
  }

  get registries(): Registries {
    return this.chain.registries
  }

  async mine(...events: EventBody[]): Promise<void> {
    this.chain.mine(...events)
    await follow(this.mirror)
  }

  async bind(account: Wallet, holder = HOLDER): Promise<void> {
    await this.mine({
      type: 'AccountBound',
      holder,
      account: addressOf(account),
      registrar: AUTHORITY,
    })
  }

  reader(wallet: Wallet, isAuditor = false): Reader {
    return {
      account: addressOf(wallet),
      isAuditor,
      accountOf: (party) => this.mirror.departments.accountOf(party),
    }
  }

  /** landlord → tenant, for a day: all three items, both purposes. */
  draft(change: Partial<GrantDraft> = {}): GrantDraft {
    return {
      grantor: addressOf(this.landlord),
      grantee: addressOf(this.tenant),
      holder: HOLDER,
      scope: SCOPE,
      items: mask(0, 1, 2),
      purposes: mask(0, 1),
      notAfter: NOW + DAY,
      depth: 2,
      uses: 3,
      ...change,
    }
  }

  async root(change: Partial<GrantDraft> = {}): Promise<Grant> {
    const { act } = await this.grants.preview({
      draft: this.draft(change),
      above: [],
      lists: { document: LISTS },
      reader: this.reader(this.landlord),
    })
    return act.message
  }

  /** tenant → agent, the first item for the first purpose, once. */
  async child(above: readonly Grant[], change: Partial<GrantDraft> = {}): Promise<Grant> {
    const { act } = await this.grants.preview({
      draft: {
        grantee: addressOf(this.agent),
        items: mask(0),
        purposes: mask(0),
        notAfter: NOW + DAY,
        depth: 1,
        uses: 1,
        ...change,
      },
      above,
      reader: this.reader(this.tenant),
    })
    return act.message
  }

  sign(by: Wallet, act: Act, registries = this.registries): Hex {
    return by.signingKey.sign(hashAct(act, registries)).serialized as Hex
  }

  granting(by: Wallet, chain: readonly Grant[]): Extract<SignedAct, { type: 'Grant' }> {
    const act = { type: 'Grant', message: chain.at(-1) as Grant } as const
    return { ...act, signature: this.sign(by, act), chain: [...chain] }
  }

  revoking(by: Wallet, chain: readonly Grant[]): Extract<SignedAct, { type: 'Revocation' }> {
    const message = { grant: this.idOf(chain.at(-1) as Grant), revoker: addressOf(by) }
    const act = { type: 'Revocation', message } as const
    return { ...act, signature: this.sign(by, act), chain: [...chain] }
  }

  idOf(grant: Grant): Hex {
    return encode0x(hashAct({ type: 'Grant', message: grant }, this.registries))
  }

  /** As another ledger on the same chain would: nothing is logged here. */
  async registerElsewhere(grant: Grant): Promise<Hex> {
    const id = this.idOf(grant)
    const { holder, parent, grantor, grantee } = grant
    await this.mine({ type: 'GrantRegistered', grant: id, holder, parent, grantor, grantee })
    return id
  }

  async close(): Promise<void> {
    await this.mirror.close()
    await this.ledger.close()
    await this.#reception.close()
    await this.#contents.close()
    await this.#store.close()
    rmSync(this.#folder, { recursive: true })
  }

  /** What `Acts` promises, of acts on grants, on a chain that mines at once. */
  async #submit(act: SignedAct, { wait }: Submission = {}): Promise<SubmittedAct> {
    const digest = hashAct(act, this.registries)
    await verifySignatures(act, digest, this.registries, {
      accountOf: (party) => this.mirror.departments.accountOf(party),
      isValidSignature: async () => false,
    })
    const id = actIdOf(digest)
    const event = this.#judge(act)
    const { index, evidence } = await this.ledger.append({
      statement: { v: 1, id, kind: 'act.signed', registries: this.registries, act },
    })
    const queued: RelayedAct = { id, index, state: 'queued' }
    if (this.holdsBack || wait === undefined) return { ...queued, evidence }
    this.sent.push(act)
    await this.mine(event)
    const { number, hash } = await this.chain.head()
    return {
      ...queued,
      state: 'mined',
      transaction: hash,
      block: { number, hash },
      evidence,
    }
  }

  /** As the contract. */
  #judge(act: SignedAct): EventBody {
    const world = this.mirror.world(this.time)
    switch (act.type) {
      case 'Grant': {
        const id = verifyRegistration(act.chain, world, this.registries).at(-1) as Hex
        const { holder, parent, grantor, grantee } = act.message
        return { type: 'GrantRegistered', grant: id, holder, parent, grantor, grantee }
      }
      case 'Revocation': {
        const { grant, revoker } = act.message
        verifyRevocation(act.chain, revoker, world, this.registries)
        return { type: 'GrantRevoked', grant, holder: act.chain[0]?.holder as Hex, revoker }
      }
      case 'EpochBump':
        return { type: 'EpochBumped', ...act.message }
      default:
        throw new TypeError('no act on grants')
    }
  }
}
