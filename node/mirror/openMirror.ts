import type { BlockId, Head } from '../chain/chain.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import { Certificates } from './certificates.ts'
import { Departments } from './departments.ts'
import { Follower } from './follower.ts'
import type { MirrorEvent } from './follower.ts'
import { Grants } from './grants.ts'
import { Holders } from './holders.ts'
import type { Mirror, MirrorChange, MirrorStatus, MirrorWorld } from './mirror.ts'
import type { Clock, MirrorPolicy } from './policy.ts'
import { MirrorState } from './state.ts'
import { RegistryWorld } from './world.ts'

/** Goes up when the records are written in another form: the mirror is then made anew. */
const VERSION = 1

export interface MirrorParts {
  readonly store: KeyValueStore
  readonly chain: RegistryChain
  /** The block that deployed the first of the registries, or any before it. */
  readonly from: number
  /** Blocks with events that are remembered, 257 if not given: all but the oldest can be taken back. */
  readonly keptBlocks?: number
  readonly policy: MirrorPolicy
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number
  readonly report?: (event: MirrorEvent) => void
}

/** Opens the mirror and follows the chain, until it is closed. The chain may be out of reach. */
export async function openMirror(parts: MirrorParts): Promise<Mirror> {
  const mirror = await RegistryMirror.open(parts)
  mirror.start()
  return mirror
}

export class RegistryMirror implements Mirror {
  readonly departments: Departments
  readonly holders: Holders
  readonly certificates: Certificates
  readonly grants: Grants
  readonly #state: MirrorState
  readonly #follower: Follower
  readonly #listeners = new Set<(change: MirrorChange) => void>()

  private constructor(state: MirrorState, parts: MirrorParts) {
    this.#state = state
    this.departments = new Departments(state)
    this.holders = new Holders(state)
    this.certificates = new Certificates(state)
    this.grants = new Grants(state)
    this.#follower = new Follower({
      ...parts,
      state,
      changed: (change) => {
        for (const listener of this.#listeners) listener(change)
      },
    })
  }

  static async open(parts: MirrorParts): Promise<RegistryMirror> {
    const { chainId, parties, certificates, grants } = parts.chain.registries
    const registries = { chainId, parties, certificates, grants }
    const identity = { v: VERSION, registries, from: parts.from }
    return new RegistryMirror(
      await MirrorState.open(parts.store, identity, parts.keptBlocks),
      parts,
    )
  }

  start(): void {
    this.#follower.start()
  }

  /** One look at the chain, where `start` was not called; answers the pause until the next, in milliseconds. */
  look(): Promise<number> {
    return this.#follower.look()
  }

  get block(): Head | undefined {
    return this.#state.block
  }

  age(): number {
    return this.#follower.age()
  }

  assertFresh(): void {
    this.#follower.assertFresh()
  }

  world(time: number): MirrorWorld {
    return new RegistryWorld(this, this.#follower.assertFresh(), time)
  }

  reached(block: BlockId, signal: AbortSignal): Promise<void> {
    return this.#follower.reached(block, signal)
  }

  onChange(listener: (change: MirrorChange) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  status(): MirrorStatus {
    return this.#follower.status()
  }

  wake(): void {
    this.#follower.wake()
  }

  rebuild(): Promise<void> {
    return this.#follower.rebuild()
  }

  close(): Promise<void> {
    return this.#follower.close()
  }
}
