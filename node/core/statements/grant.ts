import * as z from 'zod'
import { HexHash } from '../ethereum/hex.ts'
import { content, digestId, head } from './parts.ts'

/** What a grantee was shown of a grant's lists is kept here, for the two of them. The grant itself is an act. */
export const GrantShown = z
  .strictObject({
    ...head,
    kind: z.literal('grant.shown'),
    /** EIP-712 digest of the grant. */
    grant: HexHash,
    /** RFC 8785 bytes of the `ScopeView`. */
    content,
  })
  .meta({ id: 'GrantShown' })
export type GrantShown = z.infer<typeof GrantShown>

/** Statement id by the grant's: a grant shows what it grants, and nothing else. */
export function shownIdOf(grant: Uint8Array): string {
  return digestId('shown', grant)
}
