import { Interface } from 'ethers'
import { isRefusalName, refusal } from '../../core/acts/refusals.ts'
import { LedgerError } from '../../core/errors.ts'
import certificateRegistry from '../artifacts/CertificateRegistry.json' with { type: 'json' }
import grantRegistry from '../artifacts/GrantRegistry.json' with { type: 'json' }
import partyRegistry from '../artifacts/PartyRegistry.json' with { type: 'json' }
import type { Hex } from '../chain.ts'

/** What a registry reverted with: an error of its own, or one of the party registry that it asked. */
const errors = new Interface(
  [partyRegistry, certificateRegistry, grantRegistry]
    .flatMap(({ abi }) => abi)
    .filter(({ type }) => type === 'error'),
)

/** Name of the contract's own error; `unknown` when it is none of them. */
export function registryErrorName(revertData: Hex | undefined): string {
  return parse(revertData)?.name ?? 'unknown'
}

/** The error to throw for it; conflict/ACT_REVERTED when the node does not tell why. */
export function registryRefusal(revertData: Hex | undefined): LedgerError {
  const parsed = parse(revertData)
  if (parsed === undefined || !isRefusalName(parsed.name)) return unexplained()
  const details = parsed.fragment.inputs.map(({ name }, i) => [name, plain(parsed.args[i])])
  return refusal(parsed.name, Object.fromEntries(details) as Record<string, unknown>)
}

function parse(revertData: Hex | undefined) {
  try {
    return (revertData && errors.parseError(revertData)) ?? undefined
  } catch {
    return undefined
  }
}

/** As JSON has it: small numbers as such, masks as hex. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `0x${value.toString(16)}`
  }
  return typeof value === 'string' ? value.toLowerCase() : value
}

function unexplained(): LedgerError {
  return new LedgerError('conflict', 'ACT_REVERTED')
}
