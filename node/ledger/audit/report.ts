import { finding } from './findings.ts'
import type { Finding, FindingCode, FindingLevel } from './findings.ts'

/** Takes what a pass finds. The same finding twice counts once: several checks may meet the same damage. */
export class Report {
  readonly counts: Record<FindingLevel, number> = { fault: 0, unknown: 0, note: 0 }
  readonly #seen = new Set<string>()
  #waiting: Finding[] = []

  add(code: FindingCode, where: string, details?: Parameters<typeof finding>[2]): void {
    this.take(finding(code, where, details))
  }

  /** A finding that somebody else made. */
  take(found: Finding): void {
    const name = `${found.code} ${found.where}`
    if (this.#seen.has(name)) return
    this.#seen.add(name)
    this.counts[found.level]++
    this.#waiting.push(found)
  }

  get result(): 'pass' | 'fail' | 'unknown' {
    const { fault, unknown } = this.counts
    if (fault > 0) return 'fail'
    return unknown > 0 ? 'unknown' : 'pass'
  }

  /**
   * Runs a pass and yields what it finds, as it finds it.
   *
   * @throws the signal's reason when it aborts
   */
  async *collect<Result>(
    pass: Pass<Result>,
    signal?: AbortSignal,
  ): AsyncGenerator<Finding, Result, void> {
    try {
      for (;;) {
        signal?.throwIfAborted()
        const { done, value } = await pass.next()
        const waiting = this.#waiting
        this.#waiting = []
        yield* waiting
        if (done) return value
      }
    } finally {
      // Ended early, it gives back what it has open.
      await pass.return(undefined as Result)
    }
  }
}

/** One pass of the audit: it reports as it goes, and yields wherever other work may get its turn. */
export type Pass<Result = void> = AsyncGenerator<void, Result, void>

/** Lets requests and writes that wait be served. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
