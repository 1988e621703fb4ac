import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { OnceClient } from '../../api/client/index.ts'
import { loadConfig } from '../../api/config.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { serve } from '../../api/serve.ts'
import type { Serving } from '../../api/serve.ts'
import { readTokens } from '../../api/tokens.ts'
import { codeOf } from '../support/codes.ts'

const KEY = randomBytes(32).toString('hex')
const ORIGIN = 'first.example/log'

describe('a start on a data folder', () => {
  let folder: string
  let evidence: string

  const start = (env: Readonly<Record<string, string>> = {}): Promise<Serving> =>
    serve(
      loadConfig({
        ONCE_DATA: folder,
        ONCE_PORT: '0',
        ONCE_LOG_LEVEL: 'silent',
        ONCE_MASTER_KEY: KEY,
        ONCE_LOG_ORIGIN: ORIGIN,
        ...env,
      }),
    )

  const clientOf = async ({ url }: Serving) =>
    new OnceClient({ url, token: (await readTokens(folder))?.[0]?.token ?? '' })

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-start-'))
    const serving = await start()
    const said = { id: 'kept', type: 'T1', content: { mediaType: 'text/plain' } }
    evidence = (await (await clientOf(serving)).submit(said, Buffer.from('kept'))).evidence
    expect(await codeOf(start())).to.equal('DATA_FOLDER_IN_USE')
    await serving.close()
  })
  after(() => rm(folder, { recursive: true }))

  for (const [what, env, code] of [
    ['of another log', { ONCE_LOG_ORIGIN: 'other.example/log' }, 'LOG_ORIGIN_MISMATCH'],
    ['under a wrong master key', { ONCE_MASTER_KEY: 'ab'.repeat(32) }, 'MASTER_KEY_WRONG'],
  ] as const)
    it(`${what} is refused, and the folder stays as it is`, async () => {
      expect(await codeOf(start(env))).to.equal(code)
      expect(SENTENCES[code]).to.match(/; (?:correct|set) /)
      const serving = await start()
      const { size } = serving.node.ledger
      const { entry, checkpoint } = await read(serving)
      await serving.close()
      expect([size, entry]).to.deep.equal([1, 'kept'])
      expect(JSON.parse(evidence)).to.have.property('proof').that.includes(checkpoint)
    })

  /** The root under the checkpoint is the one that was answered before. */
  async function read(serving: Serving) {
    const client = await clientOf(serving)
    const { bytes } = await client.content('kept')
    const [origin, size, root] = (await client.log.checkpoint()).split('\n')
    return { entry: await new Response(bytes).text(), checkpoint: [origin, size, root].join('\n') }
  }
})
