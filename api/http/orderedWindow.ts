/** A bounded number of results under way, handed out in the order they were asked for. */
export class OrderedWindow<T> {
  readonly #limit: number
  readonly #results: Promise<T>[] = []
  #ended = false
  #changed: () => void = () => {}

  constructor(limit: number) {
    this.#limit = limit
  }

  get isEmpty(): boolean {
    return this.#results.length === 0
  }

  /** Resolves at once while there is room. */
  async hasRoom(): Promise<void> {
    while (this.#results.length >= this.#limit) await this.#change()
  }

  get isFull(): boolean {
    return this.#results.length >= this.#limit
  }

  add(result: Promise<T>): void {
    // Awaited in its turn: failing before that is no unhandled rejection.
    result.catch(() => {})
    this.#results.push(result)
    this.#changed()
  }

  /** No more will be added. */
  end(): void {
    this.#ended = true
    this.#changed()
  }

  /** @throws whatever a result rejects with */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const result = this.#results.shift()
      if (result !== undefined) {
        this.#changed()
        yield await result
      } else if (this.#ended) return
      else await this.#change()
    }
  }

  #change(): Promise<void> {
    // Both sides never wait at once: a full window has results to hand out.
    return new Promise((resolve) => (this.#changed = resolve))
  }
}
