import type { z } from 'zod'
import type { SignedAct } from '../../node/core/acts/acts.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { GrantProposal } from '../../node/core/resolution/document.ts'
import type { AskedGrant } from '../../node/requests/requests.ts'
import type { ScopeView } from '../../node/core/grants/scope.ts'
import { RegisteredGrant } from '../http/grants/schema.ts'
import { GrantRequest, GrantRequestPage } from '../http/requests/schema.ts'
import type { RelayOptions } from './grants.ts'
import { getEvidence, getJson, hand, pages, posting, queryOf } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'

/** Exactly one of the two. */
export type RequestsOf = { readonly holder: Hex } | { readonly grantee: Hex }

/** Requests for grants. Throws as `OnceClient` does. */
export class GrantRequestClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Asks a holder; the same again, while it waits, is the same request. */
  make(asked: z.input<typeof AskedGrant>): Promise<Handed> {
    return hand(this.#transport, '/v1/grant-requests', posting(asked))
  }

  get(id: string): Promise<GrantRequest> {
    return getJson(this.#transport, pathOf(id), GrantRequest)
  }

  /** Newest first. */
  list(of: RequestsOf): AsyncGenerator<GrantRequest, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ ...of, limit: '100', cursor })
        return getJson(this.#transport, `/v1/grant-requests${query}`, GrantRequestPage)
      },
      ({ requests }) => requests,
    )
  }

  /**
   * Hands in the grant that the holder signed: all that was asked, or less.
   *
   * @param view what the grantee is to be shown: all that is granted
   */
  approve(
    id: string,
    act: SignedAct,
    view: ScopeView,
    options?: RelayOptions,
  ): Promise<RegisteredGrant> {
    const call = posting({ act, view }, options)
    return getJson(this.#transport, `${pathOf(id)}/approve`, RegisteredGrant, call)
  }

  /** Answers the evidence. */
  async decline(id: string, reason: string): Promise<string> {
    const { evidence } = await hand(this.#transport, `${pathOf(id)}/decline`, posting({ reason }))
    return evidence
  }

  /** Evidence JSON text that it was asked, or how it was answered. */
  evidence(
    id: string,
    of: 'request' | 'answer' = 'request',
    options?: WaitOptions,
  ): Promise<string> {
    return getEvidence(this.#transport, `${pathOf(id)}/evidence`, options, { of })
  }
}

/** What a resolution proposes, ready to be asked. @param code of the case */
export function requestOf(
  { holder, materials, items, purposes, draft }: GrantProposal,
  code: string,
): z.input<typeof AskedGrant> {
  const { notAfter, uses, depth } = draft
  return { case: code, holder, materials, items, purposes, notAfter, uses, depth }
}

function pathOf(id: string): string {
  return `/v1/grant-requests/${encodeURIComponent(id)}`
}
