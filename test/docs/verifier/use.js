import { isSignedByKey, useId } from './acts.js'
import {
  attempt,
  demand,
  from0x,
  fromHex,
  refuse,
  sha256,
  to0x,
  toBase64Url,
  utf8,
} from './bytes.js'
import { secondsOf } from './certificate.js'
import { countingOf, isLimited } from './grants.js'
import { canonical } from './json.js'
import { HOUR } from './states.js'

const DAY = 24 * HOUR

export function checkUse(evidence, certificate, state, { registries, log }) {
  const { statement, entry } = evidence
  const { user, holders, authorizations, decision } = statement
  const names = ['chainId', 'parties', 'certificates', 'grants']
  const isTrusted = names.every((name) => statement.registries[name] === registries[name])
  demand(isTrusted, 'USE_REGISTRIES_UNTRUSTED')
  demand(statement.id === requestId(authorizations, registries), 'USE_ID_MISMATCH')
  const apart = Math.abs(secondsOf(entry.at) - decision.at)
  demand(apart <= HOUR, 'USE_LOGGED_AT_OTHER_TIME')
  const isReleased = statement.kind === 'use.released'
  demand(!isReleased || statement.expires <= latest(statement), 'USE_EXPIRY_TOO_LATE')
  if (certificate !== undefined) checkSubject(statement, certificate)
  const granting = authorizations.map(({ chain }) => chain[0].holder)
  demand(
    holders.every((holder) => granting.includes(holder)),
    'USE_HOLDER_MISSING',
  )
  const isConcerned = (holder, i) => holders.includes(holder) && granting.indexOf(holder) === i
  demand(granting.every(isConcerned), 'USE_HOLDER_NOT_CONCERNED')
  const isPlain = (name) => authorizations.every(({ openings }) => grantsPlain(openings, name))
  const grantsPlain = ({ items }, name) =>
    items.some(({ item }) => item.plain?.includes(name) && allowsAll(item, statement))
  demand((statement.plain ?? []).every(isPlain), 'USE_PLAIN_NOT_GRANTED')
  const granted = isReleased ? statement : { ...statement, fields: fieldsOf(statement) }
  const signed = authorizations.map((authorization) => {
    const { use } = authorization
    demand(use.user === user, 'USE_USER_MISMATCH')
    demand(use.context === contextHash(statement), 'USE_CONTEXT_MISMATCH')
    const audience = to0x(sha256(utf8(`onceledger/audience/v1\0${log.origin}`)))
    demand(use.audience === audience, 'USE_AUDIENCE_OTHER')
    checkOpenings(authorization)
    const items = authorization.openings.items.map(({ item }) => item)
    checkItems(granted, items)
    checkPurpose(statement, use, authorization.openings.purpose.purpose)
    const counting = countingOf(authorization, state, registries)
    demand(counting !== 'not counted' || !isLimited(authorization), 'USE_NOT_COUNTED')
    return counting === 'counted' || areSigned(authorization, state, decision.at, registries)
  })
  return signed.every(Boolean) ? 'USE_AUTHORIZED' : 'USE_SIGNATURE_OF_CONTRACT'
}

function requestId(authorizations, registries) {
  const ids = authorizations.map(({ use }) => useId(use, registries)).toSorted()
  const hash = sha256(utf8('onceledger/use-request/v1\0'), ...ids.map(from0x))
  return `use-${toBase64Url(hash)}`
}

/** Until when the copy may be used at most. */
function latest({ context, authorizations, decision }) {
  const granted = authorizations.flatMap(({ chain }) => chain.map(({ notAfter }) => notAfter + 1))
  const { until } = context
  const needed = until === undefined ? [] : [Date.parse(`${until}T24:00:00+08:00`) / 1000]
  return Math.min(decision.at + 30 * DAY + HOUR, ...granted, ...needed)
}

function checkSubject({ subject, holders }, { statement, index, id }) {
  const isSame =
    subject.kind === 'certificate' &&
    subject.id === statement.id &&
    subject.index === index &&
    subject.type === statement.type &&
    subject.certificate === id
  demand(isSame, 'USE_SUBJECT_MISMATCH')
  demand(canonical(holders) === canonical(statement.holders), 'USE_HOLDERS_MISMATCH')
}

/** Of a check: those that its questions are about. */
function fieldsOf({ subject, questions }) {
  const fields = questions.flatMap(({ field }) => field ?? [])
  return fields.length === 0 && subject.kind === 'certificate' ? ['validFrom'] : fields
}

function contextHash({ subject, fields, manner, questions, context }) {
  const { salt, ...why } = context
  const { kind, id } = subject
  const asked = { ...why, subject: { kind, id }, fields, manner, ...(questions && { questions }) }
  const label = utf8('onceledger/use-context/v1\0')
  return to0x(sha256(label, fromHex(salt), utf8(canonical(asked))))
}

function checkOpenings({ chain, use, openings }) {
  const { itemsRoot, purposesRoot, items, purpose } = openings
  const scope = to0x(sha256(fromHex(itemsRoot), fromHex(purposesRoot)))
  demand(scope === chain[0].scope, 'SCOPE_ROOTS_MISMATCH')
  checkList('item', fromHex(itemsRoot), items, use.items)
  checkList('purpose', fromHex(purposesRoot), [purpose], use.purposes)
}

function checkList(name, root, openings, mask) {
  const asked = BigInt(mask)
  const hasBit = (index) => ((asked >> BigInt(index)) & 1n) === 1n
  for (const opening of openings) {
    const isOf = hasBit(opening.index) && rootOf(name, opening).equals(root)
    demand(isOf, 'SCOPE_OPENING_MISMATCH')
  }
  const opened = openings.map(({ index }) => index)
  for (let index = 0; index < 256; index++)
    if (hasBit(index) && !opened.includes(index)) refuse('SCOPE_OPENING_MISSING')
}

/** Of a tree of 256 leaves: each bit of the index says on which side its sibling stands. */
function rootOf(name, opening) {
  const { index, salt, proof } = opening
  const label = utf8(`onceledger/scope-${name}/v1\0`)
  const data = sha256(label, fromHex(salt), utf8(canonical(opening[name])))
  let hash = sha256(Buffer.of(0x00), data)
  for (const [height, text] of proof.entries()) {
    const [left, right] =
      (index >> height) % 2 === 0 ? [hash, fromHex(text)] : [fromHex(text), hash]
    hash = sha256(Buffer.of(0x01), left, right)
  }
  return hash
}

const allowsAll = (item, asked) => attempt(() => checkItems(asked, [item]) ?? true) === true

function checkItems({ subject, fields, manner, questions }, items) {
  const about = items.filter(({ material, certificateType }) =>
    subject.kind === 'material' ? material === subject.id : certificateType === subject.type,
  )
  demand(about.length > 0, 'USE_SUBJECT_NOT_GRANTED')
  const giving = about.filter(
    (item) =>
      item.fields === undefined ||
      (questions !== undefined && fields.length === 0) ||
      (fields.length > 0 && fields.every((name) => item.fields.includes(name))),
  )
  demand(giving.length > 0, 'USE_FIELDS_NOT_GRANTED')
  const mayCopy = giving.some(({ may }) => may === 'copy')
  demand(manner === 'read' || mayCopy, 'USE_COPY_NOT_GRANTED')
}

function checkPurpose({ context, decision }, { user }, { matter, department, region }) {
  demand(matter === context.matter, 'USE_PURPOSE_OTHER_MATTER')
  demand(department === undefined || department === user, 'USE_PURPOSE_OTHER_DEPARTMENT')
  const whole = region?.replace(/(?:00)+$/, '')
  const isWithin = whole === undefined || decision.region?.startsWith(whole) === true
  demand(isWithin, 'USE_PURPOSE_OTHER_REGION')
}

function areSigned({ chain, use, signature, granteeSignature }, state, time, registries) {
  demand(state.may(use.user, 'user', time), 'NOT_ACCREDITED')
  const id = useId(use, registries)
  const account = state.accountOf(use.user)
  const { grantee } = chain.at(-1)
  if (grantee === use.user) return isSignedByKey(id, signature, account)
  demand(granteeSignature !== undefined, 'USE_GRANTEE_SIGNATURE_MISSING')
  const granting = state.accountOf(grantee)
  return isSignedByKey(id, signature, account) && isSignedByKey(id, granteeSignature, granting)
}
