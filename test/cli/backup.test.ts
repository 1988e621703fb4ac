import { readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { startTestApi, TOKENS } from '../api/support/api.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { once } from './support/once.ts'

const none = () => Readable.from([Buffer.from('hello')], { objectMode: false })
const breaking = () =>
  Readable.from(
    (async function* () {
      yield Buffer.alloc(100_000)
      throw new Error('the disk went away')
    })(),
    { objectMode: false },
  )

describe('once backup', () => {
  const folder = temporaryFolder()

  async function backUp(archive: () => Readable, token: string) {
    const api = await startTestApi({ backup: archive })
    try {
      const args = ['backup', 'b.tar', '--url', api.url, '--token', token, '--json']
      const { code, stderr } = await once(args, { cwd: folder.path })
      return { code, error: JSON.parse(stderr).error.code as string }
    } finally {
      await api.close()
    }
  }

  it('leaves nothing of a backup that breaks off, or is none', async () => {
    expect(await backUp(breaking, TOKENS.operator)).to.deep.equal({
      code: 3,
      error: 'LEDGER_UNREACHABLE',
    })
    expect((await backUp(none, TOKENS.operator)).code).to.equal(1)
    expect(readdirSync(folder.path)).to.deep.equal([])
  })

  it('is for the operator alone', async () => {
    expect(await backUp(none, TOKENS.auditor)).to.deep.equal({ code: 4, error: 'ROLE_MISSING' })
  })
})
