import { GRANT, USE } from './granting.js'
import {
  ADDRESS,
  BYTES,
  either,
  exactly,
  flag,
  HASH,
  integer,
  list,
  oneOf,
  shape,
  uint,
} from './shapes.js'

/** Members of a struct in its order, as section 3 lists them; those of others beside it. */
const uint40 = uint(40)
const uint64 = integer(0)
const [accreditor, department, account] = [ADDRESS, ADDRESS, ADDRESS]
const chain = list(GRANT, 1, Infinity)
const ACTS = {
  Accreditation: [
    {
      accreditor,
      department,
      rights: uint(16),
      notBefore: uint40,
      notAfter: uint40,
      nonce: uint64,
    },
    { 'accountSignature?': BYTES(4096) },
  ],
  TypesChange: [
    { accreditor, department, types: list(HASH, 1, 100), permitted: flag, nonce: uint64 },
  ],
  StandingChange: [{ accreditor, department, standing: oneOf(0, 1, 2), nonce: uint64 }],
  Rekeying: [{ accreditor, department, account, nonce: uint64 }, { accountSignature: BYTES(4096) }],
  HolderBinding: [{ registrar: ADDRESS, holder: HASH, account, nonce: uint64 }],
  HolderRelease: [{ registrar: ADDRESS, holder: HASH, account, endGrants: flag, nonce: uint64 }],
  StatusChange: [
    { issuer: ADDRESS, certificateType: HASH, serial: HASH, status: uint(8), sequence: uint64 },
  ],
  Revocation: [{ grant: HASH, revoker: ADDRESS }, { chain }],
  EpochBump: [{ account, epoch: uint64 }],
}
export const isAct = either(
  ...Object.entries(ACTS).map(([type, [message, beside = {}]]) =>
    shape({ type: exactly(type), message: shape(message), signature: BYTES(4096), ...beside }),
  ),
  shape({ type: exactly('Grant'), message: GRANT, signature: BYTES(4096), chain }),
  shape({
    type: exactly('Use'),
    message: USE,
    signature: BYTES(4096),
    'granteeSignature?': BYTES(4096),
    chain,
  }),
)
