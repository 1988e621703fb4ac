import * as z from 'zod'
import { CLAIM_NAMES } from '../certificates/credential.ts'
import { CertificateValidity } from '../certificates/types.ts'
import { CertificateTypeCode } from '../statements/certificate.ts'
import { HolderCodeType, shownText } from '../statements/parts.ts'
import { regionCode } from '../statements/party.ts'
import { Industry } from './industry.ts'
import { distinct, entryHead } from './parts.ts'
import { TypeField } from './typeField.ts'

/** What identifier, statement and time of a certificate are held against: see `certificates/face.ts`. */
const ON_EVERY_FACE = [
  { name: 'certificateNumber', type: 'string', required: true },
  { name: 'issuerCode', type: 'string', required: true },
  { name: 'validFrom', type: 'date', required: true },
  { name: 'validTo', type: 'date', required: false },
] as const

/** What stands on certificates of this type, whose they are and how long they are valid 证照目录. */
export const CertificateTypeEntry = z
  .strictObject({
    kind: z.literal('certificateType'),
    ...entryHead,
    /** As in certificate identifiers. */
    code: CertificateTypeCode,
    name: shownText(100),
    holderCodeType: HolderCodeType,
    /** Whether it may be owned together. */
    multiHolder: z.boolean(),
    validity: CertificateValidity,
    /** Of whose trade it is 行业; none where it is of no particular one. */
    industries: distinct(Industry, 20).min(1).optional(),
    fields: z.array(TypeField).max(200),
    /**
     * Certificates that were issued elsewhere, or before the ledger, and count as ones of this type 互认: by the region
     * of who issued them, its own among them, and the code that the type has there. None count where none is named.
     */
    recognised: z
      .array(z.strictObject({ region: regionCode, type: CertificateTypeCode }))
      .min(1)
      .max(500)
      .refine(
        (list) => new Set(list.map(({ region, type }) => region + type)).size === list.length,
        'an item twice',
      )
      .optional(),
  })
  .refine(
    ({ fields }) => new Set(fields.map(({ name }) => name)).size === fields.length,
    'a field twice',
  )
  .refine(
    ({ fields }) => fields.every(({ name }) => !CLAIM_NAMES.includes(name)),
    'a field of a name that the credential has for itself',
  )
  .refine(
    ({ fields }) =>
      ON_EVERY_FACE.every((needed) =>
        fields.some(
          ({ name, type, required }) =>
            name === needed.name && type === needed.type && (required || !needed.required),
        ),
      ),
    'without certificateNumber, issuerCode, validFrom or validTo as every certificate has them',
  )
  .meta({ id: 'CertificateType' })
