import type { z } from 'zod'
import type { ActOf, SignedAct } from '../../node/core/acts/acts.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { NamedHolder } from '../../node/core/parties/namedHolder.ts'
import { Department, DepartmentPage, Departments } from '../http/departments/schema.ts'
import type { DepartmentDescription, DepartmentPreviewRequest } from '../http/departments/schema.ts'
import { RecordedAct } from '../http/grants/schema.ts'
import { FoundHolder, Holder, HolderPage, HolderPreview } from '../http/holders/schema.ts'
import type { HolderRegistration } from '../http/holders/schema.ts'
import { Portfolio } from '../http/holders/portfolioSchema.ts'
import {
  DEPARTMENT_PREVIEWS,
  HolderBindingPreview,
  HolderReleasePreview,
} from '../http/registered/schema.ts'
import type { ActPreview } from '../http/registered/schema.ts'
import type { RelayOptions } from './grants.ts'
import { getJson, getText, pages, posting, queryOf } from './requests.ts'
import type { Transport } from './transport.ts'

export interface DepartmentOptions extends RelayOptions {
  /** Who it is; from the department above it. */
  readonly description?: DepartmentDescription | undefined
}

/** What is to be done with a department, without what the ledger fills in. */
export type DepartmentDraft = DepartmentPreviewRequest['act']
type DepartmentPreviews = {
  readonly [Type in DepartmentDraft['type']]: z.ZodType<ActPreview<ActOf<Type>>>
}
const PREVIEWS: DepartmentPreviews = DEPARTMENT_PREVIEWS

/** Departments of a ledger. Throws as `OnceClient` does. */
export class DepartmentClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** @param at `2023-08-05` or RFC 3339; now unless given */
  get(address: Hex, at?: string): Promise<Department> {
    return getJson(this.#transport, `/v1/departments/${address}${queryOf({ at })}`, Department, {
      isPublic: true,
    })
  }

  /** The department that all others are accredited from. */
  async authority(): Promise<Department> {
    const call = { isPublic: true }
    const { authority } = await getJson(this.#transport, '/v1/departments', Departments, call)
    return authority
  }

  /** Those accredited by this one; by the authority unless given. */
  list(above?: Hex): AsyncGenerator<Department, void> {
    const path = above === undefined ? '/v1/departments' : `/v1/departments/${above}/below`
    return pages(
      async (cursor) => {
        const query = queryOf({ limit: '100', cursor })
        const call = { isPublic: true }
        return above === undefined
          ? getJson(this.#transport, `${path}${query}`, Departments, call)
          : getJson(this.#transport, `${path}${query}`, DepartmentPage, call)
      },
      ({ departments }) => departments,
    )
  }

  /** What to sign, with its nonce, in words too. */
  preview<Type extends DepartmentDraft['type']>(
    act: DepartmentDraft & { readonly type: Type },
  ): Promise<ActPreview<ActOf<Type>>> {
    const schema: DepartmentPreviews[Type] = PREVIEWS[act.type]
    return getJson(this.#transport, '/v1/departments/preview', schema, posting({ act }))
  }

  /** Hands a signed act in; the same again says how far it is. */
  act(act: SignedAct, { description, ...options }: DepartmentOptions = {}): Promise<RecordedAct> {
    const body = { act, ...(description && { description }) }
    return getJson(this.#transport, '/v1/departments', RecordedAct, posting(body, options))
  }

  /** Says who it is; answers the evidence. */
  describe(address: Hex, description: DepartmentDescription): Promise<string> {
    return getText(this.#transport, `/v1/departments/${address}/description`, posting(description))
  }
}

export interface PortfolioOptions {
  /** GB/T 4754, such as `H62`: what that industry goes by, and no grants. */
  readonly industry?: string | undefined
  /** One section alone. */
  readonly of?: 'materials' | 'certificates' | 'grants' | undefined
  /** `next` of that section. */
  readonly cursor?: string | undefined
  /** 1 to 100 of each. */
  readonly limit?: number | undefined
}

/** Holders of a ledger. Throws as `OnceClient` does. */
export class HolderClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  get(id: Hex): Promise<Holder> {
    return getJson(this.#transport, `/v1/holders/${id}`, Holder)
  }

  /**
   * The id of a holder that is named by its code; an id is taken as it is. For departments that issue or register, and
   * for holders, of their own.
   */
  async idOf(named: NamedHolder): Promise<Hex> {
    if (typeof named === 'string') return named
    const call = posting(named)
    return (await getJson(this.#transport, '/v1/holders/find', FoundHolder, call)).holder
  }

  /** A page of those that the caller's account is bound to. */
  mine(page: { readonly limit?: number; readonly cursor?: string } = {}): Promise<HolderPage> {
    const { limit, cursor } = page
    const query = queryOf({ limit: limit === undefined ? undefined : String(limit), cursor })
    return getJson(this.#transport, `/v1/holders/me${query}`, HolderPage)
  }

  /** The file of a holder, as far as one is shown it: the first page of each section, or a page of one. */
  portfolio(id: Hex, { limit, ...asked }: PortfolioOptions = {}): Promise<Portfolio> {
    const query = queryOf({ ...asked, limit: limit === undefined ? undefined : String(limit) })
    return getJson(this.#transport, `/v1/holders/${id}/portfolio${query}`, Portfolio)
  }

  /** What to sign to register a holder and bind its first account. */
  preview(
    { salt, codeType, code }: Omit<HolderRegistration, 'name'>,
    account: Hex,
  ): Promise<HolderPreview> {
    const body = { registration: { salt, codeType, code }, account }
    return getJson(this.#transport, '/v1/holders/preview', HolderPreview, posting(body))
  }

  register(
    act: SignedAct,
    registration: HolderRegistration,
    options?: RelayOptions,
  ): Promise<RecordedAct> {
    const { salt, codeType, code, name } = registration
    const body = { act, registration: { salt, codeType, code, name } }
    return getJson(this.#transport, '/v1/holders', RecordedAct, posting(body, options))
  }

  previewBinding(id: Hex, account: Hex): Promise<ActPreview<ActOf<'HolderBinding'>>> {
    const path = `/v1/holders/${id}/accounts/preview`
    return getJson(this.#transport, path, HolderBindingPreview, posting({ account }))
  }

  bind(id: Hex, act: SignedAct, options?: RelayOptions): Promise<RecordedAct> {
    const path = `/v1/holders/${id}/accounts`
    return getJson(this.#transport, path, RecordedAct, posting({ act }, options))
  }

  /** @param endGrants all that the account granted ends with it */
  previewRelease(
    id: Hex,
    account: Hex,
    endGrants = false,
  ): Promise<ActPreview<ActOf<'HolderRelease'>>> {
    const path = `/v1/holders/${id}/accounts/release/preview`
    return getJson(this.#transport, path, HolderReleasePreview, posting({ account, endGrants }))
  }

  release(id: Hex, act: SignedAct, options?: RelayOptions): Promise<RecordedAct> {
    const path = `/v1/holders/${id}/accounts/release`
    return getJson(this.#transport, path, RecordedAct, posting({ act }, options))
  }
}
