/** Lets what concerns the same thing happen one after the other, and everything else at once. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs a step once all that came before it for the same thing are through, however they ended. */
  async take<T>(thing: string, step: () => Promise<T>): Promise<T> {
    const before = this.#last.get(thing)
    const turn = before === undefined ? step() : before.then(step, step)
    this.#last.set(thing, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(thing) === turn) this.#last.delete(thing)
    }
  }
}
