import * as z from 'zod'
import { Day } from '../catalogue/day.ts'
import { Exemption, HolderRole, Necessity } from '../catalogue/matter.ts'
import { HexHash } from '../ethereum/hex.ts'
import { GrantDocument } from '../grants/grant.ts'
import { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import { RequestState } from '../requests/state.ts'
import { Questions } from '../checks/questions.ts'
import { FieldNames, Manner } from '../uses/documents.ts'
import { position, shownText, StatementId, typeCode } from '../statements/parts.ts'

// What the ledger answers when a department asks what a case needs, and how much of it is there already.

const code = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'not a code')
const count = z.int().min(0)
const ruleId = z.string().min(1).max(200)
const fieldName = z.string().min(1).max(64)
/** Seconds since 1970. */
const seconds = z.int().min(0)

const Found = {
  kind: z.enum(['certificate', 'material']),
  /** Statement id; of what was erased, nobody can tell. */
  id: StatementId.optional(),
  index: position,
}

/** Why one was not taken. */
export const Rejection = z
  .strictObject({
    ...Found,
    code: code.meta({
      description:
        'MATERIAL_ERASED, MATERIAL_QUARANTINED, MATERIAL_REJECTED, MATERIAL_WITHDRAWN, ' +
        'MATERIAL_SUPERSEDED, MATERIAL_EXPIRED, ' +
        'MATERIAL_NOT_VALID_YET, MATERIAL_UNDATED, MATERIAL_SINGLE_USE_SPENT, ' +
        'MATERIAL_CERTIFICATE_DECIDES, MATERIAL_NOT_FROM_ISSUER, MATERIAL_OTHER_HOLDER, MATERIAL_OTHER_TYPE; ' +
        'CERTIFICATE_NOT_USABLE, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, ' +
        'CERTIFICATE_SUPERSEDED, CERTIFICATE_OTHER_HOLDER, CERTIFICATE_OTHER_TYPE; ' +
        'CANDIDATE_NOT_GRANTED, CANDIDATE_RULE_FAILED, CANDIDATE_OLDER, CANDIDATE_NOT_ACCEPTED, ' +
        'CANDIDATE_REFUTED',
    }),
    on: Day.optional().meta({ description: 'First day on which it was over' }),
    from: Day.optional().meta({ description: 'First day on which it counts' }),
    by: StatementId.optional().meta({ description: 'Statement that ended it, or that was taken' }),
    status: count.optional().meta({ description: 'As recorded on chain' }),
    grant: code.optional().meta({ description: 'Of CANDIDATE_NOT_GRANTED: what the grants lack' }),
    rule: z.strictObject({ matter: typeCode, id: ruleId }).optional().meta({
      description: 'Of CANDIDATE_RULE_FAILED: which rule fails for it that passes for `by`',
    }),
  })
  .meta({ id: 'ResolutionRejection' })
export type Rejection = z.infer<typeof Rejection>

/** A holder whose grant is not there, or not enough. */
export const MissingGrant = z
  .strictObject({
    holder: HexHash,
    code: code.meta({
      description:
        'GRANT_MISSING, or what stops the grant by which `request` was approved, else the one that comes nearest, as a ' +
        'use would say',
    }),
    /** Which one that is. */
    grant: HexHash.optional(),
    /** Of its chain, from the root, 0, where it breaks. */
    hop: z.int().min(0).max(7).optional(),
    request: z
      .strictObject({
        id: StatementId,
        state: RequestState,
        until: seconds.meta({ description: 'Seconds since 1970: by when the holder may answer' }),
      })
      .optional()
      .meta({
        description:
          'What the department asked this holder for, for this case: the request that waits, or the last one that was ' +
          'answered. While it waits, `requests` does not propose the same again',
      }),
  })
  .meta({ id: 'MissingGrant' })
export type MissingGrant = z.infer<typeof MissingGrant>

export const Prefilled = z
  .strictObject({
    name: fieldName,
    label: shownText(100),
    /** Where its value is; absent where nobody has it. */
    source: z
      .strictObject({
        kind: z.enum(['certificate', 'material', 'case']),
        id: StatementId.optional(),
        field: fieldName,
      })
      .optional(),
    /** Masked by its sensitivity; absent while the holder has not granted it. */
    value: z.unknown().optional(),
  })
  .meta({ id: 'PrefilledField' })
export type Prefilled = z.infer<typeof Prefilled>

export const ResolvedMaterial = z
  .strictObject({
    /** Type in the catalogue, and the version that was in force. */
    material: typeCode,
    version: z.int().min(1),
    name: shownText(100),
    holder: HolderRole,
    necessity: Necessity,
    /** Codes of the matters that ask for it: a theme asks for it once. */
    askedBy: z.array(typeCode).min(1),
    way: Exemption,
    state: z
      .enum([
        'handedIn',
        'ready',
        'grantMissing',
        'used',
        'committed',
        'partyUnknown',
        'notNeeded',
        'open',
      ])
      .meta({
        description:
          'handedIn: it came in for this case. ready: the grants are there, use it. grantMissing: see ' +
          '`missing`. used: the department was given it for this case, see `receipt`. committed: it was undertaken, see `undertaking`. partyUnknown: the case does not say who that is. ' +
          'notNeeded: nobody plays that part. open: hand it in, check it as data or commit to it, as `way` says',
      }),
    undertaking: z
      .strictObject({
        id: StatementId,
        state: z.enum(['given', 'kept', 'broken']),
        due: Day.optional().meta({ description: 'Last day on which the material may still come' }),
      })
      .optional()
      .meta({ description: 'What was signed for this case in its place 告知承诺' }),
    closed: z
      .strictObject({
        code: code.meta({ description: 'UNDERTAKING_BROKEN, UNDERTAKING_OVERDUE' }),
        undertaking: StatementId.optional().meta({ description: 'Which one' }),
      })
      .optional()
      .meta({
        description:
          'Why it is to be handed in though the matter takes a commitment: the holder broke one, in this case or another, ' +
          'or let the day go by',
      }),
    candidate: z
      .strictObject({
        ...Found,
        id: StatementId,
        /** RFC 3339, when the ledger logged it. */
        at: z.string(),
        /** First day on which it will be over. */
        until: Day.optional(),
        /** Whose grants allow it, and which. */
        grants: z.array(z.strictObject({ holder: HexHash, grant: HexHash })),
        receipt: StatementId.optional().meta({
          description: 'Of what is used: statement id of the use that gave it',
        }),
        /** What its use asks for: to be signed under these grants. */
        use: z
          .strictObject({
            fields: FieldNames,
            manner: Manner,
            questions: Questions.optional().meta({
              description: 'To be asked in the place of a copy 数据核验',
            }),
          })
          .optional(),
      })
      .optional(),
    /** Newest first. */
    rejected: z.array(Rejection),
    /** There are older ones that were not looked at. */
    more: z.boolean(),
    missing: z.array(MissingGrant),
    instead: z
      .strictObject({ ...Found, id: StatementId, missing: z.array(MissingGrant).min(1) })
      .optional()
      .meta({
        description:
          'Might be taken in place of `candidate`, with which a rule fails: what it says is not known before these grants ' +
          'are there. `requests` asks for them',
      }),
    fields: z.array(Prefilled),
  })
  .meta({ id: 'ResolvedMaterial' })
export type ResolvedMaterial = z.infer<typeof ResolvedMaterial>

/** What to ask a holder to sign: everything of the holder's that is missing, in one grant. */
export const GrantProposal = z
  .strictObject({
    holder: HexHash,
    /** Types that it is for. */
    materials: z.array(typeCode).min(1),
    /** To be put into a scope document, with a seed of the holder's own. */
    items: z.array(ScopeItem).min(1),
    purposes: z.array(ScopePurpose).min(1),
    /** What `POST /v1/grants/preview` takes as `grant`. */
    draft: GrantDocument.pick({
      holder: true,
      grantee: true,
      items: true,
      purposes: true,
      notBefore: true,
      notAfter: true,
      depth: true,
      uses: true,
    }),
  })
  .meta({ id: 'GrantProposal' })
export type GrantProposal = z.infer<typeof GrantProposal>

export const RuleResult = z
  .strictObject({
    matter: typeCode,
    id: z.string(),
    text: z.string(),
    result: z.enum(['pass', 'fail', 'unknown']),
    /** Why it is not known. */
    because: z
      .enum([
        'MATERIAL_MISSING',
        'GRANT_MISSING',
        'FIELD_NOT_GRANTED',
        'FIELD_MISSING',
        'CASE_FIELD_MISSING',
        /** It looks at what is somebody else's than the party's that asks. */
        'NOT_YOURS',
      ])
      .optional(),
  })
  .meta({ id: 'RuleResult' })
export type RuleResult = z.infer<typeof RuleResult>

export const Resolution = z
  .strictObject({
    matters: z
      .array(z.strictObject({ code: typeCode, version: z.int().min(1) }))
      .min(1)
      .meta({ description: 'One, or those of a theme' }),
    /** Of the decision. */
    day: Day,
    at: seconds,
    materials: z.array(ResolvedMaterial),
    rules: z.array(RuleResult),
    requests: z
      .array(GrantProposal)
      .meta({ description: 'Of each holder, what is missing and was not asked for yet' }),
    figures: z.strictObject({
      /** Materials that the case cannot do without. */
      required: count,
      /** Those of them that nobody has to hand in. */
      exempted: count,
      /** Fields of all that is needed, and those that were filled in. */
      fields: count,
      prefilled: count,
    }),
    complete: z.boolean().meta({
      description:
        'All that is required is handed in, used, ready or undertaken, and no rule fails or is unknown',
    }),
  })
  .meta({ id: 'Resolution' })
export type Resolution = z.infer<typeof Resolution>

/** Something to be looked at beside what is found, by whoever has it in hand. */
export const Considered = z
  .strictObject({
    material: typeCode.meta({ description: 'The required material that it might be' }),
    kind: z.enum(['certificate', 'material']),
    id: StatementId,
  })
  .meta({ id: 'ConsideredMaterial' })
export type Considered = z.infer<typeof Considered>
