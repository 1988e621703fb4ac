import { expect } from 'chai'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { describeRequest } from '../../../node/core/requests/sentences.ts'

const [grantee, holder] = [`0x${'a2'.repeat(20)}`, `0x${'b1'.repeat(32)}`] as [Hex, Hex]
const REQUEST = {
  case: '001900000100001',
  holder,
  grantee,
  items: [
    {
      certificateType: '11100000MB03271699001',
      fields: ['location', 'owners'],
      plain: ['owners'],
      may: 'copy' as const,
    },
    { material: 'lease', may: 'read' as const },
  ],
  purposes: [{ matter: 'CO_ADDR_CHANGE', department: grantee }],
  notAfter: 1_693_497_599,
  uses: 1,
  depth: 0,
  expires: 1_691_200_800,
}
const NAMES = new Map([
  [grantee, '市场监管局'],
  [holder, '滨江\u202e置业'],
])

describe('the sentence of a request', () => {
  it('says who asks whom for what, until when, and by when to answer', () => {
    expect(
      describeRequest({ ...REQUEST, reason: '住所\u202e变更' }, { names: NAMES }),
    ).to.deep.equal({
      zh: '「市场监管局」（0xa2a2a2a2…a2a2a2a2）因办件 001900000100001 向持证主体「滨江置业」（0xb1b1b1b1…b1b1b1b1）申请授权，使用不动产权证书（11100000MB03271699001）的字段 坐落（location）、权利人（owners），可查阅并留存副本，其中 权利人（owners）不脱敏；材料 lease，仅供查阅，用于事项 CO_ADDR_CHANGE，限「市场监管局」（0xa2a2a2a2…a2a2a2a2），至北京时间 2023-08-31 23:59:59 止，合计最多使用 1 次，不得转授，请于北京时间 2023-08-05 10:00:00 之前（含）答复，对方所述事由：住所变更。',
      en: '“市场监管局” (0xa2a2a2a2…a2a2a2a2) asks holder “滨江置业” (0xb1b1b1b1…b1b1b1b1) for a grant, for case 001900000100001, of fields location, owners of certificates 11100000MB03271699001, to read and to copy, owners in clear; material lease, to read only, for matter CO_ADDR_CHANGE at “市场监管局” (0xa2a2a2a2…a2a2a2a2), until 2023-08-31T15:59:59Z, at most once in all, not to be passed on, to be answered by 2023-08-05T02:00:00Z, because, as it says: 住所变更.',
    })
  })

  it('calls materials, matters and types by their names, which say nothing more than that', () => {
    const called = {
      materials: new Map([['lease', '房屋租赁合同：「海天路」，用于其他\u202e事项']]),
      matters: new Map([['CO_ADDR_CHANGE', '企业住所变更登记']]),
      certificateTypes: new Map([['11100000MB03271699001', '不动产权证书']]),
    }
    const { zh, en } = describeRequest(REQUEST, { called })
    expect(zh)
      .to.include('材料「房屋租赁合同：海天路，用于其他事项」（lease），仅供查阅')
      .and.include('用于事项「企业住所变更登记」（CO_ADDR_CHANGE），限')
      .and.include('使用不动产权证书（11100000MB03271699001）的字段')
    expect(en)
      .to.include('material “房屋租赁合同：海天路，用于其他事项” (lease), to read only')
      .and.include('for matter “企业住所变更登记” (CO_ADDR_CHANGE) at')
      .and.include('of certificates “不动产权证书” (11100000MB03271699001), to read')
  })

  it('says of what has no limit that it has none', () => {
    const { zh, en } = describeRequest({ ...REQUEST, uses: 0, depth: 2 })
    expect(zh).to.include('不限使用次数，最多可再转授 2 级')
    expect(en).to.include('any number of times, to be passed on over at most 2 further levels')
    expect(en).to.match(/^0xa2a2a2a2…a2a2a2a2 asks/)
  })
})
