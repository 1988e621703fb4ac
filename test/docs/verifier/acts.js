import { from0x, keccak, recover, to0x, utf8, word } from './bytes.js'

const DOMAIN = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const GRANT =
  'Grant(bytes32 parent,address grantor,address grantee,bytes32 holder,bytes32 scope,uint256 items,uint256 purposes,uint48 notBefore,uint48 notAfter,uint8 depth,uint32 uses,uint64 epoch,bytes32 salt)'
const USE =
  'Use(bytes32 grant,address user,uint256 items,uint256 purposes,bytes32 context,bytes32 audience,uint32 sequence,uint48 notAfter)'

/** Every member of these structs is a word, so that hashStruct is over words alone. */
function digest(type, message, { chainId, grants }) {
  const names = /\((.*)\)/
    .exec(type)[1]
    .split(',')
    .map((member) => member.split(' ')[1])
  const struct = keccak(
    Buffer.concat([keccak(utf8(type)), ...names.map((name) => word(message[name]))]),
  )
  const domain = keccak(
    Buffer.concat([
      ...[DOMAIN, 'OnceLedger', '1'].map((text) => keccak(utf8(text))),
      word(chainId),
      word(grants),
    ]),
  )
  return keccak(Buffer.concat([Buffer.of(0x19, 0x01), domain, struct]))
}

/** Ids of grants and uses are 0x and hex. */
export const grantId = (grant, registries) => to0x(digest(GRANT, grant, registries))
export const useId = (use, registries) => to0x(digest(USE, use, registries))

/** Whether the account's own key signed, which a contract account has not. */
export function isSignedByKey(id, signature, account) {
  try {
    return recover(from0x(id), from0x(signature)) === account
  } catch {
    return false
  }
}
