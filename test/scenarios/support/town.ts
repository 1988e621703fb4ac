import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { OnceClient } from '../../../api/client/index.ts'
import { loadConfig } from '../../../api/config.ts'
import { serve } from '../../../api/serve.ts'
import type { Serving } from '../../../api/serve.ts'
import type { Act, SignedAct, Use } from '../../../node/core/acts/acts.ts'
import { typedDataOf } from '../../../node/core/acts/typedData.ts'
import { signer } from '../../../node/core/certificates/es256k.ts'
import { issueCertificate } from '../../../node/core/certificates/issuing.ts'
import type { CertificateDraft } from '../../../node/core/certificates/issuing.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import { openingsForUse, openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { contextOf } from '../../../node/core/uses/context.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import type { Authorization, UseRequest } from '../../../node/core/uses/documents.ts'
import { draftOf, PROPERTY } from '../../certificates/support/papers.ts'
import { requireDocumented } from '../../api/support/documented.ts'
import type { OpenApi } from '../../api/support/documented.ts'

export const MATTER = 'company-address-change'
export const OTHER_MATTER = 'food-licence'
export const FIELDS = ['certNo', 'location', 'owners']
export const FOREVER = 2 ** 40 - 1
const HOUR = 3600

/** Bits of rights, as in PartyRegistry. */
export const RIGHTS = { issuer: 2, registrar: 4, user: 8, auditor: 16, everyType: 32 } as const

/** Somebody with a key, signed in at one node. */
export interface Player {
  readonly wallet: Wallet
  readonly address: Hex
  client: OnceClient
}

export interface HolderPlayer extends Player {
  readonly holder: Hex
  readonly code: { readonly codeType: '099'; readonly code: string }
}

/** A node in a folder of its own. */
export class Site {
  readonly serving: Serving
  readonly folder: string
  readonly #document: OpenApi

  private constructor(serving: Serving, folder: string, document: OpenApi) {
    this.serving = serving
    this.folder = folder
    this.#document = document
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'once-town-'))
    const serving = await serve(
      loadConfig({
        ONCE_DATA: folder,
        ONCE_PORT: '0',
        ONCE_LOG_LEVEL: 'silent',
        ONCE_ANCHOR_INTERVAL: '100ms',
        ...env,
      }),
    )
    const document = (await (await fetch(`${serving.url}/openapi.json`)).json()) as OpenApi
    return new Site(serving, folder, document)
  }

  get registries(): Registries {
    const { registries } = this.serving.node
    if (registries === undefined) throw new Error('the node knows no parties')
    return registries.chain.registries
  }

  get origin(): string {
    return this.serving.node.ledger.origin
  }

  /** A client of this node, signed in. Every answer that it gets is documented. */
  async as(wallet: Wallet): Promise<OnceClient> {
    const client = new OnceClient({ url: this.serving.url, tries: 1, fetch: this.#fetch })
    await client.signIn(wallet)
    return client
  }

  async close(): Promise<void> {
    await this.serving.close()
    await rm(this.folder, { recursive: true })
  }

  readonly #fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    const isStream = response.headers.get('Content-Type') === 'text/event-stream'
    if (!isStream)
      await requireDocumented(
        init?.method ?? 'GET',
        `${url.pathname}${url.search}`,
        response,
        this.#document,
      )
    return response
  }
}

/** Departments, holders and a certificate, all made through the API of one node. */
export class Town {
  readonly site: Site
  readonly authority: Player
  city!: Player
  /** Issues property certificates, and registers holders. */
  bureau!: Player
  /** Uses them. */
  market!: Player
  landlord!: HolderPlayer
  tenant!: Player
  agent!: Player

  private constructor(site: Site, authority: Player) {
    this.site = site
    this.authority = authority
  }

  static async found(site: Site): Promise<Town> {
    const kept = await readFile(join(site.folder, 'authority.json'), 'utf8')
    const { privateKey } = JSON.parse(kept) as { privateKey: string }
    const wallet = new Wallet(privateKey)
    const town = new Town(site, await playerOf(site, wallet))
    const { issuer, registrar, user, everyType } = RIGHTS
    town.city = await town.accredit(town.authority, issuer | registrar | user | everyType, {
      name: '上海市（示例）',
      region: '310000',
    })
    town.bureau = await town.accredit(town.city, issuer | registrar, {
      name: '不动产登记中心（示例）',
      region: '310000',
    })
    await town.permit(town.city, town.bureau, PROPERTY)
    town.market = await town.accredit(town.city, user, {
      name: '杨浦区市场监督管理局（示例）',
      region: '310110',
    })
    town.landlord = await town.register('上海业主（示例）有限公司')
    town.tenant = await playerOf(site)
    town.agent = await playerOf(site)
    return town
  }

  sign(act: Act, { wallet }: { readonly wallet: Wallet }): Promise<Hex> {
    return signAct(act, wallet, this.site.registries)
  }

  async accredit(
    by: Player,
    rights: number,
    description: { name: string; region: string },
  ): Promise<Player> {
    const department = await playerOf(this.site)
    const message = { department: department.address, rights, notBefore: 0, notAfter: FOREVER }
    const act = await this.proposed(by, { type: 'Accreditation', message })
    const signature = await this.sign(act, by)
    const accountSignature = await this.sign(act, department)
    await by.client.departments.act({ ...act, signature, accountSignature } as SignedAct, {
      description,
    })
    return department
  }

  async permit(by: Player, department: Player, type: string, permitted = true): Promise<void> {
    const types = [certificateTypeWord(type)]
    const message = { department: department.address, types, permitted }
    await this.actAs(by, { type: 'TypesChange', message })
  }

  /** 0 good, 1 suspended, 2 withdrawn. */
  stand(by: Player, department: Player, standing: number): Promise<void> {
    const message = { department: department.address, standing }
    return this.actAs(by, { type: 'StandingChange', message })
  }

  async actAs(by: Player, draft: Parameters<OnceClient['departments']['preview']>[0]) {
    const act = await this.proposed(by, draft)
    await by.client.departments.act({ ...act, signature: await this.sign(act, by) } as SignedAct)
  }

  async proposed(
    by: Player,
    draft: Parameters<OnceClient['departments']['preview']>[0],
  ): Promise<Act> {
    const { typedData } = await by.client.departments.preview(draft)
    return { type: draft.type, message: typedData.message } as unknown as Act
  }

  async register(name: string): Promise<HolderPlayer> {
    const player = await playerOf(this.site)
    const salt: Hex = `0x${randomBytes(32).toString('hex')}`
    const code = { codeType: '099', code: randomBytes(6).toString('hex') } as const
    const registration = { salt, ...code }
    const { client } = this.bureau
    const { holder, typedData } = await client.holders.preview(registration, player.address)
    const act = { type: 'HolderBinding', message: typedData.message } as unknown as Act
    const signature = await this.sign(act, this.bureau)
    await client.holders.register({ ...act, signature } as SignedAct, { ...registration, name })
    return { ...player, holder, code }
  }

  /** A property certificate of these holders. */
  async issue(
    holders: readonly Hex[] = [this.landlord.holder],
    by: Player = this.bureau,
  ): Promise<{ id: string; credential: string }> {
    const credential = await this.paper(by, { holders: [...holders] })
    const { id } = await by.client.certificates.issue(credential)
    return { id, credential }
  }

  paper({ wallet, address }: Player, changes: Partial<CertificateDraft> = {}): Promise<string> {
    const { chainId } = this.site.registries
    const draft = draftOf(changes.type ?? PROPERTY, address, {
      issuedAt: Math.floor(Date.now() / 1000) - 1,
      ...changes,
      chainId,
    })
    const key = Buffer.from(wallet.privateKey.slice(2), 'hex')
    return issueCertificate(draft, { sign: signer(key), random: randomBytes })
  }

  /** A status as the department would change it now. */
  async changeStatus(id: string, status: '01' | '02' | '05' | '07', by = this.bureau) {
    const { typedData } = await by.client.certificates.previewStatus(id, status)
    const act = { type: 'StatusChange', message: typedData.message } as unknown as Act
    const signature = await this.sign(act, by)
    return by.client.certificates.changeStatus(id, { ...act, signature } as SignedAct)
  }
}

export async function playerOf(site: Site, wallet = new Wallet(newKey())): Promise<Player> {
  const address = wallet.address.toLowerCase() as Hex
  return { wallet, address, client: await site.as(wallet) }
}

export function newKey(): Hex {
  return `0x${randomBytes(32).toString('hex')}`
}

export async function signAct(act: Act, wallet: Wallet, registries: Registries): Promise<Hex> {
  const { domain, types, message } = typedDataOf(act, registries)
  const { EIP712Domain: _, ...own } = types
  const fields = Object.fromEntries(Object.entries(own).map(([name, list]) => [name, [...list]]))
  return (await wallet.signTypedData({ ...domain }, fields, { ...message })) as Hex
}

export const mask = (...bits: number[]): Hex =>
  `0x${bits
    .reduce((all, bit) => all | (1n << BigInt(bit)), 0n)
    .toString(16)
    .padStart(64, '0')}`

/** What the landlord writes once: certificate fields and matters. */
export function listsOf(change: Partial<ScopeDocument> = {}): ScopeDocument {
  return {
    v: 1,
    seed: randomBytes(32).toString('hex'),
    items: [
      { certificateType: PROPERTY, fields: FIELDS, may: 'copy' },
      { certificateType: PROPERTY, fields: ['location'], may: 'read' },
    ],
    purposes: [{ matter: MATTER, region: '310110' }, { matter: OTHER_MATTER }],
    ...change,
  }
}

/** Grants from a holder down to whoever is last, each with its terms. */
type SignedRevocation = Extract<SignedAct, { type: 'Revocation' }>

export class Chain {
  readonly town: Town
  readonly lists: ScopeDocument
  readonly grants: Grant[] = []

  constructor(town: Town, lists = listsOf()) {
    this.town = town
    this.lists = lists
  }

  get id(): Hex {
    return grantIdOf(this.grants.at(-1) as Grant, this.town.site.registries)
  }

  /** Signs a grant by its grantor; handed in unless told otherwise. */
  async grant(
    by: Player & { readonly holder?: Hex },
    to: { readonly address: Hex },
    change: Partial<Grant> = {},
    handIn = true,
  ): Promise<this> {
    const above = this.grants.at(-1)
    const now = Math.floor(Date.now() / 1000)
    const message: Grant = {
      parent: above ? this.id : mask(),
      grantor: by.address,
      grantee: to.address,
      holder: above?.holder ?? (by.holder as Hex),
      scope: scopeOf(this.lists),
      items: above?.items ?? mask(0, 1),
      purposes: above?.purposes ?? mask(0, 1),
      notBefore: above?.notBefore ?? now - 60,
      notAfter: above?.notAfter ?? now + HOUR,
      depth: above ? above.depth - 1 : 3,
      uses: above?.uses ?? 0,
      epoch: 0,
      salt: newKey(),
      ...change,
    }
    this.grants.push(message)
    const act = { type: 'Grant', message } as const
    const signature = await this.town.sign(act, by)
    if (handIn) await by.client.grants.register({ ...act, signature, chain: [...this.grants] })
    return this
  }

  async revoke(by: Player, hop = 0): Promise<void> {
    const act = await this.signRevocation(by, hop)
    await by.client.grants.revoke(act.message.grant, act)
  }

  async signRevocation(by: Player, hop = 0): Promise<SignedRevocation> {
    const chain = this.grants.slice(0, hop + 1)
    const grant = grantIdOf(chain.at(-1) as Grant, this.town.site.registries)
    const act = { type: 'Revocation', message: { grant, revoker: by.address } } as const
    const signature = await this.town.sign(act, by)
    return { ...act, signature, chain }
  }

  /** What the department signs, and the last grantee where that is another. */
  async authorize(
    user: Player,
    asked: Asked,
    { grantee, change = {}, items = [0], purpose = 0 }: Authorizing = {},
  ): Promise<Authorization> {
    const { site } = this.town
    const masks = { items: mask(...items), purposes: mask(purpose) }
    const view = openScope(this.lists, masks)
    const use: Use = {
      grant: this.id,
      user: user.address,
      ...masks,
      context: contextOf(asked),
      audience: audienceOf(site.origin),
      sequence: 0,
      notAfter: Math.floor(Date.now() / 1000) + 600,
      ...change,
    }
    const act = { type: 'Use', message: use } as const
    return {
      chain: [...this.grants],
      use,
      signature: await this.town.sign(act, user),
      ...(grantee && { granteeSignature: await this.town.sign(act, grantee) }),
      openings: openingsForUse(view, masks),
    }
  }
}

export type AskedFor = Omit<UseRequest, 'authorizations'>

export interface Authorizing {
  readonly grantee?: Player
  readonly change?: Partial<Use>
  readonly items?: readonly number[]
  readonly purpose?: number
}

export function contextFor(matter = MATTER): UseContext {
  return {
    case: '310110202600001',
    matter,
    officer: '张示例',
    cause: '变更住所',
    salt: randomBytes(32).toString('hex'),
  }
}

/** A certificate's fields, to keep a copy of them for a case. */
export function askFor(id: string, change: Partial<UseRequest> = {}): AskedFor {
  const subject = { kind: 'certificate', id } as const
  return { subject, fields: FIELDS, manner: 'copy', context: contextFor(), ...change }
}

export function requestOf(asked: AskedFor, ...authorizations: Authorization[]): UseRequest {
  return { ...asked, authorizations }
}
