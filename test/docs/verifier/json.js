import { demand, refuse } from './bytes.js'

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?[0-9][0-9.eE+-]*)|(true|false|null))/uy

export function readJson(bytes, limits) {
  demand(bytes.length <= limits.bytes, 'JSON_TOO_LONG')
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    JSON.parse(text)
  } catch {
    refuse('JSON_MALFORMED')
  }
  // The grammar is right; the tokens now show what JSON.parse does not.
  let at = 0
  const next = () => {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)
    at = TOKEN.lastIndex
    return token
  }
  const value = (token, depth) => {
    const [, mark, quoted, digits, word] = token
    if (quoted !== undefined) return readString(quoted)
    if (word !== undefined) return JSON.parse(word)
    if (digits !== undefined) {
      const number = Number(digits)
      const plain = /^(?:0|-?[1-9][0-9]*)$/.test(digits) && Number.isSafeInteger(number)
      demand(plain, 'JSON_NUMBER_NOT_INTEGER')
      return number
    }
    demand(depth > 0, 'JSON_TOO_DEEP')
    return mark === '[' ? array(depth - 1) : object(depth - 1)
  }
  const array = (depth) => {
    const items = []
    for (let token = next(); token[1] !== ']'; token = next())
      if (token[1] !== ',') items.push(value(token, depth))
    return items
  }
  const object = (depth) => {
    const members = new Map()
    for (let token = next(); token[1] !== '}'; token = next()) {
      if (token[1] === ',') continue
      const name = readString(token[2])
      demand(name !== '__proto__', 'JSON_NAME_FORBIDDEN')
      demand(!members.has(name), 'JSON_DUPLICATE_KEY')
      next()
      members.set(name, value(next(), depth))
    }
    return Object.fromEntries(members)
  }
  return value(next(), limits.depth)
}

function readString(token) {
  const value = JSON.parse(token)
  demand(value.isWellFormed(), 'JSON_LONE_SURROGATE')
  return value
}

/** RFC 8785, for values without fractions. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const names = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1))
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}
