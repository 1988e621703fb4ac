import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import type { UseRecord, Uses } from '../../../node/uses/uses.ts'
import { callerOf } from '../registered/access.ts'
import type { Context } from '../route.ts'
import { presentUse } from './present.ts'

export interface LiveParts {
  readonly uses: Pick<Uses, 'ofHolder' | 'onRecorded'>
  readonly directory: Pick<PartyDirectory, 'departmentOf'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface LiveRequest {
  readonly holder: Hex
  /** Index of the last event that the client has; undefined: only what comes. */
  readonly after: number | undefined
  /** Asked before each event: who was a holder's account may be one no longer. */
  readonly isAllowed: () => boolean
}

/** Milliseconds: proxies take a connection for dead after a minute or so. */
const HEARTBEAT = 15_000
const MOST_OF_ACCOUNT = 8
const MOST = 500
/** Events that were missed and are sent again; whoever missed more reads the list. */
const REPLAYED = 200
/** Read at once of the list, newest first: as a rule one is new. */
const PAGE = 8
/** Bytes that a client may leave unread: it comes back, and goes on where it was. */
const UNREAD = 256 * 1024

/** Uses of what a holder holds, as they happen: Server-Sent Events (HTML, §9.2). */
export class LiveUses {
  readonly #parts: LiveParts
  readonly #streams = new Map<object, { readonly account: Hex; readonly end: () => void }>()
  #closed = false

  constructor(parts: LiveParts) {
    this.#parts = parts
  }

  /** Answers, and goes on after it has returned. @throws LedgerError tooMany/STREAMS_TOO_MANY */
  async open(ctx: Context, request: LiveRequest): Promise<void> {
    const { account, expiresAt, onEnd } = callerOf(ctx)
    const after = request.after ?? (await this.#newest(request.holder))
    this.#requireRoom(account)
    const { res } = ctx
    ctx.respond = false
    // Whoever left by now is told nothing, and no end would come that clears up.
    if (res.destroyed) return
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      // Proxies that gather answers would hold events back.
      'X-Accel-Buffering': 'no',
    })
    res.write(': connected\n\n')
    ctx.req.setTimeout(0)

    const stop = this.#follow(ctx, request, after)
    const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT)
    // A session ends what was opened in it.
    const end = () => res.end()
    const expiry = setTimeout(end, Math.max(0, expiresAt - this.#parts.now()))
    const stay = onEnd(end)
    this.#streams.set(res, { account, end })
    res.once('close', () => {
      stop()
      stay()
      clearInterval(heartbeat)
      clearTimeout(expiry)
      this.#streams.delete(res)
    })
  }

  get count(): number {
    return this.#streams.size
  }

  /** Ends all of them, so that a server can stop. */
  close(): void {
    this.#closed = true
    for (const { end } of this.#streams.values()) end()
  }

  #requireRoom(account: Hex): void {
    if (this.#closed) throw new LedgerError('unavailable', 'LEDGER_CLOSED')
    const own = [...this.#streams.values()].filter((stream) => stream.account === account)
    if (this.#streams.size >= MOST || own.length >= MOST_OF_ACCOUNT)
      throw new LedgerError('tooMany', 'STREAMS_TOO_MANY', { limit: MOST_OF_ACCOUNT })
  }

  /** Index of the newest use; what comes has a higher one. */
  async #newest(holder: Hex): Promise<number> {
    const { items } = await this.#parts.uses.ofHolder(holder, { limit: 1 })
    return items[0]?.index ?? -1
  }

  /**
   * Events are those of the list, in the order of the log: whoever comes back after one has all before it, though of two
   * answers at the same moment the later may be told first. Answers how to stop.
   */
  #follow(ctx: Context, request: LiveRequest, after: number): () => void {
    const { uses } = this.#parts
    let last = after
    let work: Promise<void> = Promise.resolve()
    const sendTo = async (index: number) => {
      if (index <= last) return
      for (const use of await this.#since(ctx, request.holder, last))
        if (await this.#send(ctx, use, request)) last = use.index
    }
    const enqueue = (index: number) => {
      work = work
        .then(() => sendTo(index))
        .catch((error: unknown) => {
          // Cut short: the client comes back and goes on after the last event it has.
          ctx.res.destroy(error instanceof Error ? error : undefined)
        })
    }
    const stop = uses.onRecorded(({ index, statement }) => {
      if (statement.holders.includes(request.holder)) enqueue(index)
    })
    enqueue(Infinity)
    return stop
  }

  /** Oldest first. */
  async #since(ctx: Context, holder: Hex, after: number): Promise<UseRecord[]> {
    const found: UseRecord[] = []
    let before: number | undefined
    while (found.length < REPLAYED) {
      const page = { limit: PAGE, ...(before !== undefined && { before }) }
      const { items, next } = await this.#parts.uses.ofHolder(holder, page)
      const newer = items.filter(({ index }) => index > after)
      found.push(...newer)
      if (newer.length < items.length || next === undefined) return found.toReversed()
      before = next
    }
    ctx.res.write('event: gap\ndata: {}\n\n')
    return found.toReversed()
  }

  async #send({ res }: Context, use: UseRecord, { isAllowed }: LiveRequest): Promise<boolean> {
    if (res.writableEnded || res.destroyed) return false
    if (!isAllowed()) {
      res.end()
      return false
    }
    if (res.writableLength > UNREAD) {
      res.destroy()
      return false
    }
    const data = JSON.stringify(await presentUse(use, this.#parts.directory))
    res.write(`id: ${use.index}\nevent: use\ndata: ${data}\n\n`)
    return true
  }
}
