import { text } from 'node:stream/consumers'
import { utf8 } from '../core/bytes.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { decode0x } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { readScopeView } from '../core/grants/scope.ts'
import type { ScopeView } from '../core/grants/scope.ts'
import { canonicalize } from '../core/json.ts'
import { shownIdOf } from '../core/statements/grant.ts'
import type { GrantShown } from '../core/statements/grant.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Reception } from '../materials/reception.ts'

export interface ViewParts {
  readonly ledger: Pick<Ledger, 'append' | 'findIndex' | 'getEntry' | 'openStatement'>
  readonly reception: Pick<Reception, 'receive' | 'read'>
}

/**
 * What grantees are shown, sealed beside a statement each. A view that verifies is the only one of its grant: so it
 * does not matter who hands it in, nor how often.
 */
export class GrantViews {
  readonly #parts: ViewParts

  constructor(parts: ViewParts) {
    this.#parts = parts
  }

  async find(grant: Hex): Promise<string | undefined> {
    return (await this.#findIndex(grant)) === undefined ? undefined : shownIdOf(decode0x(grant))
  }

  /** @throws LedgerError notFound/GRANT_VIEW_NOT_KEPT */
  async read(grant: Hex): Promise<ScopeView> {
    try {
      return await this.#read(grant)
    } catch (error) {
      if (!isLedgerError(error, 'CONTENT_MISSING')) throw error
      // It may have moved, with its segment, since its location was read.
      return this.#read(grant)
    }
  }

  /** Answers the statement's id. @param view verified */
  async keep(grant: Hex, view: ScopeView): Promise<string> {
    const known = await this.find(grant)
    if (known !== undefined) return known
    const received = await this.#parts.reception.receive(utf8(canonicalize(view)), [])
    const statement: GrantShown = {
      v: 1,
      id: shownIdOf(decode0x(grant)),
      kind: 'grant.shown',
      grant,
      content: {
        digests: [...received.digests],
        size: received.size,
        mediaType: 'application/json',
        kept: 'here',
      },
    }
    await received.log((placed) => this.#parts.ledger.append({ statement, ...placed }))
    return statement.id
  }

  async #read(grant: Hex): Promise<ScopeView> {
    const { ledger, reception } = this.#parts
    const index = await this.#findIndex(grant)
    if (index === undefined) throw new LedgerError('notFound', 'GRANT_VIEW_NOT_KEPT', { grant })
    const { location, dataKey } = await ledger.openStatement(index)
    if (location === undefined) throw new LedgerError('corrupt', 'CONTENT_MISSING', { index })
    return readScopeView(JSON.parse(await text(await reception.read(location, dataKey))))
  }

  /** Whoever hands in a material chooses its id, and may have chosen this one. */
  async #findIndex(grant: Hex): Promise<number | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(shownIdOf(decode0x(grant)))
    if (index === undefined) return undefined
    const { kind } = parseEntry(await ledger.getEntry(index))
    return kind === 'grant.shown' ? index : undefined
  }
}
