import { MaterialPage } from '../http/materials/schema.ts'
import type { Material, MaterialsQuery } from '../http/materials/schema.ts'
import { getJson, pages, queryOf } from './requests.ts'
import type { Transport } from './transport.ts'

/** What is listed; see `GET /v1/materials`. */
export type MaterialListing = Partial<Pick<MaterialsQuery, 'of' | 'holder' | 'type' | 'state'>>

/** Materials that are there. Throws as `OnceClient` does. */
export class MaterialClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Newest first: of a holder what it has, of a department what it handed in, and all, masked, for auditors. */
  list({ of, holder, type, state }: MaterialListing = {}): AsyncGenerator<Material, void> {
    return pages(
      (cursor) =>
        getJson(
          this.#transport,
          `/v1/materials${queryOf({ of, holder, type, state, cursor, limit: '100' })}`,
          MaterialPage,
        ),
      ({ materials }) => materials,
    )
  }
}
