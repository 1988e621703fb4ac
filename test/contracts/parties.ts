import { encodeBytes32String, id, type BaseContract, type TypedDataField } from 'ethers'
import type { Chain, Deployed, Signer } from './chain.ts'

export const ROLE = { operator: 0, issuer: 1, registrar: 2, user: 3, auditor: 4 } as const
export const EVERY_TYPE = 1 << 5
export const ALL_RIGHTS = (1 << 6) - 1
export const OPEN_END = 2 ** 40 - 1
export const NO_TYPE = encodeBytes32String('')
export const LICENCE = encodeBytes32String('11100000MB0143028R001')
export const PROPERTY = encodeBytes32String('11100000MB03271699001')

export type Parties = Deployed<
  | keyof typeof ACTS
  | 'isAccredited'
  | 'accountAs'
  | 'accountOf'
  | 'accountOfAt'
  | 'accreditorOf'
  | 'authority'
  | 'nonceOf'
  | 'bindingOf'
  | 'isBoundAt'
  | 'registrarOf'
>

export type Fields = Record<string, TypedDataField[]>

export const fields = (text: string): TypedDataField[] =>
  text.split(',').map((field) => {
    const [type, name] = field.trim().split(' ')
    return { type: type!, name: name! }
  })

/** The signed acts of each contract, by the method that takes them. */
export const ACTS = {
  accredit: {
    Accreditation: fields(
      'address accreditor, address department, uint16 rights, uint40 notBefore, uint40 notAfter, uint64 nonce',
    ),
  },
  permitTypes: {
    TypesChange: fields(
      'address accreditor, address department, bytes32[] types, bool permitted, uint64 nonce',
    ),
  },
  changeStanding: {
    StandingChange: fields('address accreditor, address department, uint8 standing, uint64 nonce'),
  },
  rekey: {
    Rekeying: fields('address accreditor, address department, address account, uint64 nonce'),
  },
  bindAccount: {
    HolderBinding: fields('address registrar, bytes32 holder, address account, uint64 nonce'),
  },
  releaseAccount: {
    HolderRelease: fields(
      'address registrar, bytes32 holder, address account, bool endGrants, uint64 nonce',
    ),
  },
} satisfies Record<string, Fields>

/** EIP-712 with the project's domain, on the chain of the tests unless told otherwise. */
export async function signAct(
  contract: BaseContract,
  signer: Pick<Signer, 'signTypedData'>,
  types: Fields,
  act: Record<string, unknown>,
  domain: { chainId?: number; verifyingContract?: string } = {},
): Promise<string> {
  const verifyingContract = await contract.getAddress()
  return signer.signTypedData(
    { name: 'OnceLedger', version: '1', chainId: 31337, verifyingContract, ...domain },
    types,
    act,
  )
}

/** A department: its name, and who signs for it. */
export type Party = Pick<Signer, 'address' | 'signTypedData'>

/** Who acts, and how much they may: what the acts below fill in. */
export interface Scene {
  parties: Parties
  authority: Signer
  accredit(by: Signer, department: Party, terms?: Partial<Terms>): Promise<void>
  permit(by: Signer, department: Signer, types: string[], permitted?: boolean): Promise<void>
  stand(by: Signer, department: Signer, standing: 'good' | 'suspended' | 'withdrawn'): Promise<void>
  bind(by: Signer, holder: string, account: string): Promise<void>
  release(by: Signer, holder: string, account: string, endGrants?: boolean): Promise<void>
  nonce(department: Pick<Signer, 'address'>): Promise<bigint>
}

interface Terms {
  rights: number
  notBefore: number
  notAfter: number
}

/** A party registry under the first account of the chain; every act is sent by the acting account itself. */
export async function openParties(chain: Chain): Promise<Scene> {
  const authority = chain.signers[0]!
  const parties = (await chain.deploy('PartyRegistry', [authority.address])) as Parties
  const nonce = async (department: Pick<Signer, 'address'>) =>
    (await parties.nonceOf(department.address)) as unknown as bigint
  const act = async (by: Signer, method: keyof typeof ACTS, values: object, ...more: string[]) => {
    const sender = parties.connect(by) as unknown as Parties
    await sender[method]({ ...values, nonce: await nonce(by) }, '0x', ...more)
  }
  return {
    parties,
    authority,
    nonce,
    accredit: async (by, department, terms) => {
      const values = {
        accreditor: by.address,
        department: department.address,
        rights: ALL_RIGHTS,
        notBefore: 0,
        notAfter: OPEN_END,
        ...terms,
      }
      const signed = { ...values, nonce: await nonce(by) }
      const consent = await signAct(parties, department, ACTS.accredit, signed)
      await act(by, 'accredit', values, consent)
    },
    permit: (by, department, types, permitted = true) =>
      act(by, 'permitTypes', {
        accreditor: by.address,
        department: department.address,
        types,
        permitted,
      }),
    stand: (by, department, standing) =>
      act(by, 'changeStanding', {
        accreditor: by.address,
        department: department.address,
        standing: ['good', 'suspended', 'withdrawn'].indexOf(standing),
      }),
    bind: (by, holder, account) =>
      act(by, 'bindAccount', { registrar: by.address, holder, account }),
    release: (by, holder, account, endGrants = false) =>
      act(by, 'releaseAccount', { registrar: by.address, holder, account, endGrants }),
  }
}

/** The bits of `roles`. */
export function rightsOf(...roles: (keyof typeof ROLE)[]): number {
  return roles.reduce((rights, role) => rights | (1 << ROLE[role]), 0)
}

/** A holder id; what it hashes does not matter on chain. */
export function holderId(name: string): string {
  return id(name)
}
