import * as z from 'zod'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { head, Holder, shownText } from './parts.ts'

/** GB/T 2260 */
export const regionCode = z.string().regex(/^\d{6}$/, 'not a region code of 6 digits')

/**
 * Who a department on chain is. Its address and rights stand on chain; its name and region are said here, by the
 * department that accredited it. The newest statement counts.
 */
export const DepartmentDescribed = z
  .strictObject({
    ...head,
    kind: z.literal('department.described'),
    department: HexAddress,
    name: shownText(100),
    region: regionCode,
    /** Unified social credit code. */
    code: shownText(18).optional(),
    /** The department above, or the authority about itself. */
    by: HexAddress,
  })
  .meta({ id: 'DepartmentDescribed' })
export type DepartmentDescribed = z.infer<typeof DepartmentDescribed>

/** Who stands behind a holder id: see `parties/holder.ts`. Accounts are bound to the id on chain. */
export const HolderRegistered = z
  .strictObject({
    ...head,
    kind: z.literal('holder.registered'),
    holder: HexHash,
    /** 32 bytes that `holder` is hashed with. */
    salt: HexHash,
    ...Holder.shape,
    name: shownText(100),
    /** The department that registered it. */
    registrar: HexAddress,
  })
  .meta({ id: 'HolderRegistered' })
export type HolderRegistered = z.infer<typeof HolderRegistered>
