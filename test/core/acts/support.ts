import fc from 'fast-check'
import { SignedAct, type Act, type ActType } from '../../../node/core/acts/acts.ts'
import { STRUCTS, type StructField } from '../../../node/core/acts/structs.ts'
import { encode0x, type Hex } from '../../../node/core/ethereum/hex.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'

export const ACT_TYPES = Object.keys(STRUCTS) as ActType[]

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => encode0x(value))

export const arbitraryAddress = hex(20)

function arbitraryField({ name, type }: StructField): fc.Arbitrary<unknown> {
  if (name === 'standing') return fc.integer({ min: 0, max: 2 })
  if (type === 'address') return arbitraryAddress
  if (type === 'bool') return fc.boolean()
  if (type === 'bytes32' || type === 'uint256') return hex(32)
  if (type === 'bytes32[]') return fc.array(hex(32), { minLength: 1, maxLength: 5 })
  return fc.maxSafeNat().map((value) => value % 2 ** Number(type.slice(4)))
}

/** Any act of a type, as its schema takes it. */
export function arbitraryAct(type: ActType): fc.Arbitrary<Act> {
  const members = STRUCTS[type].fields.map((field) => [field.name, arbitraryField(field)])
  const message = fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>)
  return message.map((message) => parseAct({ type, message }))
}

/** Through the schema of the act; signatures and chain, which it also wants, are made up and dropped. */
function parseAct({ type, message }: { type: ActType; message: unknown }): Act {
  const signature = `0x${'11'.repeat(65)}`
  const more = {
    Rekeying: { accountSignature: signature },
    Grant: { chain: [message] },
    Revocation: { chain: [GRANT] },
    Use: { chain: [GRANT] },
  }
  const made = { type, message, signature, ...more[type as keyof typeof more] }
  const parsed = SignedAct.parse(made)
  return { type: parsed.type, message: parsed.message } as Act
}

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const account = (byte: string): Hex => `0x${byte.repeat(20)}`

export const GRANT = {
  parent: word('00'),
  grantor: account('a1'),
  grantee: account('a2'),
  holder: word('b1'),
  scope: word('c1'),
  items: `0x${'0'.repeat(63)}5`,
  purposes: `0x${'0'.repeat(63)}1`,
  notBefore: 1_690_848_000,
  notAfter: 1_693_526_399,
  depth: 2,
  uses: 1,
  epoch: 0,
  salt: word('d1'),
} as const

export const REGISTRIES: Registries = {
  chainId: 31337,
  parties: account('01'),
  certificates: account('02'),
  grants: account('03'),
}
