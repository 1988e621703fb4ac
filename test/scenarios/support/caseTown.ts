import { OnceClient, requestOf } from '../../../api/client/index.ts'
import type { SigningAccount } from '../../../api/client/index.ts'
import { readTokens } from '../../../api/tokens.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Resolution, ResolvedMaterial } from '../../../node/core/resolution/document.ts'
import { PROPERTY } from '../../certificates/support/papers.ts'
import { materialType, matter, required } from '../../core/catalogue/support.ts'
import { Site, Town } from './town.ts'
import type { HolderPlayer, Player } from './town.ts'

export const DEED = 'DEED'
export const PLAN = 'FLOOR_PLAN'
export const WHY = { officer: '孙窗口', cause: '住所变更' }
const MATTER = 'ADDRESS_CHANGE'

/** A town whose market department handles cases that take a landlord's certificate and a plan of the applicant. */
export class CaseTown {
  readonly town: Town
  readonly applicant: HolderPlayer
  /** Statement ids. */
  readonly deed: string
  readonly plan: string
  #cases = 0

  private constructor(town: Town, applicant: HolderPlayer, deed: string, plan: string) {
    this.town = town
    this.applicant = applicant
    this.deed = deed
    this.plan = plan
  }

  static async found(): Promise<CaseTown> {
    const town = await Town.found(await Site.open())
    const applicant = await town.register('餐饮企业（示例）')
    await publish(town)
    const deed = await town.issue()
    const content = { mediaType: 'text/plain' }
    const submission = { type: PLAN, content, holder: applicant.code }
    const plan = await town.bureau.client.submit(submission, new Blob(['平面图']))
    return new CaseTown(town, applicant, deed.id, plan.id)
  }

  get site(): Site {
    return this.town.site
  }

  /** Handles the cases. */
  get market(): Player {
    return this.town.market
  }

  close(): Promise<void> {
    return this.site.close()
  }

  account({ client, wallet }: Player): Promise<SigningAccount> {
    return client.account(wallet)
  }

  /** Answers its code. */
  async openCase(): Promise<string> {
    const code = `3101102026${String(++this.#cases).padStart(5, '0')}`
    await this.market.client.cases.open({
      case: code,
      matter: { code: MATTER },
      applicant: this.applicant.holder,
      parties: { LANDLORD: [this.town.landlord.holder] },
      channel: 'counter',
    })
    return code
  }

  resolve(code: string): Promise<Resolution> {
    return this.market.client.cases.resolve(code)
  }

  async resolved(code: string, material: string): Promise<ResolvedMaterial> {
    const { materials } = await this.resolve(code)
    const found = materials.find((one) => one.material === material)
    if (found === undefined) throw new Error('the matter asks for it')
    return found
  }

  /** Asks for what is missing; answers the request that each holder has to answer. */
  async ask(code: string): Promise<ReadonlyMap<Hex, string>> {
    const { requests } = await this.resolve(code)
    const asked = new Map<Hex, string>()
    for (const proposal of requests)
      asked.set(
        proposal.holder,
        (await this.market.client.requests.make(requestOf(proposal, code))).id,
      )
    return asked
  }

  /** A case for which both granted what it takes; what nobody used in another case serves as well. */
  async grantedCase(): Promise<string> {
    const code = await this.openCase()
    const asked = await this.ask(code)
    for (const player of [this.town.landlord, this.applicant]) {
      const request = asked.get(player.holder)
      if (request !== undefined) await (await this.account(player)).approveRequest(request)
    }
    return code
  }

  /** Of whoever runs the node. */
  token(): Promise<string> {
    return tokenOf(this.site)
  }

  /** The department's uses and refusals for a case, the newest first. */
  async usesOf(code: string) {
    const { client, address } = this.market
    const all = await Array.fromAsync(client.uses.list({ user: address }))
    return all.filter(({ context }) => context.case === code)
  }
}

async function publish({ site, market, bureau }: Town): Promise<void> {
  const { catalogue } = new OnceClient({ url: site.serving.url, token: await tokenOf(site) })
  const owner = market.address
  const entries = [
    materialType({
      code: DEED,
      owner: bureau.address,
      name: '不动产权证书',
      validity: { mode: 'CERTIFICATE' },
      certificateType: PROPERTY,
    }),
    materialType({ code: PLAN, owner, name: '经营场所平面图', formats: ['txt'] }),
    matter({
      code: MATTER,
      owner,
      materials: [
        required(DEED, {
          holder: 'LANDLORD',
          exemption: 'certificatePull',
          plain: ['location', 'owners'],
        }),
        required(PLAN),
      ],
    }),
  ]
  for await (const outcome of catalogue.load(entries)) if ('error' in outcome) throw outcome.error
}

async function tokenOf({ folder }: Site): Promise<string> {
  return (await readTokens(folder))?.[0]?.token ?? ''
}
