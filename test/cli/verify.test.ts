import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { formatEvidence } from '../../node/core/evidence.ts'
import type { Evidence } from '../../node/core/evidence.ts'
import { formatTrust } from '../../node/core/trust.ts'
import type { TrustDocument } from '../../node/core/trust.ts'
import { CHECKS } from '../../node/core/verdict.ts'
import type { Verdict } from '../../node/core/verdict.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { CONTENT, LOG_SIGNER, makeEvidence, ORIGIN, WITNESSES } from '../core/evidence/sample.ts'
import { NO_NETWORK, once } from './support/once.ts'
import type { OnceOptions, OnceResult } from './support/once.ts'

const verdictOf = ({ stdout }: OnceResult) => JSON.parse(stdout) as Verdict

/** The trust file that was taken. */
const trustIn = ({ stderr }: OnceResult) => /Trust: ([^,]+),/.exec(stderr)?.[1]

describe('once verify', () => {
  const folder = temporaryFolder()
  let evidence: Evidence

  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder.path, name), content)
    return name
  }
  const writeTrust = (name: string, changes: Partial<TrustDocument> = {}): string => {
    const chains = evidence.anchors.map(({ chainId, registry, logId, blockHash }) => {
      return { chainId, registry, logId, blocks: [blockHash] }
    })
    const witnesses = { quorum: 2, keys: WITNESSES.map(({ vkey }) => vkey) }
    const log = { origin: ORIGIN, key: LOG_SIGNER.vkey }
    return write(name, formatTrust({ v: 1, log, witnesses, chains, ...changes }))
  }
  const verify = (args: string[], options: OnceOptions = {}): Promise<OnceResult> =>
    once(['verify', ...args], {
      cwd: folder.path,
      ...options,
      env: { ...NO_NETWORK, ...options.env },
    })

  beforeEach(async () => {
    evidence = await makeEvidence()
    write('licence.evidence.json', formatEvidence(evidence))
    write('licence.pdf', CONTENT)
    writeTrust('trust.json')
  })

  it('passes without any network, check by check, and ends with 0', async () => {
    const [human, machine] = await Promise.all([
      verify(['licence.evidence.json', 'licence.pdf']),
      verify(['licence.evidence.json', 'licence.pdf', '--json']),
    ])
    expect(human.code).to.equal(0)
    for (const check of CHECKS) expect(human.stdout).to.match(new RegExp(`^\\w+ +${check} `, 'm'))
    expect(human.stdout.trim().split('\n').at(-1)).to.equal('pass')
    expect(human.stderr).to.include(ORIGIN)
    expect(machine.code).to.equal(0)
    expect(machine.stderr).to.equal('')
    const { result, checks } = verdictOf(machine)
    expect(result).to.equal('pass')
    expect(checks.map(({ check }) => check)).to.deep.equal([...CHECKS])
  })

  it('names the failing check of another content, says what to do, and ends with 1', async () => {
    write('other.pdf', 'something else')
    const [human, machine] = await Promise.all([
      verify(['licence.evidence.json', 'other.pdf']),
      verify(['licence.evidence.json', 'other.pdf', '--json']),
    ])
    expect([human.code, machine.code]).to.deep.equal([1, 1])
    expect(human.stdout).to.include('CONTENT_SIZE_MISMATCH')
    expect(human.stdout).to.include('Compare with the original content.')
    const failed = verdictOf(machine).checks.filter(({ result }) => result === 'fail')
    expect(failed.map(({ check, code }) => [check, code])).to.deep.equal([
      ['content', 'CONTENT_SIZE_MISMATCH'],
    ])
  })

  it('reads evidence from stdin', async () => {
    const given = await verify(['-', '--json'], { stdin: formatEvidence(evidence) })
    expect(given.code).to.equal(0)
    expect(verdictOf(given).checks[0]).to.include({ code: 'CONTENT_NOT_GIVEN' })
  })

  it('does not pass what it cannot tell', async () => {
    const chains = evidence.anchors.map(({ chainId, registry, logId }) => {
      return { chainId, registry, logId, blocks: [] }
    })
    writeTrust('strict.json', { chains })
    const given = await verify(['licence.evidence.json', '--trust', 'strict.json', '--json'])
    expect(given.code).to.equal(1)
    expect(verdictOf(given).result).to.equal('unknown')
  })

  it('stays unknown where the chain that it is to ask does not answer', async () => {
    const chains = evidence.anchors.map(({ chainId, registry, logId }) => {
      return { chainId, registry, logId, blocks: [], rpc: 'http://127.0.0.1:9/' }
    })
    writeTrust('asking.json', { chains })
    const asked = ['licence.evidence.json', '--trust', 'asking.json', '--json', '--rpc']
    const given = await verify(asked, { env: { NODE_OPTIONS: '' } })
    expect(given.code).to.equal(1)
    const anchor = verdictOf(given).checks.find(({ check }) => check === 'anchor')
    expect(anchor).to.include({ result: 'unknown', code: 'ANCHOR_CHAIN_UNREACHABLE' })
  })

  it('fails what is no evidence', async () => {
    write('broken.json', '{"v":1,"v":1}')
    const given = await verify(['broken.json', '--json'])
    expect(given.code).to.equal(1)
    expect(verdictOf(given).checks).to.have.length(1)
    expect(verdictOf(given).checks[0]).to.include({ code: 'JSON_DUPLICATE_KEY', result: 'fail' })
  })

  it('looks for a trust in its order: the option, ONCE_TRUST, ./trust.json, the data folder', async () => {
    const log = { origin: 'another.example/log', key: LOG_SIGNER.vkey }
    writeTrust('other.json', { log })
    mkdirSync(join(folder.path, 'data'))
    writeTrust('data/trust.json', { log })
    const evidenceFile = 'licence.evidence.json'
    const results = await Promise.all([
      verify([evidenceFile, '--trust', 'other.json'], { env: { ONCE_TRUST: 'trust.json' } }),
      verify([evidenceFile], { env: { ONCE_TRUST: 'other.json' } }),
      verify([evidenceFile]),
    ])
    expect(results.map(trustIn)).to.deep.equal(['other.json', 'other.json', 'trust.json'])
    const elsewhere = await once(['verify', join(folder.path, evidenceFile)], {
      cwd: '/',
      env: { ...NO_NETWORK, ONCE_DATA: join(folder.path, 'data') },
    })
    expect(trustIn(elsewhere)).to.equal(join(folder.path, 'data', 'trust.json'))
  })

  it('ends with 2 when a file is missing, no trust is there, or the trust is none', async () => {
    write('no-trust.json', '{"v":1}')
    const [missing, untrusted, malformed] = await Promise.all([
      verify(['nowhere.json']),
      once(['verify', join(folder.path, 'licence.evidence.json')], { cwd: '/' }),
      verify(['licence.evidence.json', '--trust', 'no-trust.json', '--json']),
    ])
    expect(missing.code).to.equal(2)
    expect(missing.stderr).to.include('nowhere.json')
    expect(untrusted.code).to.equal(2)
    expect(untrusted.stderr).to.include('once trust')
    expect(malformed.code).to.equal(2)
    expect(JSON.parse(malformed.stderr)).to.have.nested.property('error.code', 'TRUST_MALFORMED')
  })
})
