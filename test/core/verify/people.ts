import { encodeBytes32String, Wallet } from 'ethers'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { PROPERTY } from '../../certificates/support/papers.ts'
import { RIGHT } from './storage.ts'
import type { DepartmentWords } from './storage.ts'

/** 2023-08-05T10:00:00+08:00: the ledger takes the certificate in. */
export const ISSUED = 1_691_200_800

/** The counter asks. */
export const USED = ISSUED + 1000

export const HOUR = 3600

export const DAY = 24 * HOUR

const wallet = (seed: number) => new Wallet(`0x${seed.toString(16).padStart(64, '0')}`)

const addressOf = (of: Wallet): Hex => of.address.toLowerCase() as Hex

export const address = (byte: string): Hex => `0x${byte.repeat(20)}`

export const word = (byte: string): Hex => `0x${byte.repeat(32)}`

/**
 * Who signs; `bureau` and `counter` are departments, of which the bureau acts by another account than it began with.
 */
export const KEYS = {
  authority: wallet(101),
  city: wallet(102),
  bureau: wallet(103),
  bureauNow: wallet(104),
  counter: wallet(105),
  landlord: wallet(106),
  spouse: wallet(107),
  tenant: wallet(108),
  agent: wallet(109),
  firm: wallet(110),
  stranger: wallet(111),
}

export type Name = keyof typeof KEYS

export const ACCOUNT = Object.fromEntries(
  Object.entries(KEYS).map(([name, key]) => [name, addressOf(key)]),
) as Record<Name, Hex>

export const REGISTRIES: Registries = {
  chainId: 31337,
  parties: address('a1'),
  certificates: address('a2'),
  grants: address('a3'),
}

export const HOLDERS = [word('b1'), word('b2')] as const

export const GRANTORS = ['landlord', 'spouse'] as const

export const PROPERTY_WORD = encodeBytes32String(PROPERTY) as Hex

export const SCOPE: ScopeDocument = {
  v: 1,
  seed: 'c1'.repeat(32),
  items: [
    { certificateType: PROPERTY, fields: ['location', 'owners', 'usage'], may: 'read' },
    { certificateType: PROPERTY, fields: ['location'], may: 'copy' },
    { material: 'lease-2023', may: 'copy' },
  ],
  purposes: [{ matter: 'restaurant-licence', region: '310110' }, { matter: 'school-place' }],
}

export const mask = (bits: number): Hex => `0x${bits.toString(16).padStart(64, '0')}`

export const CONTEXT: UseContext = {
  case: '001900000100001',
  matter: 'restaurant-licence',
  officer: '王示例',
  cause: '食品经营许可新办',
  until: '2023-08-20',
  salt: 'd1'.repeat(32),
}

export const DEPARTMENTS: readonly DepartmentWords[] = [
  { address: ACCOUNT.authority, accreditor: address('00'), rights: (1 << 6) - 1 },
  {
    address: ACCOUNT.city,
    accreditor: ACCOUNT.authority,
    rights: RIGHT.issuer | RIGHT.user | RIGHT.everyType,
  },
  {
    address: ACCOUNT.bureau,
    accreditor: ACCOUNT.city,
    rights: RIGHT.issuer,
    accounts: [ACCOUNT.stranger, ACCOUNT.bureauNow],
    types: [{ word: PROPERTY_WORD, from: 1000 }],
  },
  { address: ACCOUNT.counter, accreditor: ACCOUNT.city, rights: RIGHT.user },
]
