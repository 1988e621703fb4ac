import type { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { ProgressBar } from '../progressBar.ts'
import type { ImportResult, Outcome } from './results.ts'

/** As a shell reports a process that Ctrl-C ended. */
const INTERRUPTED = 130
/** Failures that are told one by one; all of them stand in the results. */
const MOST_TOLD = 20

/** Why an import did not come to the end of its manifest. */
export type Ended = 'interrupted' | 'unreachable' | 'refused'

/** Counts what becomes of the lines of a manifest. */
export class ImportTally {
  readonly #context: Context
  readonly #bar: ProgressBar
  readonly #total: number
  readonly #started = performance.now()
  readonly #outcomes: Record<Outcome | 'skipped', number> = {
    created: 0,
    known: 0,
    quarantined: 0,
    failed: 0,
    skipped: 0,
  }

  /** @param total lines of the manifest, empty ones too */
  constructor(context: Context, total: number) {
    this.#context = context
    this.#total = total
    this.#bar = new ProgressBar('lines', context)
  }

  count(result: ImportResult): void {
    this.#outcomes[result.outcome]++
    this.#tell(result)
    this.#bar.update(this.#done, this.#total)
  }

  skip(): void {
    this.#outcomes.skipped++
    this.#bar.update(this.#done, this.#total)
  }

  #tell(result: ImportResult): void {
    if (this.#context.json) return this.#context.result(result, '')
    const { line, file, outcome, message = '', code = '', details } = result
    if (outcome !== 'failed' || this.#outcomes.failed > MOST_TOLD) return
    const what = file === undefined ? '' : ` ${file}`
    const why = details === undefined ? code : `${code} ${JSON.stringify(details)}`
    this.#bar.interrupt(() => this.#context.say(`line ${line}${what}: ${message} (${why})`))
    if (this.#outcomes.failed === MOST_TOLD)
      this.#context.say('Further failures are in the results.')
  }

  get #done(): number {
    return Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0)
  }

  /** Says it, and sets what the process ends with. */
  conclude(results: string, ended?: Ended): void {
    this.#bar.stop()
    // Nothing was read, so nothing came of it: the refusal says all.
    if (ended === 'refused') return
    const { created, known, skipped, quarantined, failed } = this.#outcomes
    const seconds = (performance.now() - this.#started) / 1000
    const rate = Math.round((this.#done - skipped) / Math.max(seconds, 0.001))
    const parts = [
      `${created} imported`,
      ...(known > 0 ? [`${known} were there already`] : []),
      ...(skipped > 0 ? [`${skipped} done before`] : []),
      ...(quarantined > 0 ? [`${quarantined} in quarantine: see once quarantine list`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(ended === undefined ? [] : ['the rest is left: run it again to go on']),
    ]
    this.#context.say(`${parts.join(', ')}. ${rate} lines/s. Results: ${results}`)
    if (ended === 'interrupted') process.exitCode = INTERRUPTED
    else if (ended === 'unreachable') process.exitCode = EXIT.unreachable
    else process.exitCode = failed > 0 ? EXIT.found : EXIT.ok
  }
}
