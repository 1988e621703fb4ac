import * as z from 'zod'
import { HolderRole } from '../catalogue/matter.ts'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { UseContext } from '../grants/use.ts'
import { Registries } from '../parties/registries.ts'
import { Questions } from '../checks/questions.ts'
import { Authorization, FieldNames, Manner } from '../uses/documents.ts'
import { content, contentSize, digests, head, position, StatementId, typeCode } from './parts.ts'
import { regionCode } from './party.ts'

/** What is used: the entry of its own statement. */
const subject = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('certificate'),
    id: StatementId,
    index: position,
    type: typeCode,
    /** Id in the certificate registry. */
    certificate: HexHash,
  }),
  z.strictObject({
    kind: z.literal('material'),
    id: StatementId,
    index: position,
    type: typeCode,
  }),
])

/** What the node knew when it decided. */
export const UseDecision = z.strictObject({
  /** Version of the rules: see docs/formats.md. */
  rules: z.literal(1),
  /** Seconds since 1970, by the node's clock. */
  at: z.int().min(0),
  /** The newest block that it held of the registries' chain. */
  block: z.strictObject({ number: position, hash: HexHash }),
  /** Where the department works, as the department above it says. */
  region: regionCode.optional(),
  /** Index of the entry by which the case was opened here; absent of one that was opened elsewhere. */
  case: position.optional(),
})
export type UseDecision = z.infer<typeof UseDecision>

const asked = {
  user: HexAddress,
  registries: Registries,
  fields: FieldNames,
  manner: Manner,
  context: UseContext,
  authorizations: z.array(Authorization).min(1).max(8),
  decision: UseDecision,
}

/** Why an original lies untouched in a cover, in place of being drawn on. */
export const CoverReason = z.enum([
  /** A change would break a signature of its own. */
  'signed',
  'encrypted',
  /** It cannot be read to its end, so a rewritten one might lack something. */
  'damaged',
  /** It carries attachments, which could pass for those of the copy. */
  'attachments',
  /** It would take more memory or time than a copy may. */
  'heavy',
])
export type CoverReason = z.infer<typeof CoverReason>

/**
 * The PDF that a whole material was handed out as, up to where the files begin that lie in it: the evidence of this
 * very receipt is one of them.
 */
export const DrawnDocument = z.strictObject({
  digests,
  size: contentSize,
  /** Of a cover; absent where the mark is drawn over the pages of the original. */
  because: CoverReason.optional(),
})
export type DrawnDocument = z.infer<typeof DrawnDocument>

/**
 * A required material that nobody has to hand in for a case any more; of a case of elsewhere the type alone is known.
 */
export const Spared = z.strictObject({ material: typeCode, holder: HolderRole.optional() })
export type Spared = z.infer<typeof Spared>

/** A department got a derived copy: the receipt that neither side can deny. */
export const UseReleased = z
  .strictObject({
    ...head,
    kind: z.literal('use.released'),
    subject,
    /** Holder ids; each has its authorization. */
    holders: z.array(HexHash).min(1).max(8),
    ...asked,
    /** Transactions that counted it, where uses are limited. */
    counted: z.array(HexHash).max(8),
    /** Sensitive fields that it shows in clear, as grants and matter allow. */
    plain: FieldNames.optional(),
    /** How many fields a whole material showed, where it has any. */
    shown: z.int().min(1).optional(),
    /** Absent where the case does not require it, or was spared it before. */
    spares: Spared.optional(),
    /** The derived copy. */
    content,
    /** Of a whole material that something is drawn on. */
    document: DrawnDocument.optional(),
    /** Seconds since 1970; from then on the copy is to be used no longer. */
    expires: z.int().min(0),
  })
  .meta({ id: 'UseReleased' })
export type UseReleased = z.infer<typeof UseReleased>

/** A department asked, by its signature, and was refused. */
export const UseRefused = z
  .strictObject({
    ...head,
    kind: z.literal('use.refused'),
    subject: z.strictObject({ kind: z.enum(['certificate', 'material']), id: StatementId }),
    /** Those whose it is, as far as it is known, and those whose grants were presented. */
    holders: z.array(HexHash).max(72),
    ...asked,
    /** Why: the first rule that it broke. */
    code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'not a code'),
    /** What a data check asked. */
    questions: Questions.optional(),
    /** Of the chain of grants that broke it, from the root, 0. */
    hop: z.int().min(0).max(7).optional(),
    /** What the chain had counted by then, which nothing takes back: EIP-712 digest of the use, and where. */
    counted: z
      .array(z.strictObject({ use: HexHash, transaction: HexHash }))
      .min(1)
      .max(8)
      .optional(),
  })
  .meta({ id: 'UseRefused' })
export type UseRefused = z.infer<typeof UseRefused>
