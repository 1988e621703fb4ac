import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { MaterialTypes } from '../../../node/materials/soundness.ts'
import type { Materials } from '../../../node/materials/materials.ts'
import { isAllowed } from '../auth.ts'
import { readJson } from '../body.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { send, sendJson } from '../respond.ts'
import { parameter, principalOf } from '../route.ts'
import type { Documentation, Route } from '../route.ts'
import { getOwn, shownTo } from './access.ts'
import * as documentation from './decisionDocumentation.ts'
import { DecisionRequest, QuarantineQuery } from './schema.ts'
import type { QuarantinePage } from './schema.ts'

/** What is decided about materials after they were handed in, and what waits for a decision. */
export function decisionRoutes(materials: Materials, types: MaterialTypes): Route[] {
  return [
    decision('withdrawal', documentation.withdraw, materials.withdraw.bind(materials)),
    decision('release', documentation.release, materials.release.bind(materials)),
    decision('rejection', documentation.reject, materials.reject.bind(materials)),
    {
      method: 'GET',
      path: '/v1/quarantine',
      action: 'readQuarantine',
      documentation: documentation.quarantined,
      async handle(ctx) {
        const query = parseBy(QuarantineQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const principal = principalOf(ctx)
        const { items, next } = await materials.quarantined({
          ...pageOf(query),
          ...(!isAllowed(principal, 'readEveryMaterial') && { submitter: principal.name }),
        })
        const answer: QuarantinePage = {
          materials: items.map((item) => {
            const { index, at, statement } = shownTo(principal, item, types)
            return { id: statement.id, index, at, statement }
          }),
          ...cursorOf(next),
        }
        sendJson(ctx, 200, answer, { 'Cache-Control': 'private, no-cache' })
      },
    },
  ]

  function decision(name: string, documented: Documentation, decide: Materials['withdraw']): Route {
    return {
      method: 'POST',
      path: `/v1/materials/{id}/${name}`,
      action: 'decideMaterial',
      documentation: documented,
      async handle(ctx) {
        const { reason } = await readJson(ctx, DecisionRequest, 'DECISION_MALFORMED')
        await getOwn(ctx, materials, 'decideEveryMaterial')
        const by = principalOf(ctx).name
        const { created, evidence } = await decide(parameter(ctx, 'id'), { reason, by })
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence)
      },
    }
  }
}
