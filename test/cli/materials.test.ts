import { expect } from 'chai'
import { mkdir, writeFile } from 'node:fs/promises'
import type { OnceClient } from '../../api/client/index.ts'
import { readTokens } from '../../api/tokens.ts'
import { field, materialType } from '../core/catalogue/support.ts'
import { clientOf } from '../imports/support.ts'
import { Desk, only } from './support/desk.ts'
import { jsonLines, once } from './support/once.ts'

const KEYS = { bureau: `0x${'81'.repeat(32)}`, counter: `0x${'82'.repeat(32)}` }
const IDENTIFIER =
  '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.20210000000000012345.001.O'
const REPORT = ['--field', 'fiscalYear=2025', '--field', 'audited=是']

/** A node whose catalogue has a type with fields of every kind, and two departments. */
describe('once submit, import, material and quarantine', function () {
  this.timeout(120_000)
  let desk: Desk<keyof typeof KEYS>
  let client: OnceClient

  const run = (...args: string[]) => desk.run(...args)
  const by: typeof desk.by = (...args) => desk.by(...args)
  const submit = (id: string, ...more: string[]) =>
    run('submit', 'report.txt', '--type', 'AUDIT', '--id', id, ...REPORT, ...more)
  const statementOf = async (id: string) => (await client.material(id)).statement

  before(async () => {
    desk = await Desk.open(KEYS)
    client = await clientOf(desk.node.url, desk.at('data'))
    for (const name of ['bureau', 'counter'] as const) {
      const rights = ['--role', 'registrar', '--role', 'user', '--account-key', name]
      const who = ['--name', `${name}（示例）局`, '--region', '310110']
      const accredit = ['party', 'accredit', desk.accounts[name], ...rights, ...who]
      only(await desk.signedBy('authority', ...accredit))
    }
    await client.catalogue.publish(
      materialType({
        code: 'AUDIT',
        owner: desk.accounts.bureau,
        name: '审计报告',
        formats: ['txt'],
        fields: [
          field('fiscalYear', 'number'),
          field('audited', 'boolean'),
          field('scope', 'array', { required: false }),
          field('result', 'string', { required: false }),
        ],
      }),
    )
    await writeFile(desk.at('report.txt'), '审计报告')
  })
  after(() => desk?.close())

  it('has no entries in its catalogue whose owner is no department', async () => {
    const owner = `0x${'de'.repeat(20)}` as const
    const entry = materialType({ code: 'NOBODY', owner })
    const refused: unknown = await client.catalogue.publish(entry).catch((error: unknown) => error)
    expect(refused).to.deep.include({ kind: 'invalid', code: 'CATALOGUE_OWNER_UNKNOWN' })
    expect(refused).to.have.nested.property('details.owner', owner)
  })

  it('hands fields in as their type has them, from a command line as from a table', async () => {
    const more = ['--field', 'scope=资产；负债;利润', '--field', 'result=2025']
    const submitted = await submit('typed', ...more)
    expect(submitted.code, submitted.stderr).to.equal(0)
    expect((await statementOf('typed'))?.fields).to.deep.equal({
      fiscalYear: 2025,
      audited: true,
      scope: ['资产', '负债', '利润'],
      result: '2025',
    })
  })

  it('takes a field that is given again as a list, whose entries may hold a semicolon', async () => {
    const submitted = await submit('listed', '--field', 'scope=资产;负债', '--field', 'scope=利润')
    expect(submitted.code, submitted.stderr).to.equal(0)
    expect((await statementOf('listed'))?.fields).to.include.deep.property('scope', [
      '资产;负债',
      '利润',
    ])
    const twice = await submit('twice', '--field', 'fiscalYear=2024')
    expect(twice.stderr).to.include('MATERIAL_FIELDS_INVALID').and.include('/fields/fiscalYear')
  })

  it('leaves what is none of its type to the ledger, which says what is expected', async () => {
    const refused = await submit('refused', '--field', 'colour=red', '--field', 'audited=maybe')
    expect(refused.code).to.equal(4)
    expect(refused.stderr).to.include('MATERIAL_FIELDS_INVALID').and.include('/fields/audited')
  })

  it('keeps fields as texts where the catalogue has no such type', async () => {
    const free = ['--type', 'FREE', '--field', 'year=2025', '--field', 'open=true']
    const submitted = await run('submit', 'report.txt', '--id', 'free', ...free)
    expect(submitted.code, submitted.stderr).to.equal(0)
    expect((await statementOf('free'))?.fields).to.deep.equal({ year: '2025', open: 'true' })
  })

  it('says of a type that the catalogue does not have that no case finds it', async () => {
    const mistyped = await run('submit', 'report.txt', '--id', 'mistyped', '--type', 'AUDITT')
    expect(mistyped.code, mistyped.stderr).to.equal(0)
    expect(mistyped.stderr).to.include('The catalogue has no material type AUDITT')
    const known = await submit('known')
    expect(known.code, known.stderr).to.equal(0)
    expect(known.stderr).to.not.include('no material type')
  })

  it('acts as the department whose key is named, which others cannot speak for', async () => {
    const holder = ['--holder', '001:91310110MADEM002XN']
    const counter = [...holder, '--channel', 'counter', '--receipt-mode', '3']
    expect((await submit('own', ...counter, '--key', 'bureau')).code).to.equal(0)
    const statement = await statementOf('own')
    expect(statement).to.include({
      submitter: `department ${desk.accounts.bureau.toLowerCase()}`,
      channel: 'counter',
      receiptMode: 3,
    })
    const next = [...holder, '--supersedes', 'own', '--field', 'result=更正']
    const other = await submit('other', ...next, '--key', 'counter')
    expect(other.stderr).to.include('(MATERIAL_SUPERSEDES_OTHER')
    const own = await submit('next', ...next, '--key', 'bureau')
    expect(own.code, own.stderr).to.equal(0)
    expect(await statementOf('next')).to.include({ supersedes: 'own' })
    const withdraw = ['material', 'withdraw', 'next', '--reason', '误交']
    expect((await by('counter', ...withdraw)).stderr).to.include('MATERIAL_NOT_YOURS')
    expect(only(await by('bureau', ...withdraw))).to.deep.equal({ id: 'next', created: true })
  })

  it('goes by the token that was typed, although the environment names a key', async () => {
    const { token = '' } = (await readTokens(desk.at('data')))?.[0] ?? {}
    const { folder, node } = desk
    const env = { ONCE_URL: node.url, ONCE_KEY: 'nobody', HOME: folder }
    const args = ['--token', token, 'material', 'show', 'typed']
    expect((await once(args, { cwd: folder, env })).code).to.equal(0)
    const byKey = await once(args.slice(2), { cwd: folder, env })
    expect(byKey.stderr).to.include('KEY_NOT_FOUND')
  })

  it('names the certificate that a material is a copy of, and says what is wrong with the name', async () => {
    const option = '--certificate-identifier'
    const wrong = await submit('copy', option, IDENTIFIER.replace(/O$/, 'X'))
    expect(wrong.stderr).to.include('CERTIFICATE_IDENTIFIER')
    expect((await submit('copy', option, IDENTIFIER)).code).to.equal(0)
    expect(await statementOf('copy')).to.include({ certificateIdentifier: IDENTIFIER })
    const { stdout } = await run('material', 'show', 'copy')
    expect(stdout).to.include(`copy of   ${IDENTIFIER}\n`)
    expect(stdout).to.match(/^fields +\{.*"fiscalYear":2025/m)
  })

  it('lets nothing but a single file supersede another, in ways that there are', async () => {
    const cases = [
      ['submit', 'report.txt', 'report.txt', '--type', 'AUDIT', '--supersedes', 'typed'],
      ['submit', 'report.txt', '--type', 'AUDIT', '--channel', 'BANANA'],
      ['submit', 'report.txt', '--type', 'AUDIT', '--receipt-mode', '6'],
    ]
    for (const args of cases) expect((await run(...args)).code, args.join(' ')).to.equal(2)
  })

  it('imports as a department, which decides about what it brought into quarantine', async () => {
    await mkdir(desk.at('files'))
    await writeFile(desk.at('files', 'old.txt'), '旧档案')
    await writeFile(desk.at('old.csv'), 'file,type\nold.txt,UNLISTED\n')
    const imported = await by('bureau', 'import', 'files', '--manifest', 'old.csv')
    expect(imported.code, imported.stderr).to.equal(0)
    expect(jsonLines(await by('counter', 'quarantine', 'list'))).to.deep.equal([])
    const { id } = only(await by('bureau', 'quarantine', 'list'))
    const decide = ['quarantine', 'release', String(id), '--reason', '已核对']
    expect((await by('counter', ...decide)).stderr).to.include('MATERIAL_NOT_YOURS')
    expect(only(await by('bureau', ...decide))).to.deep.equal({ id, created: true })
    const { stdout } = await run('material', 'show', String(id), '--key', 'bureau')
    expect(stdout).to.match(/^state +current\ndoubt +MATERIAL_TYPE_UNKNOWN, released$/m)
    expect(decisionIn(stdout, 'released')).to.equal(`by department ${desk.accounts.bureau}: 已核对`)
  })

  it('decides about all that are named, and says which ones it could not', async () => {
    await writeFile(desk.at('files', 'older.txt'), '更旧的档案')
    await writeFile(desk.at('older.csv'), 'file,type\nolder.txt,UNLISTED\n')
    await by('bureau', 'import', 'files', '--manifest', 'older.csv')
    const { id } = only(await by('bureau', 'quarantine', 'list'))
    const why = ['--reason', '无法核实']
    const rejected = await by('bureau', 'quarantine', 'reject', 'nothing', String(id), ...why)
    expect(rejected.code).to.equal(1)
    const [refused, done] = jsonLines(rejected)
    expect(refused).to.have.nested.property('problem.code', 'MATERIAL_NOT_FOUND')
    expect(done).to.deep.equal({ id, created: true })
    expect(jsonLines(await by('bureau', 'quarantine', 'list'))).to.deep.equal([])
    expect((await by('bureau', 'quarantine', 'reject', 'nothing', ...why)).code).to.equal(4)
    const { stdout } = await run('material', 'show', String(id), '--key', 'bureau')
    expect(decisionIn(stdout, 'rejected')).to.equal(
      `by department ${desk.accounts.bureau}: 无法核实`,
    )
  })
})

/** What a line says after the time. */
function decisionIn(text: string, name: string): string | undefined {
  return new RegExp(`^${name} +\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z, (.*)$`, 'm').exec(text)?.[1]
}
