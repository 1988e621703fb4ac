import * as z from 'zod'
import { shownText } from '../statements/parts.ts'
import { distinct, entryCode, entryHead } from './parts.ts'

/** An information system that a department registers 信息系统登记. */
export const InformationSystem = z
  .strictObject({
    kind: z.literal('system'),
    ...entryHead,
    name: shownText(100),
    purpose: shownText(500),
    /** Classified protection 等级保护 (GB/T 22240). */
    protection: z.int().min(1).max(5),
    /** Material types that it holds. */
    materials: distinct(entryCode, 500),
    /** Matters that it serves. */
    matters: distinct(entryCode, 500),
  })
  .meta({ id: 'InformationSystem' })
export type InformationSystem = z.infer<typeof InformationSystem>
