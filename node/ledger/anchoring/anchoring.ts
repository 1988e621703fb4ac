import { LedgerError } from '../../core/errors.ts'
import { Anchorer } from './anchorer.ts'
import type { AnchoringParts, AnchorTarget } from './anchorer.ts'
import type { AnchorRecord, AnchoringStatus } from './records.ts'

/** What the ledger sees of anchoring: every target chain on its own, none in the way of another. */
export interface Anchoring {
  /** A new checkpoint was published. Costs nothing; call it after each group. */
  wake(): void

  /** For each chain that has one: the smallest anchor that covers the entry and still stands on that chain. */
  anchorsCovering(index: number): Promise<AnchorRecord[]>

  /**
   * Resolves with the record once a checkpoint of at least this size is confirmed on any chain.
   * Rejects with the signal's reason when it aborts.
   * @throws LedgerError unavailable/ANCHORING_CLOSED
   * @throws LedgerError unavailable/ANCHORING_OFF when there is no chain
   */
  waitAnchored(size: number, signal: AbortSignal): Promise<AnchorRecord>

  /** In the order of configuration. */
  status(): AnchoringStatus[]

  /** Ends the looks and closes the chains, promptly. */
  close(): Promise<void>
}

/**
 * Starts anchoring on every target.
 *
 * @throws LedgerError invalid/ANCHOR_TARGET_INVALID a name is malformed or used twice
 * @throws LedgerError corrupt/ANCHOR_RECORD_MALFORMED
 */
export async function openAnchoring(
  targets: readonly AnchorTarget[],
  parts: AnchoringParts,
): Promise<Anchoring> {
  requireNames(targets)
  const anchorers: Anchorer[] = []
  for (const target of targets) anchorers.push(await Anchorer.open(target, parts))
  for (const anchorer of anchorers) anchorer.start()
  return {
    wake() {
      for (const anchorer of anchorers) anchorer.wake()
    },
    async anchorsCovering(index) {
      const found = await Promise.all(anchorers.map((anchorer) => anchorer.anchorCovering(index)))
      return found.filter((record) => record !== undefined)
    },
    waitAnchored: (size, signal) => waitForAny(anchorers, size, signal),
    status: () => anchorers.map((anchorer) => anchorer.status()),
    async close() {
      await Promise.all(anchorers.map((anchorer) => anchorer.close()))
    },
  }
}

function requireNames(targets: readonly AnchorTarget[]): void {
  const names = targets.map(({ name }) => name)
  const wrong = names.find(
    (name, index) => !/^[a-z0-9-]{1,32}$/.test(name) || names.indexOf(name) !== index,
  )
  if (wrong !== undefined) {
    throw new LedgerError('invalid', 'ANCHOR_TARGET_INVALID', { name: wrong })
  }
}

async function waitForAny(
  anchorers: readonly Anchorer[],
  size: number,
  signal: AbortSignal,
): Promise<AnchorRecord> {
  if (anchorers.length === 0) throw new LedgerError('unavailable', 'ANCHORING_OFF')
  const settled = new AbortController()
  const either = AbortSignal.any([signal, settled.signal])
  try {
    return await Promise.any(anchorers.map((anchorer) => anchorer.waitAnchored(size, either)))
  } catch {
    signal.throwIfAborted()
    throw new LedgerError('unavailable', 'ANCHORING_CLOSED')
  } finally {
    settled.abort()
  }
}
