import { parse as parseTree } from '@humanwhocodes/momoa'
import type { ValueNode } from '@humanwhocodes/momoa'
import canonicalizeValue from 'canonicalize'
import { decodeUtf8, utf8 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { toPointer } from './schema.ts'

/** JSON as the ledger reads it: every number is a safe integer, every string well-formed Unicode. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

export interface JsonLimits {
  /** UTF-8 bytes of the whole text. */
  readonly bytes: number
  /** Nested arrays and objects; a lone scalar has depth 0. */
  readonly depth: number
}

export const STATEMENT_LIMITS: JsonLimits = { bytes: 64 * 1024, depth: 32 }

/**
 * RFC 8785 text of a value.
 *
 * @throws LedgerError invalid/JSON_LONE_SURROGATE
 * @throws TypeError when the value is no JSON at all: a programming mistake
 */
export function canonicalize(value: unknown): string {
  let text: string | undefined
  try {
    text = canonicalizeValue(value)
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('surrogate')) {
      throw new LedgerError('invalid', 'JSON_LONE_SURROGATE', {}, { cause })
    }
    throw new TypeError('not a JSON value', { cause })
  }
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/**
 * Reads JSON that has one meaning only, so that no two readers can see different statements in it.
 * Stricter than RFC 8259 and I-JSON (RFC 7493): safe integers in plain digits, no duplicate member,
 * no member `__proto__`, no lone surrogate, no byte order mark.
 * White space, member order and escapes are free: the value counts, and its canonical form.
 *
 * @throws LedgerError invalid/JSON_MALFORMED, JSON_DUPLICATE_KEY, JSON_NUMBER_NOT_INTEGER,
 *   JSON_LONE_SURROGATE, JSON_NAME_FORBIDDEN, JSON_TOO_DEEP, JSON_TOO_LONG;
 *   `details.pointer` names the place (RFC 6901)
 */
export function parseStrictJson(
  source: string | Uint8Array,
  limits: JsonLimits = STATEMENT_LIMITS,
): JsonValue {
  const text = typeof source === 'string' ? source : readUtf8(source, limits.bytes)
  // One UTF-16 unit takes at most three bytes: most texts need no second look.
  if (text.length * 3 > limits.bytes && utf8Length(text) > limits.bytes) {
    throw new LedgerError('invalid', 'JSON_TOO_LONG', { maxBytes: limits.bytes })
  }
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new LedgerError('invalid', 'JSON_MALFORMED', { pointer: '' }, { cause })
  }
  const members = countExact(value, [], limits.depth)
  if (hidesSomething(text, members)) refuseHidden(text)
  return value
}

function readUtf8(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.length > maxBytes) throw new LedgerError('invalid', 'JSON_TOO_LONG', { maxBytes })
  try {
    return decodeUtf8(bytes)
  } catch (cause) {
    throw new LedgerError('invalid', 'JSON_MALFORMED', { pointer: '' }, { cause })
  }
}

/** UTF-8 bytes; a lone surrogate counts as three and is refused later, with its place. */
function utf8Length(text: string): number {
  return utf8(text.toWellFormed()).length
}

type Path = (string | number)[]

/** Refuses what `JSON.parse` still shows; counts the object members. */
function countExact(value: JsonValue, path: Path, depthLeft: number): number {
  let members = 0
  if (typeof value === 'string') {
    if (!value.isWellFormed()) refuse('JSON_LONE_SURROGATE', path)
  } else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      refuse('JSON_NUMBER_NOT_INTEGER', path)
    }
  } else if (typeof value === 'object' && value !== null) {
    if (depthLeft === 0) refuse('JSON_TOO_DEEP', path)
    const isObject = !Array.isArray(value)
    for (const name of Object.keys(value)) {
      if (!name.isWellFormed()) refuse('JSON_LONE_SURROGATE', path)
      // Copying an object may drop it silently: the committed and the checked value would differ.
      if (name === '__proto__') refuse('JSON_NAME_FORBIDDEN', path)
      path.push(name)
      const member = (value as Readonly<Record<string, JsonValue>>)[name] as JsonValue
      members += countExact(member, path, depthLeft - 1) + (isObject ? 1 : 0)
      path.pop()
    }
  }
  return members
}

const STRINGS_AND_WORDS = /"[^"\\]*(?:\\.[^"\\]*)*"|true|false|null/g

/**
 * `JSON.parse` keeps one of two members of a name, and forgets how a number was spelled.
 * Outside its strings a text has one colon for each member, and shows fractions, exponents and -0.
 */
function hidesSomething(text: string, members: number): boolean {
  const bare = text.replace(STRINGS_AND_WORDS, '')
  if (/[.eE]|-0/.test(bare)) return true
  let colons = 0
  for (let at = bare.indexOf(':'); at !== -1; at = bare.indexOf(':', at + 1)) colons++
  return colons !== members
}

/** Finds the place of what `hidesSomething` saw; slow. */
function refuseHidden(text: string): never {
  try {
    walk(parseTree(text, { mode: 'json', ranges: true }).body, [])
  } catch (error) {
    // An overwritten member may hide a nesting that no stack holds.
    if (error instanceof RangeError) refuse('JSON_TOO_DEEP', [])
    throw error
  }
  refuse('JSON_MALFORMED', [])

  function walk(node: ValueNode, path: Path): void {
    if (node.type === 'Number') {
      const [start, end] = node.range ?? [0, 0]
      if (!/^(?:0|-?[1-9]\d*)$/.test(text.slice(start, end))) {
        refuse('JSON_NUMBER_NOT_INTEGER', path)
      }
    } else if (node.type === 'Array') {
      node.elements.forEach((element, index) => walk(element.value, [...path, index]))
    } else if (node.type === 'Object') {
      const names = new Set<string>()
      for (const member of node.members) {
        const name = member.name.type === 'String' ? member.name.value : member.name.name
        if (names.has(name)) refuse('JSON_DUPLICATE_KEY', [...path, name])
        names.add(name)
        walk(member.value, [...path, name])
      }
    }
  }
}

function refuse(code: string, path: Path): never {
  throw new LedgerError('invalid', code, { pointer: toPointer(path) })
}
