import type { ActType, SignableType } from './acts.ts'

/** Members of an EIP-712 struct, in order, as ethers and wallets take them. */
export type StructField = {
  readonly name: string
  readonly type: 'address' | 'bool' | 'bytes32' | 'bytes32[]' | 'string' | `uint${number}`
}

/** Which registry takes an act: its address stands in the EIP-712 domain. */
export type RegistryName = 'parties' | 'certificates' | 'grants'

const fields = (text: string): readonly StructField[] =>
  text.split(', ').map((field) => {
    const [type, name] = field.split(' ')
    return { name: name as string, type: type as StructField['type'] }
  })

interface Struct {
  readonly registry: RegistryName
  readonly fields: readonly StructField[]
}

/** Every struct that a contract takes, as it hashes it; a test compares them with the contracts. */
export const STRUCTS: Readonly<Record<ActType, Struct>> = {
  Accreditation: {
    registry: 'parties',
    fields: fields(
      'address accreditor, address department, uint16 rights, uint40 notBefore, uint40 notAfter, uint64 nonce',
    ),
  },
  TypesChange: {
    registry: 'parties',
    fields: fields(
      'address accreditor, address department, bytes32[] types, bool permitted, uint64 nonce',
    ),
  },
  StandingChange: {
    registry: 'parties',
    fields: fields('address accreditor, address department, uint8 standing, uint64 nonce'),
  },
  Rekeying: {
    registry: 'parties',
    fields: fields('address accreditor, address department, address account, uint64 nonce'),
  },
  HolderBinding: {
    registry: 'parties',
    fields: fields('address registrar, bytes32 holder, address account, uint64 nonce'),
  },
  HolderRelease: {
    registry: 'parties',
    fields: fields(
      'address registrar, bytes32 holder, address account, bool endGrants, uint64 nonce',
    ),
  },
  StatusChange: {
    registry: 'certificates',
    fields: fields(
      'address issuer, bytes32 certificateType, bytes32 serial, uint8 status, uint64 sequence',
    ),
  },
  Grant: {
    registry: 'grants',
    fields: fields(
      'bytes32 parent, address grantor, address grantee, bytes32 holder, bytes32 scope, uint256 items, uint256 purposes, uint48 notBefore, uint48 notAfter, uint8 depth, uint32 uses, uint64 epoch, bytes32 salt',
    ),
  },
  Revocation: { registry: 'grants', fields: fields('bytes32 grant, address revoker') },
  EpochBump: { registry: 'grants', fields: fields('address account, uint64 epoch') },
  Use: {
    registry: 'grants',
    fields: fields(
      'bytes32 grant, address user, uint256 items, uint256 purposes, bytes32 context, bytes32 audience, uint32 sequence, uint48 notAfter',
    ),
  },
}

/** Taken by no contract; bound to the one that says whose an account is. */
const UNDERTAKING: Struct = {
  registry: 'parties',
  fields: fields(
    'bytes32 holder, bytes32 by, address account, string caseCode, string matter, uint32 version, string material, string role, string text, string due, bytes32 audience',
  ),
}

/** Every struct that is signed. */
export function structOf(type: SignableType): Struct {
  return type === 'Undertaking' ? UNDERTAKING : STRUCTS[type]
}
