import { expect } from 'chai'
import { Resolution } from '../../../node/core/resolution/document.ts'
import { requireReason } from '../../../node/core/resolution/reason.ts'
import { chooseCandidates } from '../../../node/core/resolution/choose.ts'
import type { Asking } from '../../../node/core/resolution/asking.ts'
import type { Spent } from '../../../node/core/catalogue/singleUse.ts'
import type { Candidate } from '../../../node/core/resolution/candidates.ts'
import { neededFields, requiredOf } from '../../../node/core/resolution/required.ts'
import { hashOf } from '../../support/registryChain.ts'
import { maskOf, refused } from '../grants/support.ts'
import {
  agent,
  asking,
  bureau,
  CASE,
  certificate,
  coOwner,
  found,
  grant,
  ID_CARD,
  landlord,
  LICENCE,
  material,
  MATTER,
  NOW,
  OTHER_MATTER,
  PROPERTY,
  resolved,
  stranger,
  tenant,
  TYPES,
} from './scene.ts'

const at = (place: string, ...items: Candidate[]) => new Map([[place, found(...items)]])
const lessee = { lessor: '上海业主（示例）有限公司', premises: '杨浦区示例路100号8层' }
const deed = {
  owners: [{ name: '上海业主(示例)有限公司' }],
  location: '杨浦区示例路100号8层',
  unitNo: '310110',
}
/** What a use of a type has to show. */
function neededOf(code: string): readonly string[] {
  const [required] = requiredOf([MATTER], true).filter(({ material }) => material === code)
  const type = TYPES.find((one) => one.code === code)
  if (required === undefined || type === undefined) throw new Error(code)
  return neededFields(required, type)
}

const PULL = [{ certificateType: PROPERTY, fields: ['location', 'owners'], may: 'copy' as const }]

const codesOf = (place: string, asked: Partial<Asking>) =>
  resolved(asking(asked)).get(place.split(' ')[1] ?? '').rejected

const why = (place: string, ...items: Candidate[]) =>
  codesOf(place, { candidates: at(place, ...items) })

/** Of a pledge, which serves once, asked for by a case of another matter. */
const rejectionOfSpent = (spent: Spent) =>
  codesOf('APPLICANT PLEDGE', {
    matters: [OTHER_MATTER],
    caseCodes: new Set(['001900000100001']),
    candidates: at('APPLICANT PLEDGE', material('PLEDGE', { spent })),
  })[0]

/** The deed, and these leases. */
const grantsOf = (...leases: string[]): Asking['grants'] =>
  new Map([
    [landlord, [grant(PULL)]],
    [tenant, [grant(leases.map((id) => ({ material: id, may: 'copy' as const })))]],
  ])

/** Who would be asked for a grant. */
const askedOf = ({ requests }: Pick<ReturnType<typeof resolved>, 'requests'>) =>
  requests.map(({ holder }) => holder)

describe('resolving a case', () => {
  it('asks for everything that nobody has', () => {
    const { materials, complete, figures } = resolved(asking())
    expect(materials.map(({ material, way, state }) => [material, way, state])).to.deep.equal([
      ['FORM', 'mustSubmit', 'open'],
      ['RESOLUTION', 'mustSubmit', 'open'],
      ['ARTICLES', 'mustSubmit', 'open'],
      ['PROPERTY', 'mustSubmit', 'open'],
      ['LEASE', 'mustSubmit', 'open'],
      ['LICENCE_COPY', 'mustSubmit', 'open'],
      ['POA', 'mustSubmit', 'open'],
      ['ID_COPY', 'certificatePull', 'notNeeded'],
    ])
    expect(complete).to.equal(false)
    expect(figures.required).to.equal(6)
    expect(figures.exempted).to.equal(0)
  })

  it('takes what came in for the case before anything else', () => {
    const own = material('ARTICLES', { caseCode: CASE })
    const newer = material('ARTICLES')
    const { get } = resolved(asking({ candidates: at('APPLICANT ARTICLES', newer, own) }))
    expect(get('ARTICLES').state).to.equal('handedIn')
    expect(get('ARTICLES').candidate?.id).to.equal(own.material?.id)
    expect(get('ARTICLES').rejected.map(({ code }) => code)).to.deep.equal(['CANDIDATE_OLDER'])
  })

  it('asks the holder for a grant of what it found, ready to be signed', () => {
    const deedFound = certificate(PROPERTY)
    const asked = asking({ candidates: at('LANDLORD PROPERTY', deedFound) })
    const { get, requests } = resolved(asked)
    expect(get('PROPERTY').state).to.equal('grantMissing')
    expect(get('PROPERTY').missing).to.deep.equal([{ holder: landlord, code: 'GRANT_MISSING' }])
    expect(requests).to.deep.equal([
      {
        holder: landlord,
        materials: ['PROPERTY'],
        items: PULL,
        purposes: [{ matter: 'CO_ADDR_CHANGE', department: bureau }],
        draft: {
          holder: landlord,
          grantee: bureau,
          items: maskOf(0),
          purposes: maskOf(0),
          notBefore: NOW,
          notAfter: NOW + 30 * 86_400,
          depth: 0,
          uses: 1,
        },
      },
    ])
  })

  it('asks for fields in clear where the matter needs them so, and for what the use will ask', () => {
    const materials = MATTER.materials.map((one) =>
      one.material === 'PROPERTY' ? { ...one, plain: ['owners', 'area'] } : one,
    )
    const asked = asking({
      matters: [{ ...MATTER, materials }],
      candidates: at('LANDLORD PROPERTY', certificate(PROPERTY)),
    })
    const { get, requests } = resolved(asked)
    const [item] = requests[0]?.items ?? []
    expect(item).to.deep.include({ plain: ['area', 'owners'], may: 'copy' })
    expect(item?.fields).to.include.members(['area', 'location', 'owners'])
    expect(get('PROPERTY').candidate?.use).to.deep.equal({ fields: item?.fields, manner: 'copy' })
  })

  it('puts all that a holder has to grant into one request', () => {
    const candidates = new Map([
      ['APPLICANT ARTICLES', found(material('ARTICLES', { id: 'articles' }))],
      ['APPLICANT LICENCE_COPY', found(certificate(LICENCE, { holders: [tenant] }))],
    ])
    const [request, ...others] = resolved(asking({ candidates })).requests
    expect(others).to.deep.equal([])
    expect(request?.materials).to.deep.equal(['ARTICLES', 'LICENCE_COPY'])
    expect(request?.items[0]).to.deep.equal({ material: 'articles', may: 'copy' })
    expect(request?.draft.items).to.equal(maskOf(0, 1))
    expect(request?.draft.uses).to.equal(2)
  })

  it('is ready where the grant is there, and passes its rules', () => {
    const deedFound = certificate(PROPERTY)
    const lease = material('LEASE', { id: 'lease', fields: { ...lessee, leaseTo: '2026-08-05' } })
    const held = grant(PULL, { length: 3 })
    const { get, rules } = resolved(
      asking({
        candidates: new Map([
          ['LANDLORD PROPERTY', found(deedFound)],
          ['APPLICANT LEASE', found(lease)],
        ]),
        grants: new Map([
          [landlord, [held]],
          [tenant, [grant([{ material: 'lease', may: 'copy' }])]],
        ]),
      }),
      { [deedFound.id]: deed },
    )
    expect(get('PROPERTY').state).to.equal('ready')
    expect(get('PROPERTY').candidate?.grants).to.deep.equal([
      { holder: landlord, grant: held.grant },
    ])
    expect(rules.map(({ id, result, because }) => [id, result, because])).to.deep.equal([
      ['lessor-owns', 'pass', undefined],
      ['location-applied', 'pass', undefined],
      ['form-applied', 'unknown', 'MATERIAL_MISSING'],
    ])
  })

  it('says by which rule the papers do not fit', () => {
    const deedFound = certificate(PROPERTY)
    const lease = material('LEASE', {
      caseCode: CASE,
      fields: { ...lessee, lessor: '别人', leaseTo: '2026-08-05' },
    })
    const { rules } = resolved(
      asking({
        fields: { newAddress: '别处' },
        candidates: new Map([
          ['LANDLORD PROPERTY', found(deedFound)],
          ['APPLICANT LEASE', found(lease)],
        ]),
        grants: new Map([[landlord, [grant(PULL)]]]),
      }),
      { [deedFound.id]: deed },
    )
    expect(rules.slice(0, 2).map(({ result }) => result)).to.deep.equal(['fail', 'fail'])
  })

  it('tells nothing of what is written on what is not granted', () => {
    const deedFound = certificate(PROPERTY)
    const lease = material('LEASE', { fields: { ...lessee, leaseTo: '2026-08-05' } })
    const { get, rules } = resolved(
      asking({
        candidates: new Map([
          ['LANDLORD PROPERTY', found(deedFound)],
          ['APPLICANT LEASE', found(lease)],
        ]),
      }),
      { [deedFound.id]: deed },
    )
    expect(rules[0]?.because).to.equal('GRANT_MISSING')
    const fields = [...get('PROPERTY').fields, ...get('LEASE').fields]
    expect(fields.some((field) => 'value' in field)).to.equal(false)
    expect(get('LEASE').fields[0]?.source).to.deep.equal({
      kind: 'material',
      id: lease.material?.id,
      field: 'lessor',
    })
  })

  it('shows the granted fields alone, and those masked', () => {
    const card = certificate(ID_CARD, { holders: [agent] })
    const needed = neededOf('ID_COPY')
    const { get } = resolved(
      asking({
        parties: { APPLICANT: [tenant], LANDLORD: [landlord], AGENT: [agent] },
        candidates: at('AGENT ID_COPY', card),
        grants: new Map([
          [agent, [grant([{ certificateType: ID_CARD, fields: [...needed], may: 'copy' }])]],
        ]),
      }),
      {
        [card.id]: {
          name: '李代',
          certificateNumber: '310199199003150014',
          idNumber: '310199199003150014',
          validTo: '2030-01-01',
        },
      },
    )
    const { state, fields } = get('ID_COPY')
    const valueOf = (name: string) => fields.find((field) => field.name === name)?.value
    expect(state).to.equal('ready')
    for (const name of ['idNumber', 'certificateNumber'])
      expect(valueOf(name), name).to.equal('masked L4')
    expect(valueOf('validTo')).to.equal(undefined)
  })

  it('needs every owner of a deed', () => {
    const deedFound = certificate(PROPERTY, { holders: [landlord, coOwner] })
    const { get, requests } = resolved(
      asking({
        candidates: at('LANDLORD PROPERTY', deedFound),
        grants: new Map([[landlord, [grant(PULL)]]]),
      }),
    )
    expect(get('PROPERTY').missing).to.deep.equal([{ holder: coOwner, code: 'GRANT_MISSING' }])
    expect(requests.map(({ holder }) => holder)).to.deep.equal([coOwner])
  })

  it('says what stops the grant that comes nearest', () => {
    const deedFound = certificate(PROPERTY)
    const held = [
      grant([{ material: 'other', may: 'copy' }]),
      grant(PULL, { dead: { code: 'GRANT_EXPIRED', hop: 1 } }),
      grant(PULL, { matter: 'FOOD_NEW' }),
    ]
    const stopped = (...grants: ReturnType<typeof grant>[]) =>
      resolved(
        asking({
          candidates: at('LANDLORD PROPERTY', deedFound),
          grants: new Map([[landlord, grants]]),
        }),
      ).get('PROPERTY').missing[0]
    expect(stopped(...held)).to.deep.equal({
      holder: landlord,
      code: 'GRANT_EXPIRED',
      grant: held[1]?.grant,
      hop: 1,
    })
    expect(stopped(...held.slice(0, 1))).to.deep.equal({ holder: landlord, code: 'GRANT_MISSING' })
    expect(stopped(...held.slice(2))?.code).to.equal('USE_PURPOSE_OTHER_MATTER')
    expect(stopped(grant(PULL, { length: 4 }))?.code).to.equal('GRANT_TOO_DEEP_FOR_MATTER')
    const narrow = [{ certificateType: PROPERTY, fields: ['location'], may: 'copy' as const }]
    expect(stopped(grant(narrow))?.code).to.equal('USE_FIELDS_NOT_GRANTED')
    const elsewhere = grant(narrow, { matter: 'FOOD_NEW' })
    expect(stopped(elsewhere)?.code).to.equal('USE_PURPOSE_OTHER_MATTER')
    // Of two, the one for this matter comes nearer, though it shows less.
    expect(stopped(elsewhere, grant(narrow))?.code).to.equal('USE_FIELDS_NOT_GRANTED')
    const readable = PULL.map((item) => ({ ...item, may: 'read' as const }))
    expect(stopped(grant(readable))?.code).to.equal('USE_COPY_NOT_GRANTED')
    const { opened: _, ...unopened } = grant(PULL)
    expect(stopped(unopened)?.code).to.equal('GRANT_VIEW_NOT_KEPT')
  })

  it('counts a use that is left once, however many want it', () => {
    const articles = material('ARTICLES', { id: 'a' })
    const lease = material('LEASE', { id: 'l', fields: { ...lessee, leaseTo: '2026-08-05' } })
    const held = grant(
      [
        { material: 'a', may: 'copy' },
        { material: 'l', may: 'copy' },
      ],
      { left: 1 },
    )
    const { get } = resolved(
      asking({
        candidates: new Map([
          ['APPLICANT ARTICLES', found(articles)],
          ['APPLICANT LEASE', found(lease)],
        ]),
        grants: new Map([[tenant, [held]]]),
      }),
    )
    expect(get('ARTICLES').state).to.equal('ready')
    expect(get('LEASE').missing[0]?.code).to.equal('GRANT_USES_EXHAUSTED')
  })

  describe('does not take', () => {
    it('an expired one, and says since when', () => {
      const old = material('RESOLUTION', { fields: { topic: '迁址', resolvedAt: '2023-01-01' } })
      expect(why('APPLICANT RESOLUTION', old)[0]).to.include({
        code: 'MATERIAL_EXPIRED',
        on: '2023-07-01',
      })
      const lapsed = certificate(PROPERTY, { validTo: NOW })
      expect(why('LANDLORD PROPERTY', lapsed)[0]).to.include({
        code: 'CERTIFICATE_EXPIRED',
        on: '2023-08-05',
      })
    })

    it('a superseded one, and says by which', () => {
      const at = '2023-06-01T02:00:00.000Z'
      const ended = { code: 'MATERIAL_SUPERSEDED', by: 'second', at } as const
      const first = material('ARTICLES', { id: 'first', ended })
      const second = material('ARTICLES', { id: 'second' })
      expect(why('APPLICANT ARTICLES', second, first)[0]).to.deep.equal({
        kind: 'material',
        id: 'first',
        index: first.index,
        code: 'MATERIAL_SUPERSEDED',
        by: 'second',
        on: '2023-06-01',
      })
    })

    it('one that was erased, and one that ended, with no more than is known', () => {
      const { material: _, ...erased } = material('ARTICLES')
      const found = [
        material('ARTICLES', { ended: { code: 'MATERIAL_QUARANTINED' }, id: 'held', index: 7 }),
        erased,
      ]
      const rejected = why('APPLICANT ARTICLES', ...found)
      expect(rejected.map(({ code }) => code)).to.have.members([
        'MATERIAL_QUARANTINED',
        'MATERIAL_ERASED',
      ])
      expect(rejected).to.deep.include({
        kind: 'material',
        id: 'held',
        index: 7,
        code: 'MATERIAL_QUARANTINED',
      })
    })

    it("another holder's, whatever its digest, and says nothing of whose it is", () => {
      const foreign = material('ARTICLES', { holders: [stranger] })
      const candidates = new Map([['APPLICANT ARTICLES', { ...found(), considered: [foreign] }]])
      expect(codesOf('APPLICANT ARTICLES', { candidates })).to.deep.equal([
        {
          kind: 'material',
          id: foreign.material?.id,
          index: foreign.index,
          code: 'MATERIAL_OTHER_HOLDER',
        },
      ])
    })

    it('evidence of a department that somebody else handed in, but for the case that it came in for', () => {
      const { types } = asking()
      const articles = types.get('ARTICLES') ?? expect.fail('the scene has it')
      const asked = {
        types: new Map([
          ...types,
          ['ARTICLES', { ...articles, source: 'GOVERNMENT', issuer: bureau } as const],
        ]),
      }
      const [other, own] = [hashOf('other').slice(0, 42), bureau].map((by) => `department ${by}`)
      const judged = (submitter: string | undefined, caseCode?: string) =>
        codesOf('APPLICANT ARTICLES', {
          ...asked,
          candidates: at(
            'APPLICANT ARTICLES',
            material('ARTICLES', {
              ...(submitter !== undefined && { submitter }),
              ...(caseCode !== undefined && { caseCode }),
            }),
          ),
        }).map(({ code }) => code)
      expect(judged('permits')).to.deep.equal(['MATERIAL_NOT_FROM_ISSUER'])
      expect(judged(other)).to.deep.equal(['MATERIAL_NOT_FROM_ISSUER'])
      expect(judged(other, '001900000100002')).to.deep.equal(['MATERIAL_NOT_FROM_ISSUER'])
      expect(judged(other, CASE)).to.deep.equal([])
      expect(judged(own)).to.deep.equal([])
    })

    it('a form that served another case', () => {
      const used = material('PLEDGE', { caseCode: '001900000100002' })
      const [rejection] = codesOf('APPLICANT PLEDGE', {
        matters: [OTHER_MATTER],
        candidates: at('APPLICANT PLEDGE', used),
      })
      expect(rejection?.code).to.equal('MATERIAL_SINGLE_USE_SPENT')
      expect(rejection).not.to.have.property('by')
    })

    it('a form that was used for another case, or for a benefit, and says by what', () => {
      for (const spent of [{ by: 'benefit' }, { by: 'use', caseCode: '001900000100002' }])
        expect(rejectionOfSpent(spent)).to.include({
          code: 'MATERIAL_SINGLE_USE_SPENT',
          by: spent.by,
        })
      expect(rejectionOfSpent({ by: 'use', caseCode: '001900000100001' })?.code).not.to.equal(
        'MATERIAL_SINGLE_USE_SPENT',
      )
    })

    it('a certificate that is suspended, not valid yet or renewed', () => {
      const found = [
        certificate(PROPERTY, { status: 2 }),
        certificate(PROPERTY, { validFrom: NOW + 86_400 }),
        certificate(PROPERTY, { superseded: { id: 'new', at: '2023-01-01T00:00:00.000Z' } }),
      ]
      expect(why('LANDLORD PROPERTY', ...found).map(({ code }) => code)).to.have.members([
        'CERTIFICATE_NOT_USABLE',
        'CERTIFICATE_NOT_YET_VALID',
        'CERTIFICATE_SUPERSEDED',
      ])
    })

    it('an upload in the place of a certificate, unless it came in for the case', () => {
      const scan = material('LICENCE_COPY')
      expect(why('APPLICANT LICENCE_COPY', scan)[0]?.code).to.equal('MATERIAL_CERTIFICATE_DECIDES')
      const own = material('LICENCE_COPY', { caseCode: CASE })
      const { get } = resolved(asking({ candidates: at('APPLICANT LICENCE_COPY', own) }))
      expect(get('LICENCE_COPY').state).to.equal('handedIn')
    })

    it('the newer of two where only the older is granted', () => {
      const older = material('ARTICLES', { id: 'older' })
      const newer = material('ARTICLES', { id: 'newer' })
      const { get } = resolved(
        asking({
          candidates: at('APPLICANT ARTICLES', newer, older),
          grants: new Map([[tenant, [grant([{ material: 'older', may: 'copy' }])]]]),
        }),
      )
      expect(get('ARTICLES').candidate?.id).to.equal('older')
      expect(get('ARTICLES').rejected[0]).to.include({
        id: 'newer',
        code: 'CANDIDATE_NOT_GRANTED',
        grant: 'GRANT_MISSING',
      })
    })
  })

  describe('weighs by rules', () => {
    const pulled = certificate(PROPERTY)
    const older = material('LEASE', { id: 'fits', fields: { ...lessee, leaseTo: '2026-08-05' } })
    const newer = material('LEASE', {
      id: 'fails',
      fields: { ...lessee, lessor: '别人', leaseTo: '2026-08-05' },
    })
    const candidates = new Map([
      ...at('LANDLORD PROPERTY', pulled),
      ...at('APPLICANT LEASE', newer, older),
    ])
    const faces = { [pulled.id]: deed }

    it('and takes the older one that passes all, and says which rule the newer one fails', () => {
      const asked = asking({ candidates, grants: grantsOf('fits', 'fails') })
      const { get, rules } = resolved(asked, faces)
      expect(get('LEASE').candidate?.id).to.equal('fits')
      expect(get('LEASE').rejected).to.deep.equal([
        {
          kind: 'material',
          id: 'fails',
          index: newer.index,
          code: 'CANDIDATE_RULE_FAILED',
          rule: { matter: MATTER.code, id: 'lessor-owns' },
          by: 'fits',
        },
      ])
      expect(rules[0]?.result).to.equal('pass')
    })

    it('nothing that is not granted: the newer one stays, and its rule fails', () => {
      const asked = asking({ candidates, grants: grantsOf('fails') })
      const { get, rules } = resolved(asked, faces)
      expect(get('LEASE').candidate?.id).to.equal('fails')
      expect(get('LEASE').rejected[0]).to.include({ id: 'fits', code: 'CANDIDATE_OLDER' })
      expect(rules[0]?.result).to.equal('fail')
    })

    it('what came in for the case among itself alone', () => {
      const own = material('LEASE', {
        id: 'own',
        caseCode: CASE,
        fields: newer.material?.fields ?? {},
      })
      const asked = asking({
        candidates: new Map([...candidates, ...at('APPLICANT LEASE', own, newer, older)]),
        grants: grantsOf('fits', 'fails'),
      })
      const { get, rules } = resolved(asked, faces)
      expect(get('LEASE').state).to.equal('handedIn')
      expect(rules[0]?.result).to.equal('fail')
    })
  })

  describe('asks of several certificates', () => {
    const own = certificate(PROPERTY)
    const shared = certificate(PROPERTY, { holders: [landlord, coOwner] })
    const candidates = at('LANDLORD PROPERTY', shared, own)
    const elsewhere = { ...deed, location: '黄浦区别处1号' }

    it('for the one that takes the fewest of whom the case does not name, be it older', () => {
      const { get, ...rest } = resolved(asking({ candidates }))
      expect(get('PROPERTY').candidate?.id).to.equal(own.id)
      expect(get('PROPERTY').rejected).to.deep.equal([
        {
          kind: 'certificate',
          id: shared.id,
          index: shared.index,
          code: 'CANDIDATE_NOT_GRANTED',
          grant: 'GRANT_MISSING',
          by: own.id,
        },
      ])
      expect(askedOf(rest)).to.deep.equal([landlord])
    })

    it('for the newest where the case names all of its owners, or they granted', () => {
      const parties = { APPLICANT: [tenant], LANDLORD: [landlord, coOwner] }
      const named = resolved(asking({ candidates, parties }))
      expect(named.get('PROPERTY').candidate?.id).to.equal(shared.id)
      expect(askedOf(named)).to.deep.equal([landlord, coOwner])
      const grants = new Map([[coOwner, [grant(PULL)]]])
      const granted = resolved(asking({ candidates, grants }))
      expect(granted.get('PROPERTY').candidate?.id).to.equal(shared.id)
      expect(askedOf(granted)).to.deep.equal([landlord])
    })

    it('for no other while its rules pass, and for the next one once one fails', () => {
      const grants = new Map([[landlord, [grant(PULL)]]])
      const asked = asking({ candidates, grants })
      const fits = resolved(asked, { [own.id]: deed, [shared.id]: elsewhere })
      expect([askedOf(fits), fits.get('PROPERTY').instead]).to.deep.equal([[], undefined])
      const fails = resolved(asked, { [own.id]: elsewhere, [shared.id]: deed })
      expect(fails.get('PROPERTY')).to.deep.include({
        state: 'ready',
        instead: {
          kind: 'certificate',
          id: shared.id,
          index: shared.index,
          missing: [{ holder: coOwner, code: 'GRANT_MISSING' }],
        },
      })
      expect(askedOf(fails)).to.deep.equal([coOwner])
      grants.set(coOwner, [grant(PULL)])
      const after = resolved(asked, { [own.id]: elsewhere, [shared.id]: deed })
      expect(after.get('PROPERTY').candidate?.id).to.equal(shared.id)
      expect(after.get('PROPERTY').instead).to.equal(undefined)
    })

    it('for none besides what came in for the case', () => {
      const fields = { location: '黄浦区别处1号' }
      const brought = material('PROPERTY', { holders: [landlord], caseCode: CASE, fields })
      const handed = at('LANDLORD PROPERTY', brought, shared)
      const { get, requests } = resolved(asking({ candidates: handed }))
      expect([get('PROPERTY').state, requests]).to.deep.equal(['handedIn', []])
      expect(get('PROPERTY').instead).to.equal(undefined)
    })

    it('for what waits only once', () => {
      const waiting = {
        id: 'request-1',
        state: 'pending',
        holder: coOwner,
        items: PULL,
        purposes: [{ matter: MATTER.code, department: bureau }],
        expires: NOW + 60,
        notAfter: NOW + 600,
      } as const
      const grants = new Map([[landlord, [grant(PULL)]]])
      const asked = asking({ candidates, grants, requests: [waiting] })
      const { get, ...rest } = resolved(asked, { [own.id]: elsewhere })
      expect(get('PROPERTY').instead?.missing[0]?.request?.id).to.equal('request-1')
      expect(askedOf(rest)).to.deep.equal([])
    })
  })

  describe('names what was asked of a holder', () => {
    const articles = material('ARTICLES', { id: 'a-1' })
    const form = {
      id: 'request-1',
      state: 'pending',
      holder: tenant,
      items: [{ material: 'a-1', may: 'copy' }],
      purposes: [{ matter: MATTER.code, department: bureau }],
      expires: NOW + 60,
      notAfter: NOW + 600,
    } as const
    const asked = (...requests: NonNullable<Asking['requests']>) =>
      resolved(asking({ candidates: at('APPLICANT ARTICLES', articles), requests }))

    it('and proposes nothing anew while it waits', () => {
      const { get, requests } = asked(form)
      expect(get('ARTICLES').missing).to.deep.equal([
        {
          holder: tenant,
          code: 'GRANT_MISSING',
          request: { id: 'request-1', state: 'pending', until: NOW + 60 },
        },
      ])
      expect(requests).to.deep.equal([])
    })

    it('and proposes it again where it was declined, expired or asked for something else', () => {
      for (const changes of [
        { state: 'declined' },
        { state: 'expired' },
        { items: [{ material: 'a-0', may: 'copy' }] },
        { items: [{ material: 'a-1', may: 'read' }] },
        { purposes: [{ matter: OTHER_MATTER.code }] },
        { holder: landlord },
        { notAfter: NOW },
      ] as const) {
        const { requests } = asked({ ...form, ...changes })
        expect(requests.map(({ materials }) => materials)).to.deep.equal([['ARTICLES']])
      }
      const { get } = asked({ ...form, state: 'declined' })
      expect(get('ARTICLES').missing[0]?.request?.state).to.equal('declined')
    })

    it('one that waits before one that was answered later', () => {
      const { get } = asked({ ...form, id: 'request-2', state: 'declined' }, form)
      expect(get('ARTICLES').missing[0]?.request?.id).to.equal('request-1')
    })

    it('and tells first what stops the grant by which it was answered', () => {
      const item = { material: 'a-1', may: 'copy' } as const
      const full = grant([item], { left: 0 })
      const narrowed = grant([{ ...item, may: 'read' }])
      const grants = new Map([[tenant, [narrowed, full]]])
      const missing = (...requests: NonNullable<Asking['requests']>) =>
        resolved(asking({ candidates: at('APPLICANT ARTICLES', articles), requests, grants })).get(
          'ARTICLES',
        ).missing[0]
      expect(missing()).to.include({ code: 'GRANT_USES_EXHAUSTED', grant: full.grant })
      const answered = { ...form, state: 'approved' } as const
      expect(missing({ ...answered, grant: narrowed.grant })).to.include({
        code: 'USE_COPY_NOT_GRANTED',
        grant: narrowed.grant,
      })
      expect(missing({ ...answered, grant: full.grant })).to.include({
        code: 'GRANT_USES_EXHAUSTED',
        grant: full.grant,
      })
      const unknown = hashOf('a grant that was not looked at')
      expect(missing({ ...answered, grant: unknown })).to.include({ grant: full.grant })
    })

    it('and asks nobody once the case is decided', () => {
      const candidates = at('APPLICANT ARTICLES', articles)
      expect(resolved(asking({ candidates, isDecided: true })).requests).to.deep.equal([])
    })
  })

  it('does not look for somebody whom the case does not name', () => {
    const { get } = resolved(asking({ parties: { APPLICANT: [tenant] } }))
    expect(get('PROPERTY').state).to.equal('partyUnknown')
    expect(get('PROPERTY').way).to.equal('certificatePull')
  })

  it('asks nobody to hand in what is of somebody whom the case does not name', () => {
    const [first, ...others] = MATTER.materials
    const deposit = { ...(first as (typeof others)[number]), holder: 'LANDLORD' as const }
    const matters = [{ ...MATTER, materials: [deposit, ...others] }]
    const stateOf = (parties: Asking['parties']) =>
      resolved(asking({ matters, parties })).get(deposit.material).state
    expect(stateOf({ APPLICANT: [tenant] })).to.equal('partyUnknown')
    expect(stateOf({ APPLICANT: [tenant], LANDLORD: [landlord] })).to.equal('open')
  })

  it('asks for the proof of an agent where there is one', () => {
    const { get } = resolved(
      asking({ parties: { APPLICANT: [tenant], LANDLORD: [landlord], AGENT: [agent] } }),
    )
    expect(get('POA').necessity).to.equal('required')
    expect(get('ID_COPY').state).to.equal('open')
    expect(resolved(asking()).get('POA').necessity).to.equal('optional')
  })

  it('fills a form in from the case, by the rule that wants them equal', () => {
    const { get } = resolved(asking())
    const [name, address] = get('FORM').fields
    expect(name).to.deep.equal({ name: 'companyName', label: 'companyName' })
    expect(address).to.deep.equal({
      name: 'newAddress',
      label: 'newAddress',
      source: { kind: 'case', field: 'newAddress' },
      value: '杨浦区示例路100号8层',
    })
  })

  it('asks once for what several matters of a theme need, as the strictest asks', () => {
    const candidates = at('APPLICANT ARTICLES', material('ARTICLES', { id: 'articles' }))
    const both = asking({ matters: [MATTER, OTHER_MATTER], candidates, caseCodes: new Set() })
    const { materials, get, requests } = resolved(both)
    const codes = materials.map((one) => one.material)
    expect(codes).to.deep.equal([...new Set(codes)])
    expect(get('ARTICLES').askedBy).to.deep.equal(['CO_ADDR_CHANGE', 'CO_SETUP'])
    expect(get('LEASE').way).to.equal('mustSubmit')
    expect(get('PLEDGE').way).to.equal('commitment')
    expect(requests[0]?.purposes.map(({ matter }) => matter)).to.deep.equal([
      'CO_ADDR_CHANGE',
      'CO_SETUP',
    ])
  })

  it('finds a grant for one matter too little for a theme', () => {
    const held = grant([{ material: 'articles', may: 'copy' }])
    const { get } = resolved(
      asking({
        matters: [MATTER, OTHER_MATTER],
        candidates: at('APPLICANT ARTICLES', material('ARTICLES', { id: 'articles' })),
        grants: new Map([[tenant, [held]]]),
      }),
    )
    expect(get('ARTICLES').missing[0]?.code).to.equal('USE_PURPOSE_OTHER_MATTER')
  })

  it('lets a holder grant by any id that it is known by', () => {
    const second = hashOf('tenant again')
    const held = grant([{ material: 'articles', may: 'copy' }])
    const { get } = resolved(
      asking({
        parties: { APPLICANT: [tenant, second] },
        candidates: at(
          'APPLICANT ARTICLES',
          material('ARTICLES', { id: 'articles', holders: [tenant, second] }),
        ),
        grants: new Map([[second, [held]]]),
      }),
    )
    expect(get('ARTICLES').candidate?.grants).to.deep.equal([{ holder: second, grant: held.grant }])
  })

  it('asks a holder by the id that comes first, whatever another one granted before', () => {
    const second = hashOf('tenant again')
    const articles = material('ARTICLES', { id: 'articles', holders: [second, tenant] })
    const missingOf = (grants: Asking['grants']) =>
      resolved(
        asking({
          parties: { APPLICANT: [tenant, second] },
          candidates: at('APPLICANT ARTICLES', articles),
          grants,
        }),
      )
    const { get, requests } = missingOf(new Map())
    expect(get('ARTICLES').missing).to.deep.equal([{ holder: tenant, code: 'GRANT_MISSING' }])
    expect(requests.map(({ holder }) => holder)).to.deep.equal([tenant])
    const ended = grant([{ material: 'articles', may: 'copy' }], {
      dead: { code: 'GRANT_EXPIRED', hop: 0 },
    })
    const after = missingOf(new Map([[second, [ended]]]))
    expect(after.get('ARTICLES').missing).to.deep.equal([
      { holder: tenant, code: 'GRANT_EXPIRED', grant: ended.grant, hop: 0 },
    ])
    expect(after.requests.map(({ holder }) => holder)).to.deep.equal([tenant])
  })

  it('is written as its schema says', () => {
    const { get: _, ...document } = resolved(
      asking({ candidates: at('LANDLORD PROPERTY', certificate(PROPERTY)) }),
    )
    expect(Resolution.parse(document)).to.deep.equal(document)
  })
})

const choiceOf = (code: string, candidates?: Asking['candidates']) =>
  chooseCandidates(asking({ ...(candidates && { candidates }) })).find(
    ({ required }) => required.material === code,
  )

describe('handing in what could be exempted', () => {
  const there = at('APPLICANT ARTICLES', material('ARTICLES', { id: 'articles' }))

  it('needs a reason', () => {
    const choice = choiceOf('ARTICLES', there)
    expect(refused(() => requireReason(choice, undefined))).to.deep.equal([
      'MATERIAL_EXEMPTED',
      { material: 'ARTICLES', way: 'reuse', candidate: 'articles' },
    ])
    expect(refused(() => requireReason(choice, '章程已修订'))).to.equal(undefined)
  })

  it('needs none where there is nothing to take, or where it has to be handed in', () => {
    expect(refused(() => requireReason(choiceOf('ARTICLES'), undefined))).to.equal(undefined)
    expect(refused(() => requireReason(choiceOf('FORM'), undefined))).to.equal(undefined)
    expect(refused(() => requireReason(undefined, undefined))).to.equal(undefined)
  })
})
