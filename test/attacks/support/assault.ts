import { expect } from 'chai'
import { Contract, ContractFactory, JsonRpcProvider, Wallet } from 'ethers'
import { artifacts } from 'hardhat'
import type { Challenge, NewSession } from '../../../api/http/session/schema.ts'
import type { RegistryNode } from '../../../api/startRegistries.ts'
import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import type { UseRequest } from '../../../node/core/uses/documents.ts'
import type { Statement } from '../../../node/core/statement.ts'
import { requireDocumented } from '../../api/support/documented.ts'
import type { OpenApi } from '../../api/support/documented.ts'
import { rpc } from '../../chain/support/anvil.ts'
import { buildContracts } from '../../contracts/chain.ts'
import {
  askFor,
  Chain,
  listsOf,
  mask,
  newKey,
  playerOf,
  requestOf,
  Site,
  Town,
} from '../../scenarios/support/town.ts'
import type { Authorizing, Player } from '../../scenarios/support/town.ts'

export interface Answer {
  readonly status: number
  /** Of the problem document; undefined where the answer is none. */
  readonly code: string | undefined
  readonly details: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Of a node that counts no requests. */
export const UNLIMITED = { ONCE_RATE: '0', ONCE_PUBLIC_RATE: '0' } as const

/** What an attack must leave as it was. */
interface Trace {
  /** Entries in the log. */
  readonly size: number
  /** Transactions that the relayer ever sent. */
  readonly sent: number
}

/** One running node, its chain and its town, with plain HTTP to attack it by. */
export class Assault {
  readonly site: Site
  readonly town: Town
  /** Of the landlord. */
  readonly certificate: string
  readonly #document: OpenApi
  readonly #tokens = new Map<Hex, string>()

  private constructor(site: Site, town: Town, certificate: string, document: OpenApi) {
    this.site = site
    this.town = town
    this.certificate = certificate
    this.#document = document
  }

  static async open(): Promise<Assault> {
    return Assault.on(await Town.found(await Site.open(UNLIMITED)))
  }

  /** In a town that is there already. */
  static async on(town: Town): Promise<Assault> {
    const { site } = town
    const { id } = await town.issue()
    const document = (await (await fetch(`${site.serving.url}/openapi.json`)).json()) as OpenApi
    return new Assault(site, town, id, document)
  }

  close(): Promise<void> {
    return this.site.close()
  }

  get registries(): RegistryNode {
    const { registries } = this.site.serving.node
    if (registries === undefined) throw new Error('the node knows no parties')
    return registries
  }

  get chainUrl(): string {
    const [target] = this.site.serving.node.targets
    if (target === undefined) throw new Error('the node has a chain')
    return target.url
  }

  async trace(): Promise<Trace> {
    const { relayer } = this.registries.chain
    const sent = await rpc(this.chainUrl, 'eth_getTransactionCount', [relayer, 'pending'])
    return { size: this.site.serving.node.ledger.size, sent: Number(sent) }
  }

  /** As `by`, whose wallet signs in by itself; whoever is nobody asks without a token. */
  async post(by: Player | undefined, path: string, body: object): Promise<Answer> {
    const headers = new Headers({ 'Content-Type': 'application/json' })
    if (by !== undefined) headers.set('Authorization', `Bearer ${await this.#tokenOf(by)}`)
    return this.#fetch('POST', path, { headers, body: JSON.stringify(body) })
  }

  /** Whatever body, as `by`. */
  async send(by: Player, path: string, headers: HeadersInit, body: BodyInit): Promise<Answer> {
    const all = new Headers(headers)
    all.set('Authorization', `Bearer ${await this.#tokenOf(by)}`)
    return this.#fetch('POST', path, { headers: all, body })
  }

  async get(by: Player, path: string): Promise<Answer> {
    const headers = { Authorization: `Bearer ${await this.#tokenOf(by)}` }
    return this.#fetch('GET', path, { headers })
  }

  /** Refused so, and nothing came of it: neither in the log nor on the chain. */
  async refuses(
    by: Player | undefined,
    path: string,
    body: object,
    [status, code]: readonly [number, string],
  ): Promise<Answer> {
    const before = await this.trace()
    const answer = await this.post(by, path, body)
    expect([answer.status, answer.code], answer.text).to.deep.equal([status, code])
    expect(await this.trace()).to.deep.equal(before)
    return answer
  }

  /**
   * A use that was signed for is refused so: the log says that it was, and why, for its holder to see, and nothing else
   * came of it.
   */
  async refusesUse(
    request: UseRequest,
    [status, code, hop]: readonly [status: number, code: string, hop?: number],
    by: Player = this.town.market,
  ): Promise<void> {
    const before = await this.trace()
    const answer = await this.post(by, '/v1/uses', request)
    expect([answer.status, answer.code], answer.text).to.deep.equal([status, code])
    expect(await this.trace()).to.deep.equal({ ...before, size: before.size + 1 })
    const logged = await this.newestStatement()
    expect(logged).to.deep.include({ kind: 'use.refused', code })
    if (hop !== undefined) expect(logged).to.deep.include({ hop })
  }

  async newestStatement(): Promise<Statement> {
    const { ledger } = this.site.serving.node
    return (await ledger.openStatement(ledger.size - 1)).statement
  }

  /** Landlord → … → the last, each a new account but for the landlord. */
  async descend(hops: number, root: Partial<Grant> = {}): Promise<Descent> {
    const chain = new Chain(this.town)
    const players: Player[] = [this.town.landlord]
    for (let hop = 0; hop < hops; hop++) {
      const [by, to] = [players[hop] as Player, await playerOf(this.site)]
      await chain.grant(by, to, hop === 0 ? root : {})
      players.push(to)
    }
    return { chain, players }
  }

  /** The grant as its grantor signs and hands it in. */
  async signedGrant(by: Pick<Player, 'wallet'>, chain: readonly Grant[]): Promise<SignedAct> {
    const message = chain.at(-1) as Grant
    const signature = await this.town.sign({ type: 'Grant', message }, by)
    return { type: 'Grant', message, signature, chain: [...chain] }
  }

  /** What the market bureau asks under these grants. */
  async ask(
    chain: Chain,
    authorizing: Authorizing = {},
    { by = this.town.market, matter }: { by?: Player; matter?: string } = {},
  ): Promise<UseRequest> {
    const usual = askFor(this.certificate)
    const asked = matter ? { ...usual, context: { ...usual.context, matter } } : usual
    return requestOf(asked, await chain.authorize(by, asked, authorizing))
  }

  /** A session of its own. */
  async signIn({ address, wallet }: Player): Promise<string> {
    const { message } = await this.#read<Challenge>('/v1/session/challenge', { address })
    const signature = await wallet.signMessage(message)
    return (await this.#read<NewSession>('/v1/session', { message, signature })).token
  }

  /** An account that says itself who signs for it, and may change its mind. */
  async contractAccount(owner: Wallet): Promise<ContractAccount> {
    await buildContracts()
    const { abi, bytecode } = await artifacts.readArtifact('ContractAccount')
    const polling = { cacheTimeout: -1, pollingInterval: 50 }
    const provider = new JsonRpcProvider(this.chainUrl, undefined, polling)
    const payer = new Wallet(newKey(), provider)
    await rpc(this.chainUrl, 'anvil_setBalance', [payer.address, '0x56bc75e2d63100000'])
    const deployed = await new ContractFactory(abi, bytecode, payer).deploy(owner.address)
    await deployed.waitForDeployment()
    const address = await deployed.getAddress()
    const contract = new Contract(address, abi, payer)
    return {
      address: address.toLowerCase() as Hex,
      async changeOwner({ address: next }) {
        const sent = await contract.getFunction('changeOwner').send(next)
        await sent.wait()
      },
      close: () => provider.destroy(),
    }
  }

  async #tokenOf(player: Player): Promise<string> {
    const token = this.#tokens.get(player.address) ?? (await this.signIn(player))
    this.#tokens.set(player.address, token)
    return token
  }

  async #read<T>(path: string, body: object): Promise<T> {
    const { status, text } = await this.post(undefined, path, body)
    expect(status, text).to.be.below(300)
    return JSON.parse(text) as T
  }

  async #fetch(method: 'GET' | 'POST', path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.site.serving.url}${path}`, { method, ...init })
    await requireDocumented(method, path, response, this.#document)
    const text = await response.text()
    const isProblem = response.headers.get('Content-Type') === 'application/problem+json'
    const details = isProblem ? (JSON.parse(text) as Record<string, unknown>) : {}
    return {
      status: response.status,
      code: isProblem ? String(details['code']) : undefined,
      details,
      text,
    }
  }
}

export interface Descent {
  readonly chain: Chain
  /** The landlord, then each grantee. */
  readonly players: readonly Player[]
}

export interface ContractAccount {
  readonly address: Hex
  changeOwner(next: Wallet): Promise<void>
  close(): void
}

/** The first grants of a chain, with others in the place of the rest. */
export function branch({ town, lists, grants }: Chain, hops: number, ...rest: Grant[]): Chain {
  const branched = new Chain(town, lists)
  branched.grants.push(...grants.slice(0, hops), ...rest)
  return branched
}

export { Chain, listsOf, mask, newKey, playerOf }
export type { Act, Player }
