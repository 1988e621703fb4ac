import { Interface } from 'ethers'
import type { SignedAct } from '../../core/acts/acts.ts'
import { STRUCTS } from '../../core/acts/structs.ts'
import type { Registries } from '../../core/parties/registries.ts'
import certificateRegistry from '../artifacts/CertificateRegistry.json' with { type: 'json' }
import grantRegistry from '../artifacts/GrantRegistry.json' with { type: 'json' }
import partyRegistry from '../artifacts/PartyRegistry.json' with { type: 'json' }
import type { Hex } from '../chain.ts'

/** The acts as calls of the registries. */

const abis = {
  parties: new Interface(partyRegistry.abi),
  certificates: new Interface(certificateRegistry.abi),
  grants: new Interface(grantRegistry.abi),
}

/**
 * An empty signature says that the sender acts for itself, which a relayer never does: otherwise its own address could
 * be made a department, or the grantee of a grant, and would have agreed to whatever is sent.
 */
const NO_SIGNATURE = '0x00'

/**
 * Gas that an act may use. The dearest honest one, a use eight grants deep, needs a third of it; each type permitted is
 * a slot or two more. What a contract account does to check a signature is its own affair up to here, and the relayer
 * pays.
 */
export function gasCapOf(act: SignedAct): number {
  return 1_500_000 + (act.type === 'TypesChange' ? 100_000 * act.message.types.length : 0)
}

/** Whom to call with what, so that the act counts. */
export function encodeAct(act: SignedAct, registries: Registries): { to: Hex; data: Hex } {
  const { registry } = STRUCTS[act.type]
  const [method, ...args] = callOf(act)
  const data = abis[registry].encodeFunctionData(method, args) as Hex
  return { to: registries[registry], data }
}

function callOf(act: SignedAct): [method: string, ...args: unknown[]] {
  switch (act.type) {
    case 'Accreditation':
      return ['accredit', act.message, act.signature, act.accountSignature ?? NO_SIGNATURE]
    case 'TypesChange':
      return ['permitTypes', act.message, act.signature]
    case 'StandingChange':
      return ['changeStanding', act.message, act.signature]
    case 'Rekeying':
      return ['rekey', act.message, act.signature, act.accountSignature]
    case 'HolderBinding':
      return ['bindAccount', act.message, act.signature]
    case 'HolderRelease':
      return ['releaseAccount', act.message, act.signature]
    case 'StatusChange':
      return ['changeStatus', act.message, act.signature]
    case 'Grant':
      return ['register', act.chain, act.signature]
    case 'Revocation':
      return ['revoke', act.chain, act.message.revoker, act.signature]
    case 'EpochBump':
      return ['bumpEpoch', act.message.account, act.message.epoch, act.signature]
    // A use: all other types are above.
    default:
      return ['use', act.chain, act.message, act.signature, act.granteeSignature ?? NO_SIGNATURE]
  }
}

export function encodeNonceOf(department: Hex): Hex {
  return abis.parties.encodeFunctionData('nonceOf', [department]) as Hex
}

const erc1271 = new Interface(['function isValidSignature(bytes32, bytes) view returns (bytes4)'])
const ACCEPTED = `${erc1271.getFunction('isValidSignature')?.selector}${'0'.repeat(56)}`

export function encodeIsValidSignature(digest: Uint8Array, signature: Hex): Hex {
  return erc1271.encodeFunctionData('isValidSignature', [digest, signature]) as Hex
}

/** As OpenZeppelin's SignatureChecker reads it: the first word is the selector, and nothing behind it. */
export function isAccepted(answer: Hex): boolean {
  return answer.slice(0, 66) === ACCEPTED
}
