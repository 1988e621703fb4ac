// A shape is a table of members; a name with ? is optional.

export const matches = (pattern) => (value) => typeof value === 'string' && pattern.test(value)
const UNSEEN = String.raw`\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800`
const isSeen = matches(new RegExp(`[^${UNSEEN}]`, 'u'))
const printable = (most) => matches(new RegExp(`^\\P{Cc}{1,${most}}$`, 'u'))
export const text = (most) => (value) => printable(most)(value) && isSeen(value)
/** Characters are code points. */
export const length = (most) => (value) =>
  typeof value === 'string' && value !== '' && Array.from(value).length <= most
export const integer =
  (least, most = Infinity) =>
  (value) =>
    Number.isSafeInteger(value) && value >= least && value <= most
export const uint = (bits) => integer(0, 2 ** bits - 1)
export const exactly = (expected) => (value) => value === expected
export const oneOf =
  (...values) =>
  (value) =>
    values.includes(value)
export const flag = (value) => typeof value === 'boolean'
export const either =
  (...shapes) =>
  (value) =>
    shapes.some((fits) => fits(value))
/** A shape, and what its members have to do with one another. */
export const such = (fits, holds) => (value) => fits(value) && holds(value)

export const list = (item, least, most) => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(item)
export const distinct = (item, least, most, keyOf = (value) => value) =>
  such(list(item, least, most), (value) => new Set(value.map(keyOf)).size === value.length)
export const ascending = (item, least, most) =>
  such(list(item, least, most), (value) => value.every((each, i) => i === 0 || value[i - 1] < each))

export const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const shape = (members) => (value) =>
  isObject(value) &&
  Object.keys(value).every(
    (name) => Object.hasOwn(members, name) || Object.hasOwn(members, `${name}?`),
  ) &&
  Object.entries(members).every(([name, fits]) =>
    name.endsWith('?')
      ? !Object.hasOwn(value, name.slice(0, -1)) || fits(value[name.slice(0, -1)])
      : Object.hasOwn(value, name) && fits(value[name]),
  )
export const record = (isName, fits, most) => (value) =>
  isObject(value) &&
  Object.keys(value).length <= most &&
  Object.entries(value).every(([name, each]) => isName(name) && fits(each))

export const ID = matches(/^[A-Za-z0-9_-]{1,64}$/)
export const CODE = matches(/^[A-Za-z0-9._-]{1,64}$/)
export const FIELD = matches(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)
export const HEX_32 = matches(/^[0-9a-f]{64}$/)
export const HASH = matches(/^0x[0-9a-f]{64}$/)
export const ADDRESS = matches(/^0x[0-9a-f]{40}$/)
export const BYTES = (most) => (value) =>
  matches(/^0x(?:[0-9a-f]{2})+$/)(value) && value.length <= 2 + 2 * most
export const REASON = matches(/^[A-Z][A-Z0-9_]{0,63}$/)
export const REGION = matches(/^[0-9]{6}$/)
export const CASE = matches(/^[0-9]{15}$/)
export const CERTIFICATE_TYPE = matches(/^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}$/)
export const CODE_TYPE = oneOf('001', '099', '111', '114', '414', '511', '516', '999')
export const HOLDER = shape({
  codeType: CODE_TYPE,
  code: matches(/^[\p{L}\p{N}()（）./-]{1,64}$/u),
})
export const REGISTRIES = shape({
  chainId: integer(1),
  parties: ADDRESS,
  certificates: ADDRESS,
  grants: ADDRESS,
})

/** Date takes the thirtieth of February for a day of March. */
export const isDay = (value) => {
  if (!matches(/^\d{4}-\d\d-\d\d$/)(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

const isFieldValue = (value) =>
  ['string', 'boolean', 'number'].includes(typeof value) ||
  (Array.isArray(value) ? value.every(isFieldValue) : isFields(value))
export const isFields = (value) => isObject(value) && Object.values(value).every(isFieldValue)

export const DIGEST = matches(/^(?:sha-256|sm3):[0-9a-f]{64}$/)
const isSorted = (digests) =>
  digests.length < 2 || digests[0].split(':')[0] < digests[1].split(':')[0]
const DIGESTS = such(list(DIGEST, 1, 2), isSorted)
export const CONTENT = shape({
  digests: DIGESTS,
  size: integer(1),
  mediaType: matches(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/),
  kept: oneOf('here', 'department'),
})
export const DOCUMENT = shape({
  digests: DIGESTS,
  size: integer(1),
  'because?': oneOf('signed', 'encrypted', 'damaged', 'attachments', 'heavy'),
})
