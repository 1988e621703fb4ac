import { expect } from 'chai'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Holder } from '../../node/core/statement.ts'
import {
  BenefitTown,
  ELDER,
  GIANT,
  GIANTCO,
  TENANT,
  WANG,
  ZHAO,
} from '../scenarios/support/benefitTown.ts'
import { PASSPHRASE, sealCheaply } from './support/keys.ts'
import { jsonLines, once } from './support/once.ts'
import type { OnceResult } from './support/once.ts'

const MONTH = new Date(Date.now() + 8 * 60 * 60 * 1000).toISOString().slice(0, 7)

describe('once benefit and once figures', function () {
  this.timeout(60_000)
  let place: BenefitTown
  let folder: string

  before(async function () {
    this.timeout(120_000)
    folder = await mkdtemp(join(tmpdir(), 'once-benefits-'))
    place = await BenefitTown.found()
    for (const name of ['health', 'science', 'giantco'] as const) {
      const { privateKey } = place[name].wallet
      await writeFile(join(folder, name), await sealCheaply(privateKey), { mode: 0o600 })
    }
    await writeFile(
      join(folder, 'people.csv'),
      `\ufeffcodeType,code\r\n111,${WANG.code}\r\n111,${ZHAO.code}\r\n`,
    )
  })
  after(async () => {
    await place.close()
    await rm(folder, { recursive: true })
  })

  const run = (...args: readonly string[]): Promise<OnceResult> =>
    once(args, {
      cwd: folder,
      env: {
        ONCE_URL: place.site.serving.url,
        ONCE_DATA: place.site.folder,
        ONCE_PASSPHRASE: PASSPHRASE,
      },
    })
  const as = (name: string, ...args: readonly string[]) => run(...args, '--key', join(folder, name))
  const officer = ['--officer', '王科员']
  const checkGiant = ({ codeType, code }: Holder) => {
    const subject = ['--code-type', codeType, '--code', code]
    return as('science', 'benefit', 'check', GIANT, ...subject, ...officer)
  }

  it('checks the people of a table, and exports who qualifies and why not', async () => {
    const checked = await as(
      'health',
      'benefit',
      'batch',
      ELDER,
      'people.csv',
      '--name',
      'spring',
      ...officer,
      '--json',
    )
    expect(checked.code, checked.stderr).to.equal(0)
    expect(jsonLines(checked).map(({ result }) => result)).to.deep.equal([
      'qualified',
      'unqualified',
    ])
    const table = await as('health', 'benefit', 'export', ELDER, '--batch', 'spring', '-o', 'o.csv')
    expect(table.code, table.stderr).to.equal(0)
    const text = await readFile(join(folder, 'o.csv'), 'utf8')
    expect(text).to.match(/^\ufeffcodeType,code,result,why/)
    expect(text).to.include(`111,${ZHAO.code},unqualified,年满65周岁 BENEFIT_CONDITION_FAILED`)
  })

  it('grants to all who qualify, and says that others do not', async () => {
    const file = 'people.ndjson'
    await writeFile(join(folder, file), [WANG, ZHAO].map((one) => JSON.stringify(one)).join('\n'))
    const granted = await as('health', 'benefit', 'batch', ELDER, file, '--grant', ...officer)
    expect(granted.code, granted.stderr).to.equal(1)
    expect(granted.stdout).to.match(/granted +111 310199195506080021\n/)
    expect(granted.stdout).to.include('BENEFIT_CONDITION_FAILED 年满65周岁')
    expect(granted.stderr).to.include('1 granted, 1 refused.')
  })

  it('confirms for a holder, after which it is granted', async () => {
    const subject = ['--code-type', '001', '--code', GIANTCO.code]
    const before = await as('science', 'benefit', 'grant', GIANT, ...subject, ...officer)
    expect([before.code, before.stderr.includes('BENEFIT_CONFIRMATION_MISSING')]).to.deep.equal([
      4,
      true,
    ])
    const { holder } = place.giantco
    const coded = ['--holder', `001:${GIANTCO.code}`]
    expect((await as('giantco', 'benefit', 'confirm', GIANT, ...coded)).code).to.equal(0)
    expect((await as('science', 'benefit', 'grant', GIANT, ...subject, ...officer)).code).to.equal(
      0,
    )
    const seen = await as('giantco', 'benefit', 'list', '--holder', holder, '--json')
    expect(jsonLines(seen)).to.have.length(3)
    const [{ id = '' } = {}] = jsonLines(seen)
    const evidence = await as('giantco', 'benefit', 'evidence', String(id))
    expect(JSON.parse(evidence.stdout)).to.have.nested.property('statement.id', id)
    const check = await as('science', 'benefit', 'check', GIANT, ...subject, ...officer)
    expect([check.code, check.stdout]).to.deep.equal([0, 'Qualifies.\n'])
  })

  it('tells its subject who looked, and what was found', async () => {
    const seen = await as('giantco', 'benefit', 'list', '--holder', `001:${GIANTCO.code}`)
    expect(seen.code, seen.stderr).to.equal(0)
    expect(seen.stdout).to.match(/ checked: qualified\n.*, by 王科员 of .+ \(0x[0-9a-f]{40}\)\n/)
    expect(seen.stdout).to.match(/ confirmed\n.*, by account 0x[0-9a-f]{40}\n/)
  })

  it('says that a batch has nobody, by whose name there is none', async () => {
    const none = await as('health', 'benefit', 'export', ELDER, '--batch', 'sprung')
    expect(none.code).to.equal(0)
    expect(none.stderr).to.include('Nobody is in a batch sprung.')
  })

  it('refuses a table of something else by the line', async () => {
    await writeFile(join(folder, 'wrong.csv'), 'codeType,code\n111,310199195506080021\n7,x\n')
    const wrong = await as('health', 'benefit', 'batch', ELDER, 'wrong.csv', ...officer)
    expect(wrong.code).to.equal(2)
    expect(wrong.stderr).to.include('BENEFIT_SUBJECTS_MALFORMED').and.to.include('"line":3')
    expect(wrong.stderr).to.include('"pointer":"/codeType"')
  })

  it('tells a person in words why somebody does not qualify', async () => {
    const other = await checkGiant(TENANT)
    expect(other.code, other.stderr).to.equal(1)
    expect(other.stdout).to.match(/^Does not qualify\.\n {2}/)
    expect(other.stdout).to.include(
      '  CITY_AWARD: Nothing here shows it: neither a certificate nor a material. (BENEFIT_EVIDENCE_MISSING)\n',
    )
    const grant = ['benefit', 'grant', GIANT, '--code-type', '001', '--code', TENANT.code]
    const refused = await as('science', ...grant, ...officer)
    expect([refused.code, refused.stderr]).to.deep.equal([4, other.stdout])
    const scripted = await as('science', ...grant, ...officer, '--json')
    expect(scripted.code).to.equal(4)
    expect(scripted.stderr).to.include('BENEFIT_NOT_QUALIFIED').and.include('CITY_AWARD')
    expect((await checkGiant(WANG)).stdout).to.equal(
      'Does not qualify.\n  The benefit is not for persons, or not for enterprises. (BENEFIT_TARGET_OTHER)\n',
    )
  })

  it('tells a department its figures, and whoever has the data counts the same', async () => {
    const own = await as('health', 'figures', MONTH, '--json')
    expect(own.code, own.stderr).to.equal(0)
    const [figures] = jsonLines(own) as [{ departments: { benefits: object }[] }]
    expect(figures.departments.map(({ benefits }) => benefits)).to.deep.equal([
      { checked: 4, evidence: 4, qualified: 2, granted: 1 },
    ])
    const csv = await run('figures', MONTH, '--csv')
    expect(csv.stdout).to.match(/^month,department,name,/)
    const said = await run('figures', MONTH, '--json')
    await writeFile(join(folder, 'said.json'), said.stdout)

    // An auditor's copy, made while nothing runs.
    await place.site.serving.close()
    const copy = join(folder, 'copy')
    await cp(place.site.folder, copy, { recursive: true })
    const counted = await run('figures', MONTH, '--data', copy, '--json')
    expect(jsonLines(counted)).to.deep.equal(jsonLines(said))
    const right = await run('figures', '--data', copy, '--against', 'said.json')
    expect([right.code, right.stderr]).to.deep.equal([0, 'The log says the same.\n'])

    const [all] = jsonLines(said) as [{ departments: { reused: number }[] }]
    const better = { ...all, departments: all.departments.map((one) => ({ ...one, reused: 99 })) }
    await writeFile(join(folder, 'better.json'), JSON.stringify(better))
    const wrong = await run('figures', '--data', copy, '--against', 'better.json')
    expect(wrong.code).to.equal(1)
    expect(wrong.stdout).to.match(/0x[0-9a-f]{40} reused: said 99, counted 0/)
  })
})
