import { expect } from 'chai'
import { GIANTCO } from '../scenarios/support/benefitTown.ts'
import { pointersIn } from './support/counter.ts'
import type { Counter } from './support/counter.ts'

const LEASE = {
  lessor: '滨江置业（示例）公司',
  lessee: '上海巨人（示例）有限公司',
  premises: '杨浦区示例路100号8层',
  leaseFrom: '2026-01-01',
  leaseTo: '2030-12-31',
}
/** Its check character is 1. */
const IDENTIFIER =
  '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.20210000000000012345.001'

/** What is said of a material when it is handed in. */
export function badFields(get: () => Counter): void {
  let c: Counter
  before(() => {
    c = get()
  })

  const stated = (changes: object) => ({
    type: 'LEASE',
    holder: GIANTCO,
    content: { digests: [`sha-256:${'ab'.repeat(32)}`], size: 9, mediaType: 'application/pdf' },
    fields: LEASE,
    ...changes,
  })

  const { lessor: _, ...WITHOUT_LESSOR } = LEASE
  for (const [what, fields, issues] of [
    ['missing', WITHOUT_LESSOR, [['/fields/lessor', 'missing']]],
    [
      'missing, all of them',
      undefined,
      Object.keys(LEASE).map((name) => [`/fields/${name}`, 'missing']),
    ],
    ['extra', { ...LEASE, 'colour/~': 'red' }, [['/fields/colour~1~0', 'unknown']]],
    ['a number in place of a text', { ...LEASE, lessor: 7 }, [['/fields/lessor', 'type']]],
    ['an empty text', { ...LEASE, lessor: '' }, [['/fields/lessor', 'type']]],
    [
      'a day that does not exist',
      { ...LEASE, leaseTo: '2026-02-30' },
      [['/fields/leaseTo', 'type']],
    ],
    [
      'wrong in several ways at once',
      { ...WITHOUT_LESSOR, leaseTo: true, colour: 'red' },
      [
        ['/fields/lessor', 'missing'],
        ['/fields/leaseTo', 'type'],
        ['/fields/colour', 'unknown'],
      ],
    ],
  ] as const)
    it(`that are ${what} are refused where they stand, with what is expected`, async () => {
      const refusal = [422, 'MATERIAL_FIELDS_INVALID'] as const
      const refused = await c.refusesPost(c.bureau, '/v1/materials', stated({ fields }), refusal)
      expect(refused.details).to.include({ material: 'LEASE', version: 1 })
      const found = refused.details['issues'] as Record<string, string>[]
      expect(found.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal(issues)
      for (const { expected } of found) expect(expected).to.match(/\w/)
    })

  for (const [what, fields, code, pointer] of [
    ['null', { ...LEASE, lessor: null }, 'SUBMISSION_MALFORMED', '/fields/lessor'],
    ['a list with null', { a: { b: ['x', null] } }, 'SUBMISSION_MALFORMED', '/fields/a/b/1'],
    ['no object', ['x'], 'SUBMISSION_MALFORMED', '/fields'],
    ['a fraction', { ...LEASE, lessor: 1.5 }, 'JSON_NUMBER_NOT_INTEGER', '/fields/lessor'],
  ] as const)
    it(`that are ${what} are refused at ${pointer}`, async () => {
      const submission = stated({ fields })
      const refused = await c.refusesPost(c.bureau, '/v1/materials', submission, [400, code])
      expect(pointersIn(refused)).to.deep.equal([pointer])
    })

  for (const [what, changes, code, pointer] of [
    [
      'credit code',
      { holder: { codeType: '001', code: '91310110MADEM0054D' } },
      'USCC_CHECK_CHARACTER_WRONG',
      '/holder/code',
    ],
    [
      'citizen number',
      { holder: { codeType: '111', code: '310199195506080022' } },
      'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
      '/holder/code',
    ],
    [
      'certificate identifier',
      { certificateIdentifier: `${IDENTIFIER}.2` },
      'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
      '/certificateIdentifier',
    ],
  ] as const)
    it(`beside a ${what} with a wrong check digit are refused at ${pointer}`, async () => {
      const submission = stated(changes)
      const refused = await c.refusesPost(c.bureau, '/v1/materials', submission, [400, code])
      expect(pointersIn(refused)).to.deep.equal([pointer])
    })

  it('with a wrong check digit within are refused where it stands', async () => {
    await c.place.town.city.client.catalogue.publish({
      kind: 'materialType',
      code: 'SEALED_LEASE',
      version: 1,
      from: '2023-01-01',
      owner: c.place.town.city.address,
      duty: '房屋租赁登记',
      name: '加盖公章的租赁合同',
      reusable: true,
      validity: { mode: 'LONG_TERM' },
      retention: '10年',
      formats: ['pdf'],
      maxBytes: 1_000_000,
      sensitivity: 'L2',
      fields: [
        {
          name: 'landlord',
          label: '出租方',
          type: 'string',
          required: true,
          sensitivity: 'L2',
          check: 'uscc',
        },
      ],
    })
    const submission = stated({
      type: 'SEALED_LEASE',
      fields: { landlord: '91310110MADEM0054D' },
    })
    const refused = await c.refusesPost(c.bureau, '/v1/materials', submission, [
      422,
      'MATERIAL_FIELDS_INVALID',
    ])
    expect(refused.details['issues']).to.deep.equal([
      {
        pointer: '/fields/landlord',
        rule: 'check',
        expected: 'a unified social credit code',
        code: 'USCC_CHECK_CHARACTER_WRONG',
      },
    ])
    const sound = stated({ type: 'SEALED_LEASE', fields: { landlord: GIANTCO.code } })
    expect((await c.assault.post(c.bureau, '/v1/materials', sound)).status).to.equal(201)
  })

  it('of a holder with a wrong check digit register nobody', async () => {
    const registration = {
      salt: `0x${'07'.repeat(32)}`,
      codeType: '001',
      code: '91310110MADEM0054D',
    }
    const account = c.place.wang.address
    const refused = await c.refusesPost(
      c.bureau,
      '/v1/holders/preview',
      { registration, account },
      [400, 'USCC_CHECK_CHARACTER_WRONG'],
    )
    expect(pointersIn(refused)).to.deep.equal(['/registration/code'])
  })

  it('leave nothing of a content that came along', async () => {
    const content = Buffer.alloc(600_000, 'x')
    const { lessor: __, ...fields } = LEASE
    const submission = { type: 'LEASE', holder: GIANTCO, fields }
    await c.refused(
      () => c.upload(submission, content, 'application/pdf'),
      [422, 'MATERIAL_FIELDS_INVALID'],
    )
    await c.refused(
      () => c.upload({ ...submission, fields: LEASE }, content, 'image/png'),
      [422, 'MATERIAL_FORMAT_NOT_TAKEN'],
    )
  })
}
