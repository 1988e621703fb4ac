import { expect } from 'chai'
import { encryptKeystoreJson, Wallet } from 'ethers'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDepartments } from '../../api/client/cataloguing/departments.ts'
import { readCatalogueFile } from '../../api/client/cataloguing/files.ts'
import { OnceClient } from '../../api/client/index.ts'
import type { CatalogueNames } from '../../api/client/index.ts'
import type { Department } from '../../api/http/departments/schema.ts'
import { seedCatalogue } from '../../node/catalogue/seed.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { TOKENS } from '../api/support/api.ts'
import { jsonLines, once } from '../cli/support/once.ts'
import { materialType, matter, OWNER, required, theme } from '../core/catalogue/support.ts'
import { codeOf } from '../support/codes.ts'
import { startCatalogueApi } from './support/api.ts'
import type { CatalogueApi } from './support/api.ts'
import { TODAY, TOMORROW } from './support/service.ts'

const PASSPHRASE = 'correct horse battery'
const wallet = new Wallet(`0x${'c5'.repeat(32)}`)
const department = wallet.address.toLowerCase() as Hex

describe('once catalogue', () => {
  let api: CatalogueApi
  let folder: string
  before(async () => {
    api = await startCatalogueApi()
    folder = await mkdtemp(join(tmpdir(), 'once-catalogue-'))
    const { address, privateKey } = wallet
    // A cheap one: nobody guesses here.
    const options = { scrypt: { N: 2, r: 1, p: 1 } }
    const key = await encryptKeystoreJson({ address, privateKey }, PASSPHRASE, options)
    await writeFile(join(folder, 'key.json'), key, { mode: 0o600 })
  })
  after(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const env = { ONCE_PASSPHRASE: PASSPHRASE, ONCE_TOKEN: TOKENS.operator }
  const run = (...args: string[]) =>
    once(['--json', '--url', api.url, 'catalogue', ...args], { cwd: folder, env })
  const write = (name: string, value: unknown) =>
    writeFile(join(folder, name), JSON.stringify(value))
  const signed = ['--key', './key.json']

  it('load publishes the seed by the token of an operator, and again without a change', async () => {
    const departments = ['--departments', 'map.json', '--owner', OWNER]
    await write('map.json', { 'YP-SCJ': department })
    const first = await run('load', 'seed', ...departments)
    expect(first).to.include({ code: 0, stderr: '' })
    const results = jsonLines(first)
    expect(results).to.have.lengthOf(70)
    expect(new Set(results.map(({ result }) => result))).to.deep.equal(new Set(['published']))
    const again = jsonLines(await run('load', 'seed', ...departments))
    expect(new Set(again.map(({ result }) => result))).to.deep.equal(new Set(['present']))
    expect(api.parts.ledger.size).to.equal(70)
    expect(api.catalogue.get('matter', 'CO_ADDR_CHANGE', TODAY).owner).to.equal(department)
    expect(api.catalogue.get('matter', 'MED_AID', TODAY).owner).to.equal(OWNER)
  })

  it('load says which departments nobody knows, and publishes nothing', async () => {
    const { code, stdout, stderr } = await run('load', 'seed')
    expect({ code, stdout }).to.deep.equal({ code: 4, stdout: '' })
    const { error } = JSON.parse(stderr) as { error: { code: string; details: object } }
    expect(error.code).to.equal('CATALOGUE_DEPARTMENT_UNKNOWN')
    expect(error.details).to.have.property('departments').that.includes('YP-SCJ')
  })

  it('load goes on after an entry that is refused, says why, and ends with 1', async () => {
    const owner = department
    await write('some.json', [
      materialType({ code: 'NEW_A', owner }),
      matter({ code: 'NEW_B', owner, materials: [required('NONE')] }),
      theme(['FOOD_NEW'], 'NEW_C'),
    ])
    const result = await run('load', 'some.json')
    expect(result.code).to.equal(1)
    const lines = jsonLines(result)
    expect(lines.map(({ code, result }) => [code, result])).to.deep.equal([
      ['NEW_A', 'published'],
      ['NEW_B', 'refused'],
      ['NEW_C', 'published'],
    ])
    expect(lines[1]?.['problem']).to.include({ code: 'CATALOGUE_REFERENCE_UNKNOWN' })
  })

  it('load by a key publishes what the department of the key owns, and leaves the rest', async () => {
    await write('both.json', [
      materialType({ code: 'MINE', owner: department }),
      materialType({ code: 'THEIRS' }),
    ])
    const result = await run('load', 'both.json', ...signed)
    expect(jsonLines(result).map(({ code }) => code)).to.deep.equal(['MINE'])
    const { by } = api.catalogue.getVersion('materialType', 'MINE', 1)
    expect(by).to.equal(`department ${department}`)
  })

  it('publish takes the next version of what a department owns', async () => {
    const { entry } = api.catalogue.getVersion('theme', 'OPEN_RESTAURANT', 1)
    const mine = {
      ...materialType({ code: 'MINE', owner: department }),
      version: 2,
      from: TOMORROW,
    }
    await write('mine.json', mine)
    expect(await run('publish', 'mine.json', ...signed)).to.include({ code: 0 })
    await write('theirs.json', { ...entry, version: 2, from: TOMORROW })
    const refused = await run('publish', 'theirs.json', ...signed)
    expect(refused.code).to.equal(1)
    expect(jsonLines(refused)[0]?.['problem']).to.deep.include({
      code: 'CATALOGUE_OWNER_NEEDED',
      details: { owner: OWNER },
    })
  })

  it('show tells all of a kind, one of a day or version, and its history', async () => {
    const codes = async (...args: string[]) =>
      jsonLines(await run('show', ...args)).map(
        ({ entry }) =>
          `${(entry as { code: string }).code} ${(entry as { version: number }).version}`,
      )
    expect(await codes('benefit')).to.have.lengthOf(17)
    expect(await codes('materialType', 'MINE')).to.deep.equal(['MINE 1'])
    expect(await codes('materialType', 'MINE', '--on', TOMORROW)).to.deep.equal(['MINE 2'])
    expect(await codes('materialType', 'MINE', '--edition', '1')).to.deep.equal(['MINE 1'])
    expect(await codes('materialType', 'MINE', '--history')).to.deep.equal(['MINE 1', 'MINE 2'])
    const text = await once(['--url', api.url, 'catalogue', 'show', 'theme', 'OPEN_RESTAURANT'])
    expect(text.stdout).to.include('开饭店一件事').and.include('FOOD_NEW')
    expect((await run('show', 'form')).code).to.equal(2)
    expect((await run('show', 'matter', 'NONE')).code).to.equal(4)
  })
})

describe('the client of the catalogue', () => {
  let api: CatalogueApi
  before(async () => {
    api = await startCatalogueApi()
  })
  after(() => api.close())

  it('publishes and reads, the same way over HTTP', async () => {
    const { catalogue } = new OnceClient({ url: api.url, token: TOKENS.operator, tries: 1 })
    const lease = materialType()
    const { created, evidence } = await catalogue.publish(lease)
    expect(created).to.equal(true)
    expect((await catalogue.publish(lease)).created).to.equal(false)
    expect(parseEvidence(Buffer.from(evidence)).statement).to.deep.include({ entry: lease })
    const matters = ['A', 'B'].map((code) => matter({ code, materials: [required('LEASE')] }))
    for (const one of matters) await catalogue.publish(one)
    await catalogue.publish(theme(['A', 'B']))
    expect((await catalogue.get('materialType', 'LEASE')).entry).to.deep.equal(lease)
    expect((await catalogue.getVersion(lease)).index).to.equal(0)
    expect(await catalogue.history('matter', 'A')).to.have.lengthOf(1)
    const found = await Array.fromAsync(catalogue.list('matter'))
    expect(found.map(({ entry }) => entry)).to.deep.equal(matters)
    const { materials } = await catalogue.materialsOfTheme('OPEN_SHOP')
    expect(materials.map(({ askedBy }) => askedBy.length)).to.deep.equal([2])
    const { statement } = parseEvidence(Buffer.from(await catalogue.evidence(lease)))
    expect(statement).to.deep.include({ entry: lease })
    expect(await codeOf(catalogue.get('matter', 'A', '2022-12-31'))).to.equal(
      'CATALOGUE_NOT_IN_FORCE',
    )
  })
})

describe('loading a catalogue by the client', () => {
  let api: CatalogueApi
  let folder: string
  beforeEach(async () => {
    api = await startCatalogueApi()
    folder = await mkdtemp(join(tmpdir(), 'once-catalogue-'))
  })
  afterEach(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const client = (token: string = TOKENS.operator) =>
    new OnceClient({ url: api.url, token, tries: 1 })
  const loaded = async (documents: unknown, names: CatalogueNames = {}) =>
    (await Array.fromAsync(client().catalogue.load(documents, names))).map((outcome) => [
      outcome.code,
      'error' in outcome ? outcome.error.code : outcome.created,
    ])

  it('takes documents in any order, and leaves what is there as it is', async () => {
    const entries = [
      matter({ code: 'B', materials: [required('LEASE')] }),
      materialType({ code: 'LEASE' }),
    ]
    expect(await loaded(entries)).to.deep.equal([
      ['LEASE', true],
      ['B', true],
    ])
    expect(await loaded([...entries, materialType({ code: 'LATER' })])).to.deep.equal([
      ['LEASE', false],
      ['LATER', true],
      ['B', false],
    ])
    expect(api.parts.ledger.size).to.equal(3)
  })

  it('reports each that is refused, as the ledger says it, and goes on', async () => {
    await loaded(materialType({ code: 'LEASE' }))
    const other = materialType({ code: 'LEASE', name: '别名' })
    expect(await loaded([other, materialType({ code: 'NEXT' })])).to.deep.equal([
      ['LEASE', 'CATALOGUE_VERSION_TAKEN'],
      ['NEXT', true],
    ])
  })

  it('stops where it is no matter of the entry, and goes on from there the next time', async () => {
    const entries = [materialType({ code: 'A' }), materialType({ code: 'B' })]
    const nobody = client('nobody-knows-this-token').catalogue
    expect(await codeOf(Array.fromAsync(nobody.load(entries)))).to.equal('TOKEN_UNKNOWN')
    expect(api.parts.ledger.size).to.equal(0)
  })

  it('publishes nothing of what is no catalogue, or names departments that nobody knows', async () => {
    expect(await codeOf(loaded({ entries: [{}] }))).to.equal('CATALOGUE_FILE_MALFORMED')
    expect(await codeOf(loaded(materialType({ owner: 'YP-SCJ' as Hex })))).to.equal(
      'CATALOGUE_DEPARTMENT_UNKNOWN',
    )
    expect(api.parts.ledger.size).to.equal(0)
    const departments = new Map([['YP-SCJ', department]])
    expect(await loaded(materialType({ owner: 'YP-SCJ' as Hex }), { departments })).to.deep.equal([
      ['LEASE', true],
    ])
    expect(api.catalogue.get('materialType', 'LEASE', TODAY).owner).to.equal(department)
  })

  it('reads a folder as if its files were one, and says in which one something is wrong', async () => {
    const write = (name: string, value: unknown) =>
      writeFile(join(folder, name), JSON.stringify(value))
    await write('1-matters.json', [matter({ code: 'B', materials: [required('LEASE')] })])
    await write('2-types.json', { entries: [materialType({ code: 'LEASE' })] })
    await writeFile(join(folder, 'notes.txt'), 'not a document')
    expect(await loaded(await readCatalogueFile(folder))).to.deep.equal([
      ['LEASE', true],
      ['B', true],
    ])
    await write('3-wrong.json', { entries: 'none' })
    const error: unknown = await readCatalogueFile(folder).catch((thrown: unknown) => thrown)
    expect(error).to.deep.include({ code: 'CATALOGUE_FILE_MALFORMED' })
    expect(error).to.have.nested.property('details.file', join(folder, '3-wrong.json'))
  })
})

const departmentAt = (address: Hex, code?: string) =>
  ({ address, ...(code && { code }) }) as Department
const address = (digit: number) => `0x${String(digit).repeat(40)}` as const
/** 1 above 2 and 3, 2 above 4. */
const tree = (codes: Readonly<Record<number, string | undefined>>) => ({
  authority: async () => departmentAt(address(1), codes[1]),
  async *list(above?: Hex) {
    const below = { [address(1)]: [2, 3], [address(2)]: [4] }[above ?? address(1)] ?? []
    for (const digit of below) yield departmentAt(address(digit), codes[digit])
  },
})
const absent = () => Promise.reject(new LedgerError('notFound', 'ROUTE_NOT_FOUND'))

describe('departments of a file', () => {
  const { departments } = seedCatalogue()
  const [first, second] = departments
  const none = new Map<string, Hex>()

  it('are found by the credit code that they were described with, however deep', async () => {
    const found = await findDepartments(
      departments,
      none,
      tree({ 1: 'X', 3: first?.uscc, 4: second?.uscc }),
    )
    expect([...found]).to.deep.equal([
      [first?.code, address(3)],
      [second?.code, address(4)],
    ])
  })

  it('are those of the map first, and none where two go by one code', async () => {
    const known = new Map([[first?.code ?? '', address(9)]])
    const codes = { 2: first?.uscc, 3: second?.uscc, 4: second?.uscc }
    expect([...(await findDepartments(departments, known, tree(codes)))]).to.deep.equal([...known])
  })

  it('are those of the map alone where a ledger has no registries', async () => {
    const client = { ...tree({}), authority: absent }
    expect([...(await findDepartments(departments, none, client))]).to.deep.equal([])
  })
})
