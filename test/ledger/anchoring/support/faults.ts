import type { Chain } from '../../../../node/chain/chain.ts'
import type { AnchorStore } from '../../../../node/ledger/anchoring/ports.ts'

/** Not a LedgerError: nobody handles the end of the process. */
export class Crash extends Error {}

/** Counts calls, and lets one of them fail. */
export class Faults {
  /** Number of the call that fails, counted from 1; 0 for none. */
  readonly failing: number
  /** Whether it fails after it took effect. */
  readonly after: boolean
  readonly error: () => Error
  calls = 0
  /** Every call fails. */
  isDown = false

  constructor(failing: number, after: boolean, error: () => Error) {
    this.failing = failing
    this.after = after
    this.error = error
  }

  chain(chain: Chain): Chain {
    return this.#wrap(chain)
  }

  store(store: AnchorStore): AnchorStore {
    return this.#wrap(store)
  }

  #wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        if (name === 'close' || name === 'scan') return value.bind(target) as unknown
        return async (...args: unknown[]): Promise<unknown> => {
          const fails = ++this.calls === this.failing || this.isDown
          if (fails && !this.after) throw this.error()
          const result: unknown = await Reflect.apply(value, target, args)
          if (fails) throw this.error()
          return result
        }
      },
    })
  }
}
