import { z } from 'zod'
import { encodeHex } from '../../../node/core/bytes.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { AnchorRecord } from '../../../node/ledger/anchoring/records.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import { PathNumber } from '../entries/schema.ts'
import examples from '../examples.json' with { type: 'json' }
import { sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Route } from '../route.ts'
import { AnchorPage, AnchorsAtSize, PageQuery } from './schema.ts'
import type { Anchor } from './schema.ts'

export function anchorRoutes(ledger: Ledger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/anchors',
      documentation: {
        id: 'listAnchors',
        tag: 'anchors',
        summary: 'Checkpoints on their way to the chains, the largest first',
        parameters: { query: PageQuery },
        answers: {
          200: {
            description: 'A page',
            content: { 'application/json': { schema: AnchorPage, example: examples.anchors } },
          },
        },
        errors: { invalid: ['QUERY_MALFORMED'] },
      },
      async handle(ctx) {
        const { limit, cursor } = parseBy(PageQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const page = cursor === undefined ? { limit } : { limit, before: Number(cursor) }
        const records = await ledger.anchors(page)
        // A page holds whole sizes: as many as asked for means that there may be more.
        const isFull = new Set(records.map(({ size }) => size)).size === limit
        const answer: AnchorPage = {
          anchors: records.map(presentAnchor),
          ...(isFull && { next: String(records.at(-1)?.size) }),
        }
        sendJson(ctx, 200, answer)
      },
    },
    {
      method: 'GET',
      path: '/v1/anchors/{size}',
      documentation: {
        id: 'getAnchors',
        tag: 'anchors',
        summary: 'The anchors of the checkpoint of one size, on every chain',
        parameters: { path: z.strictObject({ size: PathNumber }) },
        answers: {
          200: {
            description: 'The anchors',
            content: {
              'application/json': {
                schema: AnchorsAtSize,
                example: { size: 3, ...examples.anchors },
              },
            },
          },
        },
        errors: { invalid: ['SIZE_MALFORMED'], notFound: ['ANCHOR_NOT_FOUND'] },
      },
      async handle(ctx) {
        const size = parseBy(PathNumber, parameter(ctx, 'size'), 'SIZE_MALFORMED')
        const anchors = (await ledger.anchorsAt(size)).map(presentAnchor)
        const answer: AnchorsAtSize = { size, anchors }
        sendJson(ctx, 200, answer)
      },
    },
  ]
}

function presentAnchor(record: AnchorRecord): Anchor {
  const { target, chainId, registry, logId, size, checkpoint, state, mined, proof } = record
  return {
    chain: target,
    chainId,
    registry,
    logId,
    size,
    root: encodeHex(record.root),
    checkpoint,
    state,
    // The block that evidence names: on a chain that prunes, the proofs are of a later one.
    ...(mined && { transaction: mined.transaction, block: proof?.block ?? mined.block }),
    provable: proof !== undefined,
    queuedAt: presentTime(record.queuedAt),
    ...(record.confirmedAt !== undefined && { confirmedAt: presentTime(record.confirmedAt) }),
    ...(record.finalAt !== undefined && { finalAt: presentTime(record.finalAt) }),
    ...(record.reorganisedAt !== undefined && { reorganisedAt: presentTime(record.reorganisedAt) }),
  }
}

function presentTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
