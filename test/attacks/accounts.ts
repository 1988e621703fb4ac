import { expect } from 'chai'
import type { Act, SignedAct } from '../../node/core/acts/acts.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { askFor, FOREVER, requestOf, RIGHTS } from '../scenarios/support/town.ts'
import type { HolderPlayer } from '../scenarios/support/town.ts'
import { Chain, playerOf } from './support/assault.ts'
import type { Assault, ContractAccount, Player } from './support/assault.ts'

export function attacksByAccounts(get: () => Assault): void {
  let a: Assault
  let first: Player
  let second: Player
  const opened: ContractAccount[] = []

  before(async () => {
    a = get()
    ;[first, second] = [await playerOf(a.site), await playerOf(a.site)]
  })
  after(() => {
    for (const account of opened) account.close()
  })

  async function contractAccount(): Promise<ContractAccount> {
    const account = await a.contractAccount(first.wallet)
    opened.push(account)
    return account
  }

  async function changeAccount(
    { holder }: HolderPlayer,
    account: Hex,
    release?: { readonly endGrants: boolean },
  ): Promise<void> {
    const { bureau } = a.town
    const { holders } = bureau.client
    const { typedData } = release
      ? await holders.previewRelease(holder, account, release.endGrants)
      : await holders.previewBinding(holder, account)
    const type = release ? 'HolderRelease' : 'HolderBinding'
    const act = { type, message: typedData.message } as unknown as Act
    const signed = { ...act, signature: await a.town.sign(act, bureau) } as SignedAct
    await (release ? holders.release(holder, signed) : holders.bind(holder, signed))
  }

  it('that was never bound to the holder grants nothing', async () => {
    const { holder } = a.town.landlord
    const chain = await new Chain(a.town).grant({ ...first, holder }, second, {}, false)
    const act = await a.signedGrant(first, chain.grants)
    await a.refuses(first, '/v1/grants', { act }, [403, 'GRANTOR_NOT_BOUND'])
    const use = await a.ask(chain, { grantee: second })
    await a.refusesUse(use, [403, 'GRANT_NOT_REGISTERED', 0])
  })

  it('that is bound no longer grants nothing more, and where so said, nothing it granted counts', async () => {
    const owner = await a.town.register('遗失密钥者（示例）')
    const { id } = await a.town.issue([owner.holder])
    for (const endGrants of [false, true]) {
      const account = await playerOf(a.site)
      await changeAccount(owner, account.address)
      const by = { ...account, holder: owner.holder }
      const chain = await new Chain(a.town).grant(by, second)
      const asked = askFor(id)
      const one = await chain.authorize(a.town.market, asked, { grantee: second })
      await changeAccount(owner, account.address, { endGrants })
      const late = await new Chain(a.town).grant(by, second, {}, false)
      const act = await a.signedGrant(account, late.grants)
      await a.refuses(account, '/v1/grants', { act }, [403, 'GRANTOR_NOT_BOUND'])
      if (endGrants) await a.refusesUse(requestOf(asked, one), [403, 'GRANTOR_ENDED'])
      else {
        const { status, text } = await a.post(a.town.market, '/v1/uses', requestOf(asked, one))
        expect(status, text).to.equal(201)
      }
    }
  })

  it('of a contract grants as its owner signs now, and not as a former one did', async () => {
    const account = await contractAccount()
    const owner = await a.town.register('合约账户业主（示例）')
    await changeAccount(owner, account.address)
    const grantBy = async ({ wallet }: Player) => {
      const by = { ...first, address: account.address, holder: owner.holder }
      const chain = await new Chain(a.town).grant(by, second, {}, false)
      return { act: await a.signedGrant({ wallet }, chain.grants) }
    }
    const kept = await grantBy(first)
    const granted = await a.post(second, '/v1/grants', await grantBy(first))
    expect(granted.status, granted.text).to.equal(201)
    const early = [422, 'SIGNATURE_INVALID'] as const
    await a.refuses(second, '/v1/grants', await grantBy(second), early)
    await account.changeOwner(second.wallet)
    await a.refuses(second, '/v1/grants', kept, early)
    await a.refuses(first, '/v1/grants', await grantBy(first), early)
    const anew = await a.post(second, '/v1/grants', await grantBy(second))
    expect(anew.status, anew.text).to.equal(201)
  })

  it('of a contract uses as its owner signs now, and not as a former one did', async () => {
    const { city, landlord } = a.town
    const account = await contractAccount()
    const department = (owner: Player): Player => ({ ...owner, address: account.address })
    const message = {
      department: account.address,
      rights: RIGHTS.user,
      notBefore: 0,
      notAfter: FOREVER,
    }
    const act = await a.town.proposed(city, { type: 'Accreditation', message })
    const signature = await a.town.sign(act, city)
    const accountSignature = await a.town.sign(act, first)
    await city.client.departments.act({ ...act, signature, accountSignature } as SignedAct, {
      description: { name: '合约账户的局（示例）', region: '310110' },
    })
    const chain = await new Chain(a.town).grant(landlord, account)
    const requestBy = async (owner: Player) => {
      const asked = askFor(a.certificate)
      return requestOf(asked, await chain.authorize(department(owner), asked))
    }
    // Signs in by its owner, who is asked of the chain.
    const used = await a.post(department(first), '/v1/uses', await requestBy(first))
    expect(used.status, used.text).to.equal(201)
    const refusal = [422, 'USE_SIGNATURE_INVALID'] as const
    await a.refuses(department(first), '/v1/uses', await requestBy(second), refusal)
    const before = await requestBy(first)
    await account.changeOwner(second.wallet)
    await a.refuses(department(first), '/v1/uses', before, refusal)
    await a.refuses(department(first), '/v1/uses', await requestBy(first), refusal)
    const anew = await a.post(department(first), '/v1/uses', await requestBy(second))
    expect(anew.status, anew.text).to.equal(201)
  })
}
