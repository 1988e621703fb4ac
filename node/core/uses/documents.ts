import * as z from 'zod'
import { Signature, Use } from '../acts/acts.ts'
import { GrantDocument } from '../grants/grant.ts'
import type { Grant } from '../grants/grant.ts'
import { Openings } from '../grants/scope.ts'
import { UseContext } from '../grants/use.ts'
import { StatementId } from '../statements/parts.ts'

/** Names of fields, each once, in the order of their code units: one spelling for one list. */
export const FieldNames = z
  .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'not a field name'))
  .max(256)
  .refine(
    (names) => names.every((name, i) => i === 0 || (names[i - 1] as string) < name),
    'not in order, each once',
  )

/** `copy` includes `read`. */
export const Manner = z.enum(['read', 'copy'])
export type Manner = z.infer<typeof Manner>

/** What a department asks for, by the id of its statement. */
export const UseSubject = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('certificate'), id: StatementId }),
    z.strictObject({ kind: z.literal('material'), id: StatementId }),
  ])
  .meta({ id: 'UseSubject' })
export type UseSubject = z.infer<typeof UseSubject>

/**
 * One holder's permission, and the department's signature that it makes use of it.
 * `signature` by the department's account; `granteeSignature` by the last grantee, where that is another.
 */
export const Authorization = z
  .strictObject({
    /** From the root down. */
    chain: z.array(GrantDocument).min(1).max(8),
    use: Use,
    signature: Signature,
    granteeSignature: Signature.optional(),
    openings: Openings,
  })
  .meta({ id: 'Authorization' })
export type Authorization = z.infer<typeof Authorization>

/** Whether some grant of the chain counts its uses. Where none does, each use has the same sequence, 0. */
export function isLimited({ chain }: ChainOfUse): boolean {
  return chain.some(({ uses }) => uses !== 0)
}

interface ChainOfUse {
  readonly chain: readonly Pick<Grant, 'uses'>[]
}

/** What a department sends to use a certificate or a material: an authorization of each holder. */
export const UseRequest = z
  .strictObject({
    subject: UseSubject,
    /** Fields to see; of a material without fields, none. */
    fields: FieldNames,
    manner: Manner,
    context: UseContext,
    authorizations: z.array(Authorization).min(1).max(8),
  })
  .meta({ id: 'UseRequest' })
export type UseRequest = z.infer<typeof UseRequest>
