import * as z from 'zod'
import { Day } from '../catalogue/day.ts'
import { HolderRole, MOST_UNDERTAKEN } from '../catalogue/matter.ts'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { caseCode, shownText, typeCode } from '../statements/parts.ts'

/**
 * What somebody signs who undertakes to have a material that a case asks for, or to meet what it would show 告知承诺
 * (EIP-712). No contract takes it: the ledger does, and whoever verifies it later. It has exactly the members of its
 * struct in `acts/structs.ts`.
 */
export const Undertaking = z
  .strictObject({
    /** Whose material the case asks for. */
    holder: HexHash,
    /** Holder id of whoever signs: the holder itself, or who acts for the applicant. */
    by: HexHash,
    /** Bound to `by`; its key signs, or a contract of that address says so (ERC-1271). */
    account: HexAddress,
    /** 统一审批编码 */
    caseCode,
    /** Code and version of the matter that the case is bound to. */
    matter: typeCode,
    version: z.int().min(1).max(1_000_000),
    /** Code of the material type, and the part that its holder plays. */
    material: typeCode,
    role: HolderRole,
    /** Word for word what is undertaken. */
    text: shownText(MOST_UNDERTAKEN),
    /** Last day on which the material may still come; empty where none is to come. */
    due: z.union([Day, z.literal('')]),
    /** The ledger that it is given to, as of uses: see `audienceOf`. */
    audience: HexHash,
  })
  .meta({ id: 'Undertaking' })
export type Undertaking = z.infer<typeof Undertaking>
