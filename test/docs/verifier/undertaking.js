import { isSignedByKey, undertakingDigest } from './acts.js'
import { demand, sha256, to0x, toBase64Url, utf8 } from './bytes.js'
import { secondsOf } from './certificate.js'
import { canonical } from './json.js'

export function checkUndertaking({ statement, entry }, state, { registries, log }) {
  const { id, undertaking, signature } = statement
  const { by, account, caseCode, material, role, audience } = undertaking
  const names = ['chainId', 'parties', 'certificates', 'grants']
  const isTrusted = names.every((name) => statement.registries[name] === registries[name])
  demand(isTrusted, 'UNDERTAKING_REGISTRIES_UNTRUSTED')
  const place = canonical({ caseCode, material, role })
  const hash = sha256(utf8(`onceledger/undertaking/v1\0${place}`))
  demand(id === `undertaking-${toBase64Url(hash)}`, 'UNDERTAKING_ID_MISMATCH')
  const own = to0x(sha256(utf8(`onceledger/audience/v1\0${log.origin}`)))
  demand(audience === own, 'UNDERTAKING_AUDIENCE_OTHER')
  demand(state.isNear(secondsOf(entry.at)), 'UNDERTAKING_PROVEN_AT_OTHER_TIME')
  const { from, until } = state.bindingOf(by, account)
  demand(from !== 0 && until === 0, 'UNDERTAKING_ACCOUNT_NOT_BOUND')
  const isSigned = isSignedByKey(undertakingDigest(undertaking, registries), signature, account)
  return isSigned ? 'UNDERTAKING_SIGNED' : 'UNDERTAKING_SIGNATURE_UNKNOWN'
}
