import { finding } from './findings.ts'
import type { Finding, FindingCode, FindingLevel } from './findings.ts'

/** Takes what a pass finds. The same finding twice counts once: several checks may meet the same damage. */
export class Report {
  readonly counts: Record<FindingLevel, number> = { fault: 0, unknown: 0, note: 0 }
  readonly #seen = new Set<string>()
  #waiting: Finding[] = []

  add(code: FindingCode, where: string, details?: Parameters<typeof finding>[2]): void {
    const name = `${code} ${where}`
    if (this.#seen.has(name)) return
    this.#seen.add(name)
    const found = finding(code, where, details)
    this.counts[found.level]++
    this.#waiting.push(found)
  }

  /** What was found since the last call. */
  take(): Finding[] {
    const taken = this.#waiting
    this.#waiting = []
    return taken
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
