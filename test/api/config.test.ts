import { expect } from 'chai'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeConfig, loadConfig } from '../../api/config.ts'
import { openOrCreateTokens, readTokens } from '../../api/tokens.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import { codeOf } from '../support/codes.ts'

function mistakesOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (!isLedgerError(error, 'CONFIG_INVALID')) throw error
    return error.details['mistakes'] as string[]
  }
}

const KEY = `0x${'1'.repeat(64)}`

describe('the configuration', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-config-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('needs nothing', () => {
    const config = loadConfig({})
    expect(config).to.include({
      ONCE_PORT: 8080,
      ONCE_HOST: '127.0.0.1',
      ONCE_DATA: './data',
      ONCE_MAX_CONTENT: 1024 ** 3,
      ONCE_WAIT: 60_000,
      ONCE_BEHIND_PROXY: false,
    })
    expect(config.ONCE_DIGESTS).to.deep.equal(['sha-256', 'sm3'])
    expect(config.chains).to.equal(undefined)
    expect(config).not.to.have.any.keys('ONCE_TOKENS', 'ONCE_MASTER_KEY', 'ONCE_LOG_ORIGIN')
  })

  it('takes an empty variable for none', () => {
    expect(loadConfig({ ONCE_PORT: '', ONCE_TOKENS: '' }).ONCE_PORT).to.equal(8080)
  })

  for (const [name, text, value] of [
    ['ONCE_PORT', '0', 0],
    ['ONCE_ANCHOR_INTERVAL', '500ms', 500],
    ['ONCE_ANCHOR_INTERVAL', '2s', 2_000],
    ['ONCE_ANCHOR_INTERVAL', '1m', 60_000],
    ['ONCE_READY_LAG', '1h', 3_600_000],
    ['ONCE_MAX_CONTENT', '2GiB', 2 * 1024 ** 3],
    ['ONCE_MAX_CONTENT', '1500', 1500],
    ['ONCE_BEHIND_PROXY', 'true', true],
    ['ONCE_DIGESTS', 'sm3,sha-256', ['sha-256', 'sm3']],
    ['ONCE_DIGESTS', 'sha-256', ['sha-256']],
    ['ONCE_SESSION', '10m', 600_000],
    [
      'ONCE_PUBLIC_URL',
      'https://a.gov, http://10.1.2.3:81/',
      ['https://a.gov', 'http://10.1.2.3:81'],
    ],
    ['ONCE_MASTER_KEY', 'ab'.repeat(32), Buffer.alloc(32, 0xab)],
  ] as const) {
    it(`reads ${name}=${text}`, () => {
      expect(loadConfig({ [name]: text })[name]).to.deep.equal(value)
    })
  }

  for (const [name, text, mistake] of [
    ['ONCE_PORT', '65536', 'is not between 0 and 65535'],
    ['ONCE_PORT', '0x50', 'is not a whole number'],
    ['ONCE_ANCHOR_INTERVAL', '2', 'is not a duration such as 500ms, 2s, 1m or 1h'],
    ['ONCE_ANCHOR_INTERVAL', '-2s', 'is not a duration such as 500ms, 2s, 1m or 1h'],
    ['ONCE_MAX_CONTENT', '1GB', 'is not a number of bytes such as 512MiB or 1GiB'],
    ['ONCE_MAX_CONTENT', '99999999TiB', 'is too large'],
    ['ONCE_BEHIND_PROXY', 'yes', 'is neither true nor false'],
    ['ONCE_DIGESTS', 'sm3', 'is neither sha-256 nor sha-256,sm3'],
    ['ONCE_DIGESTS', 'sha-256,md5', 'is neither sha-256 nor sha-256,sm3'],
    [
      'ONCE_LOG_ORIGIN',
      'has space',
      'is not an origin: a name such as ledger.example.gov/log, without space or +',
    ],
    ['ONCE_MASTER_KEY', 'short', 'is not a key of 32 bytes, in hex or base64'],
    ['ONCE_TOKENS', '[]', /^ONCE_TOKENS at the top: /],
    [
      'ONCE_TOKENS',
      '[{"name":"x","roles":["king"],"token":"0123456789abcdef"}]',
      /^ONCE_TOKENS at \/0\/roles\/0: /,
    ],
    ['ONCE_TOKENS', '[{"name":"x","roles":["auditor"]}]', 'at /0: needs either token or sha256'],
    ['ONCE_TOKENS', './tokens.json', 'is not JSON; a file is named as file:<path>'],
    ['ONCE_TOKENS', 'file:/no/such/file', 'names a file that cannot be read (ENOENT)'],
    [
      'ONCE_TOKENS',
      '[{"name":"account 0x12","roles":["auditor"],"token":"0123456789abcdef"}]',
      'at /0/name: names an account or department',
    ],
    ...[' ', '\u3000', '\u200b'].map(
      (name) =>
        [
          'ONCE_TOKENS',
          JSON.stringify([{ name, roles: ['auditor'], token: '0123456789abcdef' }]),
          'at /0/name: not 1 to 100 printable characters, or nothing to be seen',
        ] as const,
    ),
    ['ONCE_SESSION', '0s', 'is less than 1s'],
    ['ONCE_PUBLIC_URL', 'a.gov', 'is not https://<host>, without path, in lower case'],
    ['ONCE_PUBLIC_URL', 'https://a.gov/once', 'is not https://<host>, without path, in lower case'],
    ['ONCE_PUBLIC_URL', 'https://u@a.gov', 'is not https://<host>, without path, in lower case'],
    ['ONCE_LOG_LEVEL', 'loud', 'is none of fatal, error, warn, info, debug, trace, silent'],
    ['ONCE_PROT', '80', 'is unknown; is it ONCE_PORT?'],
    ['ONCE_CHAIN_CONFIRMATION', '80', /^ONCE_CHAIN_CONFIRMATION is unknown/],
    ['ONCE_SOMETHING_ELSE_ENTIRELY', 'x', 'is unknown'],
    ['ONCE_CHAIN_KEY', KEY, 'needs ONCE_CHAIN_RPC_URL beside it'],
    ['ONCE_CHAIN_RPC_URL', 'http://localhost', 'needs ONCE_CHAIN_KEY beside it'],
  ] as const) {
    it(`refuses ${name}=${text.slice(0, 40)}`, () => {
      const mistakes = mistakesOf({ [name]: text })
      expect(mistakes).to.have.length(1)
      if (typeof mistake === 'string') expect(mistakes[0]).to.equal(`${name} ${mistake}`)
      else expect(mistakes[0]).to.match(mistake)
    })
  }

  it('says all that is wrong at once, and never a value', () => {
    const mistakes = mistakesOf({
      ONCE_PORT: 'secret-1',
      ONCE_MASTER_KEY: 'secret-2',
      ONCE_CHAIN_KEY: 'secret-3',
      ONCE_CHAIN_RPC_URL: 'ftp://secret-4',
      ONCE_CHAINS: '[{"name":"secret 5"}]',
      ONCE_TOKENS: '[{"token":"secret-6"}]',
    })
    expect(mistakes.length).to.be.greaterThan(6)
    expect(mistakes.join()).not.to.include('secret')
  })

  it('knows the variables of the command line', () => {
    expect(mistakesOf({ ONCE_URL: 'x', ONCE_TOKEN: 'y', ONCE_TRUST: 'z' })).to.deep.equal([])
    expect(mistakesOf({ ONCE_KEYS: 'x', ONCE_KEY: 'y', ONCE_PASSPHRASE: 'z' })).to.deep.equal([])
  })

  it('reads any value from a file', async () => {
    const path = join(folder, 'key')
    await writeFile(path, `${KEY}\n`)
    const { chains } = loadConfig({
      ONCE_CHAIN_RPC_URL: 'https://chain.example',
      ONCE_CHAIN_KEY: `file:${path}`,
    })
    expect(chains).to.deep.equal([{ name: 'chain', rpcUrl: 'https://chain.example', key: KEY }])
  })

  it('takes several chains', () => {
    const { chains } = loadConfig({
      ONCE_CHAINS: JSON.stringify([
        { name: 'city', rpcUrl: 'https://a.example', key: KEY, interval: '5m', maxFeePerGas: '7' },
        { name: 'region', rpcUrl: 'https://b.example', key: KEY, confirmations: 12 },
      ]),
    })
    expect(chains?.map(({ name, interval }) => [name, interval])).to.deep.equal([
      ['city', 300_000],
      ['region', undefined],
    ])
    expect(chains?.[0]?.maxFeePerGas).to.equal(7n)
  })

  it('refuses one chain twice', () => {
    const chain = { name: 'city', rpcUrl: 'https://a.example', key: KEY }
    const mistakes = mistakesOf({ ONCE_CHAINS: JSON.stringify([chain, chain]) })
    expect(mistakes).to.deep.equal(['ONCE_CHAINS at the top: names one chain twice'])
  })

  it('describes each variable with what holds without it', () => {
    const rows = describeConfig()
    expect(rows.map(({ name }) => name)).to.include.members(['ONCE_PORT', 'ONCE_CHAINS'])
    for (const { name, meaning, byDefault } of rows) {
      expect(meaning, name).not.to.equal('')
      expect(byDefault, name).not.to.equal('')
      if (!['none', './data'].includes(byDefault)) expect(mistakesOf({}), name).to.deep.equal([])
    }
  })
})

describe('the tokens of a data folder', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-tokens-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('are made once, for the owner alone, with every role', async () => {
    const [first] = await openOrCreateTokens(join(folder, 'data'))
    expect(first?.roles).to.deep.equal(['operator', 'submitter', 'auditor'])
    expect(first?.token).to.match(/^once_[\w-]{43}$/)
    const path = join(folder, 'data', 'tokens.json')
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    const [again] = await openOrCreateTokens(join(folder, 'data'))
    expect(again).to.deep.equal(first)
  })

  it('are the same for two starts at once', async () => {
    const found = await Promise.all([1, 2, 3].map(() => openOrCreateTokens(folder)))
    expect(new Set(found.map(([credential]) => credential?.token)).size).to.equal(1)
  })

  it('are not there before', async () => {
    expect(await readTokens(folder)).to.equal(undefined)
  })

  it('are refused when others can read them, or when they are damaged', async () => {
    await openOrCreateTokens(folder)
    const path = join(folder, 'tokens.json')
    await chmod(path, 0o644)
    expect(await codeOf(openOrCreateTokens(folder))).to.equal('TOKENS_EXPOSED')
    await chmod(path, 0o600)
    await writeFile(path, (await readFile(path, 'utf8')).slice(1))
    expect(await codeOf(openOrCreateTokens(folder))).to.equal('TOKENS_MALFORMED')
  })

  it('are refused under a name that nobody sees, which is said', async () => {
    await openOrCreateTokens(folder)
    const path = join(folder, 'tokens.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"local"', '" "'))
    const error: unknown = await readTokens(folder).catch((error: unknown) => error)
    expect(error).to.deep.include({
      code: 'TOKENS_MALFORMED',
      details: {
        path,
        mistakes: [
          'tokens.json at /0/name: not 1 to 100 printable characters, or nothing to be seen',
        ],
      },
    })
  })
})
