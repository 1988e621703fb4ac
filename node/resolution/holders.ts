import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import type { PartyDirectory } from '../parties/directory.ts'

/** Somebody, with every id that stands for them. */
export interface KnownHolder {
  readonly ids: readonly Hex[]
  readonly holder: Holder
}

/** Who stands behind the holder ids of a case; each is looked up once. */
export class KnownHolders {
  readonly #directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>
  readonly #known = new Map<Hex, Promise<KnownHolder | undefined>>()
  readonly #ids = new Map<string, Promise<Hex[]>>()

  constructor(directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>) {
    this.#directory = directory
  }

  /** @throws LedgerError notFound/CASE_HOLDER_UNKNOWN {role} */
  async get(role: string, id: Hex): Promise<KnownHolder> {
    const known = await this.find(id)
    if (known === undefined) throw new LedgerError('notFound', 'CASE_HOLDER_UNKNOWN', { role })
    return known
  }

  find(id: Hex): Promise<KnownHolder | undefined> {
    const known = this.#known.get(id) ?? this.#read(id)
    this.#known.set(id, known)
    return known
  }

  /** Every id of whoever has this code. */
  idsOf(holder: Holder): Promise<Hex[]> {
    const name = `${holder.codeType} ${holder.code}`
    const ids = this.#ids.get(name) ?? this.#readIds(holder)
    this.#ids.set(name, ids)
    return ids
  }

  async #readIds(holder: Holder): Promise<Hex[]> {
    return (await this.#directory.holdersWithCode(holder)).map((registered) => registered.holder)
  }

  async #read(id: Hex): Promise<KnownHolder | undefined> {
    const registered = await this.#directory.holderOf(id)
    if (registered === undefined) return undefined
    const { codeType, code } = registered
    return { ids: await this.idsOf({ codeType, code }), holder: { codeType, code } }
  }
}
