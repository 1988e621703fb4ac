import type { CheckRequest } from '../../node/checks/checks.ts'
import { Check, CheckPage } from '../http/checks/schema.ts'
import { getEvidence, getJson, pages, posting, queryOf } from './requests.ts'
import type { WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'
import type { UsesOf } from './uses.ts'

/** Data checks of a ledger. Throws as `OnceClient` does. */
export class CheckClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Asks with the signatures of the department; a signed request is answered once. */
  ask(request: CheckRequest): Promise<Check> {
    return getJson(this.#transport, '/v1/checks', Check, posting(request))
  }

  get(id: string): Promise<Check> {
    return getJson(this.#transport, pathOf(id), Check)
  }

  /** Newest first; refusals stand among the uses. */
  list(of: UsesOf): AsyncGenerator<Check, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ ...of, limit: '100', cursor })
        return getJson(this.#transport, `/v1/checks${query}`, CheckPage)
      },
      ({ checks }) => checks,
    )
  }

  /** Evidence JSON text: what was asked and answered, with all that it takes to check it. */
  evidence(id: string, options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${pathOf(id)}/evidence`, options)
  }
}

function pathOf(id: string): string {
  return `/v1/checks/${encodeURIComponent(id)}`
}
