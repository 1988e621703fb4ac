/**
 * Lets what concerns the same thing happen one after the other, in the order in which it came, and everything else at
 * once.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /**
   * Runs a step once all that came before it for any of these things is through, however it ended. Each thing has its
   * queue; a step joins all of its queues at once, so that none waits for one that waits for it.
   */
  async take<T>(things: string | readonly string[], step: () => Promise<T>): Promise<T> {
    const names = typeof things === 'string' ? [things] : things
    const before = names.flatMap((name) => this.#last.get(name) ?? [])
    // How those before ended is for whoever asked for them.
    const turn = before.length === 0 ? step() : Promise.allSettled(before).then(step)
    for (const name of names) this.#last.set(name, turn)
    try {
      return await turn
    } finally {
      for (const name of names) if (this.#last.get(name) === turn) this.#last.delete(name)
    }
  }
}
