import { randomBytes } from 'node:crypto'
import type { Acts } from '../acts/acts.ts'
import { SignedAct } from '../core/acts/acts.ts'
import { describeAct } from '../core/acts/sentences.ts'
import { typedDataOf } from '../core/acts/typedData.ts'
import { LedgerError, refusalBy } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import {
  grantIdOf,
  grantingAccount,
  revokingAccount,
  verifyRevocation,
} from '../core/grants/rules.ts'
import { verifyScopeView } from '../core/grants/scope.ts'
import type { ScopeView } from '../core/grants/scope.ts'
import type { Registries } from '../core/parties/registries.ts'
import { parseBy } from '../core/schema.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Reception } from '../materials/reception.ts'
import type { Mirror, MirroredGrant, MirrorWorld, Page, PageRequest } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { completeDraft } from './draft.ts'
import type {
  ActPreview,
  GrantLine,
  GrantPage,
  GrantPreview,
  GrantRecord,
  Grants,
  GrantTree,
  PreviewRequest,
  RecordedAct,
  RegisteredGrant,
  Registration,
  Relaying,
  RevocationPreview,
  RevocationRequest,
} from './grants.ts'
import { openLists } from './lists.ts'
import { namesOf, namesOfGrant } from './names.ts'
import { reasonsAgainst } from './reasons.ts'
import { GrantRecords } from './records.ts'
import type { LoggedGrant } from './records.ts'
import { readTree } from './tree.ts'
import { GrantViews } from './views.ts'

export interface GrantsParts {
  readonly ledger: Ledger
  readonly reception: Pick<Reception, 'receive' | 'read'>
  readonly mirror: Pick<Mirror, 'world' | 'grants'>
  readonly acts: Pick<Acts, 'submit'>
  readonly directory: Pick<PartyDirectory, 'departmentOf' | 'holderOf'>
  readonly registries: Registries
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type ActOf<Type extends SignedAct['type']> = Extract<SignedAct, { type: Type }>

/** Grants on top of the ledger's acts and the mirror of the chain. */
export class LedgerGrants implements Grants {
  readonly #parts: GrantsParts
  readonly #records: GrantRecords
  readonly #views: GrantViews

  constructor(parts: GrantsParts) {
    this.#parts = parts
    this.#records = new GrantRecords(parts)
    this.#views = new GrantViews(parts)
  }

  async preview(request: PreviewRequest): Promise<GrantPreview> {
    const { registries } = this.#parts
    const { above, reader } = request
    const world = this.#world()
    const grant = completeDraft(request, {
      idOf: (each) => grantIdOf(each, registries),
      epochOf: (account) => world.epochOf(account),
      now: world.time,
      salt: () => randomBytes(32),
    })
    const chain = [...above, grant]
    const reasons = reasonsAgainst(chain, world, registries)
    const lists = openLists(grant, request.lists)
    const act = { type: 'Grant', message: grant } as const
    const names = await namesOfGrant({ grant, above }, reader, world, this.#parts)
    return {
      id: grantIdOf(grant, registries),
      act,
      typedData: typedDataOf(act, registries),
      sentence: describeAct(act, { names, registries, ...(lists.view && { scope: lists.view }) }),
      signer: grantingAccount(grant, world),
      reasons: lists.reason ? [...reasons, lists.reason] : reasons,
      chain,
      view: lists.view,
    }
  }

  async register(
    unverified: unknown,
    { view, ...relaying }: Registration = {},
  ): Promise<RegisteredGrant> {
    const act = readAct(unverified, 'Grant')
    // Nobody is to be shown another thing than was granted.
    if (view) verifyScopeView(act.message.scope, view, act.message)
    const grant = grantIdOf(act.message, this.#parts.registries)
    if (view === undefined) {
      const shown = await this.#views.find(grant)
      return { ...(await this.#record(act, relaying)), grant, shown }
    }
    // Kept as soon as the act is logged: whoever handed it in may be gone before it is mined.
    const { wait, ...handing } = relaying
    const logged = await this.#record(act, handing)
    const shown = await this.#views.keep(grant, view)
    return { ...(wait ? await this.#record(act, relaying) : logged), grant, shown }
  }

  get(id: Hex): Promise<GrantRecord> {
    return this.#records.get(id)
  }

  lineOf(id: Hex): Promise<GrantLine> {
    return this.#records.lineOf(id)
  }

  tree(id: Hex): Promise<GrantTree> {
    return readTree(id, this.#parts.mirror.grants, this.#records)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<GrantPage> {
    return this.#list(this.#parts.mirror.grants.ofHolder(holder, newest(page)))
  }

  to(grantee: Hex, page: PageRequest): Promise<GrantPage> {
    return this.#list(this.#parts.mirror.grants.to(grantee, newest(page)))
  }

  below(id: Hex, page: PageRequest): Promise<GrantPage> {
    return this.#list(this.#parts.mirror.grants.childrenOf(id, newest(page)))
  }

  async viewOf(id: Hex): Promise<ScopeView> {
    return this.#views.read(id)
  }

  async describeRevocation(
    id: Hex,
    { reader, revoker: named }: RevocationRequest,
  ): Promise<RevocationPreview> {
    const { registries } = this.#parts
    const { chain } = await this.#getLogged(id)
    const world = this.#world()
    const revoker = named ?? revokerAmong(chain, reader.account, world)
    const act = { type: 'Revocation', message: { grant: id, revoker } } as const
    const grant = chain.at(-1) as Grant
    const refused = refusalBy(() => verifyRevocation(chain, revoker, world, registries))
    const names = await namesOf([grant.grantor, grant.grantee, revoker], this.#parts.directory)
    return {
      act,
      typedData: typedDataOf(act, registries),
      sentence: describeAct(act, { names, registries, grant }),
      signer: revokingAccount(chain, revoker, world),
      reasons: refused ? [refused] : [],
      chain,
    }
  }

  async revoke(id: Hex, unverified: unknown, relaying: Relaying = {}): Promise<RecordedAct> {
    const act = readAct(unverified, 'Revocation')
    if (act.message.grant !== id) throw new LedgerError('invalid', 'ACT_GRANT_MISMATCH')
    return this.#record(act, relaying)
  }

  async describeEpochBump(account: Hex): Promise<ActPreview<'EpochBump'>> {
    const { registries, directory } = this.#parts
    const world = this.#world()
    const message = { account, epoch: world.epochOf(account) + 1 }
    const act = { type: 'EpochBump', message } as const
    const names = await namesOf([account], directory)
    return {
      act,
      typedData: typedDataOf(act, registries),
      sentence: describeAct(act, { names, registries }),
      signer: world.accountOf(account),
      reasons: [],
    }
  }

  async bumpEpoch(unverified: unknown, relaying: Relaying = {}): Promise<RecordedAct> {
    return this.#record(readAct(unverified, 'EpochBump'), relaying)
  }

  async evidence(id: Hex, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { index } = await this.#getLogged(id)
    return wait
      ? this.#parts.ledger.evidenceWhenAnchored(index, wait.anchored)
      : this.#parts.ledger.evidence(index)
  }

  async #record(act: SignedAct, relaying: Relaying): Promise<RecordedAct> {
    return { ...(await this.#parts.acts.submit(act, relaying)), act }
  }

  async #list(found: Promise<Page<MirroredGrant>>): Promise<GrantPage> {
    const { items, next } = await found
    const records = await Promise.all(items.map(({ grant }) => this.#records.get(grant)))
    return { items: records, ...(next !== undefined && { next }) }
  }

  async #getLogged(grant: Hex): Promise<LoggedGrant> {
    const logged = await this.#records.findLogged(grant)
    if (logged !== undefined) return logged
    if (this.#parts.mirror.grants.find(grant) === undefined)
      throw new LedgerError('notFound', 'GRANT_NOT_FOUND', { grant })
    throw new LedgerError('notFound', 'GRANT_TERMS_UNKNOWN', { grant })
  }

  #world(): MirrorWorld {
    return this.#parts.mirror.world(Math.floor(this.#parts.now() / 1000))
  }
}

/** @throws LedgerError invalid/ACT_MALFORMED, ACT_UNEXPECTED */
function readAct<Type extends SignedAct['type']>(unverified: unknown, expected: Type): ActOf<Type> {
  const act = parseBy(SignedAct, unverified, 'ACT_MALFORMED')
  if (act.type !== expected) throw new LedgerError('invalid', 'ACT_UNEXPECTED', { expected })
  return act as ActOf<Type>
}

/** The lowest grantor on the chain that the account acts as; else itself, for its holder. */
function revokerAmong(chain: readonly Grant[], account: Hex, world: MirrorWorld): Hex {
  const own = chain.findLast((grant) => grantingAccount(grant, world) === account)
  return own?.grantor ?? account
}

function newest(page: PageRequest): PageRequest {
  return { newestFirst: true, ...page }
}
