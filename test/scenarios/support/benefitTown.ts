import { randomBytes } from 'node:crypto'
import { OnceClient } from '../../../api/client/index.ts'
import { readTokens } from '../../../api/tokens.ts'
import { entriesOf } from '../../../node/catalogue/file.ts'
import { seedCatalogue } from '../../../node/catalogue/seed.ts'
import type { CatalogueEntry } from '../../../node/core/catalogue/entry.ts'
import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import { signer } from '../../../node/core/certificates/es256k.ts'
import { issueCertificate } from '../../../node/core/certificates/issuing.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Holder } from '../../../node/core/statement.ts'
import { draftOf, LICENCE } from '../../certificates/support/papers.ts'
import { playerOf, RIGHTS, Site, Town } from './town.ts'
import type { Player } from './town.ts'

const ID_CARD = '11100000000013127D001'
const CARD = { name: '示例', address: '杨浦区示例路1号', validTo: '2040-01-01' }

/** 65岁以上老年人免费体检申请: DIRECT, a year. */
export const ELDER = 'BENEFIT_04'
/** 科技小巨人: CONFIRM, a year. */
export const GIANT = 'BENEFIT_15'
/** 企业技术中心: DIRECT, a year. */
export const CENTRE = 'BENEFIT_01'

/** Over 65, as ZHAO is not. */
export const WANG = { codeType: '111', code: '310199195506080021' } as const
export const ZHAO = { codeType: '111', code: '310199197501010058' } as const
/** Recognised by the city, as TENANT is not. */
export const GIANTCO = { codeType: '001', code: '91310110MADEM0054C' } as const
export const TENANT = { codeType: '001', code: '91310110MADEM002XN' } as const

export interface Subject extends Player {
  readonly holder: Hex
}

/** A town with the seed's benefits, offices that own them, and people and companies with papers. */
export class BenefitTown {
  readonly site: Site
  readonly town: Town
  /** Owns ELDER. */
  readonly health: Player
  /** Owns GIANT. */
  readonly science: Player
  /** Owns CENTRE. */
  readonly commerce: Player
  wang!: Subject
  zhao!: Subject
  giantco!: Subject
  tenant!: Subject

  private constructor(town: Town, offices: readonly Player[]) {
    this.town = town
    this.site = town.site
    ;[this.health, this.science, this.commerce] = offices as [Player, Player, Player]
  }

  static async found(env: Readonly<Record<string, string>> = {}): Promise<BenefitTown> {
    const town = await Town.found(await Site.open(env))
    const offices: Player[] = []
    for (const office of ['区卫生健康委员会', '区科学技术委员会', '区商务委员会']) {
      const description = { name: `${office}（示例）`, region: '310110' }
      offices.push(await town.accredit(town.city, RIGHTS.user, description))
    }
    const made = new BenefitTown(town, offices)
    await made.publish((entry) => entry.kind === 'materialType' || entry.kind === 'benefit')
    await made.#populate()
    return made
  }

  close(): Promise<void> {
    return this.site.close()
  }

  /** By the token that lies in the data folder. */
  async operator(): Promise<OnceClient> {
    const token = (await readTokens(this.site.folder))?.[0]?.token ?? ''
    return new OnceClient({ url: this.site.serving.url, token })
  }

  /** Of the seed; what its offices have is theirs, everything else the city's. */
  async publish(isWanted: (entry: CatalogueEntry) => boolean): Promise<void> {
    const { health, science, commerce, town } = this
    const owners: Readonly<Record<string, Player | undefined>> = {
      'YP-WJW': health,
      'YP-KW': science,
      'YP-SWW': commerce,
      'YP-SCJ': town.market,
    }
    const { catalogue } = await this.operator()
    const find = (code: string) => (owners[code] ?? town.city).address
    for (const entry of entriesOf(seedCatalogue(), find))
      if (isWanted(entry)) await catalogue.publish(entry)
  }

  async #populate(): Promise<void> {
    this.wang = await this.#register(WANG, '王示例')
    this.zhao = await this.#register(ZHAO, '赵示例')
    this.giantco = await this.#register(GIANTCO, '上海巨人（示例）有限公司')
    this.tenant = await this.#register(TENANT, '上海云启数科（示例）有限公司')
    await this.#issue(ID_CARD, this.wang, {
      ...CARD,
      idNumber: WANG.code,
      birthDate: '1955-06-08',
    })
    await this.#issue(ID_CARD, this.zhao, {
      ...CARD,
      idNumber: ZHAO.code,
      birthDate: '1975-01-01',
    })
    for (const company of [this.giantco, this.tenant]) await this.#issue(LICENCE, company)
    await this.town.city.client.submit(
      {
        type: 'CITY_AWARD',
        content: { mediaType: 'application/pdf' },
        holder: GIANTCO,
        fields: {
          documentNo: '沪示例〔2026〕1号',
          projectName: '科技小巨人企业',
          amount: 1_000_000,
        },
      },
      new TextEncoder().encode('%PDF-1.7 批文（示例）'),
    )
  }

  async #register(code: Holder, name: string): Promise<Subject> {
    const { town } = this
    const player = await playerOf(this.site)
    const salt: Hex = `0x${randomBytes(32).toString('hex')}`
    const registration = { salt, ...code }
    const { holders } = town.bureau.client
    const { holder, typedData } = await holders.preview(registration, player.address)
    const act = { type: 'HolderBinding', message: typedData.message } as unknown as Act
    const signature = await town.sign(act, town.bureau)
    await holders.register({ ...act, signature } as SignedAct, { ...registration, name })
    return { ...player, holder }
  }

  /** By the city, which may issue every type. */
  async #issue(
    type: string,
    { holder }: Subject,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { wallet, address, client } = this.town.city
    const draft = draftOf(type, address, {
      issuedAt: Math.floor(Date.now() / 1000) - 1,
      holders: [holder],
      fields,
      chainId: this.site.registries.chainId,
    })
    const key = Buffer.from(wallet.privateKey.slice(2), 'hex')
    const credential = await issueCertificate(draft, { sign: signer(key), random: randomBytes })
    await client.certificates.issue(credential)
  }
}
