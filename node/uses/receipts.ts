import { isLedgerError } from '../core/errors.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { UseDecision, UseRefused, UseReleased } from '../core/statements/use.ts'
import type { UseRequest } from '../core/uses/documents.ts'
import { userOf } from '../core/uses/request.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import type { MirroredGrants } from '../mirror/mirror.ts'
import type { DecidableRequest } from './deciding.ts'
import type { Subjects } from './subjects.ts'

/** What a statement says of a request, whatever its answer. */
export type Asked = Pick<
  UseReleased,
  'user' | 'registries' | 'fields' | 'manner' | 'context' | 'authorizations' | 'decision'
> &
  Pick<UseRefused, 'questions'>

export function describe(
  request: DecidableRequest,
  { registries }: { readonly registries: Registries },
  decision: UseDecision,
): Asked {
  const { fields, manner, questions, context, authorizations } = request
  return {
    user: userOf(request),
    registries,
    fields,
    manner,
    ...(questions && { questions: [...questions] }),
    context,
    authorizations,
    decision,
  }
}

/** What is logged of a request that was refused. */
export function stateRefusal(
  id: string,
  { subject }: Pick<UseRequest, 'subject'>,
  asked: Asked,
  concerned: readonly Hex[],
  { code, details }: LedgerError,
  grants: Pick<MirroredGrants, 'findUse'>,
): UseRefused {
  const { hop } = details as { hop?: unknown }
  const counted = useIdsOf(asked, asked.registries).flatMap((use) => {
    const transaction = grants.findUse(use)?.recorded.transaction
    return transaction === undefined ? [] : [{ use, transaction }]
  })
  return {
    v: 1,
    id,
    kind: 'use.refused',
    subject,
    holders: [...concerned],
    ...asked,
    code,
    ...(typeof hop === 'number' && { hop }),
    ...(counted.length > 0 && { counted }),
  }
}

/** Those whose it is see that it was asked for, whoever's grants were presented; so do those whose grants they are. */
export async function concernedBy(
  { subject, authorizations }: Pick<UseRequest, 'subject' | 'authorizations'>,
  subjects: Pick<Subjects, 'find'>,
): Promise<Hex[]> {
  const granting = authorizations.map(({ chain }) => chain[0]?.holder as Hex)
  try {
    const { holders } = await subjects.find(subject, granting)
    return [...new Set([...holders, ...granting])]
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return [...new Set(granting)]
  }
}

/** A rule said no. That something is out of order here is no answer to the department, and no statement about it. */
export function isRefusal(error: unknown): error is LedgerError {
  return (
    isLedgerError(error) &&
    ['invalid', 'forbidden', 'notFound', 'conflict', 'unverified'].includes(error.kind)
  )
}
