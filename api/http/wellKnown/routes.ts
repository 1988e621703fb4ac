import type { Registries } from '../../../node/core/parties/registries.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import examples from '../examples.json' with { type: 'json' }
import { sendJson } from '../respond.ts'
import type { Route } from '../route.ts'
import { LedgerDescription } from './schema.ts'

export function wellKnownRoutes(
  ledger: Ledger,
  version: string,
  registries: Registries | undefined,
): Route[] {
  return [
    {
      method: 'GET',
      path: '/.well-known/onceledger',
      documentation: {
        id: 'describeLedger',
        tag: 'log',
        summary: 'Who this ledger is: origin, key, chains',
        description:
          'What a trust.json is made from. Compare it with what the ledger publishes elsewhere ' +
          'before you trust it; evidence is never checked against evidence.',
        answers: {
          200: {
            description: 'The description',
            content: {
              'application/json': { schema: LedgerDescription, example: examples.description },
            },
          },
        },
      },
      async handle(ctx) {
        const description: LedgerDescription = {
          v: 1,
          origin: ledger.origin,
          logKey: ledger.logKey,
          chains: ledger
            .status()
            .chains.flatMap(({ target, log, anchoredSize }) =>
              log === undefined ? [] : [{ name: target, ...log, anchoredSize }],
            ),
          ...(registries && { registries }),
          api: { version, openapi: '/openapi.json', documentation: '/docs' },
        }
        sendJson(ctx, 200, description, {
          'Access-Control-Allow-Origin': '*',
          'Cache-Control': 'public, max-age=10',
        })
      },
    },
  ]
}
