import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { computeAddress } from 'ethers'
import { z } from 'zod'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import { decode0x } from '../../core/ethereum/hex.ts'
import * as answers from '../ethers/answers.ts'
import { Rpc } from '../ethers/rpc.ts'
import { findFreePort, runAnvil } from './anvil.ts'
import type { AnvilProcess } from './anvil.ts'
import { ChainFiles } from './files.ts'
import { endOrphan, forgetProcess, noteProcess } from './orphan.ts'

export interface EmbeddedChainOptions {
  /** Kept from start to start: state, and the keys of the accounts that pay. */
  readonly folder: string
  readonly chainId?: number
  /** What an operator should know of; never holds a secret. */
  readonly report?: (event: EmbeddedChainEvent) => void
}

export type EmbeddedChainEvent =
  /** The state could not be read and was set aside: the chain goes on from the one before. */
  | { readonly type: 'fellBack'; readonly said: string }
  /** No state could be read: the chain starts from nothing. */
  | { readonly type: 'reset'; readonly said: string }
  /** The program ended by itself and is started again. */
  | { readonly type: 'restarted'; readonly said: string }

export interface EmbeddedChain {
  /** Stays the same until `close`. */
  readonly url: string
  readonly chainId: number
  /** Private key of the operator, who has coins enough. */
  readonly key: string
  /** Private key of the account that pays for the acts of others, and has coins enough for it. */
  readonly relayerKey: string
  /** Writes the state while the chain runs; also done by itself. For tests and backups. */
  save(): Promise<void>
  close(): Promise<void>
}

const CHAIN_ID = 31_337
/** Milliseconds between looks at whether there is something new to save. */
const SAVE_INTERVAL = 5_000
/** The longer the chain, the more saving costs: no more than one part in this many of the time goes into it. */
const SAVE_SHARE = 100
/** Milliseconds for one request, and for the program to get ready. */
const TIMEOUT = 20_000
const PAUSE = 10
/** Starts before a port that is always taken, or any other trouble, is a failure. */
const ATTEMPTS = 5
/** Milliseconds before it is started again, ever longer while that fails. */
const RESTART_PAUSES = [100, 1_000, 10_000]
const COINS = 10n ** 24n

/**
 * A chain of one's own for a ledger that has none: anvil, which makes a block for each transaction.
 *
 * The program saves its state as it ends, also when this process is killed, and it is saved here
 * from time to time. What a power cut takes since then is anchored again.
 */
export async function startEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const runner = new Runner(options)
  await runner.start()
  return runner
}

class Runner implements EmbeddedChain {
  readonly chainId: number
  readonly #files: ChainFiles
  readonly #report: (event: EmbeddedChainEvent) => void
  readonly #closing = new AbortController()
  #tasks: Promise<void>[] = []
  #process: AnvilProcess | undefined
  #rpc: Rpc | undefined
  #port = 0
  #key = ''
  #relayerKey = ''
  #savedBlock = -1

  constructor({ folder, chainId = CHAIN_ID, report = () => undefined }: EmbeddedChainOptions) {
    this.chainId = chainId
    this.#files = new ChainFiles(resolve(folder))
    this.#report = report
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get key(): string {
    return this.#key
  }

  get relayerKey(): string {
    return this.#relayerKey
  }

  async start(): Promise<void> {
    this.#key = await this.#files.keyOf('operator')
    this.#relayerKey = await this.#files.keyOf('relayer')
    await endOrphan(this.#files.process, this.#files.next)
    await this.#run()
    this.#tasks = [this.#keepRunning(), this.#keepSaved()]
  }

  async save(): Promise<void> {
    const head = await this.#call('eth_blockNumber', [], answers.Count)
    if (head === this.#savedBlock) return
    const dump = await this.#call('anvil_dumpState', [], answers.Bytes)
    await this.#files.saveState(decode0x(dump))
    this.#savedBlock = head
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#tasks)
    await this.#process?.stop()
    await this.#files.adoptNext()
    await forgetProcess(this.#files.process)
  }

  async #run(): Promise<void> {
    await this.#files.adoptNext()
    for (let attempt = 1; ; attempt++) {
      // The address must not change while somebody uses it.
      this.#port ||= await findFreePort()
      const said = await this.#tryRun()
      if (said === undefined) return
      if (/parse json file|load-state/i.test(said) && (await this.#files.hasState())) {
        const type = (await this.#files.fallBack()) ? 'fellBack' : 'reset'
        this.#report({ type, said })
      } else if (attempt < ATTEMPTS && /in use/i.test(said)) {
        if (this.#process === undefined) this.#port = 0
      } else {
        throw new LedgerError('unavailable', 'EMBEDDED_CHAIN_FAILED', { said })
      }
    }
  }

  /** Answers what the program said when it ended before it was ready. */
  async #tryRun(): Promise<string | undefined> {
    const running = runAnvil(this.#port, await this.#programOptions())
    const gone = new AbortController()
    const said = running.ended.finally(() => gone.abort())
    await noteProcess(this.#files.process, running.pid)
    const signal = AbortSignal.any([this.#closing.signal, gone.signal])
    const rpc = new Rpc({ url: this.url, timeout: TIMEOUT, signal })
    try {
      await this.#untilReady(rpc)
      this.#process = running
      this.#savedBlock = -1
      this.#rpc = rpc
      return undefined
    } catch (error) {
      if (gone.signal.aborted) return said
      await running.stop()
      throw error
    }
  }

  async #programOptions(): Promise<string[]> {
    const state = (await this.#files.hasState()) ? ['--load-state', this.#files.state] : []
    return [
      `--chain-id ${this.chainId} --hardfork prague --quiet`,
      // No account but ours has coins, and no web page may speak to it.
      '--accounts 0 --no-cors',
      // The states of old blocks would fill the disk: 0.3 MB a block.
      '--prune-history 64 --transaction-block-keeper 10000',
    ]
      .flatMap((options) => options.split(' '))
      .concat(state, '--dump-state', this.#files.next)
  }

  async #untilReady(rpc: Rpc): Promise<void> {
    const end = performance.now() + TIMEOUT
    while (!(await this.#isReady(rpc, end))) await sleep(PAUSE)
    for (const key of [this.#key, this.#relayerKey]) await this.#fund(rpc, computeAddress(key))
  }

  /**
   * Only when it is needed: it changes the state without a block, and the newest block could prove nothing any more.
   */
  async #fund(rpc: Rpc, account: string): Promise<void> {
    const balance = await rpc.call('eth_getBalance', [account, 'latest'], answers.Amount)
    if (balance >= COINS / 2n) return
    await rpc.call('anvil_setBalance', [account, `0x${COINS.toString(16)}`], z.unknown())
  }

  async #isReady(rpc: Rpc, end: number): Promise<boolean> {
    try {
      const chainId = await rpc.call('eth_chainId', [], answers.Count)
      if (chainId === this.chainId) return true
      throw new LedgerError('unavailable', 'CHAIN_ID_CHANGED', { expected: this.chainId, chainId })
    } catch (error) {
      if (isLedgerError(error, 'CHAIN_UNREACHABLE') && performance.now() < end) return false
      throw error
    }
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#closing
    const closed = new Promise<undefined>((done) => {
      signal.addEventListener('abort', () => done(undefined), { once: true })
    })
    for (let failures = 0; ;) {
      const said = await Promise.race([this.#process?.ended, closed])
      if (signal.aborted || said === undefined) return
      const pause = RESTART_PAUSES[Math.min(failures, RESTART_PAUSES.length - 1)]
      await sleep(pause, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      try {
        await this.#run()
        failures = 0
        this.#report({ type: 'restarted', said })
      } catch {
        failures++
      }
    }
  }

  async #keepSaved(): Promise<void> {
    const { signal } = this.#closing
    for (let pause = SAVE_INTERVAL; ;) {
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      const begun = performance.now()
      // A failure costs nothing now: it is tried again, and the program saves itself as it ends.
      await this.save().catch(() => undefined)
      pause = Math.max(SAVE_INTERVAL, (performance.now() - begun) * SAVE_SHARE)
    }
  }

  #call<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    if (this.#rpc === undefined) throw new TypeError('the chain was not started')
    return this.#rpc.call(method, params, schema)
  }
}
