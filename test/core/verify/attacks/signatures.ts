import { KEYS } from '../world.ts'
import type { Attack } from './attack.ts'

export const SIGNATURE_ATTACKS: readonly Attack[] = [
  // signatures; only the chain knows what a contract account takes
  [
    'a request signed by somebody else',
    { signs: { user: KEYS.stranger } },
    { use: 'USE_SIGNATURE_OF_CONTRACT' },
  ],
  [
    'a grantee who did not sign',
    { signs: { grantee: KEYS.stranger } },
    { use: 'USE_SIGNATURE_OF_CONTRACT' },
  ],
  [
    'a grantee whose signature is missing',
    {
      receipt: ({ authorizations }) => ({
        authorizations: authorizations.map(({ chain, use, signature, openings }) => ({
          chain,
          use,
          signature,
          openings,
        })),
      }),
    },
    { use: 'USE_GRANTEE_SIGNATURE_MISSING' },
  ],
  [
    'a signature of 64 bytes',
    {
      authorization: ({ signature }) => ({ signature: signature.slice(0, -2) as typeof signature }),
    },
    { use: 'USE_SIGNATURE_OF_CONTRACT' },
  ],
  [
    'a signature with a wrong v',
    {
      authorization: ({ signature }) => ({
        signature: `${signature.slice(0, -2)}00` as typeof signature,
      }),
    },
    { use: 'USE_SIGNATURE_OF_CONTRACT' },
  ],
  [
    'a signature with s in the upper half',
    { authorization: ({ signature }) => ({ signature: withHighS(signature) }) },
    { use: 'USE_SIGNATURE_OF_CONTRACT' },
  ],
]

/** The other signature of the same key over the same digest (EIP-2). */
function withHighS<T extends string>(signature: T): T {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0')
  const v = signature.endsWith('1b') ? '1c' : '1b'
  return `${signature.slice(0, 66)}${s}${v}` as T
}
