import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { openOrCreateTokens } from '../../api/tokens.ts'
import type { Verdict } from '../../node/core/verdict.ts'
import { jsonLines, NO_NETWORK, once } from './support/once.ts'
import type { OnceOptions, OnceResult } from './support/once.ts'
import { startOnce } from './support/node.ts'
import type { StartedNode } from './support/node.ts'

const FSCK = fileURLToPath(new URL('../../scripts/fsck.ts', import.meta.url))
const TYPE = '11100000MB0143028R001'

/** A token beside the one that the command line finds by itself. */
const WINDOW = 'window-of-the-second-floor'

const last = (result: OnceResult) => jsonLines(result).at(-1)
const idsOf = (lines: Record<string, unknown>[]) => new Set(lines.map(({ id }) => id))

/** One node for all of these: they follow one another, as a day at a counter does. */
describe('once, beside a node', () => {
  let folder: string
  let node: StartedNode
  const at = (...names: string[]) => join(folder, ...names)
  const run = (args: string[], options: OnceOptions = {}): Promise<OnceResult> =>
    once(args, { cwd: folder, ...options, env: { ONCE_URL: node.url, ...options.env } })

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'once-cli-'))
    await openOrCreateTokens(at('data'))
    const own = JSON.parse(readFileSync(at('data', 'tokens.json'), 'utf8')) as object[]
    const window = { name: 'window', roles: ['submitter'], token: WINDOW }
    writeFileSync(at('data', 'tokens.json'), JSON.stringify([...own, window]))
    node = await startOnce(at('data'))
    writeFileSync(at('licence.pdf'), 'a licence')
    mkdirSync(at('docs', 'inner'), { recursive: true })
    for (let i = 0; i < 12; i++) writeFileSync(at('docs', `m${i}.txt`), `material ${i}`)
    writeFileSync(at('docs', 'inner', 'large.bin'), randomBytes(500_000))
  })

  after(async () => {
    await node.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('submits a file and waits for its anchor; the evidence verifies offline', async () => {
    const described = ['--title', 'Licence', '--holder', '001:91310110MADEM0011Y', '--field']
    const { code, stdout, stderr } = await run(
      ['submit', 'licence.pdf', '--type', TYPE, '--id', 'licence-1', '--wait', 'anchored'].concat(
        described,
        'name=Example',
      ),
    )
    expect([code, stderr]).to.deep.equal([0, 'Submitted: licence.pdf as licence-1.\n'])
    expect(JSON.parse(stdout)).to.deep.include.keys('statement', 'anchors')
    expect(JSON.parse(stdout).statement).to.deep.include({
      id: 'licence-1',
      type: TYPE,
      title: 'Licence',
      holder: { codeType: '001', code: '91310110MADEM0011Y' },
      fields: { name: 'Example' },
    })
    expect(JSON.parse(stdout).statement.content.mediaType).to.equal('application/pdf')
    writeFileSync(at('licence.evidence.json'), stdout)
    const offline = await once(['verify', 'licence.evidence.json', 'licence.pdf', '--json'], {
      cwd: folder,
      env: NO_NETWORK,
    })
    expect(offline.code, offline.stderr).to.equal(0)
    const { checks } = JSON.parse(offline.stdout) as Verdict
    expect(checks.find(({ check }) => check === 'anchor')).to.include({ result: 'pass' })
  })

  it('submits the same file again as the same entry', async () => {
    const again = await run(['submit', 'licence.pdf', '--type', TYPE, '-o', 'again.json'])
    const twice = await run(['submit', 'licence.pdf', '--type', TYPE, '-o', 'twice.json'])
    expect(again.stderr).to.match(/^Submitted/)
    expect(twice.stderr).to.match(/^Was there already/)
    const [first, second] = ['again.json', 'twice.json'].map((name) =>
      JSON.parse(readFileSync(at(name), 'utf8')),
    )
    expect(first.statement.id).to.equal(second.statement.id)
  })

  it('fetches evidence, and says when there is none', async () => {
    const [found, missing, malformed] = await Promise.all([
      run(['evidence', 'licence-1', '--wait', 'anchored:20', '-o', 'fetched.json', '--json']),
      run(['evidence', 'nowhere', '--json']),
      run(['evidence', 'licence-1', '--wait', 'forever']),
    ])
    expect(found).to.deep.equal({ code: 0, stdout: '', stderr: '' })
    expect(JSON.parse(readFileSync(at('fetched.json'), 'utf8')).anchors).to.have.length(1)
    expect(missing.code).to.equal(4)
    expect(JSON.parse(missing.stderr)).to.have.nested.property('error.code', 'MATERIAL_NOT_FOUND')
    expect(malformed.code).to.equal(2)
  })

  it('submits a folder, keeps the evidence beside each file, and goes on where it stopped', async () => {
    const submit = ['submit', 'docs', '--type', TYPE, '--json']
    const stopped = await run([...submit, '--concurrency', '1'], {
      started: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    })
    expect(stopped.code).to.equal(130)
    const before = jsonLines(stopped).length
    expect(before).to.be.greaterThan(0).and.lessThan(13)

    const resumed = jsonLines(await run(submit))
    const outcomes = Map.groupBy(resumed, ({ outcome }) => outcome)
    expect(resumed).to.have.length(13)
    expect(outcomes.get('skipped')).to.have.length.of.at.least(before)
    expect(globSync('**/*.evidence.json', { cwd: at('docs') })).to.have.length(13)

    // Without its notes the run asks about every file, and finds that each was taken once.
    rmSync(at('docs', '.once-submit.jsonl'))
    const repeated = await run(submit)
    expect(repeated.code).to.equal(0)
    expect(jsonLines(repeated).map(({ outcome }) => outcome)).to.deep.equal(
      Array.from({ length: 13 }, () => 'known'),
    )
    expect(idsOf(jsonLines(repeated))).to.deep.equal(idsOf(resumed))
  })

  it('goes on with the run of nobody else, and with none of another ledger', async () => {
    mkdirSync(at('shared'))
    for (let i = 0; i < 3; i++) writeFileSync(at('shared', `s${i}.txt`), `shared ${i}`)
    const submit = ['submit', 'shared', '--type', TYPE, '--json']
    const first = jsonLines(await run(submit))
    expect(first.map(({ outcome }) => outcome)).to.deep.equal(['created', 'created', 'created'])

    const evidence = () => readFileSync(at('shared', 's0.txt.evidence.json'), 'utf8')
    const before = evidence()
    const other = await run(submit, { env: { ONCE_TOKEN: WINDOW } })
    expect([other.code, other.stdout]).to.deep.equal([4, ''])
    const { origin } = JSON.parse(before).proof.match(/\n\n(?<origin>.+)\n\d+\n/).groups
    expect(JSON.parse(other.stderr).error).to.deep.include({
      code: 'RUN_OF_ANOTHER',
      details: { submitter: 'local', origin },
    })
    expect(evidence()).to.equal(before)

    const state = at('shared', '.once-submit.jsonl')
    const notes = readFileSync(state, 'utf8')
    writeFileSync(state, notes.replaceAll(origin, 'elsewhere.example/log'))
    expect((await run(submit)).code).to.equal(4)
    writeFileSync(state, notes)
    const again = jsonLines(await run(submit))
    expect(again.map(({ outcome }) => outcome)).to.deep.equal(['skipped', 'skipped', 'skipped'])

    // With notes and evidence of its own the other hands in for itself.
    const own = [...submit, '--out', 'window']
    const apart = jsonLines(await run(own, { env: { ONCE_TOKEN: WINDOW } }))
    expect(apart.map(({ outcome }) => outcome)).to.deep.equal(['created', 'created', 'created'])
    expect(idsOf(apart).intersection(idsOf(first)).size).to.equal(0)
  })

  it('hands in the digest alone of what has to stay here', async () => {
    const args = ['submit', 'licence.pdf', '--type', TYPE, '--digests-only']
    const { code, stdout } = await run(args)
    expect(code).to.equal(0)
    expect(JSON.parse(stdout).statement.content).to.include({ kept: 'department', size: 9 })
    writeFileSync(at('digest.evidence.json'), stdout)
    const verdict = await run(['verify', 'digest.evidence.json', 'licence.pdf', '--json'])
    const { checks } = JSON.parse(verdict.stdout) as Verdict
    expect(checks[0]).to.include({ check: 'content', result: 'pass' })
  })

  it('says which files were refused, and ends with 1', async () => {
    mkdirSync(at('mixed'))
    writeFileSync(at('mixed', 'good.txt'), 'good')
    writeFileSync(at('mixed', 'empty.txt'), '')
    const { code, stderr, stdout } = await run(['submit', 'mixed', '--type', TYPE, '--out', 'out'])
    expect(code).to.equal(1)
    expect(stdout).to.equal('')
    expect(stderr).to.include('empty.txt').and.include('CONTENT_EMPTY')
    expect(stderr).to.include('1 submitted, 1 failed.')
    expect(existsSync(at('out', 'good.txt.evidence.json'))).to.equal(true)
  })

  it('refuses what it can see is wrong before it asks the ledger', async () => {
    const results = await Promise.all([
      run(['submit', 'licence.pdf']),
      run(['submit', 'licence.pdf', '--type', 'no such type']),
      run(['submit', 'licence.pdf', '--type', TYPE, '--holder', 'me']),
      run(['submit', 'docs', '--type', TYPE, '--id', 'one-for-all']),
      run(['submit', 'nowhere.pdf', '--type', TYPE]),
      run(['--url', 'ftp://ledger', 'evidence', 'x']),
    ])
    expect(results.map(({ code }) => code)).to.deep.equal([2, 2, 2, 2, 2, 2])
  })

  it('pins the ledger, brings the file up to date, and refuses another ledger', async () => {
    const first = await run(['trust', '--json'])
    expect(first.code).to.equal(0)
    const confirmed = await run(['trust', '-o', 'confirmed.json', '--rpc', node.rpc, '--json'])
    expect(last(confirmed)).to.include({ result: 'pinned', refused: 0 })
    const pinned = JSON.parse(readFileSync(at('trust.json'), 'utf8'))
    const withChain = JSON.parse(readFileSync(at('confirmed.json'), 'utf8'))
    expect(withChain.log).to.deep.equal(pinned.log)
    expect(withChain.chains[0].blocks).to.include.members(pinned.chains[0].blocks)

    const other = structuredClone(pinned)
    other.chains[0].logId = `0x${'00'.repeat(32)}`
    writeFileSync(at('other.json'), JSON.stringify(other))
    const refused = await run(['trust', '-o', 'other.json'])
    expect(refused.code).to.equal(4)
    expect(refused.stderr)
      .to.match(/WARNING/)
      .and.include('the log id on chain 31337')
    expect(JSON.parse(readFileSync(at('other.json'), 'utf8'))).to.deep.equal(other)
    expect((await run(['trust', '-o', 'other.json', '--replace'])).code).to.equal(0)
    expect(JSON.parse(readFileSync(at('other.json'), 'utf8')).log).to.deep.equal(pinned.log)
  })

  it('audits the running ledger and its chain, and remembers what it saw', async () => {
    const audit = await run(['audit', '--trust', 'confirmed.json', '--rpc', node.rpc, '--json'])
    expect(audit.code, audit.stdout).to.equal(0)
    expect(last(audit)).to.include({ end: true, result: 'pass', faults: 0, unknown: 0 })
    const seen = readFileSync(at('confirmed.checkpoint'), 'utf8')
    expect(seen.split('\n')[1]).to.equal(String(last(audit)?.['size']))

    const other = await run(['audit', '--rpc', 'http://127.0.0.1:9', '--json'])
    expect(other.code).to.equal(1)
    expect(jsonLines(other)[0]).to.include({ code: 'CHAIN_UNREACHABLE', level: 'unknown' })
  })

  it('audits what is public without a token, and says what it left out', async () => {
    const env = { ONCE_DATA: at('nowhere') }
    const audit = await run(['audit', '--json'], { env })
    expect(audit.code).to.equal(0)
    expect(jsonLines(audit).map(({ code }) => code)).to.include('SWEEP_NOT_ASKED')
    const wrong = await run(['audit', '--json', '--token', 'wrong-token-000000'], { env })
    expect(wrong.code).to.equal(1)
    expect(jsonLines(wrong).map(({ code }) => code)).to.include('SWEEP_REFUSED')
  })

  it('backs the running ledger up, and restores it beside the old one', async () => {
    const backup = await run(['backup', 'ledger.tar', '--json'])
    expect(backup.code, backup.stderr).to.equal(0)
    const { size } = last(backup) as { size: number }
    const [taken, keyless, full] = await Promise.all([
      run(['backup', 'ledger.tar']),
      run(['restore', 'ledger.tar', '--data', 'restored']),
      run(['restore', 'ledger.tar', '--data', 'data', '--master-key', 'data/master.key']),
    ])
    expect([taken.code, keyless.code, full.code]).to.deep.equal([2, 2, 4])

    // As a restore leaves it that was killed.
    mkdirSync(at('restored.restoring'))
    writeFileSync(at('restored.restoring', 'RESTORE-UNFINISHED'), '')
    const args = ['restore', 'ledger.tar', '--data', 'restored', '--master-key', 'data/master.key']
    const restored = await run([...args, '--json'])
    expect(restored.code, restored.stderr).to.equal(0)
    expect(last(restored)).to.include({ size })
    expect(existsSync(at('restored.restoring'))).to.equal(false)
    const audit = await run(['audit', '--data', 'restored', '--json'])
    expect(last(audit)).to.include({ result: 'pass', size })
    // Only the chain could tell that there was more.
    await run(['submit', 'licence.pdf', '--type', 'T2', '--wait', 'anchored'])
    const asked = await run(['audit', '--data', 'restored', '--rpc', node.rpc, '--json'])
    expect(jsonLines(asked).map(({ code }) => code)).to.include('LOG_ROLLED_BACK')
  })

  it('refuses a backup that is damaged, and leaves nothing of it', async () => {
    const archive = readFileSync(at('ledger.tar'))
    archive[archive.length - 5000] = (archive[archive.length - 5000] ?? 0) ^ 1
    writeFileSync(at('damaged.tar'), archive)
    writeFileSync(at('cut.tar'), archive.subarray(0, archive.length / 2))
    for (const [name, code] of [
      ['damaged.tar', 'BACKUP_DAMAGED'],
      ['cut.tar', 'BACKUP_TRUNCATED'],
    ] as const) {
      const args = ['restore', name, '--data', 'other', '--master-key', 'data/master.key', '--json']
      const result = await run(args)
      expect(result.code, name).to.equal(1)
      expect(JSON.parse(result.stderr)).to.have.nested.property('error.code', code)
      expect([existsSync(at('other')), existsSync(at('other.restoring'))]).to.deep.equal([
        false,
        false,
      ])
    }
  })

  it('says that a data folder is in use while its node runs', async () => {
    const audit = await run(['audit', '--data', 'data', '--json'])
    expect(audit.code).to.equal(3)
    expect(JSON.parse(audit.stderr)).to.have.nested.property('error.code', 'DATA_FOLDER_IN_USE')
  })

  it('stops cleanly; then the folder is audited in its place, down to a flipped bit', async () => {
    expect(await node.stop()).to.equal(0)
    expect(node.output()).to.include('Stopped.')
    const env = { ONCE_URL: '', ONCE_PORT: '1' }
    const [down, folderAudit] = [
      await run(['evidence', 'licence-1']),
      await run(['audit', '--json'], { env }),
    ]
    expect(down.code).to.equal(3)
    expect(folderAudit.code, folderAudit.stdout).to.equal(0)
    expect(last(folderAudit)).to.include({ result: 'pass' })

    cpSync(at('data'), at('altered'), { recursive: true })
    const [file] = globSync('contents/files/**/*', { cwd: at('altered') }).filter((name) =>
      /[0-9a-f]{32}$/.test(name),
    )
    const bytes = readFileSync(at('altered', file!))
    bytes[1234] = (bytes[1234] ?? 0) ^ 1
    writeFileSync(at('altered', file!), bytes)
    const altered = await run(['audit', '--data', 'altered', '--json'], { env })
    expect(altered.code).to.equal(1)
    const { index } = jsonLines(altered)[0] as { index: number }
    expect(jsonLines(altered)[0]).to.include({
      code: 'CONTENT_DAMAGED',
      level: 'fault',
      where: `content ${index}`,
    })
    const fsck = spawnSync(process.execPath, [FSCK, at('altered')], { encoding: 'utf8' })
    expect(fsck.status).to.equal(1)
    expect(fsck.stdout).to.include('CONTENT_DAMAGED').and.include(': fail')
    const archived = await run(['backup', 'stopped.tar', '--data', 'data', '--json'], { env })
    expect(archived.code).to.equal(0)
  })
})
