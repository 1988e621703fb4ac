import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once as nextEvent } from 'node:events'
import { createServer, request as askUpstream } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { OnceClient } from '../../api/client/index.ts'
import { accreditDepartment } from '../../scripts/bench/lib/department.ts'
import { startOnce } from '../cli/support/node.ts'
import type { StartedNode } from '../cli/support/node.ts'
import { once } from '../cli/support/once.ts'
import type { OnceOptions, OnceResult } from '../cli/support/once.ts'
import { getCertificateType } from '../../node/core/certificates/included.ts'
import {
  draftOf,
  newIdentifier,
  PROPERTY,
  withCheckCharacter,
} from '../certificates/support/papers.ts'
import { materialType } from '../core/catalogue/support.ts'
import { LANDLORD, LEASE, TENANT } from '../materials/support/bank.ts'
import { clientOf, resultsIn, sha256Of, writeFiles } from './support.ts'
import type { ResultLine } from './support.ts'

const PROGRAM = fileURLToPath(new URL('../../api/cli/main.ts', import.meta.url))
const HOLDER = `${TENANT.codeType}:${TENANT.code}`
const IDENTIFIER =
  '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.20210000000000012345.001'

const brief = (lines: readonly ResultLine[]) =>
  lines.map(({ line, outcome, code }) => [line, outcome, ...(code === undefined ? [] : [code])])
const row = (file: string, title = 'x', landlord = LANDLORD.code, rent = '1200') =>
  `${file},LEASE,${title},${HOLDER},${landlord},2030-12-31,${rent}`

/** Those lines that come after are under way then, and most are not sent. */
async function killAtFirstResult(args: readonly string[], dataFolder: string): Promise<void> {
  // The program itself: the launcher would leave it running.
  const child = spawn(process.execPath, [PROGRAM, '--json', ...args], {
    env: { ...process.env, ONCE_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.once('data', () => child.kill('SIGKILL'))
  const [, signal] = (await nextEvent(child, 'exit')) as [number | null, string | null]
  expect(signal).to.equal('SIGKILL')
}

/** The ledger, as far as it can still be reached: at one path every connection breaks. */
async function startHalf(ledger: string, broken: string) {
  const server = createServer((request, response) => {
    if (request.url?.startsWith(broken)) {
      request.socket.destroy()
      return
    }
    const { method = 'GET', headers } = request
    const upstream = askUpstream(
      new URL(request.url ?? '/', ledger),
      { method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      },
    )
    request.pipe(upstream)
  })
  server.listen(0, '127.0.0.1')
  await nextEvent(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}

describe('once import', function () {
  this.timeout(120_000)
  let root: string
  let node: StartedNode
  let client: OnceClient
  let folder: string

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'once-import-'))
    node = await startOnce(join(root, 'data'))
    client = await clientOf(node.url, join(root, 'data'))
    const owner = await accreditDepartment(node.url, join(root, 'data'))
    const formats = ['pdf', 'txt']
    await client.catalogue.publish({ ...LEASE, owner, formats, maxBytes: 1_000_000 })
  })
  after(async () => {
    await node.stop()
    await rm(root, { recursive: true })
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(root, 'set-'))
  })

  const run = (args: readonly string[], options: OnceOptions = {}): Promise<OnceResult> =>
    once(['--url', node.url, ...args], { env: { ONCE_DATA: join(root, 'data') }, ...options })
  const manifest = (name = 'manifest.csv') => join(folder, name)
  const importArgs = (name?: string) => [
    'import',
    join(folder, 'files'),
    '--manifest',
    manifest(name),
  ]
  const importAll = (name?: string, options?: OnceOptions) => run(importArgs(name), options)
  const results = async (name = 'manifest.csv') => [
    ...(await resultsIn(`${manifest(name)}.results.ndjson`)).values(),
  ]
  const size = async () => Number((await client.log.checkpoint()).split('\n')[1])
  const table = async (lines: readonly string[], name?: string) => {
    const columns = 'file,type,title,holder,fields.landlord,fields.until,fields.rent'
    await writeFile(manifest(name), [columns, ...lines, ''].join('\n'))
  }

  it('hands in small and large files with what the table says of them, typed by the catalogue', async () => {
    const large = randomBytes(300_000)
    await writeFiles(join(folder, 'files'), { 'a.txt': 'small', '证照/乙.pdf': large })
    await table([row('a.txt', '租赁合同'), row('证照/乙.pdf')])
    const { code, stderr } = await importAll()
    expect([code, stderr]).to.deep.equal([0, stderr])
    expect(stderr).to.include('2 imported')
    const [first, second] = await results()
    expect(first).to.deep.include({ line: 2, file: 'a.txt', outcome: 'created' })
    const { statement } = await client.material(first?.id ?? '')
    expect(statement).to.deep.include({
      title: '租赁合同',
      holder: TENANT,
      catalogue: { version: 1 },
      fields: { landlord: LANDLORD.code, until: '2030-12-31', rent: 1200 },
    })
    expect(statement?.content).to.deep.include({ mediaType: 'text/plain', size: 5, kept: 'here' })
    const { bytes } = await client.content(second?.id ?? '')
    expect((await buffer(bytes)).equals(large)).to.equal(true)
  })

  it('says what is wrong of each line, goes on, and ends with 1', async () => {
    await writeFiles(join(folder, 'files'), {
      'a.txt': 'first',
      'b.txt': 'second',
      'c.png': 'a picture',
      'empty.txt': '',
      'z.txt': 'last',
    })
    await writeFiles(folder, { 'outside.txt': 'secret' })
    await symlink(join(folder, 'outside.txt'), join(folder, 'files', 'link.txt'))
    const columns = 'file,type,holder,sha256,fields.landlord,fields.until'
    const rest = `${LANDLORD.code},2030-12-31`
    const rows = [
      `a.txt,LEASE,${HOLDER},${sha256Of('first')},${rest}`,
      `b.txt,LEASE,${HOLDER},${sha256Of('other')},${rest}`,
      `missing.txt,LEASE,${HOLDER},,${rest}`,
      'b.txt,LEASE,"open,,,',
      `../outside.txt,LEASE,${HOLDER},,${rest}`,
      `link.txt,LEASE,${HOLDER},,${rest}`,
      `empty.txt,LEASE,${HOLDER},,${rest}`,
      `b.txt,LEASE,${HOLDER},,${LANDLORD.code},tomorrow`,
      `c.png,LEASE,${HOLDER},,${rest}`,
      `z.txt,LEASE,${HOLDER},,${rest}`,
    ]
    await writeFile(manifest(), [columns, ...rows].join('\r\n'))
    const before = await size()
    const { code, stderr } = await importAll()
    expect(code, stderr).to.equal(1)
    expect(stderr).to.include('2 imported, 8 failed')
    expect(await size()).to.equal(before + 2)
    expect(stderr).to.match(/line 4 missing\.txt: .* \(IMPORT_FILE_MISSING\)/)
    expect(stderr).to.match(/line \d+ .*\(MATERIAL_FIELDS_INVALID .*"pointer":"\/fields\//)
    const found = await results()
    expect(brief(found)).to.deep.equal([
      [2, 'created'],
      [3, 'failed', 'CONTENT_DIGEST_MISMATCH'],
      [4, 'failed', 'IMPORT_FILE_MISSING'],
      [5, 'failed', 'IMPORT_ROW_MALFORMED'],
      [6, 'failed', 'IMPORT_FILE_OUTSIDE'],
      [7, 'failed', 'IMPORT_FILE_MISSING'],
      [8, 'failed', 'CONTENT_EMPTY'],
      [9, 'failed', 'MATERIAL_FIELDS_INVALID'],
      [10, 'failed', 'MATERIAL_FORMAT_NOT_TAKEN'],
      [11, 'created'],
    ])
    const refused = found.find(({ line }) => line === 9)
    expect(refused?.details).to.have.deep.nested.property('issues[0].pointer', '/fields/until')
  })

  it('goes on with what is mended, and does nothing twice', async () => {
    await writeFiles(join(folder, 'files'), { 'a.txt': 'one more' })
    await table([row('a.txt', 'mended'), row('b.txt', 'mended')])
    expect((await importAll()).code).to.equal(1)
    await writeFiles(join(folder, 'files'), { 'b.txt': 'here it is' })
    const before = await size()
    const again = await importAll()
    expect(again.code, again.stderr).to.equal(0)
    expect(again.stderr).to.include('1 imported, 1 done before')
    expect(await size()).to.equal(before + 1)
    // Without its results it finds the same materials.
    await rm(`${manifest()}.results.ndjson`)
    expect((await importAll()).stderr).to.include('2 were there already')
    expect(await size()).to.equal(before + 1)
    expect(brief(await results())).to.deep.equal([
      [2, 'known'],
      [3, 'known'],
    ])
  })

  it('takes certificates of elsewhere that their type recognises, and quarantines the others', async () => {
    const { owner } = (await client.catalogue.get('materialType', LEASE.code)).entry
    const type = getCertificateType(PROPERTY)
    await client.catalogue.publish({
      ...type,
      kind: 'certificateType',
      version: 1,
      from: '2023-01-01',
      owner,
      duty: '不动产登记',
      recognised: [{ region: '320000', type: PROPERTY }],
    })
    const copy = { code: 'DEED_COPY', owner, issuer: owner, certificateType: PROPERTY }
    await client.catalogue.publish(
      materialType({ ...copy, formats: ['txt'], validity: { mode: 'CERTIFICATE' } }),
    )
    await writeFiles(join(folder, 'files'), { 'a.txt': 'deed', 'b.txt': 'another' })
    const line = (file: string, issuerCode: string) => {
      const identifier = newIdentifier(PROPERTY).replace('12310000MBDEM0293B', issuerCode)
      const certificateIdentifier = withCheckCharacter(identifier.slice(0, -2))
      const certificateNumber = certificateIdentifier.split('.')[7] ?? ''
      const { fields } = draftOf(PROPERTY, owner)
      return {
        file,
        type: 'DEED_COPY',
        holder: HOLDER,
        certificateIdentifier,
        fields: { ...fields, owners: ['甲', '乙'], area: 120, issuerCode, certificateNumber },
      }
    }
    const [known, foreign] = [
      line('a.txt', '11320500MBDEM0322P'),
      line('b.txt', '11510100MBDEM0322P'),
    ]
    const names = Object.keys(known.fields) as (keyof typeof known.fields)[]
    const columns = ['file', 'type', 'holder', 'certificateIdentifier']
    const rows = [known, foreign].map(({ file, type: of, holder, certificateIdentifier, fields }) =>
      [file, of, holder, certificateIdentifier]
        .concat(names.map((name) => [fields[name]].flat().join(';')))
        .join(','),
    )
    const head = [...columns, ...names.map((name) => `fields.${name}`)].join(',')
    await writeFile(manifest(), [head, ...rows, ''].join('\n'))
    const { code, stderr } = await importAll()
    expect(code, stderr).to.equal(0)
    const found = await results()
    expect(brief(found)).to.deep.equal([
      [2, 'created'],
      [3, 'quarantined', 'CERTIFICATE_TYPE_NOT_RECOGNISED'],
    ])
    const { statement } = await client.material(found[0]?.id ?? '')
    expect(statement?.recognised).to.deep.equal({
      certificateType: PROPERTY,
      version: 1,
      region: '320500',
    })
    expect(statement?.fields).to.deep.include({ owners: ['甲', '乙'], area: 120 })
    const held = found[1]?.id ?? ''
    const rejected = await run(['quarantine', 'reject', held, '--reason', 'of another region'])
    expect(rejected.stdout).to.equal(`Rejected: ${held}\n`)
  })

  it('quarantines unknown types and failed check characters, to be released or rejected', async () => {
    await writeFiles(join(folder, 'files'), { 'a.txt': 'qa', 'b.txt': 'qb', 'c.txt': 'qc' })
    const lines = [
      { file: 'a.txt', type: 'NOBODY_KNOWS' },
      { file: 'b.txt', type: 'T', certificateIdentifier: `${IDENTIFIER}.1`, id: 'q-b' },
      {
        file: 'c.txt',
        type: 'LEASE',
        fields: { landlord: '91310110MADEM0011X', until: '2030-12-31' },
      },
    ]
    await writeFile(manifest('m.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'))
    const { code, stderr } = await importAll('m.ndjson')
    expect(code, stderr).to.equal(0)
    expect(stderr).to.include('3 in quarantine')
    const found = await results('m.ndjson')
    expect(brief(found)).to.deep.equal([
      [1, 'quarantined', 'MATERIAL_TYPE_UNKNOWN'],
      [2, 'quarantined', 'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG'],
      [3, 'quarantined', 'USCC_CHECK_CHARACTER_WRONG'],
    ])
    const [first = '', second = '', third = ''] = found.map(({ id }) => id)
    const list = async () => (await run(['quarantine', 'list'])).stdout.trimEnd().split('\n')
    expect((await list()).map((line) => line.split(' ')[0])).to.have.members([first, second, third])
    const released = await run(['quarantine', 'release', first, second, '--reason', 'looked at'])
    expect(released.stdout).to.equal(`Released: ${first}\nReleased: ${second}\n`)
    const rejected = await run(['quarantine', 'reject', third, '--reason', 'no such number'])
    expect(rejected.stdout).to.equal(`Rejected: ${third}\n`)
    expect((await run(['quarantine', 'list'])).stderr).to.equal('Nothing is in quarantine.\n')
    const other = await run(['quarantine', 'release', third, '--reason', 'after all'])
    expect(other.code).to.equal(4)
    expect(other.stderr).to.include('MATERIAL_DECIDED')
    const show = async (id: string) => (await run(['material', 'show', id])).stdout
    expect(await show(first)).to.include('state     current')
    expect(await show(third)).to.include('state     rejected')
    await run(['material', 'withdraw', first, '--reason', 'of no use'])
    expect(await show(first)).to.include('state     withdrawn')
  })

  it('judges anew, under an id of its own, what came before its type was published', async () => {
    await writeFiles(join(folder, 'files'), { 'a.txt': 'later' })
    const line = { file: 'a.txt', type: 'LATER', holder: TENANT }
    const write = (said: object) => writeFile(manifest('m.ndjson'), JSON.stringify(said))
    await write(line)
    await importAll('m.ndjson')
    const [held] = await results('m.ndjson')
    expect(held).to.include({ outcome: 'quarantined', code: 'MATERIAL_TYPE_UNKNOWN' })
    const { owner } = (await client.catalogue.get('materialType', LEASE.code)).entry
    await client.catalogue.publish(materialType({ code: 'LATER', owner, formats: ['txt'] }))

    // The same line is the same material, whether its results are there or not.
    const before = await size()
    expect((await importAll('m.ndjson')).stderr).to.include('1 done before')
    await rm(`${manifest('m.ndjson')}.results.ndjson`)
    await importAll('m.ndjson')
    expect((await results('m.ndjson'))[0]).to.include({ outcome: 'quarantined', id: held?.id })
    expect(await size()).to.equal(before)

    await run(['quarantine', 'reject', held?.id ?? '', '--reason', 'its type is published'])
    await write({ ...line, id: 'later-2' })
    await importAll('m.ndjson')
    expect(brief(await results('m.ndjson'))).to.deep.equal([[1, 'created']])
    const { statement, standing } = await client.material('later-2')
    expect(statement?.catalogue).to.deep.equal({ version: 1 })
    expect(standing.state).to.equal('current')
  })

  it('lets a line take the place of one before it', async () => {
    await writeFiles(join(folder, 'files'), { 'a.txt': 'v1', 'b.txt': 'v2', 'c.txt': 'v3' })
    const base = {
      type: 'LEASE',
      holder: TENANT,
      fields: { landlord: LANDLORD.code, until: '2031-01-01' },
    }
    const lines = [
      { ...base, file: 'a.txt', id: 'v-1' },
      { ...base, file: 'b.txt', id: 'v-2', supersedes: 'v-1' },
      { ...base, file: 'c.txt', id: 'v-3', supersedes: 'v-2' },
      { ...base, file: 'a.txt', id: 'v-4', supersedes: 'v-2' },
    ]
    await writeFile(manifest('m.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'))
    expect((await importAll('m.ndjson')).code).to.equal(1)
    expect(brief(await results('m.ndjson'))).to.deep.equal([
      [1, 'created'],
      [2, 'created'],
      [3, 'created'],
      [4, 'failed', 'MATERIAL_SUPERSEDED'],
    ])
    expect((await client.material('v-1')).standing).to.include({ state: 'superseded', by: 'v-2' })
    expect((await client.material('v-3')).standing.state).to.equal('current')
  })

  for (const [what, encode] of [
    ['a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['GB 18030', (text: string) => iconv.encode(text, 'gb18030')],
  ] as const) {
    it(`reads a manifest with ${what}`, async () => {
      await writeFiles(join(folder, 'files'), { '合同.txt': what })
      const text = `file,type,title\r\n合同.txt,OTHER,杨浦区房屋租赁合同\r\n`
      await writeFile(manifest(), encode(text))
      const { code, stderr } = await importAll()
      expect(code, stderr).to.equal(0)
      const [line] = await results()
      const { statement } = await client.material(line?.id ?? '')
      expect(statement?.title).to.equal('杨浦区房屋租赁合同')
    })
  }

  for (const [what, bytes, code] of [
    [
      'that was read in a wrong encoding before',
      Buffer.from(
        new TextDecoder('gb18030').decode(Buffer.from('file,type,title\na,T,杨浦区房屋租赁合同\n')),
      ),
      'TEXT_GARBLED',
    ],
    [
      'in no encoding that it reads',
      Buffer.from('file,type\na,\xff\n', 'latin1'),
      'TEXT_ENCODING_UNKNOWN',
    ],
    [
      'with a column that it does not know',
      Buffer.from('file,type,colour\na,T,red\n'),
      'IMPORT_COLUMNS_MALFORMED',
    ],
    ['with nothing in it', Buffer.of(), 'IMPORT_COLUMNS_MALFORMED'],
  ] as const) {
    it(`refuses a manifest ${what}, before anything is handed in`, async () => {
      await writeFiles(join(folder, 'files'), {})
      await writeFiles(folder, { 'manifest.csv': bytes, 'files/a': 'x' })
      const before = await size()
      const refused = await importAll()
      expect([refused.code, refused.stderr.includes(code)], refused.stderr).to.deep.equal([2, true])
      expect(refused.stderr).not.to.include('0 imported')
      expect(await size()).to.equal(before)
    })
  }

  it('takes results of another ledger for no results of its own', async () => {
    await writeFiles(join(folder, 'files'), { 'a.txt': 'x' })
    await table([row('a.txt', 'other')])
    const head = { v: 1, origin: 'elsewhere.example/log', submitter: 'local' }
    await writeFile(`${manifest()}.results.ndjson`, `${JSON.stringify(head)}\n`)
    const refused = await importAll()
    expect(refused.code).to.equal(2)
    expect(refused.stderr).to.include('IMPORT_RESULTS_OTHER')
  })

  it('says why it broke off where the ledger answers no more, and what is left', async () => {
    await writeFiles(join(folder, 'files'), { 'a.txt': 'first' })
    await table([row('a.txt')])
    const gone = await startHalf(node.url, '/v1/materials/batch')
    try {
      const broken = await run(['--url', gone.url, ...importArgs()])
      expect(broken.code, broken.stderr).to.equal(3)
      expect(broken.stderr).to.match(
        /0 imported, the rest is left: run it again.*\n.*LEDGER_UNREACHABLE/s,
      )
    } finally {
      await gone.close()
    }
    expect((await importAll()).stderr).to.include('1 imported')
  })

  it('that was killed half-way comes to the same end when it is repeated', async () => {
    const count = 3_000
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `${i % 10}/${i}.txt`,
        `contract ${i} `.padEnd(4_096, '.'),
      ]),
    )
    await writeFiles(join(folder, 'files'), files)
    await table(Object.keys(files).map((name, i) => row(name, `${i}`, LANDLORD.code, String(i))))
    const before = await size()
    await killAtFirstResult(
      ['--url', node.url, 'import', join(folder, 'files'), '--manifest', manifest()],
      join(root, 'data'),
    )
    const halfway = await size()
    expect(halfway)
      .to.be.greaterThan(before)
      .and.lessThan(before + count)
    // As a kill in the middle of a write leaves it.
    await appendFile(`${manifest()}.results.ndjson`, '{"line":17,"row":"')
    const resumed = await importAll()
    expect(resumed.code, resumed.stderr).to.equal(0)
    expect(await size()).to.equal(before + count)
    const found = await results()
    expect(found.map(({ line }) => line)).to.deep.equal(
      Array.from({ length: count }, (_, i) => i + 2),
    )
    expect(new Set(found.map(({ index }) => index)).size).to.equal(count)
    const again = await importAll()
    expect(again.stderr).to.include(`${count} done before`)
    expect(await size()).to.equal(before + count)
  })
})
