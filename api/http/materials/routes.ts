import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Materials, Submitted } from '../../../node/materials/materials.ts'
import { readJson } from '../body.ts'
import { findHeader, parseIdempotencyKey } from '../headers.ts'
import { send, sendJson } from '../respond.ts'
import { parameter, principalOf } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal, whenAnchored } from '../wait.ts'
import { decisionsOn, getOwn, getShown, getWhole, submitterNameOf } from './access.ts'
import type { Reading } from './access.ts'
import { answerBatch } from './batch.ts'
import { sendContent } from './content.ts'
import { decisionRoutes } from './decisions.ts'
import * as documentation from './documentation.ts'
import { listingRoute } from './listing.ts'
import { ErasureRequest } from './schema.ts'
import type { Material } from './schema.ts'
import { receiveSubmission } from './submission.ts'

export interface MaterialOptions {
  /** Bytes of one content at most. */
  readonly maxContent: number
  /** Bytes of one batch at most. */
  readonly maxBatch: number
  /** Milliseconds that `?wait=anchored` waits unless the request says. */
  readonly wait: number
}

export interface MaterialRouteOptions extends MaterialOptions, Omit<Reading, 'materials'> {}

export function materialRoutes(materials: Materials, options: MaterialRouteOptions): Route[] {
  const { parties, types } = options
  const reading: Reading = { materials, parties, types }
  return [
    listingRoute(reading),
    {
      method: 'POST',
      path: '/v1/materials',
      action: 'submitMaterial',
      documentation: documentation.submit,
      async handle(ctx) {
        const idempotencyKey = parseIdempotencyKey(findHeader(ctx.req, 'idempotency-key'))
        const anchored = anchoredSignal(ctx, options.wait)
        const { request, stop } = await receiveSubmission(ctx, options.maxContent)
        const submitted = await materials
          .submit({
            ...request,
            submitter: principalOf(ctx).name,
            ...(idempotencyKey !== undefined && { idempotencyKey }),
          })
          .finally(stop)
        if (anchored === undefined) return sendSubmitted(ctx, submitted)
        const { id } = submitted
        const evidence = await whenAnchored(id, () => materials.evidence(id, { anchored }))
        sendSubmitted(ctx, { ...submitted, evidence })
      },
    },
    {
      method: 'POST',
      path: '/v1/materials/batch',
      action: 'submitMaterial',
      documentation: documentation.batch,
      handle: (ctx) => answerBatch(ctx, materials, options.maxBatch),
    },
    {
      method: 'GET',
      path: '/v1/materials/{id}',
      action: 'readMaterial',
      documentation: documentation.get,
      async handle(ctx) {
        const found = await getShown(ctx, reading)
        const id = parameter(ctx, 'id')
        const material: Material = {
          id,
          ...found,
          ...(await submitterNameOf(found, parties)),
          ...(await decisionsOn(found, id, materials)),
        }
        sendJson(ctx, 200, material)
      },
    },
    {
      method: 'GET',
      path: '/v1/materials/{id}/content',
      action: 'readMaterial',
      documentation: documentation.content,
      async handle(ctx) {
        const { statement } = await getWhole(ctx, reading)
        if (statement === undefined) throw new LedgerError('notFound', 'MATERIAL_ERASED')
        await sendContent(ctx, materials, statement)
      },
    },
    {
      method: 'GET',
      path: '/v1/materials/{id}/evidence',
      action: 'readMaterial',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        await getWhole(ctx, reading)
        const id = parameter(ctx, 'id')
        const anchored = anchoredSignal(ctx, options.wait)
        const evidence = await whenAnchored(id, () =>
          materials.evidence(id, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, { 'Cache-Control': 'private, no-cache' })
      },
    },
    {
      method: 'DELETE',
      path: '/v1/materials/{id}',
      action: 'eraseMaterial',
      documentation: documentation.erase,
      async handle(ctx) {
        const request = await readJson(ctx, ErasureRequest, 'ERASURE_MALFORMED')
        await getOwn(ctx, materials, 'eraseEveryMaterial')
        const by = principalOf(ctx).name
        const { evidence } = await materials.erase(parameter(ctx, 'id'), { ...request, by })
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence)
      },
    },
    ...decisionRoutes(materials, types),
  ]
}

function sendSubmitted(ctx: Context, { id, created, evidence }: Submitted): void {
  send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, { Location: `/v1/materials/${id}` })
}
