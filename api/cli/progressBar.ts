import { Presets, SingleBar } from 'cli-progress'
import type { Context } from './context.ts'

/** How far a long command has come: on stderr, and only where somebody looks at it. */
export class ProgressBar {
  readonly #bar: SingleBar | undefined
  #isRunning = false

  constructor(unit: string, { json }: Pick<Context, 'json'>) {
    if (json || !process.stderr.isTTY) return
    const format = `{bar} {value}/{total} ${unit} {eta_formatted}`
    this.#bar = new SingleBar(
      { format, stream: process.stderr, clearOnComplete: true },
      Presets.rect,
    )
  }

  update(done: number, total: number): void {
    if (!this.#bar || total === 0) return
    if (!this.#isRunning) this.#bar.start(total, done)
    this.#isRunning = true
    this.#bar.setTotal(total)
    this.#bar.update(done)
  }

  /** Where nobody knows how much there will be. */
  count(done: number): void {
    this.update(Math.round(done), Math.round(done))
  }

  /** Lets something be written where the bar stands. */
  interrupt(write: () => void): void {
    if (this.#isRunning) process.stderr.write('\r\u001b[K')
    write()
  }

  stop(): void {
    if (this.#isRunning) this.#bar?.stop()
    this.#isRunning = false
  }
}
