import { z } from 'zod'
import { parseTilePath, TILE_WIDTH } from '../../../node/core/merkle/tiles.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import { send } from '../respond.ts'
import type { Route } from '../route.ts'
import { Level, TileIndex } from './schema.ts'

/** Anyone may read the log, from any page. */
const PUBLIC = { 'Access-Control-Allow-Origin': '*' }
/** A full tile never changes; of a partial one a wider version comes soon. */
const FULL = { ...PUBLIC, 'Cache-Control': 'public, max-age=31536000, immutable' }
const PARTIAL = { ...PUBLIC, 'Cache-Control': 'public, max-age=60' }
const NEWEST = { ...PUBLIC, 'Cache-Control': 'public, max-age=1' }

/** The log as C2SP tlog-tiles has it. */
export function logRoutes(ledger: Ledger): Route[] {
  return [
    {
      method: 'GET',
      path: '/log/checkpoint',
      documentation: {
        id: 'getCheckpoint',
        tag: 'log',
        summary: 'The newest checkpoint',
        description: 'A signed note as C2SP tlog-checkpoint has it.',
        answers: {
          200: { description: 'Signed note', content: { 'text/plain': { schema: z.string() } } },
        },
      },
      async handle(ctx) {
        send(ctx, 200, 'text/plain; charset=utf-8', ledger.checkpoint(), NEWEST)
      },
    },
    {
      method: 'GET',
      path: '/log/tile/{level}/{index}',
      tail: true,
      documentation: {
        id: 'getTile',
        tag: 'log',
        summary: 'A tile of hashes, or a bundle of entries',
        description:
          'C2SP tlog-tiles. `index` is written in groups of three digits, all but the last with an x ' +
          'in front: `x001/x234/067`, and ends in `.p/<width>` for a tile that is not full yet.',
        parameters: { path: z.strictObject({ level: Level, index: TileIndex }) },
        answers: {
          200: {
            description: 'Hashes of 32 bytes, or entries each after two bytes that give its length',
            content: {
              'application/octet-stream': {
                schema: z.string().meta({ override: { type: 'string', format: 'binary' } }),
              },
            },
          },
        },
        errors: { invalid: ['TILE_PATH_MALFORMED'], notFound: ['TILE_NOT_FOUND'] },
      },
      async handle(ctx) {
        // The path as it was sent: one spelling per tile, and nothing else.
        const { level, index, width } = parseTilePath(ctx.path.slice('/log/'.length))
        const bytes =
          level === 'entries'
            ? await ledger.entryBundle(index, width)
            : await ledger.tile(level, index, width)
        const headers = width === TILE_WIDTH ? FULL : PARTIAL
        send(ctx, 200, 'application/octet-stream', bytes, headers)
      },
    },
  ]
}
