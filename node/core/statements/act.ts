import * as z from 'zod'
import { SignedAct } from '../acts/acts.ts'
import { encodeBase64 } from '../bytes.ts'
import { Registries } from '../parties/registries.ts'
import { head, shownText } from './parts.ts'

/**
 * A party signed an act and this ledger was asked to record it on chain. The registries are those that the signature
 * is bound to.
 */
export const ActSigned = z
  .strictObject({
    ...head,
    kind: z.literal('act.signed'),
    registries: Registries,
    act: SignedAct,
    note: shownText(500).optional(),
    /** Name of the authenticated principal that handed it in; absent when the signature was all there was. */
    by: shownText(100).optional(),
  })
  .meta({ id: 'ActSigned' })
export type ActSigned = z.infer<typeof ActSigned>

/**
 * Statement id of an act: `act-` and the base64url (RFC 4648 §5, no padding) of its EIP-712 digest, so that an act is
 * one statement. An id has no room for a prefix and 64 hex digits.
 */
export function actIdOf(digest: Uint8Array): string {
  const text = encodeBase64(digest).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return `act-${text}`
}
