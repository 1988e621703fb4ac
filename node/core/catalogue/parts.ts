import * as z from 'zod'
import { HexAddress } from '../ethereum/hex.ts'
import { shownText, typeCode } from '../statements/parts.ts'
import { Day } from './day.ts'

/** What entries of several kinds consist of. */

/** Names an entry among those of its kind, through all its versions. */
export const entryCode = typeCode

/** What every entry begins with. */
export const entryHead = {
  code: entryCode,
  /** 1, 2, … without a gap. */
  version: z.int().min(1).max(1_000_000),
  /** First day in force; the version before is in force until the day before. */
  from: Day,
  /** Address of the department that answers for the entry. */
  owner: HexAddress,
  /** The duty by which it does 业务职责. */
  duty: shownText(500),
}

/** L1 public to L4 most private: L3 and L4 are masked unless grant and matter both ask for them. */
export const Sensitivity = z.enum(['L1', 'L2', 'L3', 'L4']).meta({ id: 'Sensitivity' })
export type Sensitivity = z.infer<typeof Sensitivity>

/** Administrative level; `CITY` is a city of province rank, `PREFECTURE` a city below a province. */
export const Level = z
  .enum(['NATIONAL', 'CITY', 'PREFECTURE', 'DISTRICT', 'STREET'])
  .meta({ id: 'Level' })

export const ServiceTarget = z.enum(['ORGANISATION', 'PERSON', 'BOTH'])

/** Of a field of a material or certificate type. */
export const fieldName = z.string().regex(/^[A-Za-z]\w{0,63}$/, 'not the name of a field')

/** A list that says nothing twice. */
export const distinct = <T extends z.ZodType<string>>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'an item twice')
