import { parentPort } from 'node:worker_threads'
import type { ErrorKind } from '../core/errors.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Fact } from '../core/figures/facts.ts'
import { readFact } from './opening.ts'
import type { SealedStatement } from './statementScan.ts'

/** Statements, with their sealed bytes and data keys side by side. */
export interface FactOrder {
  readonly statements: readonly Omit<SealedStatement, 'sealed' | 'dataKey'>[]
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly lengths: readonly number[]
  /** 32 bytes each. */
  readonly dataKeys: Uint8Array<ArrayBuffer>
}

/** What an error consists of: its class does not come through. */
export type FactAnswer =
  | { readonly facts: readonly Fact[]; readonly failed?: undefined }
  | {
      readonly failed: {
        readonly kind: ErrorKind
        readonly code: string
        readonly details: Readonly<Record<string, unknown>>
      }
    }

parentPort?.on('message', (order: FactOrder) => parentPort?.postMessage(answer(order), []))

function answer({ statements, sealed, lengths, dataKeys }: FactOrder): FactAnswer {
  const facts: Fact[] = []
  let from = 0
  try {
    for (const [i, statement] of statements.entries()) {
      const to = from + (lengths[i] as number)
      const fact = readFact({
        ...statement,
        sealed: sealed.subarray(from, to),
        dataKey: dataKeys.subarray(32 * i, 32 * (i + 1)),
      })
      if (fact !== undefined) facts.push(fact)
      from = to
    }
    return { facts }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const { kind, code, details } = error
    return { failed: { kind, code, details } }
  }
}
