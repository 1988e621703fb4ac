import { z } from 'zod'
import { decodeUtf8, encodeHex } from '../../../node/core/bytes.ts'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { EntryDocument } from '../../../node/core/entry.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import examples from '../examples.json' with { type: 'json' }
import { sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Route } from '../route.ts'
import { LoggedEntry, PathNumber } from './schema.ts'

export function entryRoutes(ledger: Ledger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/entries/{index}',
      documentation: {
        id: 'getEntry',
        tag: 'log',
        summary: 'A public entry with its inclusion proof',
        description: 'An entry holds a salted commitment, never a name, a code or a content.',
        parameters: { path: z.strictObject({ index: PathNumber }) },
        answers: {
          200: {
            description: 'The entry',
            content: { 'application/json': { schema: LoggedEntry, example: examples.entry } },
          },
        },
        errors: { invalid: ['INDEX_MALFORMED'], notFound: ['ENTRY_NOT_FOUND'] },
      },
      async handle(ctx) {
        const index = parseBy(PathNumber, parameter(ctx, 'index'), 'INDEX_MALFORMED')
        const bytes = await ledger.getEntry(index)
        const entry: LoggedEntry = {
          index,
          entry: JSON.parse(decodeUtf8(bytes)) as EntryDocument,
          leafHash: encodeHex(hashLeaf(bytes)),
          proof: await ledger.inclusionProof(index),
        }
        sendJson(ctx, 200, entry)
      },
    },
  ]
}
