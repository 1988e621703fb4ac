import { expect } from 'chai'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { AskedGrant } from '../../node/requests/requests.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { agent, bureau, CASE, foreign, landlord, tenant } from '../cases/support/scene.ts'
import { addressOf as accountOf } from '../chain/support/registryScene.ts'
import { MATTER, OTHER_MATTER, PROPERTY } from '../core/resolution/scene.ts'
import { NOW } from '../grants/support/scene.ts'
import { codeOf } from '../support/codes.ts'
import { addressOf, hashOf } from '../support/registryChain.ts'
import { asBureau, asHolder, asking, DAY, RequestScene } from './support/scene.ts'

export function behavesLikeRequests(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`requests for grants on ${name}`, () => {
    let s: RequestScene
    beforeEach(async () => {
      s = await RequestScene.open(openStore)
    })
    afterEach(() => s.close())

    const owner = () => s.cases.grants.landlord
    const refused = (changes: Partial<AskedGrant>, asker = asBureau) =>
      codeOf(s.requests.make(asking(changes), asker))
    const stateOf = async (id: string) => (await s.requests.get(id)).state

    it('wait for the holder, and are found by both', async () => {
      const { id, created, evidence } = await s.requests.make(asking(), asBureau)
      expect(created).to.equal(true)
      expect(parseEvidence(evidence).statement).to.deep.include({
        kind: 'request.made',
        grantee: bureau,
        holder: landlord,
        expires: NOW + 7 * DAY,
      })
      expect(await stateOf(id)).to.equal('pending')
      const ofHolder = await s.requests.ofHolder(landlord, { limit: 10 })
      const ofGrantee = await s.requests.ofGrantee(bureau, { limit: 10 })
      for (const { items } of [ofHolder, ofGrantee])
        expect(items.map(({ statement }) => statement.id)).to.deep.equal([id])
      expect((await s.requests.ofHolder(tenant, { limit: 10 })).items).to.deep.equal([])
    })

    it('are the same while they wait, and another when they ask for something else', async () => {
      const [one, two] = await Promise.all([
        s.requests.make(asking(), asBureau),
        s.requests.make(asking(), asBureau),
      ])
      expect(two.id).to.equal(one?.id)
      expect([one?.created, two?.created]).to.deep.equal([true, false])
      const other = await s.requests.make(asking({ uses: 1 }), asBureau)
      expect(other).to.include({ created: true })
      s.later(8 * DAY)
      const again = await s.requests.make(asking(), asBureau)
      expect(again.created).to.equal(true)
    })

    it('are the same though asked with a later end, in other words or in another order', async () => {
      const items = [
        { certificateType: PROPERTY, fields: ['location', 'owners'], may: 'copy' as const },
        { material: 'lease', may: 'copy' as const },
      ]
      const id = await s.made({ items })
      for (const changes of [
        { notAfter: NOW + 60 * DAY },
        { expires: NOW + 20 * DAY },
        { reason: '补充说明' },
        { items: items.toReversed() },
      ]) {
        const again = await s.requests.make(asking({ items, ...changes }), asBureau)
        expect([again.id, again.created]).to.deep.equal([id, false])
      }
      expect((await s.requests.get(id)).statement.notAfter).to.equal(NOW + 30 * DAY)
      expect(await s.requests.ofCase(CASE, bureau)).to.have.length(1)
      expect(await s.requests.ofCase(CASE, foreign)).to.deep.equal([])
    })

    it('are another where the grant that was asked for would be over', async () => {
      const id = await s.made({ notAfter: NOW + DAY })
      s.later(DAY)
      expect(await s.made()).not.to.equal(id)
    })

    it('end with their case, are not answered any more, and none is made for it', async () => {
      const id = await s.made()
      const approved = await s.made({ uses: 1 })
      const signed = await s.signed(owner())
      const once = await s.signed(owner(), { uses: 1 })
      await s.approve(approved, once)
      await s.decide()
      expect(await stateOf(id)).to.equal('ended')
      expect(await codeOf(s.approve(id, signed))).to.equal('GRANT_REQUEST_ENDED')
      expect(await codeOf(s.requests.decline(id, '不同意', accountOf(owner())))).to.equal(
        'GRANT_REQUEST_ENDED',
      )
      expect(await refused({})).to.equal('CASE_DECIDED')
      expect(await refused({ uses: 9 })).to.equal('CASE_DECIDED')
      // What was answered before stays answered.
      expect(await stateOf(approved)).to.equal('approved')
      expect(await codeOf(s.approve(approved, once))).to.equal(undefined)
      expect((await s.cases.resolve()).requests).to.deep.equal([])
    })

    it('have expired where their time was over before the case was decided', async () => {
      const id = await s.made({ expires: NOW + 60 })
      s.later(DAY)
      await s.decide()
      expect(await stateOf(id)).to.equal('expired')
    })

    it('are listed in pages', async () => {
      const made: string[] = []
      for (const uses of [1, 2, 3]) made.unshift(await s.made({ uses }))
      const first = await s.requests.ofHolder(landlord, { limit: 2 })
      const second = await s.requests.ofHolder(landlord, { limit: 2, before: first.next ?? 0 })
      const ids = [...first.items, ...second.items].map(({ statement }) => statement.id)
      expect(ids).to.deep.equal(made)
      expect(second.next).to.equal(undefined)
    })

    it('say in words who asks, for what, and until when', async () => {
      const { statement } = await s.requests.get(await s.made())
      const { zh, en } = await s.requests.sentenceOf(statement, true)
      expect(zh)
        .to.include(`因办件 ${CASE}`)
        .and.include('「landlord」')
        .and.include('住所变更登记')
      expect(zh).to.include('坐落').and.include('合计最多使用 2 次，不得转授')
      expect(en).to.include('at most 2 times in all').and.include('until 2023-12-16T02:00:00Z')
      expect((await s.requests.sentenceOf(statement, false)).zh).not.to.include('landlord')
    })

    it('call matter, materials and whoever asks by name, and nothing that is another’s', async () => {
      const { cases } = s
      await cases.deposit('lease-1', 'LEASE', { by: 'landlord', title: '海天路租约' })
      await cases.deposit('lease-2', 'LEASE', { by: 'tenant', title: '别人的租约' })
      const items = ['lease-1', 'lease-2'].map((material) => ({ material, may: 'read' as const }))
      const asked = await s.requests.get(await s.made({ items }))
      const { zh, en } = await s.requests.sentenceOf(asked.statement, true)
      expect(zh)
        .to.include(`海天路租约」（lease-1）`)
        .and.include('材料 lease-2')
        .and.include(`用于事项「${MATTER.name}」（${MATTER.code}）`)
      expect(zh).not.to.include('别人的租约')
      expect(en).to.include(`for matter “${MATTER.name}” (${MATTER.code})`)
      const told = await s.requests.sentenceOf(asked.statement, false)
      expect(told.zh).to.include('材料 lease-1').and.not.include('海天路租约')
    })

    it('name the party of the case that asks by its own account', async () => {
      const account = accountOf(s.cases.grants.tenant)
      const { id } = await s.requests.make(asking(), asHolder(account, tenant))
      const { statement } = await s.requests.get(id)
      for (const toHolder of [true, false])
        expect((await s.requests.sentenceOf(statement, toHolder)).zh).to.match(/^「tenant」（0x/)
    })

    it('are approved with a grant of the holder, which the case then finds by itself', async () => {
      await s.cases.issue(PROPERTY, [landlord])
      const before = await s.cases.resolve()
      const [proposal] = before.requests
      if (proposal === undefined) throw new Error('a grant is missing')
      const { draft, ...asked } = proposal
      const { notAfter, uses, depth } = draft
      const { id } = await s.requests.make(
        { ...asked, case: CASE, notAfter, uses, depth },
        asBureau,
      )
      const signed = await s.signed(owner(), { notAfter, uses }, asked)
      const { grant, answer, state } = await s.approve(id, signed)
      expect(state).to.equal('mined')
      const record = await s.requests.get(id)
      expect(record.state).to.equal('approved')
      expect(record.answer?.statement).to.deep.include({
        id: answer,
        kind: 'request.approved',
        request: id,
        grant,
        by: accountOf(owner()),
      })
      const { materials, requests } = await s.cases.resolve()
      expect(requests).to.deep.equal([])
      const property = materials.find(({ material }) => material === 'PROPERTY')
      expect(property?.state).to.equal('ready')
      expect(property?.candidate?.grants).to.deep.equal([{ holder: landlord, grant }])
      expect(await s.cases.grants.grants.viewOf(grant)).to.deep.equal(signed.view)
    })

    it('are approved once, and by the same grant again with the same answer', async () => {
      const id = await s.made()
      const signed = await s.signed(owner())
      const first = await s.approve(id, signed)
      expect(await s.approve(id, signed)).to.include({ grant: first.grant, answer: first.answer })
      expect(await codeOf(s.approve(id, await s.signed(owner(), { uses: 1 })))).to.equal(
        'GRANT_REQUEST_ANSWERED',
      )
      expect(await codeOf(s.requests.decline(id, '不同意', accountOf(owner())))).to.equal(
        'GRANT_REQUEST_ANSWERED',
      )
    })

    it('are approved with less than was asked', async () => {
      const id = await s.made()
      const items = [{ certificateType: PROPERTY, fields: ['location'], may: 'read' as const }]
      const less = { notAfter: NOW + DAY, uses: 1 }
      await s.approve(id, await s.signed(owner(), less, { items }))
      expect(await stateOf(id)).to.equal('approved')
    })

    for (const [what, changes, lists] of [
      ['for longer', { notAfter: NOW + 31 * DAY }, {}],
      ['more often', { uses: 3 }, {}],
      ['for any number of uses', { uses: 0 }, {}],
      ['to be passed on', { depth: 1 }, {}],
      ['to another', { grantee: foreign }, {}],
      [
        'of more fields',
        {},
        { items: [{ certificateType: PROPERTY, fields: ['certNo', 'location'], may: 'copy' }] },
      ],
      ['of another material', {}, { items: [{ material: 'lease', may: 'read' }] }],
      ['for another matter', {}, { purposes: [{ matter: OTHER_MATTER.code, department: bureau }] }],
      ['for any department', {}, { purposes: [{ matter: MATTER.code }] }],
    ] as const)
      it(`are not approved ${what} where that was not asked, and nothing is recorded`, async () => {
        const id = await s.made()
        const given = lists as NonNullable<Parameters<typeof s.signed>[2]>
        const signed = await s.signed(owner(), changes, given)
        expect(await codeOf(s.approve(id, signed))).to.equal('GRANT_REQUEST_EXCEEDED')
        expect(s.cases.grants.sent).to.deep.equal([])
        expect(await stateOf(id)).to.equal('pending')
      })

    it('are not approved by whoever does not act for the holder', async () => {
      const id = await s.made()
      expect(await codeOf(s.approve(id, await s.signed(s.cases.grants.tenant)))).to.equal(
        'GRANTOR_NOT_BOUND',
      )
      const signed = await s.signed(owner())
      const forged = { ...signed.act, signature: `0x${'11'.repeat(64)}1b` as const }
      expect(await codeOf(s.approve(id, { ...signed, act: forged }))).to.equal('SIGNATURE_INVALID')
      expect(await stateOf(id)).to.equal('pending')
    })

    it('are not approved with an act or a view of something else', async () => {
      const id = await s.made()
      const signed = await s.signed(owner())
      const revoking = s.cases.grants.revoking(owner(), signed.act.chain)
      const { view } = signed
      expect(await codeOf(s.requests.approve(id, revoking, { view }))).to.equal('ACT_UNEXPECTED')
      expect(await codeOf(s.requests.approve(id, {}, { view }))).to.equal('ACT_MALFORMED')
      const other = await s.signed(owner(), {}, { seed: 'b'.repeat(64) })
      expect(await codeOf(s.approve(id, { act: signed.act, view: other.view }))).to.equal(
        'SCOPE_ROOTS_MISMATCH',
      )
    })

    it('expire without an answer, and are then neither approved nor declined', async () => {
      const id = await s.made({ expires: NOW + 60 })
      const signed = await s.signed(owner())
      s.later(60)
      expect(await stateOf(id)).to.equal('pending')
      s.later(1)
      expect(await stateOf(id)).to.equal('expired')
      expect(await codeOf(s.approve(id, signed))).to.equal('GRANT_REQUEST_EXPIRED')
      expect(await codeOf(s.requests.decline(id, '不同意', accountOf(owner())))).to.equal(
        'GRANT_REQUEST_EXPIRED',
      )
      expect(s.cases.grants.sent).to.deep.equal([])
    })

    it('are declined with a reason, which counts once', async () => {
      const id = await s.made()
      const by = accountOf(owner())
      const { created, evidence } = await s.requests.decline(id, '请本人到场办理', by)
      expect(created).to.equal(true)
      expect(parseEvidence(evidence).statement).to.include({
        kind: 'request.declined',
        request: id,
        reason: '请本人到场办理',
      })
      expect((await s.requests.decline(id, '请本人到场办理', by)).created).to.equal(false)
      expect(await codeOf(s.requests.decline(id, '另有理由', by))).to.equal(
        'GRANT_REQUEST_ANSWERED',
      )
      expect(await codeOf(s.approve(id, await s.signed(owner())))).to.equal(
        'GRANT_REQUEST_ANSWERED',
      )
      expect(await stateOf(id)).to.equal('declined')
    })

    it('are answered once, however many answers come at a time', async () => {
      const id = await s.made()
      const signed = await s.signed(owner())
      const answers = await Promise.all([
        codeOf(s.approve(id, signed)),
        codeOf(s.requests.decline(id, '不同意', accountOf(owner()))),
      ])
      expect(answers).to.deep.equal([undefined, 'GRANT_REQUEST_ANSWERED'])
    })

    it('are approved by the same grant when the node stopped before it said so', async () => {
      const id = await s.made()
      const { act, view } = await s.signed(owner())
      await s.cases.grants.grants.register(act, { view, wait: AbortSignal.timeout(5_000) })
      expect(await stateOf(id)).to.equal('pending')
      await s.approve(id, { act, view })
      expect(await stateOf(id)).to.equal('approved')
    })

    it('are made by an agent, whom the grant is then for', async () => {
      const code = '001900000100002'
      await s.cases.openCase({ case: code, agents: [agent] })
      const wallet = s.cases.grants.agent
      const asker = asHolder(accountOf(wallet), agent)
      const { id } = await s.requests.make(asking({ case: code }), asker)
      expect((await s.requests.get(id)).statement.grantee).to.equal(accountOf(wallet))
      const { items } = await s.requests.ofGrantee(accountOf(wallet), { limit: 1 })
      expect(items).to.have.length(1)
      await s.approve(id, await s.signed(owner(), { grantee: accountOf(wallet) }))
      expect(await stateOf(id)).to.equal('approved')
    })

    it('are refused to whoever has nothing to do with the case', async () => {
      const stranger = { ...asBureau, grantee: foreign, department: foreign }
      expect(await refused({}, stranger)).to.equal('CASE_NOT_YOURS')
      expect(await refused({}, asHolder(addressOf('x'), landlord))).to.equal('CASE_NOT_YOURS')
    })

    for (const [what, changes, code] of [
      ['a case that is not known', { case: '001900000109999' }, 'CASE_NOT_FOUND'],
      ['a holder that nobody registered', { holder: hashOf('nobody') }, 'HOLDER_NOT_FOUND'],
      ['another matter', { purposes: [{ matter: 'OTHER' }] }, 'GRANT_REQUEST_PURPOSE_OTHER'],
      ['a grant that is over', { notAfter: NOW }, 'GRANT_REQUEST_TIMES_WRONG'],
      ['an answer by now', { expires: NOW }, 'GRANT_REQUEST_TIMES_WRONG'],
      ['an answer some day', { expires: NOW + 31 * DAY }, 'GRANT_REQUEST_TIMES_WRONG'],
    ] as const)
      it(`are refused for ${what}`, async () => {
        expect(await refused(changes as Partial<AskedGrant>)).to.equal(code)
      })

    it('press nobody: so many may wait, and no more', async () => {
      for (let uses = 1; uses <= 32; uses++) await s.made({ uses })
      expect(await refused({ uses: 33 })).to.equal('GRANT_REQUESTS_PENDING')
      expect((await s.requests.make(asking({ uses: 32 }), asBureau)).created).to.equal(false)
      s.later(8 * DAY)
      expect(await refused({ uses: 33 })).to.equal(undefined)
    })

    it('have evidence of the question and of the answer', async () => {
      const id = await s.made()
      expect(await codeOf(s.requests.evidence(id, 'answer'))).to.equal('GRANT_REQUEST_NOT_ANSWERED')
      await s.approve(id, await s.signed(owner()))
      const kinds = await Promise.all(
        (['request', 'answer'] as const).map(async (of) => {
          return parseEvidence(await s.requests.evidence(id, of)).statement.kind
        }),
      )
      expect(kinds).to.deep.equal(['request.made', 'request.approved'])
      expect(await codeOf(s.requests.get('request-none'))).to.equal('GRANT_REQUEST_NOT_FOUND')
      expect(await codeOf(s.requests.get(`case-${CASE}`))).to.equal('GRANT_REQUEST_NOT_FOUND')
    })
  })
}
