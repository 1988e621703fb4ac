import { parentPort } from 'node:worker_threads'
import { isLedgerError } from '../core/errors.ts'
import { examineCopy } from './examineCopy.ts'
import type { ExaminedCopy } from './examineCopy.ts'

/** Nothing found where it is no document that the ledger makes. */
export interface Examination {
  readonly found?: ExaminedCopy | undefined
}

const port = parentPort
if (port === null) throw new TypeError('only works as a worker')

port.on('message', (bytes: Uint8Array) => {
  void examine(bytes).then((examination) => port.postMessage(examination))
})

async function examine(bytes: Uint8Array): Promise<Examination> {
  try {
    return { found: await examineCopy(bytes) }
  } catch (error) {
    if (!isLedgerError(error, 'DERIVED_COPY_MALFORMED')) throw error
    return {}
  }
}
