import type { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { explain, formatExplained } from '../explain.ts'
import { ProgressBar } from '../progressBar.ts'
import type { FoundFile } from './files.ts'
import type { Outcome, Submitter } from './submitter.ts'

/** As a shell reports a process that Ctrl-C ended. */
const INTERRUPTED = 130

/** What became of the files of a run. */
export class Tally {
  /** The ledger does not answer: the files that are left would fare no better. */
  #isUnreachable = false
  readonly #context: Context
  readonly #bar: ProgressBar
  readonly #total: number
  readonly #stop: AbortSignal
  readonly #outcomes: Record<Outcome | 'failed', number> = {
    created: 0,
    known: 0,
    skipped: 0,
    failed: 0,
  }

  constructor(context: Context, total: number, stop: AbortSignal) {
    this.#context = context
    this.#total = total
    this.#stop = stop
    this.#bar = new ProgressBar('{value}/{total} files, {eta_formatted} left', context)
  }

  /** Nothing more is to be begun. */
  get isOver(): boolean {
    return this.#isUnreachable || this.#stop.aborted
  }

  async count(file: FoundFile, submit: () => ReturnType<Submitter['submitToFile']>): Promise<void> {
    try {
      const written = await submit()
      this.#outcomes[written.outcome]++
      if (this.#context.json) this.#context.result(written, '')
    } catch (error) {
      this.#fail(file, error)
    }
    this.#bar.update(this.#done, this.#total)
  }

  #fail(file: FoundFile, error: unknown): void {
    // Given up by Ctrl-C: neither done nor failed.
    if (error === this.#stop.reason) return
    this.#outcomes.failed++
    const { exitCode, ...explained } = explain(error)
    if (exitCode === EXIT.unreachable) this.#isUnreachable = true
    this.#bar.interrupt(() => {
      if (this.#context.json) this.#context.result({ file: file.path, error: explained }, '')
      else this.#context.say(`${file.path}: ${formatExplained(explained)}`)
    })
  }

  get #done(): number {
    return Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0)
  }

  /** Says it, and sets what the process ends with. */
  conclude(): void {
    this.#bar.stop()
    const { created, known, skipped, failed } = this.#outcomes
    const left = this.#total - this.#done
    const parts = [
      `${created} submitted`,
      ...(known > 0 ? [`${known} were there already`] : []),
      ...(skipped > 0 ? [`${skipped} done before`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(left > 0 ? [`${left} left: run it again to go on`] : []),
    ]
    this.#context.say(`${parts.join(', ')}.`)
    if (this.#stop.aborted) process.exitCode = INTERRUPTED
    else if (this.#isUnreachable) process.exitCode = EXIT.unreachable
    else process.exitCode = failed > 0 ? EXIT.found : EXIT.ok
  }
}
