import { expect } from 'chai'
import fc from 'fast-check'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  parseCertificateItem,
  parseMaterialItem,
  parsePurpose,
} from '../../api/cli/granting/lists.ts'
import { parsePlaces } from '../../api/cli/granting/places.ts'
import { readScopeFile } from '../../api/cli/granting/scopeFile.ts'
import { bitsOf, maskOf } from '../../api/client/index.ts'
import { readScope, scopeOf } from '../../node/core/grants/scope.ts'
import { codeOf } from '../support/codes.ts'
import { jsonLines, once } from './support/once.ts'

const DEPARTMENT = `0x${'b2'.repeat(20)}`

describe('places on a list', () => {
  it('are counted from 1, in any order, each once', () => {
    expect(parsePlaces('3-5, 1,4')).to.deep.equal([0, 2, 3, 4])
    expect(parsePlaces('256')).to.deep.equal([255])
    expect(parsePlaces('all')).to.equal('all')
  })

  for (const text of ['', '0', '257', '2-1', '1-257', 'a', '1;2'])
    it(`are not ${JSON.stringify(text)}`, () => {
      expect(() => parsePlaces(text)).to.throw()
    })

  it('are the bits of a mask', () => {
    expect(maskOf([0, 2])).to.equal(`0x${'0'.repeat(63)}5`)
    expect(maskOf([255])).to.equal(`0x8${'0'.repeat(63)}`)
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(255)), (places) => {
        const sorted = places.toSorted((a, b) => a - b)
        expect(bitsOf(maskOf(places))).to.deep.equal(sorted)
      }),
    )
  })
})

describe('items and purposes as they are typed', () => {
  it('name a material, fields of it, or fields of a type', () => {
    expect(parseMaterialItem('lease')).to.deep.equal({ material: 'lease' })
    expect(parseMaterialItem('lease=rent,area')).to.deep.equal({
      material: 'lease',
      fields: ['area', 'rent'],
    })
    expect(parseCertificateItem('T1=b,a')).to.deep.equal({
      certificateType: 'T1',
      fields: ['a', 'b'],
    })
    expect(() => parseCertificateItem('T1')).to.throw()
  })

  it('name a matter, and where wanted department and region', () => {
    expect(parsePurpose('31')).to.deep.equal({ matter: '31' })
    expect(parsePurpose('31/310110')).to.deep.equal({ matter: '31', region: '310110' })
    expect(parsePurpose(`31@${DEPARTMENT.toUpperCase().replace('0X', '0x')}/310110`)).to.deep.equal(
      {
        matter: '31',
        department: DEPARTMENT,
        region: '310110',
      },
    )
  })
})

describe('once grant new', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-scope-'))
  })
  after(() => rm(folder, { recursive: true }))

  const run = (...args: string[]) => once(['--json', 'grant', 'new', ...args], { cwd: folder })
  const lists = [
    '--certificate',
    '11100000MB03271699001=owners,location',
    '--matter',
    '310190010000',
  ]

  it('writes the lists with a seed of their own, which its owner alone may read', async () => {
    const made = await run('scope.json', ...lists, '--may', 'copy')
    expect(made).to.include({ code: 0, stderr: '' })
    const path = join(folder, 'scope.json')
    const document = readScope(JSON.parse(await readFile(path, 'utf8')))
    expect(document.items).to.deep.equal([
      { certificateType: '11100000MB03271699001', fields: ['location', 'owners'], may: 'copy' },
    ])
    expect(jsonLines(made)[0]).to.include({ scope: scopeOf(document) })
    expect(made.stdout).not.to.include(document.seed)
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    const other = await run('other.json', ...lists)
    expect(jsonLines(other)[0]?.['scope']).not.to.equal(scopeOf(document))
  })

  it('never writes over a file, whose grants nobody could use any more', async () => {
    const before = await readFile(join(folder, 'scope.json'))
    const again = await run('scope.json', ...lists)
    expect(again.code).to.equal(4)
    expect(again.stderr).to.include('SCOPE_FILE_TAKEN')
    expect(await readFile(join(folder, 'scope.json'))).to.deep.equal(before)
  })

  for (const [what, args, code] of [
    ['no purpose', ['--material', 'lease'], 'USAGE'],
    ['no item', ['--matter', '31'], 'USAGE'],
    [
      'what is neither read nor copied',
      ['--material', 'a', '--matter', '31', '--may', 'sell'],
      'SCOPE_MALFORMED',
    ],
    ['an item twice', ['--material', 'a', '--material', 'a', '--matter', '31'], 'SCOPE_MALFORMED'],
  ] as const)
    it(`refuses ${what}`, async () => {
      const refused = await run('x.json', ...args)
      expect(refused.stderr).to.include(code)
    })

  it('opens no document that others may read', async () => {
    const path = join(folder, 'other.json')
    await chmod(path, 0o640)
    expect(await codeOf(readScopeFile(path))).to.equal('SCOPE_FILE_EXPOSED')
  })
})
