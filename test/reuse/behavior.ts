import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Wallet } from 'ethers'
import { composeUse } from '../../api/client/composeUse.ts'
import { utf8 } from '../../node/core/bytes.ts'
import { encode0x } from '../../node/core/ethereum/hex.ts'
import { sha256 } from '../../node/core/hash/hash.ts'
import { Matter } from '../../node/core/catalogue/matter.ts'
import { canonicalize } from '../../node/core/json.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import { isLimited } from '../../node/core/uses/documents.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import { LedgerReuse } from '../../node/reuse/ledgerReuse.ts'
import type { Reused, ReuseRequest } from '../../node/reuse/reuse.ts'
import type { ResolvedMaterial } from '../../node/core/resolution/document.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { draftOf, issueBy, newKey } from '../certificates/support/papers.ts'
import { LICENCE, MATTER, PROPERTY } from '../core/resolution/scene.ts'
import { NOW } from '../grants/support/scene.ts'
import { accredited, AUTHORITY } from '../mirror/scene.ts'
import { codeOf } from '../support/codes.ts'
import { TEST_ORIGIN } from '../support/log.ts'
import { UseScene } from '../uses/support/scene.ts'
import { ADDRESS, bureau, CASE, landlord, tenant } from '../cases/support/scene.ts'

const outcome = (reused: readonly Reused[]) =>
  reused.map((one) => ('refused' in one ? one.refused.code : one.material))

export function behavesLikeReuse(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`reuse on ${name}`, () => {
    let s: UseScene
    let reuse: LedgerReuse
    beforeEach(async () => {
      s = await UseScene.open(openStore)
      const { cases, grants, resolutions, registry } = s.cases
      await s.cases.openCase({}, registry.account)
      reuse = new LedgerReuse({
        ledger: grants.ledger,
        cases,
        resolutions,
        uses: s.uses,
        checks: s.checks,
        directory: grants.directory,
        chain: grants.chain,
      })
      const office = newKey()
      await grants.mine(accredited(office.account, AUTHORITY))
      for (const [department, region] of [
        [registry.account, '310110'],
        [office.account, '320506'],
      ] as const)
        await grants.directory.describe({
          department,
          name: region,
          region,
          code: '11310110MBDEM0082K',
          by: AUTHORITY,
        })
      for (const [type, holder] of [
        [PROPERTY, landlord],
        [LICENCE, tenant],
      ] as const) {
        const draft = draftOf(type, office.account, { holders: [holder] })
        await s.cases.certificates.issue(await issueBy(office, draft))
      }
    })
    afterEach(() => s.close())

    const resolve = () => s.cases.resolutions.ofCase(CASE, s.cases.registry.account)
    const send = (uses: ReuseRequest['uses'], key?: string) => {
      const fingerprint = sha256(utf8(canonicalize(uses)))
      const idempotency = key === undefined ? undefined : { principal: 'tester', key, fingerprint }
      return reuse.reuse(CASE, s.cases.registry.account, { uses }, idempotency)
    }

    /** Both holders sign what the ledger proposes. */
    async function granted(): Promise<ResolvedMaterial[]> {
      const { requests } = await resolve()
      for (const request of requests)
        await s.cases.accept(
          request.holder === landlord ? s.cases.grants.landlord : s.cases.grants.tenant,
          request,
        )
      return (await resolve()).materials.filter(({ state }) => state === 'ready')
    }

    /** As the resolution says, and the department signs. */
    async function signed(
      { material, candidate }: ResolvedMaterial,
      changes: Partial<UseRequest['context']> = {},
      sequence?: number,
    ): Promise<ReuseRequest['uses'][number]> {
      if (candidate?.use === undefined) throw new Error('it is ready')
      const { grants, registry } = s.cases
      const salt = randomBytes(32).toString('hex')
      const why = { case: CASE, matter: MATTER.code, officer: '张示例', cause: '变更住所', salt }
      const asked = {
        subject: { kind: candidate.kind, id: candidate.id },
        ...candidate.use,
        context: { ...why, ...changes },
      }
      const wallet = new Wallet(encode0x(registry.key))
      const authorizations: UseRequest['authorizations'] = []
      for (const { grant } of candidate.grants) {
        const { chain = [] } = await grants.grants.get(grant)
        const type = material === 'PROPERTY' ? PROPERTY : LICENCE
        const { use, openings } = composeUse(
          {
            ...asked,
            subject: { ...asked.subject, type },
            user: registry.account,
            origin: TEST_ORIGIN,
            region: '310110',
            chain,
            view: await grants.grants.viewOf(grant),
            sequence: sequence ?? grants.mirror.grants.stateOf(grant).used,
            notAfter: NOW + 600,
          },
          grants.registries,
        )
        const signature = grants.sign(wallet, { type: 'Use', message: use })
        authorizations.push({ chain: [...chain], use, openings, signature })
      }
      const { questions, fields, manner, ...rest } = asked as typeof asked & {
        questions?: Question[]
      }
      const request = questions ? { ...rest, questions } : { ...rest, fields, manner }
      return { material, request: { ...request, authorizations } }
    }

    const SUPPORTED = '001900000200019'
    const isHere = { kind: 'is', field: 'location', value: ADDRESS }
    /** A case of a matter that only asks. */
    async function openSupport(questions: object[] = [{ kind: 'validOn' }, isHere]) {
      const asked = { necessity: 'required', exemption: 'dataCheck', maxGrantDepth: 1 }
      const matter = Matter.parse({
        ...MATTER,
        code: 'SUPPORT',
        rules: [],
        agency: { allowed: false },
        materials: [
          { ...asked, material: 'PROPERTY', holder: 'LANDLORD', questions },
          { ...asked, material: 'LEASE', holder: 'APPLICANT', questions: [{ kind: 'validOn' }] },
        ],
      })
      await s.cases.publish(matter)
      const opening = { case: SUPPORTED, matter: { code: matter.code } }
      await s.cases.openCase(opening, s.cases.registry.account)
      await s.cases.deposit('lease', 'LEASE', {
        fields: { lessor: '业主', premises: ADDRESS, leaseTo: '2026-08-05' },
      })
      const resolveSupport = () => s.cases.resolutions.ofCase(SUPPORTED, s.cases.registry.account)
      const { requests } = await resolveSupport()
      for (const request of requests)
        await s.cases.accept(
          request.holder === landlord ? s.cases.grants.landlord : s.cases.grants.tenant,
          request,
        )
      const context = { case: SUPPORTED, matter: matter.code }
      const answer = (uses: ReuseRequest['uses'], key?: string) => {
        const fingerprint = sha256(utf8(canonicalize(uses)))
        const idempotency = key === undefined ? undefined : { principal: 't', key, fingerprint }
        return reuse.reuse(SUPPORTED, s.cases.registry.account, { uses }, idempotency)
      }
      return { requests, resolveSupport, context, answer }
    }

    it('asks what the matter asks, under a grant of no more, and hands nothing out', async () => {
      const { requests, resolveSupport, context, answer } = await openSupport()
      expect(requests.map(({ items }) => items)).to.deep.equal([
        [{ certificateType: PROPERTY, fields: ['location'], may: 'read' }],
        [{ material: 'lease', fields: ['lessor'], may: 'read' }],
      ])
      const { materials: ready } = await resolveSupport()
      expect(ready.map(({ state, way }) => [state, way])).to.deep.equal([
        ['ready', 'dataCheck'],
        ['ready', 'dataCheck'],
      ])
      for (const { fields } of ready) expect(fields).to.deep.equal([])
      const day = '2023-11-16'
      expect(ready[0]?.candidate?.use?.questions).to.deep.equal([{ kind: 'validOn', day }, isHere])
      const [deed] = ready
      if (deed?.candidate?.use === undefined) throw new Error('it is ready')
      const { questions: _, ...shown } = deed.candidate.use
      const copy = { ...deed, candidate: { ...deed.candidate, use: shown } }
      expect(outcome(await answer([await signed(copy, context)]))).to.deep.equal([
        'REUSE_OTHER_QUESTIONS',
      ])
      // Nor is it shown to a department that asks for a use by itself, though the grant would show it.
      const { request } = await signed(copy, context)
      expect(await codeOf(s.uses.request(request as UseRequest))).to.equal('DATA_CHECK_NEEDED')
      const uses = await Promise.all(ready.map((one) => signed(one, context)))
      const answers = await answer(uses, 'k')
      expect(
        answers.map((one) => ('refused' in one ? one.refused.code : one.answers)),
      ).to.deep.equal([[true, true], [true]])
      expect(await answer(uses, 'k')).to.deep.equal(
        answers.map((one) => ({ ...one, created: false })),
      )
      expect((await s.answers()).map(({ kind }) => kind)).to.deep.equal([
        'use.refused',
        'use.checked',
        'use.checked',
      ])
      const { materials, complete, requests: left } = await resolveSupport()
      expect(materials.map(({ state, fields }) => [state, fields])).to.deep.equal([
        ['used', []],
        ['used', []],
      ])
      expect([complete, left]).to.deep.equal([true, []])
    })

    it('takes no for an answer: what a question was answered no about is not taken', async () => {
      const elsewhere = { ...isHere, value: '别处路1号' }
      const { resolveSupport, context, answer } = await openSupport([elsewhere])
      const [deed] = (await resolveSupport()).materials
      if (deed === undefined) throw new Error('it is ready')
      const [told] = await answer([await signed(deed, context)])
      if (told === undefined || 'refused' in told) throw new Error('it was answered')
      expect(told.answers).to.deep.equal([false])
      const [after] = (await resolveSupport()).materials
      // The deed that the landlord shares with somebody goes on being asked for.
      expect(after?.state).to.equal('grantMissing')
      expect(after?.candidate?.id).to.equal(s.deed)
      const no = { code: 'CANDIDATE_REFUTED', by: told.use, id: deed.candidate?.id }
      expect(after?.rejected).to.have.length(1)
      expect(after?.rejected[0]).to.include(no)
    })

    it('releases all that is ready in one call, each with receipt and copy', async () => {
      const ready = await granted()
      expect(ready.map(({ material }) => material)).to.deep.equal(['PROPERTY', 'LICENCE_COPY'])
      const reused = await send(await Promise.all(ready.map((one) => signed(one))))
      expect(outcome(reused)).to.deep.equal(['PROPERTY', 'LICENCE_COPY'])
      for (const one of reused) {
        if ('refused' in one) throw one.refused
        expect(one.crossing).to.deep.equal({ department: true, level: false, region: true })
        const { statement } = await s.uses.get(one.use)
        expect(statement.kind).to.equal('use.released')
        const copy = parseDerivedCopy(await text(await s.uses.openCopy(one.use)))
        expect(copy.mark).to.include({ case: CASE, use: one.use, matterName: MATTER.name })
      }
    })

    it('leaves nothing to ask for: what was used is there, and the case is complete', async () => {
      const paper = { caseCode: CASE, fields: {} }
      await s.cases.deposit('form', 'FORM', { ...paper, fields: { newAddress: ADDRESS } })
      const resolvedAt = '2023-11-01'
      await s.cases.deposit('decision', 'RESOLUTION', { ...paper, fields: { resolvedAt } })
      await s.cases.deposit('articles', 'ARTICLES', paper)
      const lessor = '上海业主(示例)有限公司'
      const lease = { lessor, premises: ADDRESS, leaseTo: '2026-08-05' }
      await s.cases.deposit('lease', 'LEASE', { ...paper, fields: lease })
      const ready = await granted()
      const before = await resolve()
      const reused = await send(await Promise.all(ready.map((one) => signed(one))))
      // Newer than what was used, and not granted.
      await s.cases.issue(LICENCE, [tenant])
      const { materials, rules, requests, complete, figures } = await resolve()
      expect([requests, complete]).to.deep.equal([[], true])
      expect(figures).to.deep.equal(before.figures)
      expect(rules).to.deep.equal(before.rules)
      for (const [i, one] of ready.entries()) {
        const after = materials.find(({ material }) => material === one.material)
        expect(after).to.deep.include({ state: 'used', way: 'certificatePull', missing: [] })
        const done = reused[i] as { use: string }
        const candidate = { id: one.candidate?.id, receipt: done.use, grants: [] }
        expect(after?.candidate).to.deep.include(candidate)
        expect(after?.candidate).not.to.have.property('use')
        expect(after?.fields).to.deep.equal(one.fields)
      }
      const newer = materials.find(({ material }) => material === 'LICENCE_COPY')
      expect(newer?.rejected[0]?.code).to.equal('CANDIDATE_OLDER')
    })

    it('counts what was used for this case and this department alone, and while it is good', async () => {
      const ready = await granted()
      const [deed] = await send(await Promise.all(ready.map((one) => signed(one))))
      if (deed === undefined || 'refused' in deed) throw new Error('it is ready')
      const stateFor = async (department = s.cases.registry.account, code = CASE) => {
        const { materials } = await s.cases.resolutions.ofCase(code, department)
        return materials.find(({ material }) => material === 'PROPERTY')?.state
      }
      expect(await stateFor()).to.equal('used')
      expect(await stateFor(bureau)).to.equal('grantMissing')
      const other = '001900000200009'
      await s.cases.openCase({ case: other }, s.cases.registry.account)
      expect(await stateFor(undefined, other)).to.equal('grantMissing')
      const { statement } = await s.uses.get(deed.use)
      if (statement.kind !== 'use.released') throw new Error('it was released')
      s.cases.grants.time = statement.expires - 1
      expect(await stateFor()).to.equal('used')
      s.cases.grants.time = statement.expires
      expect(await stateFor()).to.equal('grantMissing')
    })

    it('uses nothing twice that the case asks for once', async () => {
      const ready = await granted()
      await send(await Promise.all(ready.map((one) => signed(one))))
      const again = await Promise.all(ready.map((one) => signed(one, {}, 0)))
      const [refused] = await send(again)
      if (refused === undefined || !('refused' in refused)) throw new Error('it was used')
      expect(refused.refused.code).to.equal('REUSE_NOT_READY')
      const { reasons } = refused.refused.details as { reasons: { code: string }[] }
      expect(reasons.map(({ code }) => code)).to.deep.equal(['CANDIDATE_USED'])
    })

    it('releases time and again under a grant that nothing limits, each signed as the first', async () => {
      const proposal = (await resolve()).requests.find(({ holder }) => holder === landlord)
      if (proposal === undefined) throw new Error('a grant is missing')
      const draft = { ...proposal.draft, uses: 0 }
      const grant = await s.cases.accept(s.cases.grants.landlord, { ...proposal, draft })
      const { chain = [] } = await s.cases.grants.grants.get(grant)
      expect(isLimited({ chain })).to.equal(false)
      const { materials } = await resolve()
      const deed = materials.find(({ state }) => state === 'ready')
      if (deed === undefined) throw new Error('it is ready')
      expect(outcome(await send([await signed(deed, { cause: '受理' }, 0)]))).to.deep.equal([
        'PROPERTY',
      ])
      // The case needs no other; who wants one all the same makes a use of its own.
      const { request } = await signed(deed, { cause: '审查' }, 0)
      expect(await s.uses.request(request as UseRequest)).to.include({ created: true })
    })

    it('answers of each why it was refused, and releases the others', async () => {
      const [property, licence] = await granted()
      if (!property || !licence) throw new Error('both are ready')
      const late = await signed(licence, {}, 7)
      const reused = await send([late, await signed(property)])
      expect(outcome(reused)).to.deep.equal(['USE_OUT_OF_SEQUENCE', 'PROPERTY'])
      const kinds = (await s.answers()).map(({ kind }) => kind)
      expect(kinds).to.deep.equal(['use.refused', 'use.released'])
    })

    it('answers the same again by the same key, and once without', async () => {
      const [property] = await granted()
      if (!property) throw new Error('it is ready')
      const uses = [await signed(property)]
      const [first] = await send(uses, 'k')
      const [again] = await send(uses, 'k')
      expect(first).to.include({ created: true })
      expect(again).to.deep.equal({ ...first, created: false })
      expect(outcome(await send(uses))).to.deep.equal(['USE_ALREADY_MADE'])
    })

    it('answers the same that comes twice at the same moment by the same key once', async () => {
      const uses = await Promise.all((await granted()).map((one) => signed(one)))
      const [first, second] = await Promise.all([send(uses, 'k'), send(uses, 'k')])
      expect(second).to.deep.equal(first.map((one) => ({ ...one, created: false })))
      expect(await s.answers()).to.have.length(2)
    })

    it('refuses another request under the same key as a whole, at the same moment or later', async () => {
      const [property, licence] = await granted()
      if (!property || !licence) throw new Error('both are ready')
      const [one, other] = [[await signed(property)], [await signed(licence)]]
      const both = await Promise.all([send(one, 'k').then(outcome), codeOf(send(other, 'k'))])
      expect(both).to.deep.equal([['PROPERTY'], 'IDEMPOTENCY_KEY_REUSED'])
      expect(await codeOf(send([...one, ...other], 'k'))).to.equal('IDEMPOTENCY_KEY_REUSED')
      expect(await s.answers()).to.have.length(1)
      expect(outcome(await send(other, 'k-2'))).to.deep.equal(['LICENCE_COPY'])
    })

    it('answers by the same key as before, though the case can be resolved no more', async () => {
      const uses = await Promise.all((await granted()).map((one) => signed(one)))
      const first = await send(uses, 'k')
      s.cases.resolutions.ofCase = () => Promise.reject(new TypeError('nothing is resolved'))
      expect(await send(uses, 'k')).to.deep.equal(first.map((one) => ({ ...one, created: false })))
    })

    it('releases nothing once the case is decided, and leaves on record that it was asked', async () => {
      const [one] = await granted()
      if (one === undefined) throw new Error('it is ready')
      const late = await signed(one)
      const { acceptedBy, decidedBy } = (await s.cases.cases.get(CASE)).statement
      await s.cases.cases.stage(CASE, { stage: 'accepted' }, acceptedBy)
      await s.cases.cases.stage(CASE, { stage: 'reviewed' }, decidedBy)
      await s.cases.cases.stage(CASE, { stage: 'decided', outcome: 'refused' }, decidedBy)
      expect(outcome(await send([late]))).to.deep.equal(['CASE_DECIDED'])
      expect((await s.answers()).map(({ kind }) => kind)).to.deep.equal(['use.refused'])
    })

    it('refuses what the case does not ask for, without a trace', async () => {
      const [property] = await granted()
      if (!property) throw new Error('it is ready')
      const use = await signed(property)
      const { size } = s.cases.grants.ledger
      const deed = { ...use.request, subject: { kind: 'certificate' as const, id: s.deed } }
      const foreign = {
        ...use.request,
        authorizations: use.request.authorizations.map((one) => ({
          ...one,
          use: { ...one.use, user: landlord.slice(0, 42) as typeof one.use.user },
        })),
      }
      for (const [asked, code] of [
        [await signed(property, { case: '001900000109999' }), 'REUSE_OTHER_CASE'],
        [{ material: 'PLEDGE', request: use.request }, 'REUSE_NOT_REQUIRED'],
        [{ material: 'ARTICLES', request: use.request }, 'REUSE_NOT_READY'],
        [{ material: 'LICENCE_COPY', request: use.request }, 'REUSE_OTHER_CANDIDATE'],
        [{ material: 'PROPERTY', request: deed }, 'REUSE_OTHER_CANDIDATE'],
        [{ material: 'PROPERTY', request: foreign }, 'USE_NOT_YOURS'],
      ] as const)
        expect(outcome(await send([asked]))).to.deep.equal([code])
      expect(s.cases.grants.ledger.size).to.equal(size)
    })

    it('says of what is refused why this very one is not taken', async () => {
      const [property, licence] = await granted()
      if (!property || !licence) throw new Error('both are ready')
      const day = '2021-01-01'
      await s.cases.deposit('over', 'LEASE', {
        fields: { lessor: '业主', premises: '示例路', leaseTo: day },
      })
      await s.cases.deposit('foreign', 'ARTICLES', { by: 'restaurant' })
      await s.cases.deposit('articles', 'ARTICLES')
      const use = await signed(property)
      const about = (material: string, id: string) => ({
        material,
        request: { ...use.request, subject: { kind: 'material' as const, id } },
      })
      const why = async (material: string, id: string) => {
        const [one] = await send([about(material, id)])
        if (one === undefined || !('refused' in one)) throw new Error('it is refused')
        return one.refused.details as { state?: string; reasons: { code: string }[] }
      }
      const { state, reasons } = await why('LEASE', 'over')
      expect(state).to.equal('open')
      expect(reasons).to.have.length(1)
      expect(reasons[0]).to.include({
        id: 'over',
        code: 'MATERIAL_EXPIRED',
        on: '2021-01-02',
        message: 'It is over.',
      })
      expect((await why('ARTICLES', 'articles')).reasons).to.deep.equal([
        { holder: tenant, code: 'GRANT_MISSING', message: 'Its holder granted nothing of it.' },
      ])
      const codes = async (material: string, id: string) =>
        (await why(material, id)).reasons.map(({ code }) => code)
      expect(await codes('ARTICLES', 'foreign')).to.deep.equal(['MATERIAL_OTHER_HOLDER'])
      expect(await codes('ARTICLES', 'nothing')).to.deep.equal(['CANDIDATE_NOT_FOUND'])
      expect(await codes('LICENCE_COPY', 'articles')).to.deep.equal(['MATERIAL_OTHER_TYPE'])
    })

    it('is of a case that is known', async () => {
      const [property] = await granted()
      if (!property) throw new Error('it is ready')
      const uses = [await signed(property)]
      const { account } = s.cases.registry
      expect(await codeOf(reuse.reuse('001900000109999', account, { uses }))).to.equal(
        'CASE_NOT_FOUND',
      )
    })
  })
}
