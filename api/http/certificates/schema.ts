import { z } from 'zod'
import { STATUS_CODES } from '../../../node/core/certificates/status.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { Fields, StatementId } from '../../../node/core/statement.ts'
import { shownText } from '../../../node/core/statements/parts.ts'
import {
  CertificateIssued,
  CertificateTypeCode,
} from '../../../node/core/statements/certificate.ts'
import { CERTIFICATE_CODES } from '../../../node/core/usability/usability.ts'
import { indexCursor, limit, moment, next, position, seconds } from '../registered/schema.ts'

const statusCode = z.enum(STATUS_CODES)

export const CertificateRequest = z
  .strictObject({
    credential: z
      .string()
      .max(512 * 1024)
      .meta({
        description: 'SD-JWT with every disclosure, signed by the account of the department',
      }),
  })
  .meta({ id: 'CertificateRequest' })

export const CertificateStatus = z
  .strictObject({
    code: statusCode.meta({ description: '01 valid, 02 suspended, 07 revoked, …' }),
    time: seconds.meta({ description: 'Seconds since 1970: the moment that this is about' }),
    usable: z.boolean(),
    because: z.enum(CERTIFICATE_CODES).optional().meta({
      description:
        'Why it is not, as a use would be told: its status, a newer certificate in its place, or its days',
    }),
    by: StatementId.optional().meta({ description: 'Of CERTIFICATE_SUPERSEDED: the newer one' }),
  })
  .meta({ id: 'CertificateStatus' })
export type CertificateStatus = z.infer<typeof CertificateStatus>

const about = {
  id: StatementId,
  index: position.meta({ description: 'Position in the log' }),
  at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
  serial: HexHash.meta({ description: 'Commitment of its statement' }),
  certificate: HexHash.meta({ description: 'Id under which its status stands on chain' }),
  statement: CertificateIssued,
  status: CertificateStatus,
}

export const CertificateSummary = z.strictObject(about).meta({ id: 'CertificateSummary' })
export type CertificateSummary = z.infer<typeof CertificateSummary>

export const Certificate = z
  .strictObject({
    ...about,
    lineage: z
      .strictObject({
        renews: StatementId.optional(),
        replaces: StatementId.optional(),
        renewedBy: z.array(StatementId),
        replacedBy: z.array(StatementId),
      })
      .meta({ description: 'What came before and what came after, by id' }),
  })
  .meta({ id: 'Certificate' })
export type Certificate = z.infer<typeof Certificate>

export const CertificatePage = z
  .strictObject({ certificates: z.array(CertificateSummary), next })
  .meta({ id: 'CertificatePage' })
export type CertificatePage = z.infer<typeof CertificatePage>

export const CertificateQuery = z
  .strictObject({
    holder: HexHash.optional(),
    identifier: z.string().max(160).optional().meta({ description: '电子证照标识' }),
    limit,
    cursor: indexCursor,
  })
  .refine(
    ({ holder, identifier }) => (holder === undefined) !== (identifier === undefined),
    'needs either holder or identifier',
  )

export const StatusQuery = z.strictObject({ at: moment })

export const DisclosureQuery = z.strictObject({
  fields: z
    .string()
    .max(4096)
    .transform((text) => (text === '' ? [] : text.split(',')))
    .optional()
    .meta({
      override: { type: 'string' },
      description: 'Names, separated by commas; all unless given',
    }),
})

const text = shownText(500)

export const StatusPreviewRequest = z
  .strictObject({
    status: statusCode,
    text: text.optional().meta({ description: 'What 99 stands for' }),
  })
  .meta({ id: 'StatusPreviewRequest' })

export const PresentationRequest = z
  .strictObject({
    presentation: z
      .string()
      .max(512 * 1024)
      .meta({ description: 'SD-JWT+KB (RFC 9901 §4.3)' }),
    nonce: z.string().max(512).meta({
      description: 'That the verifier drew for this presentation alone and gave to the holder',
    }),
    audience: z.string().max(512).meta({ description: 'Name of the verifier' }),
  })
  .meta({ id: 'PresentationRequest' })

export const PresentationVerdict = z
  .strictObject({
    result: z.enum(['pass', 'fail', 'unknown']),
    checks: z
      .array(
        z.strictObject({
          check: z.enum(['presentation', 'issuer', 'status']),
          result: z.enum(['pass', 'fail', 'unknown', 'skipped']),
          code: z.string(),
          message: z.string(),
        }),
      )
      .length(3),
    shown: z
      .strictObject({
        id: StatementId.optional().meta({
          description: 'Absent where this ledger does not know it',
        }),
        issuer: HexAddress,
        type: CertificateTypeCode,
        identifier: z.string(),
        holderAccount: HexAddress.meta({ description: 'That presented it' }),
        validFrom: seconds,
        validTo: seconds.optional(),
        fields: Fields.meta({ description: 'Those that were disclosed' }),
      })
      .optional()
      .meta({ description: 'Absent unless the presentation holds' }),
  })
  .meta({ id: 'PresentationVerdict' })
export type PresentationVerdict = z.infer<typeof PresentationVerdict>
