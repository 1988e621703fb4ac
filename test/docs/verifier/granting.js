import { canonical } from './json.js'
import {
  ADDRESS,
  ascending,
  BYTES,
  CASE,
  CODE,
  distinct,
  either,
  exactly,
  FIELD,
  flag,
  HASH,
  HEX_32,
  ID,
  integer,
  isDay,
  list,
  matches,
  oneOf,
  REGION,
  REGISTRIES,
  shape,
  such,
  text,
  uint,
} from './shapes.js'

export const GRANT = shape({
  parent: HASH,
  grantor: ADDRESS,
  grantee: ADDRESS,
  holder: HASH,
  scope: HASH,
  items: HASH,
  purposes: HASH,
  notBefore: uint(48),
  notAfter: uint(48),
  depth: uint(8),
  uses: uint(32),
  epoch: integer(0),
  salt: HASH,
})
export const USE = shape({
  grant: HASH,
  user: ADDRESS,
  items: HASH,
  purposes: HASH,
  context: HASH,
  audience: HASH,
  sequence: uint(32),
  notAfter: uint(48),
})

const SCOPE_FIELDS = ascending(matches(/^[\p{L}_][\p{L}\p{N}_.-]{0,63}$/u), 1, 100)
const MANNER = oneOf('read', 'copy')
const ITEM = such(
  either(
    shape({ material: ID, 'fields?': SCOPE_FIELDS, 'plain?': SCOPE_FIELDS, may: MANNER }),
    shape({ certificateType: CODE, fields: SCOPE_FIELDS, 'plain?': SCOPE_FIELDS, may: MANNER }),
  ),
  ({ fields, plain = [] }) => plain.every((name) => fields === undefined || fields.includes(name)),
)
const PURPOSE = shape({ matter: CODE, 'department?': ADDRESS, 'region?': REGION })

/** What a scope lists, and a request asks for. */
export const ITEMS = distinct(ITEM, 1, 256, canonical)
export const PURPOSES = distinct(PURPOSE, 1, 256, canonical)

const opening = (name, entry) =>
  shape({ index: uint(8), salt: HEX_32, proof: list(HEX_32, 8, 8), [name]: entry })
const areInOrder = (openings) =>
  openings.every(({ index }, i) => i === 0 || openings[i - 1].index < index)
const AUTHORIZATION = shape({
  chain: list(GRANT, 1, 8),
  use: USE,
  signature: BYTES(4096),
  'granteeSignature?': BYTES(4096),
  openings: shape({
    itemsRoot: HEX_32,
    purposesRoot: HEX_32,
    items: such(list(opening('item', ITEM), 1, 256), areInOrder),
    purpose: opening('purpose', PURPOSE),
  }),
})

/** What statements of all uses say. */
export const ASKED = {
  user: ADDRESS,
  registries: REGISTRIES,
  fields: ascending(FIELD, 0, 256),
  manner: MANNER,
  context: shape({
    case: CASE,
    matter: CODE,
    officer: text(100),
    cause: text(500),
    'until?': isDay,
    salt: HEX_32,
  }),
  authorizations: list(AUTHORIZATION, 1, 8),
  decision: shape({
    rules: exactly(1),
    at: integer(0),
    block: shape({ number: integer(0), hash: HASH }),
    'region?': REGION,
    'case?': integer(0),
  }),
}
export const SUBJECT = either(
  shape({ kind: exactly('material'), id: ID, index: integer(0), type: CODE }),
  shape({
    kind: exactly('certificate'),
    id: ID,
    index: integer(0),
    type: CODE,
    certificate: HASH,
  }),
)

const QUESTION = either(
  shape({ kind: exactly('validOn'), day: isDay }),
  shape({ kind: exactly('ageAtLeast'), field: FIELD, years: integer(0, 150), day: isDay }),
  shape({
    kind: exactly('is'),
    field: FIELD,
    value: either(text(1000), integer(-Infinity), flag),
  }),
)
export const QUESTIONS = list(QUESTION, 1, 20)
