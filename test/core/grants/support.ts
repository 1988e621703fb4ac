import { isLedgerError } from '../../../node/core/errors.ts'
import type { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'

/** The LedgerError that an action throws; undefined when it succeeds. */
export function refusalOf(action: () => unknown): LedgerError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
}

/** Its code and details, as one value to compare. */
export function refused(action: () => unknown): [code: string, details: object] | undefined {
  const error = refusalOf(action)
  return error && [error.code, error.details]
}

export function maskOf(...bits: number[]): Hex {
  const mask = bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
  return `0x${mask.toString(16).padStart(64, '0')}`
}
