import * as z from 'zod'
import { HexAddress } from '../ethereum/hex.ts'
import { CertificateTypeCode } from '../statements/certificate.ts'
import { shownText } from '../statements/parts.ts'
import { distinct, entryHead, fieldName, Sensitivity } from './parts.ts'
import { TypeField } from './typeField.ts'

/** How long a material of a type can be used. */
export const Validity = z
  .discriminatedUnion('mode', [
    /** 单次使用: for one case. */
    z.strictObject({ mode: z.literal('SINGLE_USE') }),
    /**
     * So many days after the day in the field `since`, or else after the day it was handed in; 0: on that day alone.
     */
    z.strictObject({
      mode: z.literal('DAYS'),
      days: z.int().min(0).max(36_600),
      since: fieldName.optional(),
    }),
    /** To the end of the day in the field. */
    z.strictObject({ mode: z.literal('UNTIL_DATE'), field: fieldName }),
    /** Until another one takes its place. */
    z.strictObject({ mode: z.literal('UNTIL_SUPERSEDED') }),
    /** Until it is withdrawn. */
    z.strictObject({ mode: z.literal('LONG_TERM') }),
    /** The certificate itself says: it is pulled, and a copy of it is never used in its place. */
    z.strictObject({ mode: z.literal('CERTIFICATE') }),
  ])
  .meta({ id: 'MaterialValidity' })
export type Validity = z.infer<typeof Validity>

/** What a material of this type is, has and is worth 材料目录. */
export const MaterialType = z
  .strictObject({
    kind: z.literal('materialType'),
    ...entryHead,
    name: shownText(100),
    category: shownText(50).optional(),
    /** Its code in the catalogue of the region 材料目录编码. */
    catalogueCode: shownText(50).optional(),
    /** Who makes it: the applicant, or a department of this or another government. */
    source: z.enum(['APPLICANT', 'GOVERNMENT']).optional(),
    /** Address of the department that makes it. */
    issuer: HexAddress.optional(),
    /** The certificate that it is a copy of. */
    certificateType: CertificateTypeCode.optional(),
    /** Whether what was handed in for one case may serve another. */
    reusable: z.boolean(),
    validity: Validity,
    /** Periods of 国家档案局令第8号 §5. */
    retention: z.enum(['10年', '30年', '永久']),
    /** Endings of file names, lower case. */
    formats: distinct(z.string().regex(/^[a-z0-9]{1,10}$/, 'not a format'), 50).min(1),
    maxBytes: z.int().min(1),
    sensitivity: Sensitivity,
    fields: z.array(TypeField).max(200),
  })
  .refine(
    ({ fields }) => new Set(fields.map(({ name }) => name)).size === fields.length,
    'a field twice',
  )
  .refine(({ fields, validity }) => {
    const name = decidingField(validity)
    if (name === undefined) return true
    return fields.some((field) => field.name === name && field.type === 'date' && field.required)
  }, 'its validity goes by no field that is a date and required')
  .refine(
    ({ validity, certificateType }) =>
      validity.mode !== 'CERTIFICATE' || certificateType !== undefined,
    'its validity goes by no certificate',
  )
  .refine(
    ({ validity, reusable }) => validity.mode !== 'SINGLE_USE' || !reusable,
    'of a single use and reusable',
  )
  .meta({ id: 'MaterialType' })
export type MaterialType = z.infer<typeof MaterialType>

/** The field whose day the validity goes by. */
function decidingField(validity: Validity): string | undefined {
  if (validity.mode === 'UNTIL_DATE') return validity.field
  return validity.mode === 'DAYS' ? validity.since : undefined
}
