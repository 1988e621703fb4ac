import { keccak_256 } from '@noble/hashes/sha3.js'
import { STRUCTS } from '../acts/structs.ts'
import { concatBytes, utf8 } from '../bytes.ts'
import { decode0x, encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Registries } from '../parties/registries.ts'
import type { Grant } from './grant.ts'

const FIELDS = STRUCTS.Grant.fields
const GRANT = hashText(`Grant(${FIELDS.map(({ name, type }) => `${type} ${name}`).join(',')})`)
const DOMAIN = hashText(
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
)
const [NAME, VERSION] = [hashText('OnceLedger'), hashText('1')]

/** The EIP-712 digest of a grant: the same terms on another chain or contract are another grant. */
export function grantIdOf(grant: Grant, { chainId, grants }: Registries): Hex {
  const values = FIELDS.map(({ name }) => word(grant[name as keyof Grant]))
  const domain = keccak_256(concatBytes(DOMAIN, NAME, VERSION, word(chainId), word(grants)))
  return encode0x(
    keccak_256(
      concatBytes(Uint8Array.of(0x19, 0x01), domain, keccak_256(concatBytes(GRANT, ...values))),
    ),
  )
}

function word(value: Hex | number): Uint8Array {
  const text = typeof value === 'number' ? value.toString(16) : value.slice(2)
  return decode0x(`0x${text.padStart(64, '0')}`)
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8(text))
}
