import * as z from 'zod'
import type { Use } from '../acts/acts.ts'
import { concatBytes, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'
import { shownText } from '../statements/parts.ts'
import type { ScopePurpose } from './scope.ts'
import { isWithinRegion } from '../parties/region.ts'

/** Why a department asks: only its salted hash is signed and seen on chain, see `contextOf`. */
export const UseContext = z
  .strictObject({
    /** 统一审批编码 */
    case: z.string().regex(/^\d{15}$/, 'not a case code of 15 digits'),
    /** Code of the matter, as in the purpose. */
    matter: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'not a code'),
    officer: shownText(100),
    cause: shownText(500),
    /** The last day on which what is handed out is needed: YYYY-MM-DD. */
    until: z.iso.date().optional(),
    /** 32 random bytes: cases and officers are few enough to guess. */
    salt: z.string().regex(/^[0-9a-f]{64}$/, 'not 64 hex digits'),
  })
  .meta({ id: 'UseContext' })
export type UseContext = z.infer<typeof UseContext>

const AUDIENCE = utf8('onceledger/audience/v1\0')

/** What a use carries as `audience`: the node that is asked, by the origin of its log. */
export function audienceOf(origin: string): Hex {
  return encode0x(sha256(concatBytes(AUDIENCE, utf8(origin))))
}

/** @throws LedgerError forbidden/USE_AUDIENCE_OTHER: another node was asked, and may have answered */
export function verifyAudience(use: Pick<Use, 'audience'>, origin: string): void {
  if (use.audience !== audienceOf(origin)) throw new LedgerError('forbidden', 'USE_AUDIENCE_OTHER')
}

/** Who uses a grant, for what. */
export interface Using {
  readonly matter: string
  readonly department: Hex
  /** 6 digits (GB/T 2260), of the department; undefined where it is not known. */
  readonly region: string | undefined
}

/**
 * That a use keeps to the purpose that it names.
 *
 * @throws LedgerError forbidden/USE_PURPOSE_OTHER_MATTER, USE_PURPOSE_OTHER_DEPARTMENT, USE_PURPOSE_OTHER_REGION
 */
export function verifyPurpose(purpose: ScopePurpose, { matter, department, region }: Using): void {
  if (purpose.matter !== matter) throw new LedgerError('forbidden', 'USE_PURPOSE_OTHER_MATTER')
  if (purpose.department !== undefined && purpose.department !== department)
    throw new LedgerError('forbidden', 'USE_PURPOSE_OTHER_DEPARTMENT')
  if (
    purpose.region !== undefined &&
    (region === undefined || !isWithinRegion(region, purpose.region))
  )
    throw new LedgerError('forbidden', 'USE_PURPOSE_OTHER_REGION')
}
