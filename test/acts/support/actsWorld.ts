import { Acts } from '../../../node/acts/acts.ts'
import type { ActsParts, RelayedAct, Submission } from '../../../node/acts/acts.ts'
import { relayPolicy } from '../../../node/acts/policy.ts'
import type { RelayPolicy } from '../../../node/acts/policy.ts'
import type { BlockId } from '../../../node/chain/chain.ts'
import type { RegistryEvent, Relayer } from '../../../node/chain/registries.ts'
import type { SignedAct } from '../../../node/core/acts/acts.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { EMBEDDED_POLICY } from '../../../node/ledger/anchoring/policy.ts'
import { decodeIndex, idKey } from '../../../node/store/layout.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { until } from '../../chain/support/anvil.ts'
import type { TestAnvil } from '../../chain/support/anvil.ts'
import { addressOf, newAccount } from '../../chain/support/registryScene.ts'
import type { RegistryScene } from '../../chain/support/registryScene.ts'
import { openTestLog } from '../../support/log.ts'
import type { TestLog } from '../../support/log.ts'

type Step = 'gasLimit' | 'sign' | 'send' | 'transactionState'

const POLICY = relayPolicy(EMBEDDED_POLICY, {
  poll: 2,
  idlePoll: 2,
  backoff: { first: 2, max: 2 },
  perMinute: 1000,
  burst: 1000,
})

/** A node's acts on a real chain, with the accidents that may happen to it. */
export class ActsWorld {
  readonly anvil: TestAnvil
  readonly scene: RegistryScene
  readonly store = new MemoryKeyValueStore()
  /** Accounts that departments act by, where they changed. */
  readonly accounts = new Map<Hex, Hex>()
  /** Blocks that somebody waited for the mirror to reach. */
  readonly awaited: BlockId[] = []
  /** From this step on the chain is out of reach; `after` the step has happened. */
  broken: { readonly step: Step; readonly after: boolean } | undefined
  /** Every transaction handed to the chain. */
  readonly sent: Hex[] = []
  #log: TestLog | undefined
  #acts: Acts | undefined
  #isOut = false
  readonly #policy: RelayPolicy

  static async open(
    anvil: TestAnvil,
    scene: RegistryScene,
    policy: Partial<RelayPolicy> = {},
  ): Promise<ActsWorld> {
    const world = new ActsWorld(anvil, scene, { ...POLICY, ...policy })
    await world.start()
    return world
  }

  private constructor(anvil: TestAnvil, scene: RegistryScene, policy: RelayPolicy) {
    this.anvil = anvil
    this.scene = scene
    this.#policy = policy
  }

  get acts(): Acts {
    if (this.#acts === undefined) throw new Error('not running')
    return this.#acts
  }

  get log(): TestLog {
    if (this.#log === undefined) throw new Error('not running')
    return this.#log
  }

  async start(parts: Partial<ActsParts> = {}): Promise<void> {
    const log = await openTestLog({ store: this.store })
    this.#log = log
    this.#acts = await Acts.open({
      ledger: {
        append: (draft) => log.writer.append(draft),
        findIndex: async (id) => {
          const found = await this.store.get(idKey(log.ring.blind('id', id)))
          return found && decodeIndex(found)
        },
        openStatement: (index) => log.reader.openStatement(index),
        evidence: (index) => log.reader.evidence(index),
      },
      store: this.store,
      ring: log.ring,
      chain: this.scene.chain,
      relayer: this.#breakable(this.scene.relayer),
      accounts: { accountOf: (party) => this.accounts.get(party) ?? party },
      reached: async (block) => void this.awaited.push(block),
      policy: this.#policy,
      clock: systemClock,
      random: () => 0,
      ...parts,
    })
  }

  /** The process ends and another begins, on what the first had stored. */
  async restart(): Promise<void> {
    await this.close()
    this.broken = undefined
    this.#isOut = false
    await this.start()
  }

  async close(): Promise<void> {
    await this.#acts?.close()
    await this.#log?.writer.close()
  }

  /** Waits for the answer, and then until it is settled where that follows at once. */
  async submit(act: SignedAct, submission: Submission = {}) {
    const answer = await this.acts.submit(act, { wait: AbortSignal.timeout(20_000), ...submission })
    const isSettling = answer.state === 'mined' && this.#policy.finalDepth === 1
    return isSettling ? { ...answer, ...(await this.untilState(answer.id, 'final')) } : answer
  }

  untilState(id: string, ...states: RelayedAct['state'][]): Promise<RelayedAct> {
    return until(
      () => this.acts.find(id),
      (act) => act !== undefined && states.includes(act.state),
    ) as Promise<RelayedAct>
  }

  async untilSent(count: number): Promise<void> {
    await until(
      () => Promise.resolve(this.sent.length),
      (sent) => sent >= count,
    )
  }

  /** Calls a contract, or creates one, from an account of anybody; answers its address. */
  async transact(to: Hex | undefined, data: Hex): Promise<Hex> {
    const from = addressOf(newAccount())
    await this.anvil.call('anvil_setBalance', from, `0x${(10n ** 20n).toString(16)}`)
    await this.anvil.call('anvil_impersonateAccount', from)
    const request = { from, data, ...(to && { to }) }
    const transaction = await this.anvil.call('eth_sendTransaction', request)
    const receipt = (await until(
      () => this.anvil.call('eth_getTransactionReceipt', transaction),
      (found) => found !== null,
    )) as { contractAddress: Hex | null }
    return receipt.contractAddress ?? (to as Hex)
  }

  /** Of this scene's registries, from the first block to the last. */
  async events(type: RegistryEvent['type']): Promise<RegistryEvent[]> {
    const { number } = await this.scene.chain.head()
    const events = await this.scene.chain.events(0, number)
    return events.filter((event) => event.type === type)
  }

  async mined(): Promise<number> {
    return (await this.scene.relayer.nonces()).mined
  }

  #breakable(relayer: Relayer): Relayer {
    const wrap =
      <A extends unknown[], R>(step: Step, call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const isHere = this.broken?.step === step
        if (this.#isOut || (isHere && !this.broken?.after)) throw outOfReach()
        const answer = await call(...args)
        // From here on nothing is known of the chain.
        if (isHere) this.#isOut = true
        if (this.#isOut) throw outOfReach()
        return answer
      }
    return {
      account: relayer.account,
      prepare: () => relayer.prepare(),
      finalized: () => relayer.finalized(),
      nonces: () => relayer.nonces(),
      marketFees: () => relayer.marketFees(),
      gasLimit: wrap('gasLimit', (act: SignedAct) => relayer.gasLimit(act)),
      sign: wrap('sign', (...args: Parameters<Relayer['sign']>) => relayer.sign(...args)),
      send: wrap('send', async (...args: Parameters<Relayer['send']>) => {
        await relayer.send(...args)
        this.sent.push(args[0].transaction)
      }),
      transactionState: wrap(
        'transactionState',
        (...args: Parameters<Relayer['transactionState']>) => relayer.transactionState(...args),
      ),
    }
  }
}

function outOfReach(): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_UNREACHABLE')
}
