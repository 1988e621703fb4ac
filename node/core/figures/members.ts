import { concatBytes, decodeUtf8, utf8 } from '../bytes.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const COLON = 0x3a
const BACKSLASH = 0x5c
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d]
const [OPEN, CLOSE] = [0x7b, 0x7d]

/**
 * Makes a reader of some members of objects: it makes no values of the others, and reads from the end, only as far as
 * the first of the names may be. Authorizations, which are most of a use, come before all that figures need of it and
 * are never looked at.
 *
 * The text is one that `canonicalize` has written: without white space, with one spelling of each name, and the names
 * in their order. Backwards it has one meaning too: a quotation mark within a text has an odd number of backslashes
 * before it, and one around it none that is not a pair. Of what it passes over, this sees no more than where it begins.
 *
 * @param names none of which is written with an escape
 * @throws SyntaxError, LedgerError invalid/UTF8_MALFORMED when it is no such text, as far as that is seen
 */
export function memberReader(names: readonly string[]): (json: Uint8Array) => unknown {
  // By code units, as they are in the text: when the first is found, nothing before it is wanted.
  const wanted = names.toSorted(compare).map((name) => utf8(`"${name}"`))
  return (json) => {
    const members: Uint8Array[] = []
    let end = json.length - 1
    if (json[0] !== OPEN || end < 1 || json[end] !== CLOSE) throw malformed(end)
    while (end > 1) {
      const colon = startOfValue(json, end) - 1
      expect(json, colon, COLON)
      const start = startOfString(json, colon)
      expectBoundary(json, start)
      const place = wanted.findIndex((name) => isAt(json, start, colon, name))
      if (place >= 0) members.push(json.subarray(start - 1, end))
      if (place === 0) break
      end = start - 1
    }
    if (members.length === 0) return {}
    const text = decodeUtf8(concatBytes(...members.toReversed()))
    return JSON.parse(`{${text.slice(1)}}`)
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Before a member stands the beginning of the object, or a comma after a value. */
function expectBoundary(json: Uint8Array, start: number): void {
  if (start === 1) return
  expect(json, start - 1, COMMA)
  const last = json[start - 2]
  if (last !== QUOTE && last !== CLOSE && last !== CLOSE_LIST && !isPlain(last))
    throw malformed(start - 2)
}

/** @param end after the last of it */
function startOfValue(json: Uint8Array, end: number): number {
  const last = json[end - 1]
  if (last === QUOTE) return startOfString(json, end)
  if (last === CLOSE || last === CLOSE_LIST) return startOfNested(json, end)
  let start = end
  while (isPlain(json[start - 1])) start--
  if (start === end) throw malformed(end)
  return start
}

function startOfNested(json: Uint8Array, end: number): number {
  let depth = 0
  let at = end
  do {
    const byte = json[at - 1]
    if (byte === QUOTE) {
      at = startOfString(json, at)
      continue
    }
    if (byte === CLOSE || byte === CLOSE_LIST) depth++
    else if (byte === OPEN || byte === OPEN_LIST) depth--
    else if (byte === undefined) throw malformed(0)
    at--
  } while (depth > 0)
  return at
}

/** @param end after its closing quotation mark; the start is its opening one */
function startOfString(json: Uint8Array, end: number): number {
  let at = end - 1
  if (json[at] !== QUOTE || isEscaped(json, at)) throw malformed(at)
  do {
    at--
    while (at >= 0 && json[at] !== QUOTE) at--
    if (at < 0) throw malformed(0)
  } while (isEscaped(json, at))
  return at
}

function isEscaped(json: Uint8Array, at: number): boolean {
  let from = at
  while (json[from - 1] === BACKSLASH) from--
  return (at - from) % 2 === 1
}

/** Of a number, `true`, `false` or `null`. */
function isPlain(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === MINUS
}

function isAt(json: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  if (end - start !== bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (json[start + i] !== bytes[i]) return false
  return true
}

function expect(json: Uint8Array, at: number, byte: number): void {
  if (json[at] !== byte) throw malformed(at)
}

function malformed(at: number): SyntaxError {
  return new SyntaxError(`no canonical JSON at byte ${at}`)
}
