import { expect } from 'chai'
import { readFile, writeFile } from 'node:fs/promises'
import type { Resolution } from '../../node/core/resolution/document.ts'
import { matter, materialType, required } from '../core/catalogue/support.ts'
import { Desk, only } from './support/desk.ts'
import { jsonLines } from './support/once.ts'

const CASE = '001900000100001'
const KEYS = { bureau: `0x${'81'.repeat(32)}`, tenant: `0x${'82'.repeat(32)}` }

describe('once undertaking', function () {
  this.timeout(120_000)
  let desk: Desk<keyof typeof KEYS>
  let tenant: string
  let undertaking: string

  const plain = (...args: string[]) => desk.run(...args)
  const by: typeof desk.by = (...args) => desk.by(...args)
  const signedBy: typeof desk.by = (...args) => desk.signedBy(...args)
  const give = (code: string, ...more: string[]) =>
    signedBy('tenant', 'undertaking', 'give', code, 'PLEDGE', ...more)
  const open = (code: string) =>
    by('bureau', 'case', 'open', code, '--matter', 'PREMISES', '--applicant', tenant)
  const pledgeIn = async (code: string) => {
    const found = only(await by('bureau', 'case', 'resolve', code)) as unknown as Resolution
    return found.materials.find(({ material }) => material === 'PLEDGE')
  }

  before(async () => {
    desk = await Desk.open(KEYS)
    const { bureau, tenant: account } = desk.accounts
    const rights = ['--role', 'registrar', '--role', 'user']
    const who = ['--name', '登记（示例）局', '--region', '310110', '--account-key', 'bureau']
    only(await signedBy('authority', 'party', 'accredit', bureau, ...rights, ...who))
    const said = ['--code-type', '001', '--code', '91310110MADEM002XN', '--name', '云启（示例）']
    const register = ['party', 'holder', 'register', ...said, '--account', account]
    tenant = String(only(await signedBy('bureau', ...register))['holder'])
    const owner = bureau.toLowerCase() as `0x${string}`
    const commitment = { exemption: 'commitment', maxGrantDepth: 0 } as const
    const entries = [
      materialType({ code: 'PLEDGE', owner, name: '场所使用证明' }),
      matter({
        code: 'PREMISES',
        owner,
        name: '住所申报',
        materials: [required('PLEDGE', commitment)],
      }),
    ]
    await writeFile(desk.at('catalogue.json'), JSON.stringify(entries))
    expect((await plain('catalogue', 'load', 'catalogue.json')).code).to.equal(0)
    only(await open(CASE))
  })
  after(() => desk?.close())

  it('give signs what is told first, and nothing without a yes', async () => {
    const unsure = await by('tenant', 'undertaking', 'give', CASE, 'PLEDGE')
    expect(unsure.code).to.equal(2)
    expect(unsure.stderr).to.include('现承诺').and.to.include('场所使用证明')
    expect(await pledgeIn(CASE)).to.include({ state: 'open', way: 'commitment' })
    const given = only(await give(CASE))
    expect(given).to.include({ case: CASE, material: 'PLEDGE', created: true })
    undertaking = String(given['id'])
    expect(only(await give(CASE))).to.include({ id: undertaking, created: false })
    expect(await pledgeIn(CASE)).to.include({ state: 'committed' })
  })

  it('give says why where the case asks for no such thing', async () => {
    const refused = await give(CASE, '--role', 'LANDLORD')
    expect(refused.code).not.to.equal(0)
    expect(refused.stderr).to.include('UNDERTAKING_NOT_YOURS')
    const misspelt = await give(CASE, '--role', 'landlord')
    expect(misspelt.code).to.equal(2)
  })

  it('evidence verifies offline, by the account that signed', async () => {
    const file = 'undertaking.evidence.json'
    const fetched = ['undertaking', 'evidence', undertaking, '-o', file, '--wait', 'anchored:30']
    expect((await by('tenant', ...fetched)).code).to.equal(0)
    const trust = ['--trust', desk.at('data', 'trust.json')]
    const { stdout } = await plain('verify', file, ...trust)
    expect(stdout).to.match(/^pass +issuer/m)
    const evidence = await readFile(desk.at(file), 'utf8')
    await writeFile(desk.at(file), evidence.replace('现承诺', '不承诺'))
    const altered = await plain('verify', file, ...trust)
    expect(altered.code).not.to.equal(0)
    expect(altered.stdout).to.include('COMMITMENT_MISMATCH')
  })

  it('check says what came of it, and closes the way in later cases', async () => {
    const why = ['--reason', '现场核查与承诺不符', '--officer', '王科员']
    const check = ['undertaking', 'check', undertaking, '--result', 'broken', ...why]
    expect((await by('tenant', ...check)).stderr).to.include('ROLE_MISSING')
    expect(only(await by('bureau', ...check))).to.include({ result: 'broken', created: true })
    const later = '001900000100002'
    only(await open(later))
    expect(await pledgeIn(later)).to.deep.include({
      way: 'mustSubmit',
      closed: { code: 'UNDERTAKING_BROKEN', undertaking },
    })
    const { stdout } = await plain('case', 'resolve', later, '--key', 'bureau')
    expect(stdout).to.include(`no undertaking: UNDERTAKING_BROKEN ${undertaking}`)
    expect((await give(later)).stderr).to.include('UNDERTAKING_BROKEN')
  })

  it('list and show tell it word for word, by its other name, too', async () => {
    const listed = await by('bureau', 'undertaking', 'list', '--case', CASE)
    expect(jsonLines(listed).map(({ id }) => id)).to.deep.equal([undertaking])
    const own = await by('tenant', 'commitment', 'list', '--holder', tenant)
    expect(jsonLines(own)).to.have.lengthOf(1)
    const shown = await plain('undertaking', 'show', undertaking, '--key', 'tenant')
    expect(shown.stdout).to.include('broken').and.to.include('以上承诺真实、有效')
    expect(shown.stdout).to.include('现场核查与承诺不符')
  })
})
