import { expect } from 'chai'
import type { CaseResolving } from '../../node/resolution/resolutions.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { draftOf, withCheckCharacter } from '../certificates/support/papers.ts'
import { addressOf as accountOf } from '../chain/support/registryScene.ts'
import { LICENCE, MATTER, OTHER_MATTER, PROPERTY, TYPES } from '../core/resolution/scene.ts'
import { codeOf } from '../support/codes.ts'
import { hashOf } from '../support/registryChain.ts'
import {
  ADDRESS,
  agent,
  bureau,
  CASE,
  CaseScene,
  counter,
  landlord,
  restaurant,
  tenant,
} from '../cases/support/scene.ts'

const LESSOR = '上海业主(示例)有限公司'
const asker = (own: string) => ({
  isOneOf: (holders: readonly string[]) => holders.includes(own),
})
const deeds = [{ certificateType: PROPERTY, fields: ['location', 'owners'], may: 'copy' as const }]
const lease = { lessor: LESSOR, premises: ADDRESS, leaseTo: '2026-08-05' }

export function behavesLikeResolutions(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`resolutions on ${name}`, () => {
    let s: CaseScene
    beforeEach(async () => {
      s = await CaseScene.open(openStore)
      await s.openCase()
    })
    afterEach(() => s.close())

    const resolved = async (code: string, asked?: Parameters<typeof s.resolve>[0]) => {
      const { materials } = await s.resolve(asked)
      const found = materials.find(({ material }) => material === code)
      if (found === undefined) throw new Error(`${code} is not asked for`)
      return found
    }

    it('go from a missing grant to a pull by what the ledger proposes', async () => {
      const deed = await s.issue(PROPERTY, [landlord])
      await s.deposit('lease', 'LEASE', { fields: lease })
      const { requests, rules } = await s.resolve()
      expect(requests.map(({ holder }) => holder).toSorted()).to.deep.equal(
        [landlord, tenant].toSorted(),
      )
      expect(rules[0]?.because).to.equal('GRANT_MISSING')
      for (const request of requests)
        await s.accept(request.holder === landlord ? s.grants.landlord : s.grants.tenant, request)
      const after = await s.resolve()
      expect(after.requests).to.deep.equal([])
      expect(after.rules.map(({ result }) => result)).to.deep.equal(['pass', 'pass', 'unknown'])
      const property = after.materials.find(({ material }) => material === 'PROPERTY')
      expect(property).to.include({ state: 'ready', way: 'certificatePull' })
      expect(property?.candidate?.id).to.equal(deed)
      const location = property?.fields.find((field) => field.name === 'location')
      expect(location?.value).to.equal(ADDRESS)
    })

    it('take a recognised certificate of elsewhere, until that one is issued here', async () => {
      const { issuer = '', certificateType = '' } =
        TYPES.find(({ code }) => code === 'PROPERTY') ?? {}
      const { fields, identifier } = draftOf(PROPERTY, bureau, {
        fields: { owners: [LESSOR], location: ADDRESS },
      })
      const brought = {
        certificateIdentifier: identifier,
        by: 'landlord',
        submitter: `department ${issuer}`,
        fields,
        recognised: { certificateType, version: 1, region: '320500' },
      }
      await s.deposit('deed', 'PROPERTY', brought)
      await s.deposit('lease', 'LEASE', { fields: lease })
      for (const request of (await s.resolve()).requests)
        await s.accept(request.holder === landlord ? s.grants.landlord : s.grants.tenant, request)
      const { materials, rules } = await s.resolve()
      const property = materials.find(({ material }) => material === 'PROPERTY')
      expect(property).to.include({ state: 'ready', way: 'certificatePull' })
      expect(property?.candidate).to.include({ kind: 'material', id: 'deed' })
      expect(property?.fields.find(({ name }) => name === 'location')?.value).to.equal(ADDRESS)
      expect(rules.map(({ result }) => result)).to.deep.equal(['pass', 'pass', 'unknown'])
      await s.deposit('foreign', 'PROPERTY', { ...brought, submitter: `department ${counter}` })
      const { id } = (await resolved('PROPERTY')).candidate ?? {}
      expect(id).to.equal('deed')
      // Of another house: the copy of this one still counts.
      const other = await s.issue(PROPERTY, [landlord])
      const both = await resolved('PROPERTY')
      expect(both.candidate?.id).to.equal('deed')
      expect(both.rejected.map((one) => [one.id, one.code])).to.deep.equal([
        [other, 'CANDIDATE_NOT_GRANTED'],
        ['foreign', 'MATERIAL_NOT_FROM_ISSUER'],
      ])

      // The next version of the very certificate, as departments here number it.
      const next = withCheckCharacter(identifier.slice(0, -6) + '.002')
      const issued = await s.issue(PROPERTY, [landlord], { identifier: next })
      const { candidate, rejected } = await resolved('PROPERTY')
      expect(candidate?.id).to.equal(issued)
      expect(rejected.map((one) => [one.id, one.code])).to.deep.equal([
        [other, 'CANDIDATE_OLDER'],
        ['foreign', 'MATERIAL_CERTIFICATE_DECIDES'],
        ['deed', 'MATERIAL_CERTIFICATE_DECIDES'],
      ])
    })

    it('see at once what a holder revokes', async () => {
      await s.deposit('articles', 'ARTICLES')
      const items = [{ material: 'articles', may: 'copy' as const }]
      const grant = await s.grant(s.grants.tenant, { holder: tenant, items })
      expect((await resolved('ARTICLES')).state).to.equal('ready')
      await s.grants.mine({
        type: 'GrantRevoked',
        grant,
        holder: tenant,
        revoker: hashOf('tenant').slice(0, 42) as typeof bureau,
      })
      expect((await resolved('ARTICLES')).missing).to.deep.equal([
        { holder: tenant, code: 'GRANT_IS_REVOKED', grant, hop: 0 },
      ])
    })

    it('call nothing ready that came by the hands of somebody who has no part in the case', async () => {
      await s.issue(PROPERTY, [landlord])
      const { landlord: owner, tenant: lessee, stranger } = s.grants
      const given = { holder: landlord, items: deeds, depth: 1 }
      const past = await s.grant(owner, { ...given, grantee: accountOf(stranger) })
      const grant = await s.passOn(stranger, past, bureau)
      const { chain = [] } = await s.grants.grants.get(grant)
      const use = {
        case: CASE,
        matter: MATTER.code,
        department: bureau,
        subject: { kind: 'certificate', type: PROPERTY } as const,
        isCheck: false,
        chains: [chain],
      }
      const world = s.grants.mirror.world(s.grants.time)
      expect(await codeOf(s.caseRules.requireUse(use, world))).to.equal('GRANTEE_NOT_IN_CASE')
      const { state, missing } = await resolved('PROPERTY')
      expect(state).to.equal('grantMissing')
      expect(missing).to.deep.equal([
        { holder: landlord, code: 'GRANTEE_NOT_IN_CASE', grant, hop: 0 },
      ])
      expect((await s.resolve()).requests.map(({ holder }) => holder)).to.deep.equal([landlord])
      const own = await s.grant(owner, { ...given, grantee: accountOf(lessee) })
      const right = await s.passOn(lessee, own, bureau)
      expect((await resolved('PROPERTY')).candidate?.grants).to.deep.equal([
        { holder: landlord, grant: right },
      ])
    })

    it('hold to whom the case named, whoever is named since', async () => {
      const code = '001900000100007'
      await s.openCase({ case: code, parties: undefined })
      await s.issue(PROPERTY, [landlord])
      const { landlord: owner, stranger } = s.grants
      await s.grants.bind(stranger, landlord)
      const past = await s.grant(owner, {
        holder: landlord,
        items: deeds,
        depth: 1,
        grantee: accountOf(stranger),
      })
      await s.passOn(stranger, past, bureau)
      const stateIn = async (asked: string) => {
        const { materials } = await s.resolutions.ofCase(asked, bureau, {
          parties: { LANDLORD: [landlord] },
        })
        return materials.find(({ material }) => material === 'PROPERTY')?.state
      }
      expect(await stateIn(CASE)).to.equal('ready')
      expect(await stateIn(code)).to.equal('grantMissing')
    })

    it('call nothing ready once the case is decided, and show nothing of it', async () => {
      await s.deposit('lease', 'LEASE', { fields: lease })
      const items = [{ material: 'lease', may: 'copy' as const }]
      const grant = await s.grant(s.grants.tenant, { holder: tenant, items })
      const valueOf = async () => (await resolved('LEASE')).fields[0]?.value
      expect(await valueOf()).to.equal(LESSOR)
      await s.cases.stage(CASE, { stage: 'accepted' }, counter)
      await s.cases.stage(CASE, { stage: 'reviewed' }, bureau)
      await s.cases.stage(CASE, { stage: 'decided', outcome: 'granted' }, bureau)
      const { state, missing } = await resolved('LEASE')
      expect(state).to.equal('grantMissing')
      expect(missing).to.deep.equal([{ holder: tenant, code: 'CASE_DECIDED', grant }])
      expect(await valueOf()).to.equal(undefined)
      expect((await s.resolve()).requests).to.deep.equal([])
    })

    it('take the newest that is good, and say of each other why not', async () => {
      await s.deposit('v1', 'ARTICLES')
      const v2 = await s.deposit('v2', 'ARTICLES', { supersedes: 'v1' })
      const v3 = await s.deposit('v3', 'ARTICLES')
      await s.deposit('v4', 'ARTICLES')
      const v5 = await s.deposit('v5', 'ARTICLES')
      await s.withdraw('v3', v3)
      await s.erase('v5', v5)
      const { candidate, rejected } = await resolved('ARTICLES')
      expect(candidate?.id).to.equal('v4')
      expect(rejected.map(({ id, code }) => [id, code])).to.deep.equal([
        [undefined, 'MATERIAL_ERASED'],
        ['v3', 'MATERIAL_WITHDRAWN'],
        ['v2', 'CANDIDATE_OLDER'],
        ['v1', 'MATERIAL_SUPERSEDED'],
      ])
      expect(rejected[2]?.index).to.equal(v2)
    })

    it('do not go back to what was superseded, though its successor was erased', async () => {
      await s.deposit('v1', 'ARTICLES')
      const v2 = await s.deposit('v2', 'ARTICLES', { supersedes: 'v1' })
      await s.erase('v2', v2)
      const { state, rejected } = await resolved('ARTICLES')
      expect(state).to.equal('open')
      const superseded = rejected.find(({ id }) => id === 'v1')
      expect(superseded).to.include({ code: 'MATERIAL_SUPERSEDED' })
      expect(superseded).not.to.have.property('by')
    })

    it('look further back while nothing is good', async () => {
      const old = await s.deposit('old', 'RESOLUTION', {
        fields: { topic: '迁址', resolvedAt: '2023-11-01' },
      })
      for (let i = 0; i < 20; i++)
        await s.deposit(`expired-${i}`, 'RESOLUTION', {
          fields: { topic: '迁址', resolvedAt: '2023-01-01' },
        })
      const { candidate, rejected, more } = await resolved('RESOLUTION')
      expect(candidate?.index).to.equal(old)
      expect(rejected).to.have.length(20)
      expect(rejected[0]).to.include({ code: 'MATERIAL_EXPIRED', on: '2023-07-01' })
      expect(more).to.equal(false)
    })

    it('look further back for what passes a rule, and name those that do not', async () => {
      await s.issue(PROPERTY, [landlord])
      const ids = ['fits', ...Array.from({ length: 20 }, (_, i) => `elsewhere-${i}`)]
      for (const id of ids)
        await s.deposit(id, 'LEASE', {
          fields: id === 'fits' ? lease : { ...lease, lessor: '另一业主' },
        })
      for (const request of (await s.resolve()).requests)
        if (request.holder === landlord) await s.accept(s.grants.landlord, request)
      const items = ids.map((material) => ({ material, may: 'copy' as const }))
      await s.grant(s.grants.tenant, { holder: tenant, items })
      const { materials, rules } = await s.resolve()
      const found = materials.find(({ material }) => material === 'LEASE')
      expect(found?.candidate?.id).to.equal('fits')
      expect(found?.rejected).to.have.length(20)
      const rule = { matter: MATTER.code, id: 'lessor-owns' }
      for (const one of found?.rejected ?? [])
        expect(one).to.deep.include({ code: 'CANDIDATE_RULE_FAILED', rule, by: 'fits' })
      expect(rules[0]?.result).to.equal('pass')
    })

    it('weigh the deeds of somebody who owns many', async () => {
      const fits = await s.issue(PROPERTY, [landlord])
      for (let i = 0; i < 3; i++)
        await s.issue(PROPERTY, [landlord], { fields: { location: '杨浦区别处路1号' } })
      for (const request of (await s.resolve()).requests) await s.accept(s.grants.landlord, request)
      const { candidate, rejected } = await resolved('PROPERTY')
      expect(candidate?.id).to.equal(fits)
      expect(rejected.map(({ code, rule }) => [code, rule?.id])).to.deep.equal(
        Array.from({ length: 3 }, () => ['CANDIDATE_RULE_FAILED', 'location-applied']),
      )
    })

    it('leave whoever owns another deed beside the landlord alone, until the landlord’s own does not fit', async () => {
      await s.deposit('lease', 'LEASE', { fields: lease })
      await s.grant(s.grants.tenant, {
        holder: tenant,
        items: [{ material: 'lease', may: 'copy' }],
      })
      const [elsewhere, fitting] = ['黄浦区别处1号', ADDRESS].map((location) => {
        return { fields: { owners: [LESSOR], location } }
      })
      const own = await s.issue(PROPERTY, [landlord], elsewhere)
      const shared = await s.issue(PROPERTY, [landlord, restaurant], fitting)
      const [proposal, ...others] = (await s.resolve()).requests
      if (proposal === undefined) throw new Error('a grant is missing')
      expect([proposal.holder, others]).to.deep.equal([landlord, []])
      await s.accept(s.grants.landlord, proposal)
      const after = await s.resolve()
      const property = await resolved('PROPERTY')
      expect([property.candidate?.id, property.instead?.id]).to.deep.equal([own, shared])
      expect(after.requests.map(({ holder }) => holder)).to.deep.equal([restaurant])
      // The tenant is not told how rules go that look at the deed, nor by whom else is asked.
      const told = await s.resolutions.ofParty(CASE, asker(tenant))
      expect(told.requests).to.deep.equal([])
      expect(told.materials.map(({ instead }) => instead?.id)).not.to.include(shared)
      const ofOwner = await s.resolutions.ofParty(CASE, asker(landlord))
      expect(ofOwner.requests.map(({ holder }) => holder)).to.deep.equal([restaurant])
      const [next] = after.requests
      if (next === undefined) throw new Error('another grant is missing')
      const { id } = await s.ask(next)
      expect((await resolved('PROPERTY')).instead?.missing[0]?.request?.id).to.equal(id)
      expect((await s.resolve()).requests).to.deep.equal([])
    })

    it('find what came in for the case, however much came in for others since', async () => {
      await s.deposit('own', 'FORM', { caseCode: CASE, fields: { newAddress: ADDRESS } })
      for (let i = 0; i < 30; i++)
        await s.deposit(`form-${i}`, 'FORM', { caseCode: `0019000002${10_000 + i}` })
      const { state, candidate, rejected, more } = await resolved('FORM')
      expect([state, candidate?.id]).to.deep.equal(['handedIn', 'own'])
      // Of those that cannot serve, the newest are told of.
      expect(rejected).to.have.length(8)
      expect(more).to.equal(true)
    })

    it('name the request that waits for a grant, and ask for nothing twice', async () => {
      await s.deposit('articles', 'ARTICLES')
      const [proposal] = (await s.resolve()).requests
      if (proposal === undefined) throw new Error('a grant is missing')
      const { id } = await s.ask(proposal)
      const { missing } = await resolved('ARTICLES')
      const { expires } = (await s.requests.get(id)).statement
      expect(missing[0]?.request).to.deep.equal({ id, state: 'pending', until: expires })
      expect((await s.resolve()).requests).to.deep.equal([])
      // To another department that handles the case nobody was asked to grant anything.
      const other = await s.resolutions.ofCase(CASE, counter)
      expect(other.requests).to.have.length(1)
    })

    it('ask somebody by the id that the case names, and by another one where nobody acts by that', async () => {
      const again = await s.registerAgain('tenant')
      await s.deposit('articles', 'ARTICLES')
      const code = '001900000100003'
      await s.openCase({ case: code, applicant: again })
      const askedIn = async (asked: string) => {
        const { requests } = await s.resolutions.ofCase(asked, bureau)
        return requests.map(({ holder }) => holder)
      }
      // No account acts by it yet.
      expect(await askedIn(code)).to.deep.equal([tenant])
      await s.grants.bind(s.grants.stranger, again)
      expect(await askedIn(code)).to.deep.equal([again])
      expect(await askedIn(CASE)).to.deep.equal([tenant])
      // What the one id has, a case of the other one finds.
      const licence = await s.issue(LICENCE, [tenant])
      const { materials } = await s.resolutions.ofCase(code, bureau)
      const copy = materials.find(({ material }) => material === 'LICENCE_COPY')
      expect([copy?.candidate?.id, copy?.missing[0]?.holder]).to.deep.equal([licence, tenant])
    })

    it('tell of the grant by which a request was answered, though an older one came nearer', async () => {
      await s.issue(PROPERTY, [landlord])
      const { landlord: owner } = s.grants
      const proposal = async () => {
        const [found] = (await s.resolve()).requests
        if (found === undefined) throw new Error('something is missing')
        return found
      }
      const given = await s.accept(owner, await proposal())
      const used = { type: 'GrantUsed', grant: given, holder: landlord, user: bureau } as const
      await s.grants.mine({ ...used, useId: hashOf('a use'), sequence: 0, counted: 1 })
      expect((await resolved('PROPERTY')).missing[0]).to.include({
        code: 'GRANT_USES_EXHAUSTED',
        grant: given,
      })
      const grant = await s.askAndNarrow(owner, await proposal(), ['location'])
      const { missing } = await resolved('PROPERTY')
      expect(missing[0]).to.deep.include({ code: 'USE_FIELDS_NOT_GRANTED', grant })
      expect(missing[0]?.request?.state).to.equal('approved')
    })

    it('hold back what lies in quarantine', async () => {
      await s.deposit('doubtful', 'ARTICLES', { quarantine: { code: 'USCC_MALFORMED' } })
      expect((await resolved('ARTICLES')).rejected[0]?.code).to.equal('MATERIAL_QUARANTINED')
    })

    it("do not take another holder's, whoever has it in hand", async () => {
      await s.deposit('foreign', 'ARTICLES', { by: 'restaurant' })
      expect((await resolved('ARTICLES')).rejected).to.deep.equal([])
      const consider = [{ material: 'ARTICLES', kind: 'material', id: 'foreign' }] as const
      const { state, rejected } = await resolved('ARTICLES', { consider: [...consider] })
      expect(state).to.equal('open')
      expect(rejected.map(({ code }) => code)).to.deep.equal(['MATERIAL_OTHER_HOLDER'])
    })

    it('do not take a form twice', async () => {
      await s.deposit('form', 'FORM', { caseCode: '001900000100009' })
      const { state, rejected } = await resolved('FORM')
      expect(state).to.equal('open')
      expect(rejected[0]?.code).to.equal('MATERIAL_SINGLE_USE_SPENT')
    })

    it('see that a certificate was suspended, or has a successor', async () => {
      const first = await s.issue(PROPERTY, [landlord])
      const { serial, certificateId } = await s.certificates.get(first)
      const second = await s.issue(PROPERTY, [landlord], { replaces: serial })
      expect((await resolved('PROPERTY')).rejected[0]).to.include({
        id: first,
        code: 'CERTIFICATE_SUPERSEDED',
        by: second,
      })
      const consider = [{ material: 'PROPERTY', kind: 'certificate', id: first } as const]
      expect((await resolved('PROPERTY', { consider })).rejected[0]).to.include({
        id: first,
        code: 'CERTIFICATE_SUPERSEDED',
        by: second,
      })
      await s.grants.mine({
        type: 'StatusChanged',
        issuer: s.registry.account,
        certificate: certificateId,
        status: 2,
      })
      expect((await resolved('PROPERTY')).rejected[0]).to.include({
        code: 'CERTIFICATE_NOT_USABLE',
        status: 2,
      })
    })

    it('take what came in for another case of the same bundle, and of no other one', async () => {
      const theme = 'OPEN_OFFICE'
      const bundle = '001900000100002'
      await s.openCase({ case: bundle, matter: { code: OTHER_MATTER.code }, theme })
      const second = '001900000100003'
      await s.openCase({ case: second, theme, bundle })
      const later = '001900000100004'
      await s.openCase({ case: later, theme })
      // The applicant's cases since then are more than a page.
      for (let i = 0; i < 51; i++) await s.openCase({ case: `0019000003${10_000 + i}` })
      await s.deposit('lease', 'LEASE', { fields: lease, caseCode: bundle })
      await s.deposit('form', 'FORM', { fields: { newAddress: ADDRESS }, caseCode: second })
      const stateIn = async (code: string, type: string) => {
        const { materials } = await s.resolutions.ofCase(code, bureau)
        return materials.find(({ material }) => material === type)?.state
      }
      expect(await stateIn(second, 'LEASE')).to.equal('handedIn')
      expect(await stateIn(second, 'FORM')).to.equal('handedIn')
      expect(await stateIn(later, 'LEASE')).to.equal('grantMissing')
      expect(await stateIn(later, 'FORM')).to.equal('open')
      expect((await resolved('LEASE')).state).to.equal('grantMissing')
    })

    it('tell a party what is its own, and of what others have that it is there', async () => {
      const deed = await s.issue(PROPERTY, [landlord])
      await s.deposit('lease', 'LEASE', { fields: lease })
      for (const request of (await s.resolve()).requests)
        await s.accept(request.holder === landlord ? s.grants.landlord : s.grants.tenant, request)
      await s.issue(LICENCE, [tenant])
      const found = await s.resolutions.ofParty(CASE, asker(tenant))
      const of = (code: string) => found.materials.find(({ material }) => material === code)
      expect(of('LEASE')?.candidate?.id).to.equal('lease')
      expect(of('LEASE')?.fields.find(({ name }) => name === 'premises')?.value).to.equal(ADDRESS)
      expect(of('PROPERTY')).to.include({ state: 'ready' }).and.not.to.have.property('candidate')
      expect(found.rules.map(({ result, because }) => [result, because])).to.deep.equal([
        ['unknown', 'NOT_YOURS'],
        ['unknown', 'NOT_YOURS'],
        ['unknown', 'MATERIAL_MISSING'],
      ])
      expect(JSON.stringify(found)).not.to.include(deed)
      const whole = await s.resolve()
      expect(whole.rules.map(({ result }) => result)).to.deep.equal(['pass', 'pass', 'unknown'])
      // Whoever acts for the applicant gets what there is to ask for, and no more.
      const acting = await s.resolutions.ofParty(CASE, asker(agent))
      expect(acting.requests.map(({ materials }) => materials)).to.deep.equal([['LICENCE_COPY']])
      expect(JSON.stringify(acting.materials)).not.to.include(ADDRESS)
    })

    it('tell whoever may ask for it the id of what it has to name, of this one and until it is granted', async () => {
      await s.deposit('former', 'ARTICLES')
      await s.deposit('articles', 'ARTICLES')
      const acting = () => s.resolutions.ofParty(CASE, asker(agent))
      const { requests, ...told } = await acting()
      expect(requests.flatMap(({ items }) => items)).to.deep.equal([
        { material: 'articles', may: 'copy' },
      ])
      expect(JSON.stringify(told)).not.to.match(/"(articles|former)"/)
      expect(JSON.stringify(requests)).not.to.include('former')
      for (const request of requests) await s.accept(s.grants.tenant, request)
      expect(JSON.stringify(await acting())).not.to.match(/"(articles|former)"/)
    })

    it('ask once for what a theme needs, without a case', async () => {
      const { matters, materials } = await s.resolutions.dryRun(
        { theme: 'OPEN_OFFICE', applicant: tenant },
        { department: bureau, isOneOf: () => false },
      )
      expect(matters.map(({ code }) => code)).to.deep.equal([MATTER.code, OTHER_MATTER.code])
      const codes = materials.map(({ material }) => material)
      expect(codes).to.deep.equal([...new Set(codes)])
    })

    it('tell a department without a case what a matter takes, and of what nobody has', async () => {
      await s.issue(PROPERTY, [landlord])
      const licence = await s.issue(LICENCE, [tenant])
      await s.deposit('articles', 'ARTICLES')
      const dry = (consider?: CaseResolving['consider']) =>
        s.resolutions.dryRun(
          {
            matter: MATTER.code,
            applicant: tenant,
            parties: { LANDLORD: [landlord] },
            ...(consider && { consider }),
          },
          { department: bureau, isOneOf: () => false },
        )
      const { materials, requests } = await dry()
      expect(requests).to.deep.equal([])
      expect(materials.map(({ way }) => way)).to.include.members(['certificatePull', 'reuse'])
      for (const { state, candidate, rejected } of materials) {
        expect(state).to.be.oneOf(['partyUnknown', 'open', 'notNeeded'])
        expect([candidate, rejected]).to.deep.equal([undefined, []])
      }
      const guessed = { material: 'LICENCE_COPY', kind: 'certificate', id: licence } as const
      expect((await dry([guessed])).materials).to.deep.equal(materials)
    })

    it('tell a holder of what it holds, and of nobody else', async () => {
      await s.issue(PROPERTY, [landlord])
      await s.issue(LICENCE, [tenant])
      const { materials } = await s.resolutions.dryRun(
        { matter: MATTER.code, applicant: tenant, parties: { LANDLORD: [landlord] } },
        { isOneOf: (holders) => holders.includes(tenant) },
      )
      const stateOf = (code: string) => materials.find(({ material }) => material === code)?.state
      expect(stateOf('PROPERTY')).to.equal('partyUnknown')
      expect(stateOf('LICENCE_COPY')).to.equal('grantMissing')
    })

    it('take no part that the matter asks nothing of', async () => {
      const parties = { BANANA: [landlord] }
      expect(await codeOf(s.resolve({ parties }))).to.equal('CASE_ROLE_NOT_ASKED')
      const request = { matter: MATTER.code, applicant: tenant, parties }
      const asker = { department: bureau, isOneOf: () => false }
      expect(await codeOf(s.resolutions.dryRun(request, asker))).to.equal('CASE_ROLE_NOT_ASKED')
    })

    it('are refused without a case, a matter or a holder', async () => {
      const asker = { department: bureau, isOneOf: () => false }
      const dry = (request: Parameters<typeof s.resolutions.dryRun>[0]) =>
        codeOf(s.resolutions.dryRun(request, asker))
      expect(await codeOf(s.resolutions.ofCase('001900000100009', bureau))).to.equal(
        'CASE_NOT_FOUND',
      )
      expect(await dry({ matter: 'NOTHING', applicant: tenant })).to.equal('CATALOGUE_UNKNOWN')
      expect(await dry({ matter: MATTER.code, day: '2022-12-31', applicant: tenant })).to.equal(
        'CATALOGUE_NOT_IN_FORCE',
      )
      expect(await dry({ matter: MATTER.code, applicant: hashOf('nobody') })).to.equal(
        'CASE_HOLDER_UNKNOWN',
      )
      expect(await dry({ theme: 'OPEN_OFFICE', applicant: agent })).to.equal('CASE_TARGET_OTHER')
    })

    it('decide nothing by a mirror that is too old', async () => {
      s.grants.mirrorClock.milliseconds += 3_600_000
      expect(await codeOf(s.resolve())).to.equal('MIRROR_STALE')
    })

    it('want a reason for what could be exempted, of the same holder alone', async () => {
      const upload = { caseCode: CASE, type: 'ARTICLES' }
      const refusal = (changes: Partial<Parameters<typeof s.resolutions.requireReason>[0]> = {}) =>
        codeOf(s.resolutions.requireReason({ ...upload, ...changes }))
      expect(await refusal()).to.equal(undefined)
      await s.deposit('articles', 'ARTICLES')
      expect(await refusal()).to.equal('MATERIAL_EXEMPTED')
      expect(await refusal({ reason: '章程已修订' })).to.equal(undefined)
      expect(await refusal({ caseCode: '001900000100009' })).to.equal(undefined)
      expect(await refusal({ type: 'FORM' })).to.equal(undefined)
      const other = { codeType: '001', code: '91310110MADEM0046H' } as const
      expect(await refusal({ holder: other })).to.equal(undefined)
      await s.deposit('own', 'ARTICLES', { caseCode: CASE })
      expect(await refusal()).to.equal(undefined)
    })

    it('want one for what lies here of whoever it is, though the case does not name them', async () => {
      const code = '001900000100008'
      await s.openCase({ case: code, parties: undefined })
      await s.issue(PROPERTY, [landlord])
      const owner = { codeType: '001', code: '91310110MADEM0011Y' } as const
      const other = { codeType: '001', code: '91310110MADEM0046H' } as const
      const upload = { caseCode: code, type: 'PROPERTY' }
      const refusal = (holder: typeof owner | typeof other) =>
        codeOf(s.resolutions.requireReason({ ...upload, holder }))
      expect(await refusal(owner)).to.equal('MATERIAL_EXEMPTED')
      expect(await refusal(other)).to.equal(undefined)
    })
  })
}
