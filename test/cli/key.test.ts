import { expect } from 'chai'
import { decryptKeystoreJson, encryptKeystoreJson, scrypt, Wallet } from 'ethers'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { findKeyFile } from '../../api/cli/keys/keyFile.ts'
import { unsealKey } from '../../api/cli/keys/keystore.ts'
import { openKey } from '../../api/cli/keys/openKey.ts'
import { askSecret } from '../../api/cli/keys/prompt.ts'
import { codeOf } from '../support/codes.ts'
import { jsonLines, once } from './support/once.ts'
import type { OnceResult } from './support/once.ts'

const PASSPHRASE = 'correct horse battery'
/** Of no use but here. */
const KEY = `0x${'c5'.repeat(32)}`
const ADDRESS = new Wallet(KEY).address.toLowerCase()

function errorIn({ stderr }: OnceResult): { code: string } {
  return (JSON.parse(stderr) as { error: { code: string } }).error
}

describe('once key', () => {
  let folder: string
  let keys: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-keys-'))
    keys = join(folder, 'keys')
  })
  after(() => rm(folder, { recursive: true }))

  const run = (args: readonly string[], stdin = '', env: Record<string, string> = {}) =>
    once(['--json', 'key', ...args], {
      cwd: folder,
      env: { HOME: folder, ONCE_KEYS: keys, ONCE_PASSPHRASE: PASSPHRASE, ...env },
      stdin,
    })
  const pathOf = (name: string) => join(keys, `${name}.json`)

  it('new makes a key that only its passphrase opens, and that only its owner reads', async () => {
    const made = await run(['new', 'landlord'])
    expect(made).to.include({ code: 0, stderr: '' })
    const [shown] = jsonLines(made)
    expect(shown).to.include({ name: 'landlord', file: pathOf('landlord') })
    const stored = await readFile(pathOf('landlord'), 'utf8')
    const { address, privateKey } = await decryptKeystoreJson(stored, PASSPHRASE)
    expect(address.toLowerCase()).to.equal(shown?.['address'])
    for (const where of [stored, made.stdout, made.stderr]) {
      expect(where.toLowerCase()).not.to.include(privateKey.slice(2))
      expect(where).not.to.include(PASSPHRASE)
    }
    expect((await stat(pathOf('landlord'))).mode & 0o777).to.equal(0o600)
    expect((await stat(keys)).mode & 0o777).to.equal(0o700)
    const { Crypto } = JSON.parse(stored) as { Crypto: { kdfparams: object } }
    expect(Crypto.kdfparams).to.include({ n: 2 ** 17, r: 8, p: 1 })
  })

  it('new takes no name twice, and asks for nothing before it says so', async () => {
    const before = await readFile(pathOf('landlord'))
    const again = await run(['new', 'landlord'], '', { ONCE_PASSPHRASE: '' })
    expect(again.code).to.equal(4)
    expect(errorIn(again).code).to.equal('KEY_NAME_TAKEN')
    expect(await readFile(pathOf('landlord'))).to.deep.equal(before)
    expect(await readdir(keys)).to.deep.equal(['landlord.json'])
  })

  it('import keeps a key from stdin, and show tells its address without the passphrase', async () => {
    const imported = await run(['import', 'tenant'], `${KEY}\n`)
    expect(imported.code).to.equal(0)
    expect(jsonLines(imported)[0]).to.include({ name: 'tenant', address: ADDRESS })
    expect(imported.stdout + imported.stderr).not.to.include(KEY.slice(2))
    const shown = await run(['show', 'tenant'], '', { ONCE_PASSPHRASE: '' })
    expect(jsonLines(shown)[0]).to.include({ address: ADDRESS, file: pathOf('tenant') })
  })

  it('import takes what a wallet exported, and a passphrase from a file', async () => {
    const passphraseFile = join(folder, 'passphrase')
    await writeFile(passphraseFile, 'of the wallet\n')
    const cheap = { scrypt: { N: 1024, r: 8, p: 1 } }
    const account = { address: ADDRESS, privateKey: KEY }
    const exported = await encryptKeystoreJson(account, 'of the wallet', cheap)
    const file = join(folder, 'wallet.json')
    await writeFile(file, exported)
    const args = ['import', 'agent', file, '--passphrase-file', passphraseFile]
    const imported = await run(args)
    expect(imported.code).to.equal(0)
    const stored = await readFile(pathOf('agent'), 'utf8')
    expect((await decryptKeystoreJson(stored, 'of the wallet')).privateKey).to.equal(KEY)
    // Under our cost, whatever the wallet's was.
    expect(stored).not.to.include('1024')
    const refused = await run(['import', 'agent2', file])
    expect(refused.code).to.equal(4)
    expect(errorIn(refused).code).to.equal('PASSPHRASE_WRONG')
  })

  it('list tells all, by their names, and passes over other files', async () => {
    await writeFile(join(keys, 'notes.json'), '{}')
    const listed = await run(['list'])
    expect(listed.code).to.equal(0)
    expect(jsonLines(listed).map(({ name }) => name)).to.deep.equal(['agent', 'landlord', 'tenant'])
    const none = await run(['list'], '', { ONCE_KEYS: join(folder, 'none') })
    expect(none).to.include({ code: 0, stdout: '' })
  })

  for (const [what, args, stdin, code, exit] of [
    ['a name that leaves the folder', ['new', '../x'], '', 'USAGE', 2],
    ['a key that is none', ['import', 'x'], `${KEY}00`, 'KEY_FILE_MALFORMED', 2],
    ['a key that is not there', ['show', 'nobody'], '', 'KEY_NOT_FOUND', 2],
    ['a command that is none', ['sell'], '', undefined, 2],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const result = await run(args, stdin)
      expect(result.code).to.equal(exit)
      if (code !== undefined) expect(errorIn(result).code).to.equal(code)
      expect(result.stderr).not.to.include(KEY.slice(2))
      expect(await readdir(keys)).not.to.include('x.json')
    })
  }

  it('refuses a short passphrase, and none where there is no terminal to ask', async () => {
    for (const passphrase of ['short', '']) {
      const refused = await run(['new', 'x'], '', { ONCE_PASSPHRASE: passphrase })
      expect(refused.code).to.equal(2)
      expect(errorIn(refused).code).to.equal('USAGE')
    }
    expect(await readdir(keys)).not.to.include('x.json')
  })

  it('gives commands a wallet that signs, of the key that was named', async () => {
    const passphraseFile = join(folder, 'phrase')
    await writeFile(passphraseFile, PASSPHRASE)
    const opened = await openKey({ key: pathOf('tenant'), passphraseFile })
    expect(opened.address.toLowerCase()).to.equal(ADDRESS)
    expect(opened.privateKey).to.equal(KEY)
    await writeFile(passphraseFile, 'another passphrase')
    const wrong = openKey({ key: pathOf('tenant'), passphraseFile })
    expect(await codeOf(wrong)).to.equal('PASSPHRASE_WRONG')
  })

  it('derives keys as ethers does, only faster', async () => {
    const [password, salt] = [Buffer.from('password'), Buffer.from('NaCl')]
    // RFC 7914 §12.
    expect(await scrypt(password, salt, 1024, 8, 16, 64)).to.equal(
      '0xfdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    )
  })

  it('opens no file that others may read', async () => {
    await chmod(pathOf('agent'), 0o640)
    expect(await codeOf(findKeyFile(pathOf('agent')))).to.equal('KEY_EXPOSED')
  })

  it('opens no file that is no key, or would take all memory to open', async () => {
    const stored = await readFile(pathOf('tenant'), 'utf8')
    const greedy = stored.replace('"n":131072', '"n":16777216')
    expect(greedy).not.to.equal(stored)
    for (const broken of ['', '{', '{"version":3}', greedy])
      expect(await codeOf(unsealKey(broken, PASSPHRASE, 'x')), broken).to.equal(
        'KEY_FILE_MALFORMED',
      )
  })

  it('opens no file that names another address than its key has', async () => {
    const stored = await readFile(pathOf('tenant'), 'utf8')
    const renamed = stored.replace(ADDRESS.slice(2), 'ab'.repeat(20))
    expect(renamed).not.to.equal(stored)
    expect(await codeOf(unsealKey(renamed, PASSPHRASE, 'x'))).to.equal('KEY_FILE_MALFORMED')
  })
})

async function ask(typed: string): Promise<{ answer: unknown; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const asked = askSecret('Passphrase: ', input, output)
  input.write(typed)
  const answer = await asked.catch((error: unknown) => error)
  output.end()
  return { answer, shown: await text(output) }
}

describe('asking for a passphrase', () => {
  it('shows nothing of the answer', async () => {
    expect(await ask('secret\r')).to.deep.equal({ answer: 'secret', shown: 'Passphrase: \n' })
  })

  it('lets it be corrected', async () => {
    expect((await ask('sex\x7f\x7fecret\r')).answer).to.equal('secret')
  })

  for (const [keys, typed] of [
    ['Ctrl-C', 'secr\x03'],
    ['Ctrl-D', '\x04'],
  ] as const) {
    it(`ends with ${keys}`, async () => {
      const { answer, shown } = await ask(typed)
      expect(answer).to.include({ code: 'once.misuse', exitCode: 2 })
      expect(shown).to.equal('Passphrase: \n')
    })
  }
})
