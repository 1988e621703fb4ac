import { expect } from 'chai'
import fc from 'fast-check'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { openingsForUse, openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument, ScopeItem } from '../../../node/core/grants/scope.ts'
import { contextOf } from '../../../node/core/uses/context.ts'
import { verifyAuthorization, verifyHolders, verifyScope } from '../../../node/core/uses/decide.ts'
import type { AskedUse } from '../../../node/core/uses/decide.ts'
import type { Authorization } from '../../../node/core/uses/documents.ts'
import type { GrantWorld } from '../../../node/core/grants/world.ts'
import { maskOf, refused } from '../grants/support.ts'
import { ACCOUNT, CONTEXT, HOLDERS, makeWorld, REGISTRIES, USED, word } from '../verify/world.ts'

const TYPE = '11100000MB03271699001'
const NAMES = ['area', 'location', 'owners', 'usage']

let base: Authorization
/** As it was signed. */
let signed: Pick<AskedUse, 'subject' | 'fields' | 'manner'>

/** The same grant from another list of items, all of them opened. */
function over(items: ScopeItem[]): Authorization {
  const scope: ScopeDocument = {
    v: 1,
    seed: '77'.repeat(32),
    items,
    purposes: [{ matter: CONTEXT.matter }],
  }
  const masks = { items: maskOf(...items.keys()), purposes: maskOf(0) }
  return {
    ...base,
    chain: base.chain.map((grant) => ({ ...grant, scope: scopeOf(scope) })),
    use: { ...base.use, ...masks },
    openings: openingsForUse(openScope(scope, masks), masks),
  }
}

function asking(changes: Partial<AskedUse> = {}): AskedUse {
  return {
    subject: { kind: 'certificate', id: 'c-1', type: TYPE },
    holders: [HOLDERS[0]],
    fields: ['location'],
    manner: 'read',
    context: CONTEXT,
    origin: 'ledger.example/yangpu',
    region: '310110',
    ...changes,
  }
}

before(async () => {
  const { statement } = (await makeWorld()).used
  if (statement.kind !== 'use.released') expect.fail('no receipt')
  base = statement.authorizations[0] ?? expect.fail('nobody authorized')
  const { subject, fields, manner } = statement
  signed = { subject, fields, manner }
})

const by = (...holders: string[]) =>
  holders.map((holder) => ({
    ...base,
    chain: base.chain.map((grant) => ({ ...grant, holder: holder as typeof grant.holder })),
  }))

describe('the holders of what is used', () => {
  const [one, other] = HOLDERS

  it('authorize it, each of them, in any order', () => {
    expect(refused(() => verifyHolders([one], by(one)))).to.equal(undefined)
    expect(refused(() => verifyHolders([one, other], by(other, one)))).to.equal(undefined)
  })

  it('are named where one is missing', () => {
    expect(refused(() => verifyHolders([one, other], by(one)))).to.deep.equal([
      'USE_HOLDER_MISSING',
      { holder: other },
    ])
  })

  it('authorize it once, and nobody else does', () => {
    for (const authorizations of [by(one, one), by(one, other)])
      expect(refused(() => verifyHolders([one], authorizations))).to.deep.equal([
        'USE_HOLDER_NOT_CONCERNED',
        { holder: authorizations[1]?.chain[0]?.holder },
      ])
  })
})

const code = (items: ScopeItem[], asked: Partial<AskedUse>) =>
  refused(() => verifyScope(over(items), asking(asked)))?.[0]

describe('the items of a use', () => {
  it('allow a whole material only by an item without fields', () => {
    const subject = { kind: 'material', id: 'lease', type: TYPE } as const
    const whole = { subject, fields: [] }
    expect(code([{ material: 'lease', may: 'read' }], whole)).to.equal(undefined)
    expect(code([{ material: 'lease', fields: ['area'], may: 'read' }], whole)).to.equal(
      'USE_FIELDS_NOT_GRANTED',
    )
    expect(code([{ material: 'lease', may: 'read' }], { subject, fields: ['area'] })).to.equal(
      undefined,
    )
    expect(code([{ material: 'other', may: 'read' }], whole)).to.equal('USE_SUBJECT_NOT_GRANTED')
  })

  it('of a type of certificate say nothing of a material of that id or type', () => {
    const subject = { kind: 'material', id: TYPE, type: TYPE } as const
    const item: ScopeItem = { certificateType: TYPE, fields: ['location'], may: 'copy' }
    expect(code([item], { subject })).to.equal('USE_SUBJECT_NOT_GRANTED')
    const certificate = { kind: 'certificate', id: 'lease', type: 'lease' } as const
    expect(code([{ material: 'lease', may: 'copy' }], { subject: certificate })).to.equal(
      'USE_SUBJECT_NOT_GRANTED',
    )
  })

  it('name the fields that none of them gives', () => {
    const items: ScopeItem[] = [
      { certificateType: TYPE, fields: ['area'], may: 'copy' },
      { certificateType: TYPE, fields: ['location'], may: 'copy' },
    ]
    const asked = asking({ fields: ['area', 'usage'] })
    expect(refused(() => verifyScope(over(items), asked))).to.deep.equal([
      'USE_FIELDS_NOT_GRANTED',
      { fields: ['usage'] },
    ])
    // Each is given, and never both together.
    expect(
      refused(() => verifyScope(over(items), asking({ fields: ['area', 'location'] }))),
    ).to.deep.equal(['USE_FIELDS_NOT_GRANTED', { fields: [] }])
  })

  it('allow what one of them allows whole, and nothing else', () => {
    const fields = fc.subarray(NAMES, { minLength: 1 })
    const may = fc.constantFrom('read' as const, 'copy' as const)
    const item = fc.record({ certificateType: fc.constantFrom(TYPE, 'OTHER'), fields, may })
    const items = fc.uniqueArray(item, {
      minLength: 1,
      maxLength: 3,
      selector: (one) => JSON.stringify(one),
    })
    fc.assert(
      fc.property(items, fc.subarray(NAMES), may, (granted, asked, manner) => {
        const allowed = granted.some(
          (one) =>
            one.certificateType === TYPE &&
            asked.length > 0 &&
            asked.every((name) => one.fields.includes(name)) &&
            (manner === 'read' || one.may === 'copy'),
        )
        expect(code(granted, { fields: asked, manner }) === undefined).to.equal(allowed)
      }),
      { numRuns: 60 },
    )
  })
})

describe('an authorization', () => {
  const world: GrantWorld = {
    time: USED,
    epochOf: () => 0,
    stateOf: () => ({ registeredAt: 5, revokedAt: 0, used: 0, lastUse: '0x' }),
    bindingOf: () => ({ from: 1, until: 0, grantsEndedAt: 0 }),
    accountAs: () => ACCOUNT.counter,
    accountOf: (account) => account,
  }
  const decided = (changes: object, asked: Partial<AskedUse> = {}, at = world) =>
    refused(() =>
      verifyAuthorization({ ...base, ...changes }, asking({ ...signed, ...asked }), at, REGISTRIES),
    )

  it('allows the use that was signed, for the case and the ledger that were signed', () => {
    expect(base.use.audience).to.equal(audienceOf('ledger.example/yangpu'))
    expect(base.use.context).to.equal(contextOf({ ...signed, context: CONTEXT }))
    expect(decided({})).to.equal(undefined)
  })

  it('answers the ids of its grants, root first', () => {
    const ids = verifyAuthorization(base, asking(signed), world, REGISTRIES)
    expect(ids).to.have.length(3)
    expect(ids[2]).to.equal(base.use.grant)
    expect(base.chain[2]?.parent).to.equal(ids[1])
  })

  it('allows nothing else than was signed for, though it was granted', () => {
    for (const changes of [
      { subject: { ...signed.subject, id: 'c-1' } },
      { fields: ['location'] },
      { fields: ['location', 'owners', 'usage'] },
      { manner: 'copy' as const },
      { questions: [{ kind: 'is' as const, field: 'location', value: '示例路' }] },
    ])
      expect(decided({}, changes)?.[0]).to.equal('USE_CONTEXT_MISMATCH')
  })

  it('allows nothing that differs in its context alone', () => {
    for (const changes of [
      { case: '001900000100002' },
      { officer: '李示例' },
      { cause: '其他' },
      { until: '2023-08-21' },
      { salt: '00'.repeat(32) },
    ])
      expect(decided({}, { context: { ...CONTEXT, ...changes } })?.[0]).to.equal(
        'USE_CONTEXT_MISMATCH',
      )
  })

  it('is for one ledger, one grant, one sequence and one time', () => {
    expect(decided({}, { origin: 'ledger.example/other' })?.[0]).to.equal('USE_AUDIENCE_OTHER')
    const used = { ...base.use, sequence: 1 }
    expect(decided({ use: used })?.[0]).to.equal('USE_OUT_OF_SEQUENCE')
    expect(decided({ use: { ...base.use, grant: word('09') } })?.[0]).to.equal('USE_GRANT_MISMATCH')
    const late = { ...world, time: base.use.notAfter + 1 }
    expect(decided({}, {}, late)?.[0]).to.equal('USE_EXPIRED')
  })

  it('is not the holder’s where a grant above was revoked, and says at which hop', () => {
    const [root, above] = verifyAuthorization(base, asking(signed), world, REGISTRIES)
    for (const [hop, id] of [root, above].entries()) {
      const revoked: GrantWorld = {
        ...world,
        stateOf: (grant) => ({ ...world.stateOf(grant), revokedAt: grant === id ? 9 : 0 }),
      }
      expect(decided({}, {}, revoked)).to.deep.equal(['GRANT_IS_REVOKED', { hop }])
    }
  })
})
