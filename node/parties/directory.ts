import { randomUUID } from 'node:crypto'
import { requireHolderCode } from '../core/identifiers/holder.ts'
import { LedgerError } from '../core/errors.ts'
import { decode0x } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { holderIdOf } from '../core/parties/holder.ts'
import type { NamedHolder } from '../core/parties/namedHolder.ts'
import type { Holder } from '../core/statement.ts'
import { digestId } from '../core/statements/parts.ts'
import type { DepartmentDescribed, HolderRegistered } from '../core/statements/party.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import { codeTerm, departmentTerm, holderTerm } from '../core/terms/parties.ts'
import type { Term } from '../core/terms/term.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'

/** What is said of a department, besides what the chain says. */
export type DepartmentDescription = Pick<
  DepartmentDescribed,
  'department' | 'name' | 'region' | 'code' | 'by'
>

/** Who stands behind a holder id. */
export type HolderRegistration = Pick<
  HolderRegistered,
  'holder' | 'salt' | 'codeType' | 'code' | 'name' | 'registrar'
>

export interface DirectoryParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** More ids than that no holder has. */
const MOST_IDS = 100

/**
 * The names of parties: on chain stand addresses and salted ids alone. Who may say who somebody is, is for the caller
 * to check; every version stays in the log.
 */
export class PartyDirectory {
  readonly #parts: DirectoryParts

  constructor(parts: DirectoryParts) {
    this.#parts = parts
  }

  /** The newest description counts. */
  describe(description: DepartmentDescription): Promise<Appended> {
    const statement: DepartmentDescribed = {
      v: 1,
      id: randomUUID(),
      kind: 'department.described',
      ...description,
    }
    return this.#append(statement)
  }

  /** Undefined where nobody has said. */
  async departmentOf(department: Hex): Promise<DepartmentDescribed | undefined> {
    const [found] = await this.#find(departmentTerm(department), 1)
    return found?.kind === 'department.described' ? found : undefined
  }

  /**
   * Says who stands behind a holder id; the same twice is the same entry.
   *
   * @throws LedgerError invalid/HOLDER_ID_MISMATCH the id is not the hash of salt and code
   * @throws LedgerError invalid/USCC_*, CITIZEN_NUMBER_*: see `requireHolderCode`
   * @throws LedgerError conflict/STATEMENT_ID_TAKEN it was registered with another name or by another department
   */
  async register(registration: HolderRegistration): Promise<Appended> {
    const { holder, salt, codeType, code } = registration
    requireHolderCode({ codeType, code }, this.#parts.now())
    if (holderIdOf(decode0x(salt), codeType, code) !== holder)
      throw new LedgerError('invalid', 'HOLDER_ID_MISMATCH')
    const statement: HolderRegistered = {
      v: 1,
      id: digestId('holder', decode0x(holder)),
      kind: 'holder.registered',
      ...registration,
    }
    return this.#append(statement)
  }

  /**
   * That a registrar gives nobody a second id. Others may know the same one by ids of their own: they need not know of
   * each other.
   *
   * @throws LedgerError conflict/HOLDER_REGISTERED_ALREADY {holder}
   */
  async requireNew({
    holder,
    registrar,
    ...code
  }: Pick<HolderRegistered, 'holder' | 'registrar' | 'codeType' | 'code'>): Promise<void> {
    const own = (await this.holdersWithCode(code)).filter((one) => one.registrar === registrar)
    const [newest] = own
    // The same once more is the same.
    if (newest !== undefined && own.every((one) => one.holder !== holder))
      throw new LedgerError('conflict', 'HOLDER_REGISTERED_ALREADY', { holder: newest.holder })
  }

  async holderOf(holder: Hex): Promise<HolderRegistered | undefined> {
    const [found] = await this.#find(holderTerm(holder), 1)
    return found?.kind === 'holder.registered' ? found : undefined
  }

  /** Every id that somebody with this code has, newest first. */
  async holdersWithCode(holder: Holder): Promise<HolderRegistered[]> {
    const found = await this.#find(codeTerm(holder), MOST_IDS)
    return found.filter((statement) => statement.kind === 'holder.registered')
  }

  /**
   * The id of a holder that is named by its code; an id is taken as it is. Which of several is meant, only the holder
   * can say.
   *
   * @param counts of which ids; of all unless given
   * @throws LedgerError invalid/USCC_*, CITIZEN_NUMBER_*: see `requireHolderCode`
   * @throws LedgerError notFound/HOLDER_CODE_UNKNOWN; conflict/HOLDER_CODE_AMBIGUOUS {count}
   */
  async idOf(named: NamedHolder, counts: (id: Hex) => boolean = () => true): Promise<Hex> {
    if (typeof named === 'string') return named
    requireHolderCode(named, this.#parts.now())
    const ids = (await this.holdersWithCode(named)).map(({ holder }) => holder).filter(counts)
    const [id] = ids
    if (id === undefined) throw new LedgerError('notFound', 'HOLDER_CODE_UNKNOWN')
    if (ids.length > 1)
      throw new LedgerError('conflict', 'HOLDER_CODE_AMBIGUOUS', { count: ids.length })
    return id
  }

  #append(statement: DepartmentDescribed | HolderRegistered): Promise<Appended> {
    const { ledger, terms } = this.#parts
    const found = foundBy(statement)
    return ledger.append({ statement, writes: (index) => terms.writesOf(found, index) })
  }

  async #find(term: Term, limit: number) {
    const indexes = await this.#parts.terms.find(term, { limit })
    const opened = await Promise.all(
      indexes.map((index) => this.#parts.ledger.openStatement(index)),
    )
    return opened.map(({ statement }) => statement)
  }
}
