import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { sha256 } from '../hash/hash.ts'
import { CertificateTypeCode } from './certificate.ts'
import {
  caseCode,
  Channel,
  content,
  contentSize,
  digestId,
  digests,
  Fields,
  head,
  Holder,
  kept,
  mediaType,
  position,
  shownText,
  StatementId,
  typeCode,
} from './parts.ts'
import { regionCode } from './party.ts'

/** What a submitter says about a material, without its content. */
const described = {
  type: typeCode,
  title: shownText(200).optional(),
  holder: Holder.optional(),
  fields: Fields.optional(),
  caseCode: caseCode.optional(),
  /** Why it is handed in for the case although that could be exempted. */
  reason: shownText(500).optional(),
  /** 电子证照标识 of the certificate that it is a copy of. */
  certificateIdentifier: shownText(160).optional(),
  /** Statement id of the earlier version, of the same holder and type. */
  supersedes: StatementId.optional(),
  /** By which way it came. */
  channel: Channel.optional(),
  /** 0 upload, 1 certificate reference, 2 courier, 3 counter, 4 online form, 5 data sharing. */
  receiptMode: z.int().min(0).max(5).optional(),
}

const reasonCode = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'not a code')

/** Who decided what about a material that was handed in, and why. */
const decided = {
  /** Statement id of the material. */
  material: StatementId,
  /** Index of the material's entry. */
  index: position,
  reason: shownText(500),
  /** Name of the authenticated principal. */
  by: shownText(100),
}

/** A material was handed in. */
export const MaterialSubmitted = z
  .strictObject({
    ...head,
    kind: z.literal('material.submitted'),
    ...described,
    content,
    /** Name of the authenticated principal; never taken from the request. */
    submitter: shownText(100),
    /** Version of its type that was in force, and that its fields obey; absent where nobody had published the type. */
    catalogue: z.strictObject({ version: z.int().min(1) }).optional(),
    /**
     * What it is a copy of, where the type in force then recognised that as one of its own; its fields are all that
     * stands on it.
     */
    recognised: z
      .strictObject({
        /** Its certificate type here, and the version that says so. */
        certificateType: CertificateTypeCode,
        version: z.int().min(1),
        /** 6 digits, of whoever issued it. */
        region: regionCode,
      })
      .optional(),
    /** Not to be used until somebody has looked at what is wrong with it. */
    quarantine: z.strictObject({ code: reasonCode }).optional(),
  })
  .meta({ id: 'MaterialSubmitted' })
export type MaterialSubmitted = z.infer<typeof MaterialSubmitted>

/**
 * Names the bytes of a material that is kept here: those of one holder that are the same are stored once. Undefined
 * where bytes are never shared, for they belong to nobody in particular or lie elsewhere.
 */
export function sharedNameOf({ holder, content }: MaterialSubmitted): string | undefined {
  const digest = content.digests.find((text) => text.startsWith('sha-256:'))
  if (holder === undefined || content.kept !== 'here' || digest === undefined) return undefined
  return `${holder.codeType} ${holder.code} ${digest}`
}

/** A material is not to be used any more; it stays readable for those who used it. */
export const MaterialWithdrawn = z
  .strictObject({ ...head, kind: z.literal('material.withdrawn'), ...decided })
  .meta({ id: 'MaterialWithdrawn' })
export type MaterialWithdrawn = z.infer<typeof MaterialWithdrawn>

/** Somebody looked at a material in quarantine: it may be used. */
export const MaterialReleased = z
  .strictObject({ ...head, kind: z.literal('material.released'), ...decided })
  .meta({ id: 'MaterialReleased' })
export type MaterialReleased = z.infer<typeof MaterialReleased>

/** Somebody looked at a material in quarantine: it is never to be used. */
export const MaterialRejected = z
  .strictObject({ ...head, kind: z.literal('material.rejected'), ...decided })
  .meta({ id: 'MaterialRejected' })
export type MaterialRejected = z.infer<typeof MaterialRejected>

/** A material is withdrawn once. */
export function withdrawalIdOf(material: string): string {
  return digestId('withdrawal', sha256(utf8(material)))
}

/** Release and rejection are the same id: one of them is said, once. */
export function quarantineIdOf(material: string): string {
  return digestId('quarantine', sha256(utf8(material)))
}

/** A material's content and statement were made unreadable for good; its proofs stay. */
export const MaterialErased = z
  .strictObject({
    ...head,
    kind: z.literal('material.erased'),
    ...decided,
    legalBasis: shownText(500),
    /** What the erased material took the place of, and does not give back. */
    supersedes: StatementId.optional(),
  })
  .meta({ id: 'MaterialErased' })
export type MaterialErased = z.infer<typeof MaterialErased>

/**
 * What a client sends to hand in a material: the statement without what the ledger knows better.
 * `content.digests` and `content.size` may be left out when the content comes along;
 * what is stated is checked against it.
 */
export const MaterialSubmission = z
  .strictObject({
    id: StatementId.optional(),
    ...described,
    content: z.strictObject({
      digests: digests.optional(),
      size: contentSize.optional(),
      mediaType,
      kept: kept.optional(),
    }),
    /**
     * What becomes of it where a check character is wrong, or where its type is not in the catalogue: it is refused for
     * the one and taken for the other, or else, as what was collected long ago needs it, it goes into quarantine for
     * both.
     */
    unsound: z.enum(['refuse', 'quarantine']).optional(),
  })
  .meta({ id: 'MaterialSubmission' })
export type MaterialSubmission = z.infer<typeof MaterialSubmission>
