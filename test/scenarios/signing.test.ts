import { expect } from 'chai'
import { Wallet } from 'ethers'
import { OnceClient } from '../../api/client/index.ts'
import type { ReuseOutcome, Sentence } from '../../api/client/index.ts'
import { dayOf } from '../../node/core/catalogue/day.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { PROPERTY } from '../certificates/support/papers.ts'
import { codeOf } from '../support/codes.ts'
import { CaseTown, DEED, PLAN, WHY } from './support/caseTown.ts'
import { listsOf, newKey } from './support/town.ts'

const reasonFor = (code: string) => ({ ...WHY, case: code, matter: 'ADDRESS_CHANGE' })
const outcomes = (all: readonly ReuseOutcome[]) =>
  all.map((one) => [one.material, 'error' in one ? one.error.code : one.created])
const neverAsked = () => expect.fail('nothing is to be signed')
const disagree = () => {
  throw new LedgerError('forbidden', 'NOT_AGREED')
}

/** What departments and holders do by their signatures, in one call of the client each. */
describe('an account that signs by the client', function () {
  this.timeout(120_000)
  let t: CaseTown
  before(async () => {
    t = await CaseTown.found()
  })
  after(() => t.close())

  const size = () => t.site.serving.node.ledger.size

  it('is a department that uses the candidate of a resolution, and is shown what it signs', async () => {
    const code = await t.grantedCase()
    const office = await t.account(t.market)
    const said: Sentence[] = []
    const { id, created, evidence } = await office.use(
      await t.resolved(code, DEED),
      reasonFor(code),
      { agree: (sentence) => void said.push(sentence) },
    )
    expect(created).to.equal(true)
    expect(said).to.have.length(1)
    expect(said[0]?.zh).to.include(`办件 ${code}`).and.include('location')
    expect(said[0]?.en).to.include(t.site.origin).and.include('杨浦区市场监督管理局')
    expect(parseEvidence(evidence).statement).to.include({ kind: 'use.released', id })
    const copy = JSON.parse(await t.market.client.uses.copy(id)) as { fields: object }
    expect(Object.keys(copy.fields)).to.deep.equal(['location', 'owners'])
  })

  it('signs and sends nothing where whoever is asked does not agree', async () => {
    const code = await t.grantedCase()
    const office = await t.account(t.market)
    const before = size()
    const material = await t.resolved(code, PLAN)
    expect(await codeOf(office.use(material, reasonFor(code), { agree: disagree }))).to.equal(
      'NOT_AGREED',
    )
    expect(await codeOf(office.reuse(code, WHY, { agree: disagree }))).to.equal('NOT_AGREED')
    const landlord = await t.account(t.town.landlord)
    const giving = { to: t.market.address, items: 'all', purposes: 'all', uses: 1 } as const
    const until = Math.floor(Date.now() / 1000) + 3600
    const source = { holder: t.town.landlord.holder, document: listsOf() }
    expect(
      await codeOf(landlord.grant({ ...giving, until, depth: 0 }, source, { agree: disagree })),
    ).to.equal('NOT_AGREED')
    expect(size()).to.equal(before)
  })

  it('says why a candidate is not ready, and signs nothing', async () => {
    const code = await t.openCase()
    const office = await t.account(t.market)
    const { materials } = await t.resolve(code)
    for (const material of materials.filter(({ state }) => state !== 'ready')) {
      const error: unknown = await office.use(material, reasonFor(code)).catch((thrown) => thrown)
      expect(error).to.deep.include({ kind: 'conflict', code: 'REUSE_NOT_READY' })
      expect(error).to.have.nested.property('details.state', material.state)
    }
  })

  it('uses all that a case takes in one call, and nothing a second time', async () => {
    const code = await t.grantedCase()
    const office = await t.account(t.market)
    expect(outcomes(await office.reuse(code, WHY))).to.deep.equal([
      [DEED, true],
      [PLAN, true],
    ])
    expect(outcomes(await office.reuse(code, WHY))).to.deep.equal([])
  })

  it('is told of each that was refused by the error that it would be alone', async () => {
    const code = await t.grantedCase()
    const office = await t.account(t.market)
    const landlord = await t.account(t.town.landlord)
    const [grant] = (await t.resolved(code, DEED)).candidate?.grants ?? []
    let isRevoked = false
    // Between the signature and the request, which nobody can rule out.
    const agree = async () => {
      if (!isRevoked && grant) await landlord.revoke(grant.grant)
      isRevoked = true
    }
    const [deed, plan] = await office.reuse(code, WHY, { agree })
    expect(plan).to.include({ material: PLAN, created: true })
    if (deed === undefined || !('error' in deed)) throw new Error('it was revoked')
    expect(deed.error).to.be.instanceOf(LedgerError)
    expect(deed.error.code).to.equal('REUSE_NOT_READY')
    expect(deed.error.kind).to.equal('conflict')
  })

  it('gets the same answer where the first one got lost, and uses nothing twice', async () => {
    const code = await t.grantedCase()
    let lost = 0
    const client = new OnceClient({
      url: t.site.serving.url,
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        const { pathname } = new URL(input instanceof Request ? input.url : input)
        if (!pathname.endsWith('/reuse') || lost > 0) return response
        lost++
        await response.arrayBuffer()
        throw new TypeError('the connection broke')
      },
    })
    const office = await client.account(t.market.wallet)
    expect(outcomes(await office.reuse(code, WHY))).to.deep.equal([
      [DEED, false],
      [PLAN, false],
    ])
    expect(lost).to.equal(1)
    expect(await t.usesOf(code)).to.have.length(2)
  })

  it('asks of a candidate, yes or no, also of its validity alone', async () => {
    const code = await t.grantedCase()
    const office = await t.account(t.market)
    const landlord = await t.account(t.town.landlord)
    const document = listsOf({
      items: [{ certificateType: PROPERTY, fields: ['location', 'validFrom'], may: 'read' }],
      purposes: [{ matter: 'ADDRESS_CHANGE' }],
    })
    const { grant } = await landlord.grant(
      {
        to: t.market.address,
        items: 'all',
        purposes: 'all',
        until: Math.floor(Date.now() / 1000) + 3600,
        depth: 0,
        uses: 0,
      },
      { holder: t.town.landlord.holder, document },
    )
    const deed = { kind: 'certificate', id: t.deed, grants: [{ grant }] } as const
    const reason = reasonFor(code)
    const today = dayOf(Date.now())
    const valid = await office.check(deed, [{ kind: 'validOn', day: today }], reason)
    expect(valid.answers).to.deep.equal([true])
    const said: Sentence[] = []
    const questions = [{ kind: 'is', field: 'location', value: '别处' }] as const
    const { answers } = await office.check(deed, questions, reason, {
      agree: (sentence) => void said.push(sentence),
    })
    expect(answers).to.deep.equal([false])
    expect(said[0]?.zh).to.include('数据核验')
    const ready = await t.resolved(code, DEED)
    const owned = await office.check(ready, [{ ...questions[0], value: '杨浦' }], reason)
    expect(owned.answers).to.deep.equal([false])
  })

  it('is no department unless one acts by it', async () => {
    const code = await t.grantedCase()
    const landlord = await t.account(t.town.landlord)
    expect(landlord.department).to.equal(undefined)
    const material = await t.resolved(code, DEED)
    expect(await codeOf(landlord.use(material, reasonFor(code)))).to.equal('DEPARTMENT_NEEDED')
  })

  /** What the landlord is asked for a new case, once nothing is left of what was granted before. */
  async function asked(): Promise<{ code: string; id: string }> {
    const landlord = await t.account(t.town.landlord)
    await landlord.endGrants()
    const code = await t.openCase()
    return { code, id: (await t.ask(code)).get(t.town.landlord.holder) ?? '' }
  }

  describe('as the holder that a request asks', () => {
    it('reads it, grants just that, and the case goes on', async () => {
      const { code, id } = await asked()
      const landlord = await t.account(t.town.landlord)
      const said: Sentence[] = []
      const answered = await landlord.answerRequest(
        id,
        ({ sentence, state }) => {
          expect(state).to.equal('pending')
          expect(sentence.zh).to.include(code)
          return { grant: 'all' }
        },
        { agree: (sentence) => void said.push(sentence) },
      )
      if (answered.answer !== 'approved') throw new Error('it was granted')
      expect(answered.sentence).to.deep.equal(said[0])
      expect(answered.sentence.en).to.include('location')
      expect((await t.resolved(code, DEED)).state).to.equal('ready')
    })

    it('grants less of it, and what it does not give stands nowhere', async () => {
      const { id } = await asked()
      const landlord = await t.account(t.town.landlord)
      const { grant, sentence } = await landlord.approveRequest(id, { fields: ['location'] })
      expect(sentence.en).to.include('location').and.not.include('owners')
      const { items } = await t.market.client.grants.view(grant)
      expect(items.map(({ item }) => item.fields)).to.deep.equal([['location']])
    })

    it('declines, and says why', async () => {
      const { id } = await asked()
      const landlord = await t.account(t.town.landlord)
      const answered = await landlord.answerRequest(id, () => ({ decline: '与本人无关' }))
      expect(answered.answer).to.equal('declined')
      expect(parseEvidence(answered.evidence as string).statement).to.include({
        kind: 'request.declined',
        reason: '与本人无关',
      })
      const again = () => landlord.approveRequest(id)
      expect(await codeOf(again())).to.equal('GRANT_REQUEST_ANSWERED')
      // Nobody decides about what waits for no answer.
      expect(await codeOf(landlord.answerRequest(id, () => expect.fail('was asked')))).to.equal(
        'GRANT_REQUEST_ANSWERED',
      )
    })

    it('grants nothing that was not asked for, and another account nothing at all', async () => {
      const { id } = await asked()
      const landlord = await t.account(t.town.landlord)
      const before = size()
      for (const [narrowing, code] of [
        [{ fields: ['area'] }, 'GRANT_REQUEST_EXCEEDED'],
        [{ fields: ['location', 'owner'] }, 'GRANT_REQUEST_EXCEEDED'],
        [{ uses: 9 }, 'GRANT_REQUEST_EXCEEDED'],
        [{ uses: 0 }, 'GRANT_REQUEST_EXCEEDED'],
        [{ until: 4_000_000_000 }, 'GRANT_REQUEST_EXCEEDED'],
        [{ items: [7] }, 'GRANT_MASK_BEYOND_LIST'],
        [{ items: [] }, 'SCOPE_MALFORMED'],
      ] as const)
        expect(
          await codeOf(landlord.approveRequest(id, narrowing, { agree: neverAsked })),
        ).to.equal(code)
      const applicant = await t.account(t.applicant)
      expect(await codeOf(applicant.approveRequest(id))).to.equal('GRANT_REQUEST_NOT_YOURS')
      expect(size()).to.equal(before)
    })
  })

  it('grants from lists, passes on, and ends what it granted', async () => {
    const landlord = await t.account(t.town.landlord)
    const agent = await t.account(t.town.agent)
    const until = Math.floor(Date.now() / 1000) + 3600
    const all = { items: 'all', purposes: 'all', until } as const
    const source = { holder: t.town.landlord.holder, document: listsOf() }
    const root = await landlord.grant(
      { ...all, to: t.town.agent.address, depth: 1, uses: 2 },
      source,
    )
    const below = await agent.grant(
      { ...all, to: t.market.address, depth: 0, items: [1] },
      { parent: root.grant },
    )
    const { terms, standing } = await t.market.client.grants.get(below.grant)
    expect(terms).to.include({ uses: 2, grantor: t.town.agent.address })
    expect(standing).to.equal('live')
    await landlord.revoke(root.grant)
    expect((await t.market.client.grants.get(below.grant)).because?.code).to.equal(
      'GRANT_IS_REVOKED',
    )
  })

  it('is any ethers signer, also one that tells its address only when asked', async () => {
    const { wallet } = t.market
    const client = new OnceClient({ url: t.site.serving.url })
    const office = await client.account({
      getAddress: () => wallet.getAddress(),
      signMessage: (text) => wallet.signMessage(text),
      signTypedData: (domain, types, message) =>
        wallet.signTypedData(
          domain,
          Object.fromEntries(Object.entries(types).map(([name, list]) => [name, [...list]])),
          message,
        ),
    })
    expect(office).to.include({ account: t.market.address, department: t.market.address })
  })

  it('signs nothing for registries that one does not trust', async () => {
    const client = new OnceClient({ url: t.site.serving.url })
    const other = { ...t.site.registries, grants: `0x${'9'.repeat(40)}` } as const
    const wallet = new Wallet(newKey())
    wallet.signMessage = () => expect.fail('was asked')
    expect(await codeOf(client.account(wallet, other))).to.equal('REGISTRIES_OTHER')
    const office = await client.account(t.market.wallet, t.site.registries)
    expect(office.registries).to.deep.equal(t.site.registries)
  })

  it('lets a department use once what it was granted itself', async () => {
    const code = await t.openCase()
    const landlord = await t.account(t.town.landlord)
    const applicant = await t.account(t.applicant)
    const document = listsOf({ purposes: [{ matter: 'ADDRESS_CHANGE' }] })
    const { grant } = await landlord.grant(
      {
        to: t.applicant.address,
        items: 'all',
        purposes: 'all',
        until: Math.floor(Date.now() / 1000) + 3600,
        depth: 0,
        uses: 1,
      },
      { holder: t.town.landlord.holder, document },
    )
    const what = {
      kind: 'certificate',
      id: t.deed,
      grants: [{ grant }],
      use: { fields: ['owners', 'location'], manner: 'copy' },
    } as const
    const draft = await applicant.draftUse(what, reasonFor(code), { user: t.market.address })
    const prepared = await applicant.cosignUse(draft)
    expect(await codeOf(applicant.signUse(prepared))).to.equal('DEPARTMENT_NEEDED')
    const office = await t.account(t.market)
    const forged = { ...prepared, fields: ['owners'] }
    expect(await codeOf(office.signUse(forged))).to.equal('USE_CONTEXT_MISMATCH')
    const bureau = await t.account(t.town.bureau)
    expect(await codeOf(bureau.signUse(prepared))).to.equal('USE_NOT_YOURS')
    const { created } = await office.client.uses.request(await office.signUse(prepared))
    expect(created).to.equal(true)
  })
})
