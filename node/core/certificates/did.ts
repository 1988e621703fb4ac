import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'

const SHAPE = /^did:pkh:eip155:([1-9]\d{0,15}):(0x[0-9a-f]{40})$/

/** did:pkh of an account on an EVM chain (CAIP-10), lower case alone: one spelling for each. */
export function formatDid(chainId: number, address: Hex): string {
  return `did:pkh:eip155:${chainId}:${address}`
}

/** @throws LedgerError invalid/CREDENTIAL_MALFORMED */
export function parseDid(text: string): { chainId: number; address: Hex } {
  const [, chainId, address] = SHAPE.exec(text) ?? []
  if (!Number.isSafeInteger(Number(chainId)) || address === undefined) {
    throw new LedgerError('invalid', 'CREDENTIAL_MALFORMED', { reason: 'not a did:pkh' })
  }
  return { chainId: Number(chainId), address: address as Hex }
}
