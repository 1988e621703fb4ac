import * as z from 'zod'
import { SignedAct } from '../acts/acts.ts'
import { Registries } from '../parties/registries.ts'
import { digestId, head, shownText } from './parts.ts'

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

/** Statement id of an act, by its EIP-712 digest: an act is one statement. */
export function actIdOf(digest: Uint8Array): string {
  return digestId('act', digest)
}
