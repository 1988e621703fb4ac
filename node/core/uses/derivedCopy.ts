import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { HexAddress } from '../ethereum/hex.ts'
import { canonicalize, parseStrictJson } from '../json.ts'
import { parseBy } from '../schema.ts'
import { caseCode, content, Fields, shownText, StatementId } from '../statements/parts.ts'
import { UseSubject } from './documents.ts'
import type { UseRequest } from './documents.ts'

export const DERIVED_COPY_MEDIA_TYPE = 'application/vnd.onceledger.derived-copy+json'

/**
 * 加注件: what a department gets in place of the original, for one case and until one time. Its digest stands in the
 * receipt of the use, so that a copy with another mark is nobody's.
 */
export const DerivedCopy = z
  .strictObject({
    v: z.literal(1),
    kind: z.literal('derivedCopy'),
    of: UseSubject,
    mark: z.strictObject({
      /** Origin of the log of the node that made the copy. */
      maker: z.string().min(1).max(512),
      /** Seconds since 1970. */
      at: z.int().min(0),
      department: HexAddress,
      departmentName: shownText(100).optional(),
      officer: shownText(100),
      cause: shownText(500),
      case: caseCode,
      matter: z.string().max(64),
      /** As the catalogue had it on the day of the case; absent where nobody published the matter. */
      matterName: shownText(200).optional(),
      /** Seconds since 1970: from then on it is to be used no longer. */
      expires: z.int().min(0),
      /** Statement id of the receipt. */
      use: StatementId,
    }),
    /** Those asked for and granted. */
    fields: Fields,
    /** Names of those that are shown masked: the credential does not disclose them. */
    masked: z.array(z.string().min(1).max(64)).min(1).optional(),
    /** SD-JWT of a certificate, with the disclosures of these fields alone. */
    credential: z
      .string()
      .max(512 * 1024)
      .optional(),
    /** The bytes of a whole material, which travel beside the copy. */
    material: content.omit({ kept: true }).optional(),
  })
  .meta({ id: 'DerivedCopy' })
export type DerivedCopy = z.infer<typeof DerivedCopy>

/** RFC 8785 bytes. */
export function encodeDerivedCopy(copy: DerivedCopy): Uint8Array {
  return utf8(canonicalize(copy))
}

/** @throws LedgerError invalid/JSON_*, DERIVED_COPY_MALFORMED */
export function parseDerivedCopy(source: string | Uint8Array): DerivedCopy {
  return parseBy(
    DerivedCopy,
    parseStrictJson(source, { bytes: 1024 * 1024, depth: 24 }),
    'DERIVED_COPY_MALFORMED',
  )
}

/** Seconds: a copy is for a case under way, not for the files. */
const LONGEST = 30 * 24 * 60 * 60

/**
 * Until when a copy made at `at` may be used, seconds since 1970: the end of the day it is needed until, but never
 * beyond what a holder granted. Days end in China (UTC+8).
 */
export function latestExpiry(
  { context, authorizations }: Pick<UseRequest, 'context' | 'authorizations'>,
  at: number,
): number {
  const granted = authorizations.flatMap(({ chain }) => chain.map(({ notAfter }) => notAfter + 1))
  const needed =
    context.until === undefined ? [] : [Date.parse(`${context.until}T24:00:00+08:00`) / 1000]
  return Math.min(at + LONGEST, ...granted, ...needed)
}
