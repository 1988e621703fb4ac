import { parseEntry } from '../core/entry.ts'
import { LedgerError, refusalBy } from '../core/errors.ts'
import { decode0x } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import { grantIdOf, MAX_HOPS, verifyGrantChain } from '../core/grants/rules.ts'
import type { Registries } from '../core/parties/registries.ts'
import { actIdOf } from '../core/statements/act.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Mirror, MirroredGrant, MirrorWorld } from '../mirror/mirror.ts'
import type { GrantLine, GrantRecord, Standing } from './grants.ts'

export interface RecordParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly mirror: Pick<Mirror, 'world' | 'grants'>
  readonly registries: Registries
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The act that granted, as this ledger logged it. */
export interface LoggedGrant {
  readonly id: string
  readonly index: number
  /** From the root down to the grant. */
  readonly chain: readonly Grant[]
}

/** A grant's terms come from the log, if it was registered here; how it stands comes from the chain. */
export class GrantRecords {
  readonly #parts: RecordParts

  constructor(parts: RecordParts) {
    this.#parts = parts
  }

  /** @throws LedgerError notFound/GRANT_NOT_FOUND; unavailable/MIRROR_STALE */
  async get(grant: Hex): Promise<GrantRecord> {
    const logged = await this.findLogged(grant)
    const registered = this.#parts.mirror.grants.find(grant)
    const parties = logged?.chain.at(-1) ?? registered
    if (parties === undefined) throw new LedgerError('notFound', 'GRANT_NOT_FOUND', { grant })
    const { holder, grantor, grantee } = parties
    // Nothing is awaited from here on: all of it is as of one block.
    const world = this.#parts.mirror.world(Math.floor(this.#parts.now() / 1000))
    const chain = logged?.chain
    const line =
      chain?.map((terms) => grantIdOf(terms, this.#parts.registries)) ??
      this.#registeredLine(grant).map((each) => each.grant)
    return {
      grant,
      holder,
      grantor,
      grantee,
      line,
      chain,
      statement: logged && { id: logged.id, index: logged.index },
      registered,
      standing: chain
        ? standingOf(chain, line, world, this.#parts.registries)
        : standingWithoutTerms(line, world),
    }
  }

  /** @throws LedgerError notFound/GRANT_NOT_FOUND */
  async lineOf(grant: Hex): Promise<GrantLine> {
    const line = (await this.findLogged(grant))?.chain ?? this.#registeredLine(grant)
    if (line.length === 0) throw new LedgerError('notFound', 'GRANT_NOT_FOUND', { grant })
    return line
  }

  /** Undefined where another node registered it, or nobody did. */
  async findLogged(grant: Hex): Promise<LoggedGrant | undefined> {
    const { ledger } = this.#parts
    const id = actIdOf(decode0x(grant))
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    // Whoever hands in a material chooses its id, and may have chosen this one.
    const { kind } = parseEntry(await ledger.getEntry(index))
    if (kind !== 'act.signed') return undefined
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'act.signed' || statement.act.type !== 'Grant') return undefined
    return { id, index, chain: statement.act.chain }
  }

  /** From the root down, as the chain tells it; empty for a grant that it does not know. */
  #registeredLine(grant: Hex): MirroredGrant[] {
    const line: MirroredGrant[] = []
    let next: Hex | undefined = grant
    while (next !== undefined && line.length < MAX_HOPS) {
      const found: MirroredGrant | undefined = this.#parts.mirror.grants.find(next)
      if (found === undefined) break
      line.unshift(found)
      next = found.parent
    }
    return line
  }
}

function standingOf(
  chain: readonly Grant[],
  line: readonly Hex[],
  world: MirrorWorld,
  registries: Registries,
): Standing {
  const idOf = (terms: Grant) => line[chain.indexOf(terms)] as Hex
  const because = refusalBy(() => verifyGrantChain(chain, world, registries, idOf))
  return because ? { is: 'dead', because } : { is: 'live' }
}

/** A grant that ended above is dead, whatever its terms are. */
function standingWithoutTerms(line: readonly Hex[], world: MirrorWorld): Standing {
  const hop = line.findIndex((grant) => world.stateOf(grant).revokedAt !== 0)
  if (hop < 0) return { is: 'unknown' }
  return { is: 'dead', because: new LedgerError('forbidden', 'GRANT_IS_REVOKED', { hop }) }
}
