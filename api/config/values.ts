import { z } from 'zod'
import { DIGEST_ALGORITHMS } from '../../node/core/digest.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import { isKeyName } from '../../node/core/tlog/text.ts'
import { parseMasterKey } from '../../node/store/sealing/masterKey.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'

// Messages never repeat the value: it may be a secret, or hold one.

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** Milliseconds. */
export const duration = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})(ms|s|m|h)$/, 'is not a duration such as 500ms, 2s, 1m or 1h')
  .transform((text) => {
    const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof MILLISECONDS
    return Number.parseInt(text, 10) * MILLISECONDS[unit]
  })

/** Milliseconds; not 0, which nobody could use. */
export const lifetime = duration.refine((value) => value >= 1000, 'is less than 1s')

const BYTES = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const

/** Bytes. */
export const byteCount = z
  .string()
  .regex(/^[1-9]\d{0,14}(KiB|MiB|GiB|TiB)?$/, 'is not a number of bytes such as 512MiB or 1GiB')
  .transform((text) => {
    const unit = (/[A-Z]iB$/.exec(text)?.[0] ?? '') as keyof typeof BYTES
    return Number.parseInt(text, 10) * BYTES[unit]
  })
  .refine(Number.isSafeInteger, 'is too large')

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)

export const yesOrNo = z
  .enum(['true', 'false'], 'is neither true nor false')
  .transform((text) => text === 'true')

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `is none of ${values.join(', ')}`)

export const text = z.string().min(1, 'is empty')

export const httpUrl = z.string().refine((value) => {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol)
}, 'is not an http or https URL')

/** Scheme, host and port alone, as browsers and wallets name a site. */
export const originList = z.string().transform((value, context) => {
  const urls = value.split(',').map((part) => part.trim().replace(/\/$/, ''))
  if (urls.every((url) => /^https?:/.test(url) && URL.parse(url)?.origin === url)) return urls
  context.addIssue('is not https://<host>, without path, in lower case')
  return z.NEVER
})

export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'is not an address: 0x and 40 hex digits')
  .transform((text) => text.toLowerCase() as Hex)

export const privateKey = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'is not a private key: 0x and 64 hex digits')

export const logOrigin = z
  .string()
  .refine(isKeyName, 'is not an origin: a name such as ledger.example.gov/log, without space or +')

export const masterKey = z.string().transform((value, context): Uint8Array => {
  try {
    return parseMasterKey(value)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    context.addIssue('is not a key of 32 bytes, in hex or base64')
    return z.NEVER
  }
})

/** In the order in which statements name them. */
export const digestList = z.string().transform((value, context) => {
  const names = value.split(',').map((name) => name.trim())
  const known = DIGEST_ALGORITHMS.filter((algorithm) => names.includes(algorithm))
  if (known.length !== names.length || known[0] !== 'sha-256') {
    context.addIssue('is neither sha-256 nor sha-256,sm3')
    return z.NEVER
  }
  return known
})

/** JSON text that fits the schema. */
export const json = <T>(schema: z.ZodType<T>) =>
  z.string().transform((value, context): T => {
    let parsed: unknown
    try {
      parsed = JSON.parse(value)
    } catch {
      context.addIssue('is not JSON; a file is named as file:<path>')
      return z.NEVER
    }
    const result = schema.safeParse(parsed)
    if (result.success) return result.data
    for (const mistake of mistakesOf(result.error)) context.addIssue(mistake)
    return z.NEVER
  })

/** Where each is in a document, and what is wrong there. */
export function mistakesOf({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => {
    const place = path.map((step) => `/${String(step)}`).join('')
    return `at ${place === '' ? 'the top' : place}: ${message}`
  })
}
