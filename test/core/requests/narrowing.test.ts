import { expect } from 'chai'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import type { ScopeItem, ScopePurpose } from '../../../node/core/grants/scope.ts'
import { verifyNarrowed } from '../../../node/core/requests/narrowing.ts'
import { RequestMade } from '../../../node/core/statements/request.ts'
import { codeOf } from '../../behaviors/codeOf.ts'

const TYPE = '11100000MB03271699001'
const [holder, other] = [`0x${'3'.repeat(64)}`, `0x${'4'.repeat(64)}`] as [Hex, Hex]
const [grantee, stranger] = [`0x${'2'.repeat(40)}`, `0x${'5'.repeat(40)}`] as [Hex, Hex]
const zero: Hex = `0x${'0'.repeat(64)}`

const request = RequestMade.parse({
  v: 1,
  id: 'request-1',
  kind: 'request.made',
  case: '001900000100001',
  holder,
  grantee,
  items: [
    { certificateType: TYPE, fields: ['certNo', 'location'], may: 'read' },
    { material: 'lease', may: 'copy' },
    { material: 'articles', fields: ['capital'], may: 'copy' },
  ],
  purposes: [
    { matter: 'MOVE', department: grantee },
    { matter: 'OPEN', region: '310100' },
  ],
  notAfter: 2_000,
  uses: 2,
  depth: 1,
  expires: 1_000,
})
const grant: Grant = {
  parent: zero,
  grantor: stranger,
  grantee,
  holder,
  scope: zero,
  items: zero,
  purposes: zero,
  notBefore: 0,
  notAfter: 2_000,
  depth: 1,
  uses: 2,
  epoch: 0,
  salt: zero,
}

const verdict = (
  changes: Partial<Grant>,
  items: readonly ScopeItem[] = request.items,
  purposes: readonly ScopePurpose[] = request.purposes,
) => codeOf(async () => verifyNarrowed({ ...grant, ...changes }, { items, purposes }, request))

describe('a grant that answers a request', () => {
  it('may give all that was asked', async () => {
    expect(await verdict({})).to.equal(undefined)
  })

  for (const [what, item] of [
    ['fewer fields', { certificateType: TYPE, fields: ['certNo'], may: 'read' }],
    ['a material to read alone', { material: 'lease', may: 'read' }],
    [
      'fields of a material that was asked for whole',
      { material: 'lease', fields: ['x'], may: 'copy' },
    ],
  ] as const)
    it(`may give ${what}`, async () => {
      expect(await verdict({}, [item as unknown as ScopeItem])).to.equal(undefined)
    })

  it('may give less time, fewer uses, no passing on, and one purpose', async () => {
    const less = { notAfter: 1, uses: 1, depth: 0, notBefore: 7 }
    expect(
      await verdict(less, request.items.slice(1), [{ matter: 'OPEN', region: '310110' }]),
    ).to.equal(undefined)
  })

  for (const [what, changes] of [
    ['another holder', { holder: other }],
    ['another grantee', { grantee: stranger }],
    ['something passed on', { parent: other }],
    ['more time', { notAfter: 2_001 }],
    ['one more level', { depth: 2 }],
    ['one more use', { uses: 3 }],
    ['any number of uses', { uses: 0 }],
  ] as const)
    it(`is not of ${what}`, async () => {
      expect(await verdict(changes)).to.equal('GRANT_REQUEST_EXCEEDED')
    })

  for (const [what, item] of [
    ['another field', { certificateType: TYPE, fields: ['area'], may: 'read' }],
    ['another type', { certificateType: 'OTHER', fields: ['certNo'], may: 'read' }],
    ['what was to be read', { certificateType: TYPE, fields: ['certNo'], may: 'copy' }],
    ['another material', { material: 'deed', may: 'read' }],
    ['the whole of a material', { material: 'articles', may: 'read' }],
    [
      'a field in clear',
      { certificateType: TYPE, fields: ['certNo'], plain: ['certNo'], may: 'read' },
    ],
  ] as const)
    it(`does not let ${what} be copied or read beyond what was asked`, async () => {
      const items = [...request.items, item as unknown as ScopeItem]
      expect(await verdict({}, items)).to.equal('GRANT_REQUEST_EXCEEDED')
    })

  for (const [what, purpose] of [
    ['another matter', { matter: 'CLOSE' }],
    ['any department', { matter: 'MOVE' }],
    ['another department', { matter: 'MOVE', department: stranger }],
    ['any region', { matter: 'OPEN' }],
    ['a larger region', { matter: 'OPEN', region: '310000' }],
    ['another region', { matter: 'OPEN', region: '320100' }],
  ] as const)
    it(`is not for ${what}`, async () => {
      expect(await verdict({}, request.items, [purpose])).to.equal('GRANT_REQUEST_EXCEEDED')
    })
})
