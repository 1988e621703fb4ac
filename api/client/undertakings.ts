import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { SignedUndertaking, UndertakingCheck } from '../../node/undertakings/undertakings.ts'
import {
  GivenUndertaking,
  UndertakingPage,
  UndertakingPreview,
} from '../http/undertakings/schema.ts'
import type { UndertakingDraft } from '../http/undertakings/schema.ts'
import { getEvidence, getJson, hand, pages, posting, queryOf } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'

/** Exactly one of the three. */
export type UndertakingsOf =
  { readonly case: string } | { readonly holder: Hex } | { readonly department: Hex }

/** Undertakings in the place of materials 告知承诺. Throws as `OnceClient` does. */
export class UndertakingClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** What the account would sign; one that signs it, too, is `SigningAccount.undertake`. */
  preview(draft: UndertakingDraft): Promise<UndertakingPreview> {
    return getJson(this.#transport, `${PATH}/preview`, UndertakingPreview, posting(draft))
  }

  /** Hands in what was signed; the same again is the same undertaking. */
  give(signed: SignedUndertaking): Promise<Handed> {
    return hand(this.#transport, PATH, posting(signed))
  }

  /** By a department that handles the case. */
  async check(id: string, check: UndertakingCheck): Promise<Omit<Handed, 'id'>> {
    const { created, evidence } = await hand(
      this.#transport,
      `${pathOf(id)}/checks`,
      posting(check),
    )
    return { created, evidence }
  }

  get(id: string): Promise<GivenUndertaking> {
    return getJson(this.#transport, pathOf(id), GivenUndertaking)
  }

  /** Newest first. */
  list(of: UndertakingsOf): AsyncGenerator<GivenUndertaking, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ ...of, limit: '100', cursor })
        return getJson(this.#transport, `${PATH}${query}`, UndertakingPage)
      },
      ({ undertakings }) => undertakings,
    )
  }

  /** Evidence JSON text that it was given, or of its newest check. */
  evidence(id: string, of: 'given' | 'checked' = 'given', options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${pathOf(id)}/evidence`, options, { of })
  }
}

const PATH = '/v1/undertakings'

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`
}
