import * as z from 'zod'
import {
  caseCode,
  content,
  contentSize,
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

/** What a submitter says about a material, without its content. */
const described = {
  type: typeCode,
  title: shownText(200).optional(),
  holder: Holder.optional(),
  fields: Fields.optional(),
  caseCode: caseCode.optional(),
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
  })
  .meta({ id: 'MaterialSubmitted' })
export type MaterialSubmitted = z.infer<typeof MaterialSubmitted>

/** A material's content and statement were made unreadable for good; its proofs stay. */
export const MaterialErased = z
  .strictObject({
    ...head,
    kind: z.literal('material.erased'),
    /** Statement id of the material. */
    material: StatementId,
    /** Index of the material's entry. */
    index: position,
    reason: shownText(500),
    legalBasis: shownText(500),
    /** Name of the authenticated principal. */
    by: shownText(100),
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
  })
  .meta({ id: 'MaterialSubmission' })
export type MaterialSubmission = z.infer<typeof MaterialSubmission>
