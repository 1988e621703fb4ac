import { parentPort, workerData } from 'node:worker_threads'
import type { ErrorKind } from '../core/errors.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { KeyWrapper } from '../store/sealing/keyWrapper.ts'
import type { WrappingKey } from '../store/sealing/keyWrapper.ts'
import { readDepartments, readFacts } from './opening.ts'
import { writeFacts } from './factRows.ts'
import type { FactRows } from './factRows.ts'
import type { StoredStatement } from './storedStatements.ts'
import { unpackStatements } from './packing.ts'
import type { PackedStatements } from './packing.ts'

/** What can be read of statements, by name. */
export interface Readings {
  readonly facts: { readonly found: FactRows; readonly erased: number }
  readonly departments: readonly (Hex | undefined)[]
}

export interface ReadingOrder {
  readonly what: keyof Readings
  readonly packed: PackedStatements
}

export type ReadingAnswer = {
  /** That of the order, for the next one. */
  readonly memory: ArrayBuffer
} & (
  | { readonly found: Readings[keyof Readings]; readonly failed?: undefined }
  | { readonly failed: Failure }
)

/** What an error consists of: its class does not come through. */
interface Failure {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
}

const keys = KeyWrapper.of(workerData as WrappingKey)
const READ = {
  facts: (stored: readonly StoredStatement[]): Readings['facts'] => {
    const { facts, erased } = readFacts(stored, keys)
    return { found: writeFacts(facts), erased }
  },
  departments: (stored: readonly StoredStatement[]) => readDepartments(stored, keys),
} as const

parentPort?.on('message', (order: ReadingOrder) => {
  const { memory } = order.packed
  parentPort?.postMessage({ memory, ...answer(order) }, [memory])
})

function answer({ what, packed }: ReadingOrder) {
  try {
    return { found: READ[what](unpackStatements(packed)) }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const { kind, code, details } = error
    return { failed: { kind, code, details } }
  }
}
