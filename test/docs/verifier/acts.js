import { from0x, keccak, recover, to0x, utf8, word } from './bytes.js'

const DOMAIN = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const GRANT =
  'Grant(bytes32 parent,address grantor,address grantee,bytes32 holder,bytes32 scope,uint256 items,uint256 purposes,uint48 notBefore,uint48 notAfter,uint8 depth,uint32 uses,uint64 epoch,bytes32 salt)'
const USE =
  'Use(bytes32 grant,address user,uint256 items,uint256 purposes,bytes32 context,bytes32 audience,uint32 sequence,uint48 notAfter)'

const UNDERTAKING =
  'Undertaking(bytes32 holder,bytes32 by,address account,string caseCode,string matter,uint32 version,string material,string role,string text,string due,bytes32 audience)'

/** A member is a word by itself; a text by its hash. */
function digest(type, message, chainId, contract) {
  const members = /\((.*)\)/
    .exec(type)[1]
    .split(',')
    .map((member) => member.split(' '))
  const struct = keccak(
    Buffer.concat([
      keccak(utf8(type)),
      ...members.map(([kind, name]) =>
        kind === 'string' ? keccak(utf8(message[name])) : word(message[name]),
      ),
    ]),
  )
  const domain = keccak(
    Buffer.concat([
      ...[DOMAIN, 'OnceLedger', '1'].map((text) => keccak(utf8(text))),
      word(chainId),
      word(contract),
    ]),
  )
  return keccak(Buffer.concat([Buffer.of(0x19, 0x01), domain, struct]))
}

/** Ids of grants and uses are 0x and hex. */
export const grantId = (grant, { chainId, grants }) => to0x(digest(GRANT, grant, chainId, grants))
export const useId = (use, { chainId, grants }) => to0x(digest(USE, use, chainId, grants))
export const undertakingDigest = (undertaking, { chainId, parties }) =>
  to0x(digest(UNDERTAKING, undertaking, chainId, parties))

/** Whether the account's own key signed, which a contract account has not. */
export function isSignedByKey(id, signature, account) {
  try {
    return recover(from0x(id), from0x(signature)) === account
  } catch {
    return false
  }
}
