import { availableParallelism } from 'node:os'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { LedgerError } from '../../core/errors.ts'
import { WorkerCalls } from '../workerCalls.ts'
import type { Piece } from './pieces.ts'
import type { Order, SealedPiece } from './sealingWorker.ts'

/** Threads at most; they start with the first content and stay. */
const WORKERS = Math.min(2, availableParallelism())

/** One content that a worker hashes and seals. */
export interface SealingJob {
  /** Gives both buffers away; they come back with the answer. @throws LedgerError unavailable/SEALING_WORKER_LOST */
  seal(piece: Piece, into: ArrayBuffer): Promise<SealedPiece>
  /** The content is done, or not wanted any more. */
  end(): Promise<void>
}

interface SealingWorker {
  readonly calls: WorkerCalls<Order, SealedPiece | undefined>
  jobs: number
}

const workers: SealingWorker[] = []
let nextJob = 0

/** Begins a content on the worker that has the fewest. */
export function beginSealing(dataKey: Uint8Array, digests: readonly DigestAlgorithm[]): SealingJob {
  const worker = leastBusy()
  const job = nextJob++
  const begun = worker.calls.call({ is: 'begin', job, dataKey, digests }, [])
  // A worker that is lost says so with the first piece, too.
  begun.catch(() => undefined)
  worker.jobs++
  return {
    seal: async ({ bytes, last }, into) => {
      const order = { is: 'piece', job, bytes, last, into } as const
      const sealed = await worker.calls.call(order, [bytes.buffer, into])
      // Another worker, in place of the one that began.
      if (sealed === undefined) throw new LedgerError('unavailable', 'SEALING_WORKER_LOST')
      return sealed
    },
    end: async () => {
      worker.jobs--
      await worker.calls.call({ is: 'end', job }, []).catch(() => undefined)
    },
  }
}

function leastBusy(): SealingWorker {
  const [chosen] = workers.toSorted((a, b) => a.jobs - b.jobs)
  if (chosen !== undefined && (chosen.jobs === 0 || workers.length === WORKERS)) return chosen
  const url = new URL('sealingWorker.ts', import.meta.url)
  const added = { calls: new WorkerCalls<Order, SealedPiece | undefined>(url), jobs: 0 }
  workers.push(added)
  return added
}
