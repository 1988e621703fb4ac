import { concatBytes, decodeUtf8, utf8 } from '../bytes.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const COLON = 0x3a
const BACKSLASH = 0x5c
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d]
const [OPEN, CLOSE] = [0x7b, 0x7d]

/**
 * Makes a reader of some members of objects: it makes no values of the others. Measured on uses of 4 KB, of which the
 * figures need 300 bytes: 4 µs, where all of it takes 10 and leaves as much garbage.
 *
 * The text is one that `canonicalize` has written, without white space and with one spelling of each name. Of what it
 * passes over, this sees no more than where it ends.
 *
 * @throws SyntaxError, LedgerError invalid/UTF8_MALFORMED when it is no such text, as far as that is seen
 */
export function memberReader(names: readonly string[]): (json: Uint8Array) => unknown {
  const wanted = names.map((name) => utf8(`"${name}":`))
  return (json) => {
    const members: Uint8Array[] = []
    let at = expect(json, 0, OPEN)
    while (json[at] !== CLOSE) {
      if (at > 1) at = expect(json, at, COMMA)
      const end = endOfMember(json, at)
      // With what stands before it, an opening or a comma.
      if (wanted.some((name) => hasAt(json, at, name))) members.push(json.subarray(at - 1, end))
      at = end
    }
    if (at !== json.length - 1) throw malformed(at)
    const text = decodeUtf8(concatBytes(...members))
    return JSON.parse(`{${text.slice(1)}}`)
  }
}

function endOfMember(json: Uint8Array, at: number): number {
  const colon = endOfString(json, expect(json, at, QUOTE))
  return endOfValue(json, expect(json, colon, COLON))
}

/** @param at the first of it */
function endOfValue(json: Uint8Array, at: number): number {
  const first = json[at]
  if (first === QUOTE) return endOfString(json, at + 1)
  if (first === OPEN || first === OPEN_LIST) return endOfNested(json, at)
  let end = at
  while (isPlain(json[end])) end++
  if (end === at) throw malformed(at)
  return end
}

function endOfNested(json: Uint8Array, at: number): number {
  let depth = 0
  do {
    const byte = json[at++]
    if (byte === QUOTE) at = endOfString(json, at)
    else if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--
    else if (byte === undefined) throw malformed(at)
  } while (depth > 0)
  return at
}

/** Of a number, `true`, `false` or `null`. */
function isPlain(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === MINUS
}

/** @param at the first after its quotation mark; the end is after the other one */
function endOfString(json: Uint8Array, at: number): number {
  for (;;) {
    const byte = json[at++]
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
    else if (byte === undefined) throw malformed(at)
  }
}

function hasAt(json: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (json[at + i] !== bytes[i]) return false
  return true
}

function expect(json: Uint8Array, at: number, byte: number): number {
  if (json[at] !== byte) throw malformed(at)
  return at + 1
}

function malformed(at: number): SyntaxError {
  return new SyntaxError(`no canonical JSON at byte ${at}`)
}
