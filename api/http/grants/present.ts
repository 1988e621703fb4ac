import type { LedgerError } from '../../../node/core/errors.ts'
import type { ActPreview, GrantRecord, RecordedAct } from '../../../node/grants/grants.ts'
import type { Place } from '../../../node/mirror/mirror.ts'
import { SENTENCES } from '../problems.ts'
import { send } from '../respond.ts'
import type { Context } from '../route.ts'
import type { GrantDetail, GrantSummary, Reason } from './schema.ts'

export function presentPreview({
  sentence,
  signer,
  reasons,
}: Pick<ActPreview<'Grant'>, 'sentence' | 'signer' | 'reasons'>) {
  return { sentence, signer, reasons: reasons.map(presentReason) }
}

export function presentSummary(record: GrantRecord): GrantSummary {
  const { grant, holder, grantor, grantee, line, chain, statement, registered, standing } = record
  const terms = chain?.at(-1)
  const revocation = registered?.revocation
  return {
    id: grant,
    holder,
    grantor,
    grantee,
    line: [...line],
    ...(terms && { terms }),
    ...(statement && { statement: statement.id }),
    ...(registered && { registered: presentPlace(registered.registered) }),
    ...(revocation && {
      revoked: { by: revocation.revoker, ...presentPlace(revocation.recorded) },
    }),
    used: registered?.state.used ?? 0,
    standing: standing.is,
    ...(standing.is === 'dead' && { because: presentReason(standing.because) }),
  }
}

export function presentDetail(record: GrantRecord): GrantDetail {
  const { chain } = record
  return { ...presentSummary(record), ...(chain && { chain: [...chain] }) }
}

/** 201 once it stands on the chain, 202 before. Evidence is passed on as the bytes that it is. */
export function sendRecorded(
  ctx: Context,
  { id, index, state, transaction, block, evidence }: RecordedAct,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): void {
  const answer = {
    ...more,
    statement: id,
    index,
    state,
    ...(transaction && { transaction }),
    ...(block && { block: { number: block.number, hash: block.hash } }),
  }
  const start = JSON.stringify(answer).slice(0, -1)
  const body = Buffer.concat([Buffer.from(`${start},"evidence":`), evidence, Buffer.from('}')])
  send(ctx, transaction === undefined ? 202 : 201, 'application/json', body, headers)
}

function presentPlace({ time, block, transaction }: Place) {
  return { time, block, transaction }
}

export function presentReason({ code, details }: LedgerError): Reason {
  return { ...details, code, detail: SENTENCES[code] ?? '' }
}
