import { firstBits } from '../../../node/core/grants/mask.ts'
import type { GrantRequests, RequestRecord } from '../../../node/requests/requests.ts'
import type { GrantRequest } from './schema.ts'

/** @param namesHolder whoever reads it may know who the holder is */
export async function presentRequest(
  { index, at, statement, state, answer }: RequestRecord,
  requests: Pick<GrantRequests, 'sentenceOf'>,
  namesHolder: boolean,
): Promise<GrantRequest> {
  const { v: _, kind: __, ...asked } = statement
  return {
    ...asked,
    index,
    at,
    sentence: await requests.sentenceOf(statement, namesHolder),
    state,
    ...(answer && { answer: presentAnswer(answer) }),
    ...(state === 'pending' && { draft: draftOf(statement) }),
  }
}

function presentAnswer({ index, at, statement }: NonNullable<RequestRecord['answer']>) {
  const { id, by } = statement
  const said =
    statement.kind === 'request.approved'
      ? { grant: statement.grant }
      : { reason: statement.reason }
  return { id, index, at, by, ...said }
}

function draftOf({
  holder,
  grantee,
  items,
  purposes,
  notAfter,
  depth,
  uses,
}: RequestRecord['statement']) {
  return {
    holder,
    grantee,
    items: firstBits(items.length),
    purposes: firstBits(purposes.length),
    notAfter,
    depth,
    uses,
  }
}
