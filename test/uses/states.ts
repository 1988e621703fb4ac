import { expect } from 'chai'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { codeOf } from '../support/codes.ts'
import { actOf, UseScene } from './support/scene.ts'

export function provesStates(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`the state that proves a use on ${name}`, () => {
    let s: UseScene
    beforeEach(async () => {
      s = await UseScene.open(openStore)
    })
    afterEach(() => s.close())

    const both = async (uses: number, asked = s.asked()) => ({
      asked,
      one: await s.authorize(await s.grant('landlord', uses), asked),
      other: await s.authorize(await s.grant('tenant', uses), asked),
    })
    const wantedBlock = () => s.wanted.at(-1)?.find(({ of }) => of === 'use')?.block.number
    const decidedBlock = async () => {
      const statement = (await s.answers()).at(-1)
      return statement?.kind === 'use.released' ? statement.decision.block.number : undefined
    }

    it('is of the block that it was decided by where nothing is counted', async () => {
      const { asked, one, other } = await both(0)
      await s.request(asked, one, other)
      expect(wantedBlock()).to.equal(s.cases.grants.chain.height)
      expect(wantedBlock()).to.equal(await decidedBlock())
    })

    it('is of the last block that counted it', async () => {
      const { asked, one, other } = await both(2)
      const { height } = s.cases.grants.chain
      await s.request(asked, one, other)
      expect(await decidedBlock()).to.equal(height)
      expect(wantedBlock()).to.equal(height + 2)
    })

    it('is no older than the decision where it was counted before a crash', async () => {
      const { asked, one, other } = await both(2)
      await s.count(actOf(one))
      await s.count(actOf(other))
      const counted = s.cases.grants.chain.height
      for (let i = 0; i < 3; i++) await s.cases.grants.mine()
      await s.request(asked, one, other)
      expect(wantedBlock()).to.equal(counted + 3)
      expect(wantedBlock()).to.equal(await decidedBlock())
    })

    it('is not asked for where a holder revoked between the count and the decision', async () => {
      const { asked, one, other } = await both(2)
      await s.count(actOf(one))
      const { holder } = one.chain[0] ?? expect.fail('no grant')
      const { grant } = one.use
      await s.cases.grants.mine({ type: 'GrantRevoked', grant, holder, revoker: one.use.user })
      expect(await codeOf(s.request(asked, one, other))).to.equal('GRANT_IS_REVOKED')
      expect(s.wanted).to.deep.equal([])
    })
  })
}
