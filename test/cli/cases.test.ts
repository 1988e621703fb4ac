import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { dayOf } from '../../node/core/catalogue/day.ts'
import type { Resolution } from '../../node/core/resolution/document.ts'
import { Desk, only } from './support/desk.ts'
import { jsonLines } from './support/once.ts'

const PROPERTY = '11100000MB03271699001'
const CASE = '001900000100001'
const MATTER = 'CO_ADDR_CHANGE'
const ADDRESS = '杨浦区示例路100号8层'
const FIELDS = {
  certificateNumber: '20210000000000012345',
  issueDate: '2021-05-18',
  validFrom: '2021-05-18',
  validTo: '长期',
  issuer: '登记（示例）局',
  issuerCode: '12310000MBDEM0293B',
  certNo: '沪(2021)杨字不动产权第012345号',
  unitNo: '310110005002GB00012F00010024',
  owners: ['滨江置业（示例）公司'],
  coOwnership: '单独所有',
  location: ADDRESS,
  usage: '办公',
  area: '812.50',
}
const KEYS = {
  bureau: `0x${'71'.repeat(32)}`,
  landlord: `0x${'72'.repeat(32)}`,
  tenant: `0x${'73'.repeat(32)}`,
  agent: `0x${'74'.repeat(32)}`,
}

const LANDLORDS_CODE = '001:91310110MADEM0011Y'
const TENANTS_CODE = '001:91310110MADEM002XN'

const propertyIn = ({ materials }: Resolution) =>
  materials.find(({ material }) => material === 'PROPERTY_CERT')

describe('once catalogue, case, request and check', function () {
  this.timeout(180_000)
  let desk: Desk<keyof typeof KEYS>
  const holders: Record<string, string> = {}
  let deed: string

  const run = (...args: string[]) => plain('--json', ...args)
  const plain = (...args: string[]) => desk.run(...args)
  const by: typeof desk.by = (...args) => desk.by(...args)
  const signedBy: typeof desk.by = (...args) => desk.signedBy(...args)
  const resolved = async () =>
    only(await by('bureau', 'case', 'resolve', CASE)) as unknown as Resolution
  before(async () => {
    desk = await Desk.open(KEYS)
    const { bureau, landlord, tenant, agent } = desk.accounts
    const rights = ['--role', 'issuer', '--role', 'registrar', '--role', 'user', '--every-type']
    const who = ['--name', '登记（示例）局', '--region', '310110', '--code', '12310000MBDEM0293B']
    const accredit = ['party', 'accredit', bureau, ...rights, ...who, '--account-key', 'bureau']
    only(await signedBy('authority', ...accredit))
    for (const [name, type, code, title, account] of [
      ['landlord', '001', '91310110MADEM0011Y', '滨江置业（示例）公司', landlord],
      ['tenant', '001', '91310110MADEM002XN', '云启数科（示例）公司', tenant],
      ['agent', '111', '310199199003150014', '李示例', agent],
    ] as const) {
      const said = ['--code-type', type, '--code', code, '--name', title, '--account', account]
      const registered = only(await signedBy('bureau', 'party', 'holder', 'register', ...said))
      holders[name] = String(registered['holder'])
    }
    await writeFile(desk.at('fields.json'), JSON.stringify(FIELDS))
    const issue = ['certificate', 'issue', 'fields.json', '--type', PROPERTY]
    deed = String(only(await signedBy('bureau', ...issue, '--holder', LANDLORDS_CODE))['id'])
  })
  after(() => desk?.close())

  it('issues to whoever a code names, and gives no code a second id by mistake', async () => {
    const { landlord = '' } = holders
    expect(only(await by('landlord', 'certificate', 'show', deed))).to.have.nested.property(
      'statement.holders[0]',
      landlord,
    )
    const code = ['--code-type', '001', '--code', '91310110MADEM0011Y', '--name', '滨江']
    const register = ['party', 'holder', 'register', ...code, '--account', desk.accounts.landlord]
    const again = await signedBy('bureau', ...register)
    expect(again.code).to.equal(4)
    expect(again.stderr).to.include('HOLDER_REGISTERED_ALREADY').and.include(landlord)
    const mine = only(await by('landlord', 'party', 'holder', 'mine'))
    expect(mine).to.include({ id: landlord })
  })

  it('loads the catalogue that comes along by one command, and again to the same end', async () => {
    const empty = await plain('catalogue', 'show', 'matter')
    expect([empty.code, empty.stdout, empty.stderr]).to.deep.equal([0, '', 'There is none.\n'])
    const load = ['catalogue', 'load', 'seed', '--owner', desk.accounts.bureau]
    const first = jsonLines(await run(...load))
    expect(new Set(first.map(({ result }) => result))).to.deep.equal(new Set(['published']))
    const again = await run(...load)
    expect(again.code).to.equal(0)
    expect(new Set(jsonLines(again).map(({ result }) => result))).to.deep.equal(
      new Set(['present']),
    )
    const shown = only(await run('catalogue', 'show', 'matter', MATTER))
    expect(shown['entry']).to.include({ code: MATTER, owner: desk.accounts.bureau })
    const published = await run('catalogue', 'evidence', 'matter', MATTER)
    expect(JSON.parse(published.stdout)).to.deep.nested.include({
      'statement.kind': 'catalogue.published',
      'statement.entry': shown['entry'],
    })
    const second = await run('catalogue', 'evidence', 'matter', MATTER, '--edition', '2')
    expect(second.stderr).to.include('CATALOGUE_')
  })

  it('tells what the matters of a theme take together', async () => {
    const all = jsonLines(await run('catalogue', 'materials', 'OPEN_RESTAURANT'))
    const layout = all.find(({ material }) => material === 'LAYOUT')
    expect(layout).to.deep.include({ holder: 'APPLICANT', necessity: 'required' })
    const shown = await plain('catalogue', 'materials', 'OPEN_RESTAURANT')
    expect(shown.stdout).to.match(/^LAYOUT {2}of APPLICANT, required; for FOOD_NEW \(\w+\)$/m)
    expect(shown.stdout.trim().split('\n')).to.have.length(all.length)
    const none = await plain('catalogue', 'materials', 'NO_THEME')
    expect(none.stderr).to.include('CATALOGUE_UNKNOWN')
  })

  it('audits the catalogue with all else', async () => {
    const lines = jsonLines(await run('audit'))
    expect(lines.at(-1)).to.include({ result: 'pass', faults: 0 })
  })

  it('opens a case, once, and brings it forward in order', async () => {
    const { landlord = '', tenant = '' } = holders
    const parties = ['--applicant', tenant, '--party', `LANDLORD=${landlord}`]
    const open = ['case', 'open', CASE, '--matter', MATTER, ...parties]
    const applied = ['--field', `newAddress=${ADDRESS}`]
    expect(only(await by('bureau', ...open, ...applied))).to.include({ created: true })
    expect(only(await by('bureau', ...open, ...applied))).to.include({ created: false })
    expect((await by('tenant', ...open)).code).to.not.equal(0)
    expect((await by('bureau', 'case', 'stage', CASE, 'decided')).code).to.not.equal(0)
    const coded = ['--applicant', TENANTS_CODE, '--party']
    const byCode = ['case', 'open', CASE, '--matter', MATTER, ...applied, ...coded]
    const letting = `LANDLORD=${LANDLORDS_CODE}`
    expect(only(await by('bureau', ...byCode, letting))).to.include({ created: false })
    const mistyped = await by('bureau', ...byCode, 'LANDLORD=001:91310110MADEM00111')
    expect([mistyped.code, mistyped.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 4 && said.includes('USCC_CHECK_CHARACTER_WRONG'),
    )
    only(await by('bureau', 'case', 'stage', CASE, 'accepted', '--note', '齐全'))
    const shown = only(await by('tenant', 'case', 'show', CASE))
    expect(shown).to.include({ case: CASE, next: 'reviewed', day: shown['day'] })
    expect((await by('landlord', 'case', 'show', CASE)).stderr).to.include('CASE_NOT_YOURS')
    expect(only(await by('tenant', 'case', 'list', '--holder', tenant))).to.include({ case: CASE })
    const evidence = await by('tenant', 'case', 'evidence', CASE, '--stage', 'accepted')
    expect(JSON.parse(evidence.stdout)).to.have.nested.property('statement.note', '齐全')
  })

  it('tells what the case needs and whose grant is missing, with a case and without', async () => {
    const resolution = await resolved()
    expect(propertyIn(resolution)).to.include({ state: 'grantMissing', way: 'certificatePull' })
    expect(resolution.requests.map(({ holder }) => holder)).to.deep.equal([holders['landlord']])
    const dry = ['case', 'resolve', '--matter', MATTER, '--applicant', holders['tenant'] ?? '']
    const own = only(await by('tenant', ...dry)) as unknown as Resolution
    expect(propertyIn(own)?.state).to.equal('partyUnknown')
    expect((await by('landlord', ...dry)).stderr).to.include('CASE_NOT_YOURS')
  })

  it('lets an agent ask the holder, whom the grant is then for', async () => {
    const { landlord = '', tenant = '', agent = '' } = holders
    const code = '001900000100002'
    const parties = ['--applicant', tenant, '--agent', agent, '--party', `LANDLORD=${landlord}`]
    only(await by('bureau', 'case', 'open', code, '--matter', MATTER, ...parties))
    expect((await by('landlord', 'request', 'make', CASE)).code).to.not.equal(0)
    const asked = only(await by('agent', 'request', 'make', code, '--reason', '代办住所变更'))
    expect(asked).to.deep.include({ holder: landlord, materials: ['PROPERTY_CERT'] })
    const id = String(asked['id'])
    const mine = only(await by('agent', 'request', 'list'))
    expect(mine).to.include({ id, state: 'pending', case: code, grantee: desk.accounts.agent })
    expect(only(await by('agent', 'request', 'make', code))).to.include({ id })
    expect(jsonLines(await by('agent', 'request', 'list'))).to.have.length(1)
    const approved = only(await signedBy('landlord', 'request', 'approve', id))
    expect(approved).to.include({ request: id })
    expect(only(await by('agent', 'request', 'show', id))).to.include({ state: 'approved' })
    expect((await by('tenant', 'request', 'show', id)).stderr).to.include('NOT_YOURS')
  })

  it('asks the holder, who approves, and the case goes on by itself', async () => {
    const asked = only(await by('bureau', 'request', 'make', CASE, '--reason', '住所变更'))
    const id = String(asked['id'])
    const { landlord = '' } = holders
    const listed = only(await by('landlord', 'request', 'list', '--holder', landlord))
    expect(listed).to.include({ id, state: 'pending' })
    const waiting = await resolved()
    expect(waiting.requests).to.deep.equal([])
    expect(propertyIn(waiting)?.missing[0]?.request).to.include({ id, state: 'pending' })
    const again = only(await by('bureau', 'request', 'make', CASE))
    expect(again).to.deep.equal({ id, holder: landlord, state: 'pending' })
    const shown = await plain('case', 'resolve', CASE, '--key', 'bureau')
    expect(shown.stdout).to.include(`(GRANT_MISSING); asked by ${id}, pending until`)
    expect(shown.stdout.trimEnd().split('\n').at(-1)).to.equal('not complete')
    expect((listed['sentence'] as { zh: string }).zh)
      .to.include('「登记（示例）局」')
      .and.include('住所变更')
    expect((await signedBy('tenant', 'request', 'approve', id)).stderr).to.include(
      'GRANT_REQUEST_NOT_YOURS',
    )
    const longer = await signedBy('landlord', 'request', 'approve', id, '--uses', '9')
    expect(longer.stderr).to.include('GRANT_REQUEST_EXCEEDED').and.include('"of":"uses"')
    const other = ['--fields', 'location,owner']
    const unknown = await signedBy('landlord', 'request', 'approve', id, ...other)
    expect(unknown.stderr).to.include('{"of":"fields","fields":["owner"]}')
    const approved = only(await signedBy('landlord', 'request', 'approve', id))
    expect(approved).to.include({ request: id }).and.to.have.property('transaction')
    expect(only(await by('bureau', 'request', 'show', id))).to.include({ state: 'approved' })
    expect(propertyIn(await resolved())).to.include({ state: 'ready' })
    const late = await by('landlord', 'request', 'decline', id, '--reason', '晚了')
    expect(late.stderr).to.include('GRANT_REQUEST_ANSWERED')
    const asking = await by('landlord', 'request', 'evidence', id)
    expect(JSON.parse(asking.stdout)).to.have.nested.property('statement.kind', 'request.made')
    const given = await by('bureau', 'request', 'evidence', id, '--answer')
    expect(JSON.parse(given.stdout)).to.have.nested.property('statement.kind', 'request.approved')
  })

  it('uses all that is ready in one call', async () => {
    const why = ['--officer', '孙窗口', '--cause', '住所变更']
    const done = await signedBy('bureau', 'case', 'reuse', CASE, ...why)
    const [used = {}] = jsonLines(done)
    expect(used).to.include({ material: 'PROPERTY_CERT', result: 'released' })
    const copy = await by('bureau', 'use', 'copy', String(used['use']))
    expect(JSON.parse(copy.stdout)).to.have.nested.property('fields.location', ADDRESS)
    const again = await signedBy('bureau', 'case', 'reuse', CASE, ...why)
    expect(jsonLines(again)).to.deep.equal([])
    const { materials } = await resolved()
    const left = materials.filter(
      ({ necessity, state }) => necessity === 'required' && state !== 'used',
    )
    for (const { code } of [done, again]) expect(code).to.equal(left.length === 0 ? 0 : 1)
    const named = ['--consider', `PROPERTY_CERT:certificate:nothing`, '--consider', 'X:material:y']
    const shown = await plain('case', 'resolve', CASE, ...named, '--key', 'bureau')
    expect(shown.stderr).to.include('CANDIDATE_NOT_FOUND').and.include('asks for no X')
    expect(shown.stdout).to.include(`by use ${String(used['use'])}`)
  })

  it('asks questions under a grant, and is told yes or no', async () => {
    const { landlord = '' } = holders
    const item = ['--certificate', `${PROPERTY}=location,owners`, '--matter', MATTER]
    only(await run('grant', 'new', 'lists.json', ...item))
    const give = ['--to', desk.accounts.bureau, '--until', '2099-12-31', '--uses', '0']
    const from = ['--scope', 'lists.json', '--holder', landlord]
    const { grant } = only(await signedBy('landlord', 'grant', 'give', ...give, ...from))
    const why = ['--case', CASE, '--matter', MATTER, '--officer', '孙窗口', '--cause', '核对']
    const today = dayOf(Date.now())
    const asked = ['check', 'ask', deed, '--grant', String(grant), ...why]
    const is = ['--is', `location=${ADDRESS}`, '--is', 'owners=别人', '--valid', today]
    const check = only(await signedBy('bureau', ...asked, ...is))
    expect(check['answers']).to.deep.equal([true, true, false])
    expect(JSON.stringify(check)).not.to.include('滨江置业')
    expect((await signedBy('bureau', ...asked)).code).to.equal(2)
    const own = ['check', 'list', '--holder', landlord]
    expect(only(await by('landlord', ...own))).to.include({ id: check['id'] })
    const evidence = await by('landlord', 'check', 'evidence', String(check['id']))
    expect(JSON.parse(evidence.stdout)).to.have.nested.property('statement.kind', 'use.checked')
  })

  for (const command of [
    ['case', 'list', '--holder'],
    ['request', 'list', '--holder'],
    ['grant', 'list', '--holder'],
    ['use', 'list', '--holder'],
    ['check', 'list', '--holder'],
    ['undertaking', 'list', '--holder'],
    ['benefit', 'list', '--holder'],
    ['material', 'list', '--holder'],
    ['party', 'holder', 'show'],
    ['party', 'holder', 'portfolio'],
  ])
    it(`answers a holder that is named by its code as by its id: ${command.join(' ')}`, async () => {
      const { landlord = '' } = holders
      const named = await by('landlord', ...command, landlord)
      expect(named.code, named.stderr).to.equal(0)
      expect(await by('landlord', ...command, LANDLORDS_CODE)).to.deep.equal(named)
    })

  it('names to a holder nobody else who has a code', async () => {
    const others = await by('landlord', 'case', 'list', '--holder', TENANTS_CODE)
    expect(others.code).to.equal(4)
    expect(others.stderr).to.include('HOLDER_CODE_UNKNOWN')
  })

  it('binds an account to a holder that is named by its code, and releases it', async () => {
    const { agent } = desk.accounts
    for (const change of ['bind', 'release']) {
      const changed = await signedBy('bureau', 'party', 'holder', change, LANDLORDS_CODE, agent)
      expect(only(changed)).to.include({ holder: holders['landlord'], account: agent })
    }
  })

  it('resolves without a case for holders that are named by their codes', async () => {
    const { tenant = '', landlord = '' } = holders
    const matter = ['case', 'resolve', '--matter', MATTER, '--applicant']
    const byId = await by('bureau', ...matter, tenant, '--party', `LANDLORD=${landlord}`)
    const coded = [TENANTS_CODE, '--party', `LANDLORD=${LANDLORDS_CODE}`]
    const { at: _, ...named } = only(byId)
    expect(only(await by('bureau', ...matter, ...coded))).to.deep.include(named)
    const agent = ['--agent', '111:310199199003150014']
    expect((await by('bureau', ...matter, tenant, ...agent)).code).to.equal(0)
    const own = await by('tenant', ...matter, TENANTS_CODE)
    expect(own.code, own.stderr).to.equal(0)
    expect((await by('tenant', ...matter, ...coded)).stderr).to.include('HOLDER_CODE_UNKNOWN')
  })

  it('asks the holder alone that is named by its code', async () => {
    const code = '001900000100003'
    const parties = ['--applicant', TENANTS_CODE, '--party', `LANDLORD=${LANDLORDS_CODE}`]
    only(await by('bureau', 'case', 'open', code, '--matter', MATTER, ...parties))
    const make = ['request', 'make', code, '--holder']
    const none = await by('bureau', ...make, TENANTS_CODE)
    expect([none.code, none.stdout]).to.deep.equal([0, ''])
    const asked = only(await by('bureau', ...make, LANDLORDS_CODE))
    expect(asked).to.include({ holder: holders['landlord'] })
  })
})
