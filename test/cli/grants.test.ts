import { expect } from 'chai'
import { readFile, stat, writeFile } from 'node:fs/promises'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { makePng } from '../derived/support/pictures.ts'
import { makePdf } from '../derived/support/samples.ts'
import { shorten } from '../../node/core/acts/phrases.ts'
import { Desk } from './support/desk.ts'
import { jsonLines, NO_NETWORK, once } from './support/once.ts'
import type { OnceResult } from './support/once.ts'

const PROPERTY = '11100000MB03271699001'
/** Of no use but here. */
const KEYS = {
  bureau: `0x${'b1'.repeat(32)}`,
  landlord: `0x${'b2'.repeat(32)}`,
  agent: `0x${'b3'.repeat(32)}`,
  shop: `0x${'b4'.repeat(32)}`,
}
const CODE = '001:91310110MADEM0011Y'
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
  location: '杨浦区示例路100号8层',
  usage: '办公',
  area: '812.50',
}
const CASE = ['--case', '001900000100001', '--matter', '310190010000']
const WHY = ['--officer', '孙窗口', '--cause', '住所变更', '--copy', '--fields', 'location,owners']

describe('once party, certificate, grant and use', function () {
  this.timeout(120_000)
  let desk: Desk<keyof typeof KEYS>
  let certificate: string
  let holder: string
  let grant: string

  const run = (...args: string[]) => runWith({}, ...args)
  const runWith = (env: Record<string, string>, ...args: string[]) =>
    desk.runWith(env, '--json', ...args)
  const check = (...args: string[]) => runWith(NO_NETWORK, 'verify', ...args)
  const verify = (...more: string[]) => check('use.evidence.json', 'copy.json', ...more)
  const by = (key: string, ...args: string[]) => run(...args, '--key', key, '--yes')

  before(async () => {
    desk = await Desk.open(KEYS)
  })
  after(() => desk?.close())

  it('accredits a department that agrees by its own key, and tells what it may do', async () => {
    const { bureau } = desk.accounts
    const rights = ['--role', 'issuer', '--role', 'registrar', '--role', 'user', '--every-type']
    const who = ['--name', '登记（示例）局', '--region', '310110', '--code', '12310000MBDEM0293B']
    const alone = await by('authority', 'party', 'accredit', bureau, ...rights)
    expect(alone.code).to.equal(2)
    const done = await by(
      'authority',
      'party',
      'accredit',
      bureau,
      ...rights,
      ...who,
      '--account-key',
      'bureau',
    )
    expect(done.code, done.stderr).to.equal(0)
    const { sentence } = only(done) as { sentence: { zh: string; en: string } }
    expect(sentence.en).to.include('accredits')
    expect(sentence.zh).to.include('认可')
    expect(only(await run('party', 'show', bureau))).to.deep.include({
      name: '登记（示例）局',
      region: '310110',
      everyType: true,
      standing: 'good',
    })
  })

  it('accredits nobody for a type whose code is none', async () => {
    const { shop } = desk.accounts
    const who = ['--name', '示例店', '--region', '310110', '--code', '12310000MBDEM0293B']
    const rights = ['--role', 'issuer', '--type', 'T'.repeat(33), '--account-key', 'shop']
    const refused = await by('authority', 'party', 'accredit', shop, ...rights, ...who)
    expect(refused.stderr).to.include('CERTIFICATE_TYPE_MALFORMED')
    expect((await run('party', 'show', shop)).stderr).to.include('DEPARTMENT_UNKNOWN')
  })

  it('signs nothing where nobody can be asked and --yes was not given', async () => {
    const { bureau } = desk.accounts
    const refused = await run('party', 'suspend', bureau, '--key', 'authority')
    expect(refused.code).to.equal(2)
    expect(refused.stderr).to.include('suspends').and.include('暂停')
    expect(only(await run('party', 'show', bureau))).to.include({ standing: 'good' })
  })

  it('registers a holder under a salted id, and issues a certificate to it', async () => {
    const { landlord } = desk.accounts
    const registered = await by(
      'bureau',
      'party',
      'holder',
      'register',
      '--code-type',
      '001',
      '--code',
      '91310110MADEM0011Y',
      '--name',
      '滨江置业（示例）公司',
      '--account',
      landlord,
    )
    expect(registered.code, registered.stderr).to.equal(0)
    holder = String(only(registered)['holder'])
    await writeFile(desk.at('fields.json'), JSON.stringify(FIELDS))
    const issued = await by(
      'bureau',
      'certificate',
      'issue',
      'fields.json',
      '--type',
      PROPERTY,
      '--holder',
      holder,
    )
    expect(issued.code, issued.stderr).to.equal(0)
    certificate = String(only(issued)['id'])
    expect(only(issued)).to.include({
      identifier: `1.2.156.3005.2.${PROPERTY}.12310000MBDEM0293B.20210000000000012345.001.O`,
    })
  })

  it('shows names below what will be signed, as what the ledger says', async () => {
    const issue = ['certificate', 'issue', 'fields.json', '--type', PROPERTY, '--holder', CODE]
    const refused = await run(...issue, '--key', 'bureau')
    expect(refused.code).to.equal(2)
    expectNamed(refused, [desk.accounts.bureau, '登记（示例）局'], [holder, '滨江置业（示例）公司'])
  })

  it('issues a certificate in the place of another, to a holder that is named by its code', async () => {
    const to = ['--type', PROPERTY, '--holder', CODE, '--edition']
    const issued = await by('bureau', 'certificate', 'issue', 'fields.json', ...to, '002')
    const old = String(only(issued)['id'])
    const replaced = await by('bureau', 'certificate', 'replace', old, 'fields.json', ...to, '003')
    expect(replaced.code, replaced.stderr).to.equal(0)
    const [made, lapsed] = jsonLines(replaced)
    expect(lapsed).to.include({ id: old, status: '05' })
    const status = (id: unknown) =>
      run('certificate', 'status', String(id), '--key', 'landlord').then(only)
    expect(await status(old)).to.include({ code: '05', usable: false })
    expect(await status(made?.['id'])).to.include({ code: '01', usable: true })
    const shown = only(await run('certificate', 'show', String(made?.['id']), '--key', 'landlord'))
    expect(shown).to.have.nested.property('lineage.replaces', old)
    expect(shown).to.have.deep.nested.property('statement.holders', [holder])
    const unknown = ['--type', PROPERTY, '--holder', '001:91310110MADEM002XN']
    const nobody = await by('bureau', 'certificate', 'issue', 'fields.json', ...unknown)
    expect([nobody.code, codeIn(nobody)]).to.deep.equal([4, 'HOLDER_CODE_UNKNOWN'])
  })

  it('suspends a certificate and lets it be used again; what is final it names so', async () => {
    expect((await by('bureau', 'certificate', 'suspend', certificate)).code).to.equal(0)
    const status = () => run('certificate', 'status', certificate, '--key', 'landlord')
    expect(only(await status())).to.include({ code: '02', usable: false })
    expect((await by('bureau', 'certificate', 'resume', certificate)).code).to.equal(0)
    expect(only(await status())).to.include({ code: '01', usable: true })
  })

  it('shows fields of a certificate offline, to whoever drew the nonce', async () => {
    const file = ['-o', 'certificate.jwt']
    await run('certificate', 'show', certificate, '--key', 'landlord', ...file)
    const to = ['--nonce', 'n-1', '--audience', '银行']
    const presented = await runWith(
      NO_NETWORK,
      'certificate',
      'present',
      'certificate.jwt',
      '--fields',
      'owners',
      ...to,
      '--key',
      'landlord',
      '--yes',
      '-o',
      'shown.jwt',
    )
    expect(presented.code, presented.stderr).to.equal(0)
    const check = (nonce: string) =>
      runWith(
        NO_NETWORK,
        'certificate',
        'check-presentation',
        'shown.jwt',
        '--nonce',
        nonce,
        '--audience',
        '银行',
        '--issuer-account',
        desk.accounts.bureau,
        '--holder-account',
        desk.accounts.landlord,
      )
    expect(only(await check('n-1'))).to.deep.include({ fields: { owners: FIELDS.owners } })
    const other = await check('n-2')
    expect(other.code).to.equal(1)
    expect(codeIn(other)).to.equal('PRESENTATION_NONCE_WRONG')
  })

  it('grants from lists of the holder, and refuses to pass on more than that', async () => {
    const { agent, bureau } = desk.accounts
    await run(
      'grant',
      'new',
      'scope.json',
      '--certificate',
      `${PROPERTY}=certNo,location,owners`,
      '--matter',
      '310190010000/310110',
      '--may',
      'copy',
    )
    const give = ['grant', 'give', '--scope', 'scope.json', '--until', '2090-01-01', '--uses', '1']
    const shown = await run(...give, '--holder', CODE, '--to', bureau, '--key', 'landlord')
    expect(shown.code).to.equal(2)
    expectNamed(shown, [bureau, '登记（示例）局'], [holder, '滨江置业（示例）公司'])
    const other = ['--holder', '001:91310110MADEM002XN', '--to', agent]
    expect(codeIn(await by('landlord', ...give, ...other))).to.equal('HOLDER_CODE_UNKNOWN')
    const given = await by('landlord', ...give, '--holder', CODE, '--to', agent, '--depth', '1')
    expect(given.code, given.stderr).to.equal(0)
    grant = String(only(given)['grant'])
    const wider = await by(
      'agent',
      'grant',
      'give',
      '--parent',
      grant,
      '--to',
      bureau,
      '--until',
      '2091-01-01',
    )
    expect(wider.code).to.equal(4)
    expect(codeIn(wider)).to.equal('GRANT_WINDOW_WIDENED')
    expect(only(await run('grant', 'list', '--key', 'agent'))).to.include({
      id: grant,
      standing: 'live',
      used: 0,
    })
  })

  it('lets a department use it once, by what the grantee prepared, with a receipt that passes offline', async () => {
    const { bureau } = desk.accounts
    const prepared = await by(
      'agent',
      'use',
      'prepare',
      certificate,
      '--user',
      bureau,
      '--grant',
      grant,
      ...CASE,
      ...WHY,
      '-o',
      'prepared.json',
    )
    expect(prepared.code, prepared.stderr).to.equal(0)
    expect((await stat(desk.at('prepared.json'))).mode & 0o077).to.equal(0)
    const request = ['use', 'request', '--prepared', 'prepared.json']
    const files = ['-o', 'copy.json', '--evidence', 'first.evidence.json']
    const used = await by('bureau', ...request, ...files)
    expect(used.code, used.stderr).to.equal(0)
    const use = String(only(used)['id'])
    expect(only(await check('first.evidence.json', 'copy.json'))).to.include({ result: 'pass' })
    expect(codeIn(await by('bureau', ...request))).to.equal('USE_ALREADY_MADE')
    const file = ['--wait', 'anchored', '-o', 'use.evidence.json']
    expect((await run('use', 'evidence', use, '--key', 'bureau', ...file)).code).to.equal(0)
    const passed = await verify()
    expect(only(passed)).to.include({ result: 'pass' })
    expect(passed.code).to.equal(0)
    const past = await verify('--at', '2020-01-01')
    expect(codesIn(past)).to.include('STATUS_BEFORE_ISSUE')
    expect(past.code).to.equal(1)
    const seen = await run('use', 'list', '--holder', holder, '--key', 'landlord')
    expect(jsonLines(seen).map(({ id, result }) => [id, result])).to.deep.equal([[use, 'released']])
  })

  it('shows each hop of a verdict to people, and who granted to whom', async () => {
    const { stdout } = await once(['verify', 'use.evidence.json', 'copy.json'], {
      cwd: desk.folder,
      env: { ONCE_DATA: desk.at('data'), ...NO_NETWORK },
    })
    expect(stdout).to.match(/^pass {5}grant .*\n {21}hop 1: 0x\S+ to 0x\S+$/m)
  })

  it('fetches a whole material marked, as a document that verifies by itself', async () => {
    const { bureau } = desk.accounts
    await writeFile(desk.at('plan.png'), makePng(40, 30))
    const owner = ['--holder', '001:91310110MADEM0011Y', '--id', 'plan-1', '--type', 'PLAN']
    const submitted = await run('submit', 'plan.png', '-o', 'plan.json', ...owner)
    expect(submitted.code, submitted.stderr).to.equal(0)
    const lists = ['--material', 'plan-1', '--may', 'copy', '--matter', '310190010000']
    await run('grant', 'new', 'plan.scope.json', ...lists)
    const to = ['--holder', holder, '--to', bureau, '--until', '2090-01-01', '--uses', '0']
    const given = await by('landlord', 'grant', 'give', '--scope', 'plan.scope.json', ...to)
    expect(given.code, given.stderr).to.equal(0)
    const why = [...CASE, '--officer', '孙窗口', '--cause', '住所变更', '--copy']
    const asked = ['plan-1', '--grant', String(only(given)['grant']), ...why]
    const used = await by('bureau', 'use', 'request', ...asked, '--document', 'plan.pdf')
    expect(used.code, used.stderr).to.equal(0)

    expect(only(await check('plan.pdf'))).to.include({ result: 'pass' })
    expect(codesIn(await check('plan.pdf', '--at', '2089-01-01'))).to.include(
      'DERIVED_COPY_EXPIRED',
    )
    expect((await check('plan.pdf', 'plan.png')).code).to.equal(2)
    const use = String(only(used)['id'])
    const fetched = await run('use', 'document', use, '--key', 'bureau')
    expect(only(fetched)).to.deep.equal({ file: `${use}.pdf`, mediaType: 'application/pdf' })
    expect(only(await check(`${use}.pdf`))).to.include({ result: 'pass' })
    const { stdout } = await once(['verify', 'plan.pdf'], {
      cwd: desk.folder,
      env: { ONCE_DATA: desk.at('data'), ...NO_NETWORK },
    })
    expect(stdout).to.include('The document is the one that was handed out')
    await writeFile(desk.at('other.pdf'), await makePdf())
    const other = await check('other.pdf')
    expect(other.code).to.equal(1)
    expect(codesIn(other)).to.deep.equal(['DERIVED_COPY_MALFORMED'])
  })

  it('ends a grant, and all that an account granted', async () => {
    const revoked = await by('landlord', 'grant', 'revoke', grant)
    expect(revoked.code, revoked.stderr).to.equal(0)
    const shown = only(await run('grant', 'show', grant, '--key', 'agent')) as {
      grants: { standing: string; because: { code: string } }[]
    }
    expect(shown.grants[0]).to.include({ standing: 'dead' })
    expect(shown.grants[0]?.because.code).to.equal('GRANT_IS_REVOKED')
    expect((await by('landlord', 'grant', 'end-all')).code).to.equal(0)
  })

  it('lets a department act by another account, and withdraws it', async () => {
    const { bureau, agent } = desk.accounts
    const rekeyed = await by('authority', 'party', 'rekey', bureau, '--account-key', 'agent')
    expect(rekeyed.code, rekeyed.stderr).to.equal(0)
    expect(only(await run('party', 'show', bureau))).to.include({ account: agent })
    const old = await by('bureau', 'certificate', 'revoke', certificate)
    expect(old.code).to.equal(4)
    expect((await by('agent', 'certificate', 'revoke', certificate)).code).to.equal(0)
    expect((await by('authority', 'party', 'withdraw', bureau)).code).to.equal(0)
    expect(only(await run('party', 'show', bureau))).to.include({ standing: 'withdrawn' })
  })

  it('signs nothing for registries that the trust file does not name', async () => {
    const path = desk.at('data', 'trust.json')
    const trust = JSON.parse(await readFile(path, 'utf8')) as { registries: { grants: string } }
    trust.registries.grants = `0x${'66'.repeat(20)}`
    await writeFile(desk.at('other.json'), JSON.stringify(trust))
    const env = { ONCE_TRUST: desk.at('other.json') }
    const refused = await runWith(env, 'grant', 'end-all', '--key', 'landlord', '--yes')
    expect(codeIn(refused)).to.equal('REGISTRIES_OTHER')
  })

  it('makes the mirror of a stopped node anew', async () => {
    const { bureau } = desk.accounts
    const running = await run('mirror', 'rebuild')
    expect(codeIn(running)).to.equal('DATA_FOLDER_IN_USE')
    await desk.node.stop()
    expect((await run('mirror', 'rebuild')).code).to.equal(0)
    await desk.restart()
    await untilReady(desk.node.url)
    expect(only(await run('party', 'show', bureau))).to.include({ standing: 'withdrawn' })
  })
})

/** Until it knows again how the registries stand. */
async function untilReady(url: string): Promise<void> {
  while (!(await fetch(`${url}/readyz`)).ok) await new Promise(setImmediate)
}

function only(result: OnceResult): Record<string, unknown> {
  const [found] = jsonLines(result)
  if (found === undefined) throw new Error(`nothing was told: ${result.stderr}`)
  return found
}

function codeIn({ stderr }: OnceResult): string {
  return (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string } }).error
    .code
}

function codesIn(result: OnceResult): unknown[] {
  return (only(result)['checks'] as { code: string }[]).map(({ code }) => code)
}

/** Names stand below the words, beside what they are names of; the words have none of them. */
function expectNamed({ stderr }: OnceResult, ...named: (readonly [id: string, name: string])[]) {
  const [words = '', said = ''] = stderr.split('The ledger says, and it is not signed:\n')
  for (const [id, name] of named) {
    expect(words)
      .to.include(shorten(id as Hex))
      .and.not.include(name)
    expect(said).to.include(`  ${shorten(id as Hex)}  ${name}\n`)
  }
}
