import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { NO_NETWORK, once as runCommand } from '../cli/support/once.ts'
import manifest from '../../package.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** As package.json has it. */
const [, SCRIPT = ''] = manifest.scripts.demo.split(' ')

/** What the journeys are refused with, in their order. */
const REFUSALS = [
  // change of address
  'GRANT_PURPOSES_WIDENED',
  'GRANT_DEPTH_WIDENED',
  'USE_PURPOSE_OTHER_MATTER',
  'USE_ALREADY_MADE',
  'GRANT_USES_EXHAUSTED',
  'GRANT_IS_REVOKED',
  'USE_HOLDER_MISSING',
  'GRANT_EXPIRED',
  // the material bank
  'MATERIAL_EXEMPTED',
  'MATERIAL_SUPERSEDED',
  'REUSE_OTHER_CANDIDATE',
  'MATERIAL_WITHDRAWN',
  'REUSE_NOT_READY',
  'CONTENT_CORRUPT',
  'REUSE_NOT_READY',
  'UNDERTAKING_NOT_YOURS',
  'UNDERTAKING_BROKEN',
  // benefits without application
  'BENEFIT_TAKES_NO_UPLOAD',
  'BENEFIT_ALREADY_GRANTED',
  'BENEFIT_NOT_QUALIFIED',
  'BENEFIT_NOT_OWNED',
  'BENEFIT_CONFIRMATION_MISSING',
  'BENEFIT_RECORD_NOT_YOURS',
  'BENEFIT_NOT_QUALIFIED',
  'BENEFIT_RECORD_NOT_YOURS',
  // a revoked licence
  'CERTIFICATE_NOT_YOURS',
  'SIGNATURE_INVALID',
  'CERTIFICATE_NOT_USABLE',
  'CERTIFICATE_NOT_USABLE',
  'CERTIFICATE_STATUS_CHANGE_REFUSED',
  'STATUS_CHANGE_REFUSED',
  'DERIVED_COPY_EXPIRED',
]

/** What the altered evidence is found to be, in its order. */
const FINDINGS = [
  'commitment COMMITMENT_MISMATCH',
  'inclusion MERKLE_ROOT_MISMATCH',
  'checkpoint CHECKPOINT_SIGNATURE_INVALID',
  'anchor ANCHOR_LOG_MISMATCH',
  'anchor ANCHOR_HEADER_MISMATCH',
  'issuer CERTIFICATE_ALTERED',
  'status STATE_SLOT_PROOF_INVALID',
  'content CONTENT_DIGEST_MISMATCH',
]

describe('npm run demo', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-demo-test-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const play = (...journeys: string[]) =>
    spawn(process.execPath, [SCRIPT, ...journeys], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  it('plays its journeys with every refusal, checks what remains, and leaves nothing but a marked plan', async function () {
    this.timeout(120_000)
    const child = play()
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    expect(errors).to.equal('')
    expect(output).not.to.include('!!')
    expect(all(output, /✗ ([A-Z_]+):/g)).to.deep.equal(REFUSALS)
    const findings = all(output, /✓ ([a-z]+ [A-Z_]+)$/gm)
    expect([...new Set(findings)]).to.deep.equal(FINDINGS)
    expect(all(output, /^ +pass +grant .*\((hop \d)\)$/gm)).to.deep.equal(['hop 1', 'hop 2'])
    expect(all(output, /✓ (STATUS_[A-Z_]+)$/gm)).to.deep.equal(['STATUS_VALID', 'STATUS_NOT_VALID'])
    const counted = `All as told: \\d+ steps, ${REFUSALS.length} of them refusals, in \\d+ s\\.`
    expect(output).to.match(new RegExp(`^${counted}$`, 'm'))
    expect(code).to.equal(0)
    const [kept = '', ...others] = await readdir(folder)
    expect(others).to.deep.equal([])
    const [, command = ''] = /npx once (verify .+)$/m.exec(output) ?? []
    expect(command).to.include(join(folder, kept, 'plan.pdf'))
    const verified = await runCommand(command.split(' '), { env: NO_NETWORK })
    expect(verified.code).to.equal(0)
  })

  it('knows its journeys, and plays nothing in the place of another', async () => {
    const child = play('4', '9')
    const [errors, [code]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    expect(errors).to.include('There is no journey 9.')
    expect(code).to.equal(2)
  })

  it('stops its ledger and removes its folder when it is interrupted', async function () {
    this.timeout(60_000)
    const child = play()
    const exited = once(child, 'exit') as Promise<[number | null]>
    child.stdout.setEncoding('utf8').on('data', (told: string) => {
      if (told.includes('  2. ')) child.kill('SIGINT')
    })
    expect((await exited)[0]).to.equal(130)
    expect(await readdir(folder)).to.deep.equal([])
  })
})

function all(output: string, pattern: RegExp): string[] {
  return [...output.matchAll(pattern)].map(([, found]) => found ?? '')
}
