import * as z from 'zod'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { content, head } from './parts.ts'

const seconds = z.int().min(0)

/** Type part of a certificate identifier: see `identifiers/certificateIdentifier.ts`. */
export const CertificateTypeCode = z
  .string()
  .regex(/^[0-9A-HJ-NPQRTUWXY]{18}\d{3}$/, 'not a certificate type code')
  .meta({ id: 'CertificateTypeCode' })

/** Holder ids, each once. */
export const HolderIds = z
  .array(HexHash)
  .min(1)
  .max(64)
  .refine((ids) => new Set(ids).size === ids.length, 'a holder twice')

/**
 * A department issued a certificate. What stands on its face is in the content alone: the statement shows who issued
 * what type to whom, and nothing that is written on it.
 *
 * The commitment of this statement is the certificate's serial, by which its status is recorded on chain.
 */
export const CertificateIssued = z
  .strictObject({
    ...head,
    kind: z.literal('certificate.issued'),
    /** Address that names the department in the party registry of chain `chainId`. */
    issuer: HexAddress,
    chainId: z.int().min(1),
    type: CertificateTypeCode,
    /** 电子证照标识 */
    identifier: z.string().max(160),
    /** More than one where the certificate is owned together. */
    holders: HolderIds,
    /** The JWT that the issuer signed, without disclosures. */
    credential: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'not a JWT'),
    /** The whole SD-JWT with every disclosure. */
    content,
    /** Seconds since 1970: of the first second in which it is valid, and the first in which it no longer is. */
    validFrom: seconds,
    validTo: seconds.optional(),
    /** Serial of the earlier certificate, of the same holders. */
    renews: HexHash.optional(),
    replaces: HexHash.optional(),
  })
  .meta({ id: 'CertificateIssued' })
export type CertificateIssued = z.infer<typeof CertificateIssued>
