import { expect } from 'chai'
import { answerTo } from '../../api/client/granting/answering.ts'
import type { Narrowing } from '../../api/client/granting/answering.ts'
import { GrantRequest } from '../../api/http/requests/schema.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { codeOf } from '../behaviors/codeOf.ts'

const TYPE = '11100000MB03271699001'
const account: Hex = `0x${'1'.repeat(40)}`
const LICENCE = {
  certificateType: TYPE,
  fields: ['domicile', 'name', 'registeredCapital'],
  plain: ['domicile', 'name'],
  may: 'copy',
}
const PLAN = { material: 'floor-plan', may: 'copy' }
const LEASE = { material: 'lease', fields: ['area', 'lessor'], may: 'read' }

const request = GrantRequest.parse({
  id: 'request-1',
  index: 7,
  at: '2023-08-05T02:00:00.000Z',
  sentence: { zh: '', en: '' },
  state: 'pending',
  case: '001900000100001',
  holder: `0x${'3'.repeat(64)}`,
  grantee: `0x${'2'.repeat(40)}`,
  items: [LICENCE, PLAN, LEASE],
  purposes: [{ matter: 'FOOD_NEW' }],
  notAfter: 2_000_000_000,
  uses: 3,
  depth: 0,
  expires: 1_900_000_000,
})

function itemsOf(narrowing: Narrowing) {
  const { source } = answerTo(request, narrowing, account)
  if (!('document' in source)) throw new Error('it grants from lists of its own')
  return source.document.items
}

const refused = (narrowing: Narrowing) => codeOf(async () => itemsOf(narrowing))

describe('an answer to a request', () => {
  it('gives all that was asked', () => {
    expect(itemsOf({})).to.deep.equal([LICENCE, PLAN, LEASE])
  })

  it('narrows the items that name the fields, and leaves the others as asked', () => {
    const licence = { ...LICENCE, fields: ['domicile', 'name'] }
    expect(itemsOf({ fields: ['name', 'domicile'] })).to.deep.equal([licence, PLAN, LEASE])
  })

  it('shows in clear only what it still shows', () => {
    const [licence] = itemsOf({ fields: ['name', 'registeredCapital'] })
    expect(licence).to.include({ certificateType: TYPE })
    expect(licence?.fields).to.deep.equal(['name', 'registeredCapital'])
    expect(licence?.plain).to.deep.equal(['name'])
    expect(itemsOf({ fields: ['registeredCapital'] })[0]).to.not.have.property('plain')
  })

  it('narrows several items by one list of names', () => {
    const fields = itemsOf({ fields: ['lessor', 'name'] }).map((item) => item.fields)
    expect(fields).to.deep.equal([['name'], undefined, ['lessor']])
  })

  it('refuses a name that none of the items asks for, also of those that are left out', async () => {
    expect(await refused({ fields: ['location'] })).to.equal('GRANT_REQUEST_EXCEEDED')
    expect(await refused({ fields: ['name', 'owners'] })).to.equal('GRANT_REQUEST_EXCEEDED')
    expect(await refused({ fields: ['lessor'], items: [0, 1] })).to.equal('GRANT_REQUEST_EXCEEDED')
    expect(() => itemsOf({ fields: ['owners', 'name', 'location'] }))
      .to.throw()
      .with.deep.property('details', { of: 'fields', fields: ['owners', 'location'] })
  })

  it('says a thing once that is the same after its fields were narrowed', () => {
    const twice = { ...LEASE, fields: ['area', 'term'] }
    const { source } = answerTo(
      { ...request, items: [LEASE, twice] as GrantRequest['items'] },
      { fields: ['area'] },
      account,
    )
    expect(source).to.have.nested.property('document.items').with.length(1)
  })
})
