import type { z } from 'zod'
import type { ActOf, ActType, SignedAct } from '../../node/core/acts/acts.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { ScopeView } from '../../node/core/grants/scope.ts'
import { parseBy } from '../../node/core/schema.ts'
import {
  EpochPreview,
  GrantDetail,
  GrantPage,
  GrantPreview,
  GrantTree,
  RecordedAct,
  RegisteredGrant,
  RevocationPreview,
} from '../http/grants/schema.ts'
import type { GrantPreviewRequest, GrantSummary } from '../http/grants/schema.ts'
import type { ActPreview } from '../http/registered/schema.ts'
import type { Signer } from './signer.ts'
import type { Call, Transport } from './transport.ts'

export interface RelayOptions {
  /** Seconds to wait for the chain at most; false: not at all. The ledger decides unless given. */
  readonly wait?: number | false
  readonly signal?: AbortSignal
}

export interface RegisterOptions extends RelayOptions {
  /** What the grantee may be shown: `view` of the preview. */
  readonly view?: ScopeView | undefined
}

/** Exactly one of the three. */
export type GrantsOf =
  { readonly holder: Hex } | { readonly grantee: Hex } | { readonly parent: Hex }

/** Grants of a ledger. Throws as `OnceClient` does. */
export class GrantClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** What to sign, in words too, and all that speaks against it. */
  preview(request: GrantPreviewRequest): Promise<GrantPreview> {
    return this.#post('/v1/grants/preview', GrantPreview, request)
  }

  /** Hands a signed grant in; the same again says how far it is. */
  register(act: SignedAct, { view, ...options }: RegisterOptions = {}): Promise<RegisteredGrant> {
    return this.#post('/v1/grants', RegisteredGrant, { act, ...(view && { view }) }, options)
  }

  get(id: Hex): Promise<GrantDetail> {
    return this.#json(grantPath(id), GrantDetail)
  }

  /** One page, newest first; `next` of its answer is the cursor of the page after. */
  page(
    of: GrantsOf,
    page: { readonly limit?: number; readonly cursor?: string } = {},
  ): Promise<GrantPage> {
    const query = new URLSearchParams({ ...of })
    if (page.limit !== undefined) query.set('limit', String(page.limit))
    if (page.cursor !== undefined) query.set('cursor', page.cursor)
    return this.#json(`/v1/grants?${query}`, GrantPage)
  }

  /** All of them, newest first. */
  async *list(of: GrantsOf): AsyncGenerator<GrantSummary, void> {
    let cursor: string | undefined
    do {
      const page = await this.page(of, { limit: 100, ...(cursor !== undefined && { cursor }) })
      yield* page.grants
      cursor = page.next
    } while (cursor !== undefined)
  }

  tree(id: Hex): Promise<GrantTree> {
    return this.#json(`${grantPath(id)}/tree`, GrantTree)
  }

  /** The items and purposes that the grantee was given. Check it: `verifyScopeView`. */
  view(id: Hex): Promise<ScopeView> {
    return this.#json(`${grantPath(id)}/view`, ScopeView)
  }

  /** Evidence JSON text of the act that granted. */
  evidence(id: Hex): Promise<string> {
    return this.#transport.call(`${grantPath(id)}/evidence`, {}, (response) => response.text())
  }

  /** @param revoker a grantor on the grant's chain, or an account of the holder; the caller unless given */
  previewRevocation(id: Hex, revoker?: Hex): Promise<RevocationPreview> {
    const request = revoker === undefined ? {} : { revoker }
    return this.#post(`${grantPath(id)}/revoke/preview`, RevocationPreview, request)
  }

  revoke(id: Hex, act: SignedAct, options: RelayOptions = {}): Promise<RecordedAct> {
    return this.#post(`${grantPath(id)}/revoke`, RecordedAct, { act }, options)
  }

  /** @param account or department; the caller unless given */
  previewEpoch(account?: Hex): Promise<EpochPreview> {
    const request = account === undefined ? {} : { account }
    return this.#post('/v1/grants/epoch/preview', EpochPreview, request)
  }

  bumpEpoch(act: SignedAct, options: RelayOptions = {}): Promise<RecordedAct> {
    return this.#post('/v1/grants/epoch', RecordedAct, { act }, options)
  }

  #post<T>(
    path: string,
    schema: z.ZodType<T>,
    body: object,
    { wait, signal }: RelayOptions = {},
  ): Promise<T> {
    return this.#json(path, schema, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...preferring(wait) },
      body: () => JSON.stringify(body),
      signal,
    })
  }

  #json<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    return this.#transport.call(path, call, async (response) =>
      parseBy(schema, await response.json(), 'ANSWER_UNEXPECTED'),
    )
  }
}

/** What can be handed in once one account has signed it, or once a second one has, too. */
type SignablePreview =
  | GrantPreview
  | RevocationPreview
  | EpochPreview
  | { [Type in PartyAct]: ActPreview<ActOf<Type>> }[PartyAct]
type PartyAct = Exclude<ActType, 'Grant' | 'Revocation' | 'EpochBump' | 'Use'>

/** Signed by one account. */
export type SignedOf<Type extends ActType> = Type extends ActType
  ? Omit<Extract<SignedAct, { type: Type }>, 'accountSignature'>
  : never

/**
 * Signs what a preview says, ready to be handed in. The words to show before are `describeAct` of the very same, for a
 * ledger that lies about them would lie here.
 *
 * @throws what the signer throws
 */
export async function signPreview<P extends SignablePreview>(
  preview: P,
  signer: Pick<Signer, 'signTypedData'>,
): Promise<SignedOf<P['typedData']['primaryType']>> {
  const { domain, types, primaryType, message } = preview.typedData
  // Signers add the type of the domain themselves.
  const { EIP712Domain: _, ...own } = types
  const signature = (await signer.signTypedData(domain, own, message)).toLowerCase()
  const chain = 'chain' in preview ? { chain: preview.chain } : {}
  // That the message is of this type, the schema of the preview has checked.
  return { type: primaryType, message, signature, ...chain } as unknown as SignedOf<
    P['typedData']['primaryType']
  >
}

function grantPath(id: Hex): string {
  return `/v1/grants/${id}`
}

function preferring(wait: number | false | undefined): Record<string, string> {
  if (wait === undefined) return {}
  return { Prefer: wait === false ? 'respond-async' : `wait=${Math.ceil(wait)}` }
}
