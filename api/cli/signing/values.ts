import { InvalidArgumentError } from 'commander'
import { isLedgerError } from '../../../node/core/errors.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { Holder } from '../../../node/core/statements/parts.ts'
import { parseMoment } from '../../../node/core/verify/moment.ts'

/** Values of options, as commander takes them: what is wrong ends the command with a sentence. */

const HOLDER_RULE =
  'It is a holder id (0x and 64 hex digits), or a code type and a code: 001:91310110MADEM002XN.'
const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_LENGTH = 24 * 60 * 60

/** Seconds since 1970. A day stands for its last second in China (UTC+8). */
export function parseUntil(text: string): number {
  try {
    return parseMoment(text)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    throw new InvalidArgumentError('It is a day such as 2026-12-31, or RFC 3339 with its offset.')
  }
}

/** As `parseUntil`; a day stands for its first second. */
export function parseFrom(text: string): number {
  const moment = parseUntil(text)
  return DAY.test(text) ? moment - DAY_LENGTH + 1 : moment
}

export function parseAddress(text: string): Hex {
  return parseHex(HexAddress, text, 'It is an account or department: 0x and 40 hex digits.')
}

/** A grant, a holder or a certificate. */
export function parseId(text: string): Hex {
  return parseHex(HexHash, text, 'It is an id: 0x and 64 hex digits.')
}

/** `0x…`, or `001:91310110MADEM002XN`: the type of a code, and the code. */
export function parseHolder(text: string): NamedHolder {
  const [codeType, code, ...rest] = text.trim().split(':')
  if (code === undefined) return parseHex(HexHash, text, HOLDER_RULE)
  const { data } = Holder.safeParse({ codeType, code })
  if (data === undefined || rest.length > 0) throw new InvalidArgumentError(HOLDER_RULE)
  return data
}

export function parseCount(text: string): number {
  if (!/^(0|[1-9]\d{0,9})$/.test(text) || Number(text) >= 2 ** 32)
    throw new InvalidArgumentError('It is a whole number from 0.')
  return Number(text)
}

/** `a,b`: sorted, each once. */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.some((name) => name === ''))
    throw new InvalidArgumentError('It is names with commas between them.')
  return [...new Set(names)].toSorted()
}

/** For options that may stand several times. */
export function collect<T>(parse: (text: string) => T): (text: string, all?: readonly T[]) => T[] {
  return (text, all = []) => [...all, parse(text)]
}

/** What stands before a mark and behind it; nothing behind where it is missing. */
export function splitAt(text: string, mark: string): [string, string?] {
  const place = text.indexOf(mark)
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)]
}

/** Wallets write addresses in mixed case. */
function parseHex(schema: typeof HexAddress, text: string, rule: string): Hex {
  const { data } = schema.safeParse(text.trim().toLowerCase())
  if (data === undefined) throw new InvalidArgumentError(rule)
  return data
}
