import { expect } from 'chai'
import { Wallet } from 'ethers'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OnceClient } from '../../api/client/index.ts'
import { loadConfig } from '../../api/config.ts'
import { serve } from '../../api/serve.ts'
import type { Serving } from '../../api/serve.ts'
import { checkBackup } from '../../node/ledger/backup/archiveReader.ts'
import { codeOf } from '../support/codes.ts'
import { contentDigest, statementHeader } from './support/http.ts'

const TOKEN = 'a-token-for-the-tests'
const SUBMISSION = { type: 'T1', content: { mediaType: 'text/plain' } }

describe('a served node', () => {
  let folder: string
  let serving: Serving
  let client: OnceClient
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-serve-'))
    const roles = ['operator', 'submitter', 'auditor']
    serving = await serve(
      loadConfig({
        ONCE_DATA: folder,
        ONCE_PORT: '0',
        ONCE_LOG_LEVEL: 'silent',
        ONCE_ANCHOR_INTERVAL: '100ms',
        ONCE_MAX_CONTENT: '8MiB',
        ONCE_TOKENS: JSON.stringify([{ name: 'local', roles, token: TOKEN }]),
      }),
    )
    client = new OnceClient({ url: serving.url, token: TOKEN })
  })
  after(async () => {
    await serving.close()
    await rm(folder, { recursive: true })
  })

  async function filesIn(name: string): Promise<string[]> {
    const entries = await readdir(join(folder, 'contents', name), {
      recursive: true,
      withFileTypes: true,
    })
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  }

  it('gives anchored evidence that passes, for small and large contents', async () => {
    const large = new Blob([Buffer.alloc(2 * 1024 * 1024, 'large ')])
    for (const content of [new Blob(['small']), large]) {
      const { evidence } = await client.submit(SUBMISSION, content, { anchored: 30 })
      const verdict = await client.verify(evidence, content)
      expect(verdict.checks.filter(({ result }) => result !== 'skipped')).to.have.length(5)
      expect(verdict.result, JSON.stringify(verdict)).to.equal('pass')
    }
  })

  it('gives back what it was given, whole and in ranges', async () => {
    const bytes = Uint8Array.from({ length: 1_500_000 }, (_, i) => i % 251)
    const { id } = await client.submit(SUBMISSION, bytes)
    const whole = await client.content(id)
    expect(Buffer.from(await new Response(whole.bytes).arrayBuffer()).equals(bytes)).to.equal(true)
    const part = await client.content(id, { start: 700_000, end: 700_099 })
    const expected = Buffer.from(bytes.subarray(700_000, 700_100))
    expect(Buffer.from(await new Response(part.bytes).arrayBuffer()).equals(expected)).to.equal(
      true,
    )
  })

  it('keeps nothing of what was not handed in to its end', async () => {
    const size = serving.node.ledger.size
    const files = await filesIn('files')
    const req = request(`${serving.url}/v1/materials`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${TOKEN}`,
        'Content-Length': '4000000',
        'Content-Digest': contentDigest('never'),
        'Once-Statement': statementHeader(SUBMISSION),
      },
    })
    req.on('error', () => {})
    await new Promise<void>((resolve) => req.write(Buffer.alloc(2_000_000), () => resolve()))
    req.destroy()
    await new Promise((resolve) => req.once('close', resolve))
    const wrong = { ...SUBMISSION, content: { ...SUBMISSION.content, size: 1 } }
    const refused = client.submit(wrong, new Blob([Buffer.alloc(1_000_000)]))
    expect(await codeOf(refused)).to.equal('CONTENT_SIZE_MISMATCH')
    const tooLarge = client.submit(SUBMISSION, new Blob([Buffer.alloc(9_000_000)]).stream())
    expect(await codeOf(tooLarge)).to.equal('CONTENT_TOO_LARGE')
    while ((await filesIn('incoming')).length > 0) await new Promise(setImmediate)
    expect(await filesIn('files')).to.deep.equal(files)
    expect(serving.node.ledger.size).to.equal(size)
  })

  it('takes a batch and erases for good', async () => {
    const digest = `sha-256:${'ab'.repeat(32)}`
    const content = { mediaType: 'text/plain', digests: [digest], size: 3 }
    const submissions = Array.from({ length: 500 }, () => ({ type: 'T1', content }))
    const results = await Array.fromAsync(client.submitBatch(submissions))
    expect(results.filter((result) => 'index' in result)).to.have.length(500)
    const { id } = await client.submit(SUBMISSION, new Blob(['to be erased']))
    await client.erase(id, { reason: 'why', legalBasis: 'law' })
    expect((await client.material(id)).erased).to.equal(true)
    expect(await codeOf(client.evidence(id))).to.equal('MATERIAL_ERASED')
  })

  it('signs accounts in, who are nobody until somebody accredits them', async () => {
    const account = new OnceClient({ url: serving.url })
    const { address } = await account.signIn(Wallet.createRandom())
    expect(await account.whoAmI()).to.include({ name: `account ${address}` })
    expect(await codeOf(account.submit(SUBMISSION, new Blob(['x'])))).to.equal('ROLE_MISSING')
    await account.signOut()
    expect(await codeOf(account.whoAmI())).to.equal('TOKEN_MISSING')
  })

  it('finds nothing wrong with itself, and can be copied', async () => {
    const lines = await Array.fromAsync(client.audit())
    expect(lines.at(-1), JSON.stringify(lines)).to.deep.include({
      end: true,
      faults: 0,
      result: 'pass',
    })
    const headers = { Authorization: `Bearer ${TOKEN}` }
    const backup = await fetch(`${serving.url}/v1/backup`, { headers })
    const { trailer } = await checkBackup(backup.body as unknown as AsyncIterable<Uint8Array>)
    expect(trailer.contents).to.equal(3)
  })

  it('says how much there is', async () => {
    const headers = { Authorization: `Bearer ${TOKEN}` }
    const text = await (await fetch(`${serving.url}/metrics`, { headers })).text()
    expect(text).to.match(/^onceledger_store_bytes\{store="contents"\} \d{6,}$/m)
    expect(text).to.include(`onceledger_entries ${serving.node.ledger.size}\n`)
    expect(text).to.match(/^onceledger_group_entries_count \d+$/m)
  })
})
