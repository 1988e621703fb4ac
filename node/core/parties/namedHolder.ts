import * as z from 'zod'
import { HexHash } from '../ethereum/hex.ts'
import { Holder } from '../statements/parts.ts'

/** A holder as people name it: by its id, or by the code that it has everywhere, which a counter is told. */
export const NamedHolder = z.union([HexHash, Holder], {
  error: 'not a holder id, nor a code type and a code',
})
export type NamedHolder = z.infer<typeof NamedHolder>
