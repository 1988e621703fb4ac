import { QuarantinePage } from '../http/materials/schema.ts'
import type { DecisionRequest } from '../http/materials/schema.ts'
import { getJson, hand, pages, posting, queryOf } from './requests.ts'
import type { Handed } from './requests.ts'
import type { Transport } from './transport.ts'

/** Materials that somebody has to look at before they may be used. Throws as `OnceClient` does. */
export class QuarantineClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** What nobody has decided about, newest first: what the caller handed in, or all for whoever may read all. */
  list(): AsyncGenerator<QuarantinePage['materials'][number], void> {
    return pages(
      (cursor) =>
        getJson(
          this.#transport,
          `/v1/quarantine${queryOf({ cursor, limit: '100' })}`,
          QuarantinePage,
        ),
      ({ materials }) => materials,
    )
  }

  /** It may be used. */
  release(id: string, request: DecisionRequest): Promise<Omit<Handed, 'id'>> {
    return decide(this.#transport, id, 'release', request)
  }

  /** It is never to be used. */
  reject(id: string, request: DecisionRequest): Promise<Omit<Handed, 'id'>> {
    return decide(this.#transport, id, 'rejection', request)
  }
}

export async function decide(
  transport: Transport,
  id: string,
  decision: 'withdrawal' | 'release' | 'rejection',
  { reason }: DecisionRequest,
): Promise<Omit<Handed, 'id'>> {
  const path = `/v1/materials/${encodeURIComponent(id)}/${decision}`
  const { created, evidence } = await hand(transport, path, posting({ reason }))
  return { created, evidence }
}
