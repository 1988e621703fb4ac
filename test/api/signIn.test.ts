import { expect } from 'chai'
import { ParsedMessage } from '@signinwithethereum/siwe-parser'
import { Signature, Wallet } from 'ethers'
import { Challenges, CHALLENGE_LIFE } from '../../api/http/session/challenges.ts'
import type { Challenge, WhoAmI } from '../../api/http/session/schema.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { formatSignIn, hashSignedText, parseSignIn } from '../../node/core/signIn.ts'
import type { SignIn } from '../../node/core/signIn.ts'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { answerOf, codeIn, open, postJson } from './support/http.ts'
import { addressOf, ask, challenge, postSignIn, signIn } from './support/signing.ts'

const MINUTE = 60_000
/** Half the order of secp256k1 mirrors s: the other signature that the same key could have made. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const wallet = Wallet.createRandom()
const other = Wallet.createRandom()

function askAtHost(api: TestApi, host: string): ReturnType<typeof answerOf> {
  const body = JSON.stringify({ address: addressOf(wallet) })
  const headers = { Host: host, 'Content-Type': 'application/json' }
  const req = open(api, { method: 'POST', path: '/v1/session/challenge', headers })
  req.end(body)
  return answerOf(req)
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

describe('signing in', () => {
  let api: TestApi
  let now = Date.parse('2026-01-02T03:04:05.678Z')
  before(async () => {
    api = await startTestApi({ now: () => now })
  })
  after(() => api.close())

  const refusalOf = async (message: string, signature: string) =>
    codeIn(await postSignIn(api, message, signature))

  it('gives a message that a wallet shows as what it is', async () => {
    const address = addressOf(wallet)
    const response = await postJson(api, '/v1/session/challenge', { address })
    expect(response.headers.get('Cache-Control')).to.equal('no-store')
    const { message, expiresAt, sentence } = (await response.json()) as Challenge
    const parsed = new ParsedMessage(message)
    expect(parsed).to.deep.include({
      scheme: 'http',
      domain: `127.0.0.1:${api.port}`,
      address: wallet.address,
      statement: sentence.en,
      chainId: 31337,
      issuedAt: '2026-01-02T03:04:05.678Z',
      expirationTime: '2026-01-02T03:09:05.678Z',
      warnings: [],
    })
    expect(parsed.nonce).to.match(/^[0-9a-f]{64}$/)
    expect(expiresAt).to.equal(parsed.expirationTime)
    expect(sentence.zh).to.match(/\p{Script=Han}/u)
  })

  it('gives a session for the signed message, and says who that is', async () => {
    const session = await signIn(api, wallet)
    const address = addressOf(wallet)
    expect(session).to.deep.include({ address, life: 900, idle: 300 })
    expect(Date.parse(session.expiresAt) - now).to.equal(15 * MINUTE)
    const who = (await (await ask(api, session, '/v1/session')).json()) as WhoAmI
    expect(who).to.deep.equal({
      name: `account ${address}`,
      roles: [],
      address,
      expiresAt: session.expiresAt,
    })
  })

  it('says who a fixed token is', async () => {
    const response = await api.request('/v1/session')
    expect(await response.json()).to.deep.equal({ name: 'permits', roles: ['submitter'] })
  })

  it('takes a message once', async () => {
    const message = await challenge(api, wallet)
    const signature = await wallet.signMessage(message)
    expect((await postSignIn(api, message, signature)).status).to.equal(201)
    expect(await refusalOf(message, signature)).to.equal('SIGN_IN_REUSED')
  })

  it('takes a message once of many requests at a time', async () => {
    const message = await challenge(api, wallet)
    const signature = await wallet.signMessage(message)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => postSignIn(api, message, signature)),
    )
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1)
  })

  it('refuses a message with one character of any field altered, though signed anew', async () => {
    const message = await challenge(api, wallet)
    for (const [n, line] of message.split('\n').entries()) {
      if (line === '') continue
      const last = line.at(-1) === '0' ? '1' : '0'
      const lines = message.split('\n').with(n, line.slice(0, -1) + last)
      const altered = lines.join('\n')
      const refusal = await refusalOf(altered, await wallet.signMessage(altered))
      expect(refusal, line).to.equal('SIGN_IN_UNKNOWN')
    }
    // None of this took the nonce.
    expect((await postSignIn(api, message, await wallet.signMessage(message))).status).to.equal(201)
  })

  it('refuses a message that the caller composed', async () => {
    const composed = formatSignIn({
      ...parseSignIn(await challenge(api, wallet)),
      account: addressOf(other),
    })
    expect(await refusalOf(composed, await other.signMessage(composed))).to.equal('SIGN_IN_UNKNOWN')
  })

  it('refuses the message of another node, though of the same name', async () => {
    const publicUrls = ['https://ledger.example.gov']
    const [a, b] = await Promise.all([startTestApi({ publicUrls }), startTestApi({ publicUrls })])
    const composed = await askAtHost(a, 'ledger.example.gov')
    const { message } = JSON.parse(composed.text) as Challenge
    const signature = await wallet.signMessage(message)
    expect(await codeIn(await postSignIn(b, message, signature))).to.equal('SIGN_IN_UNKNOWN')
    expect((await postSignIn(a, message, signature)).status).to.equal(201)
    await Promise.all([a.close(), b.close()])
  })

  it('refuses the signature of another account', async () => {
    const message = await challenge(api, wallet)
    expect(await refusalOf(message, await other.signMessage(message))).to.equal('SIGNATURE_INVALID')
  })

  it('refuses the signature of another message', async () => {
    const signature = await wallet.signMessage(await challenge(api, wallet))
    expect(await refusalOf(await challenge(api, wallet), signature)).to.equal('SIGNATURE_INVALID')
  })

  it('refuses a high s, a wrong v, 64 and 66 bytes', async () => {
    const message = await challenge(api, wallet)
    const { r, s, v } = Signature.from(await wallet.signMessage(message))
    const high = (ORDER - BigInt(s)).toString(16).padStart(64, '0')
    for (const signature of [
      `${r}${high}${byte(v === 27 ? 28 : 27)}`,
      `${r}${s.slice(2)}${byte(v - 27)}`,
      `${r}${s.slice(2)}1d`,
      `${r}${s.slice(2)}`,
      `${r}${s.slice(2)}${byte(v)}00`,
    ])
      expect(await refusalOf(message, signature)).to.equal('SIGNATURE_MALFORMED')
  })

  it('refuses a message when its five minutes are over', async () => {
    const message = await challenge(api, wallet)
    const signature = await wallet.signMessage(message)
    now += CHALLENGE_LIFE
    expect(await refusalOf(message, signature)).to.equal('SIGN_IN_EXPIRED')
  })

  it('refuses what is no request to sign in', async () => {
    for (const body of [{}, { address: 'me' }, { address: wallet.address, more: 1 }])
      expect(await codeIn(await postJson(api, '/v1/session/challenge', body))).to.equal(
        'SIGN_IN_MALFORMED',
      )
    expect(await refusalOf('x'.repeat(5_000), '0x00')).to.equal('SIGN_IN_MALFORMED')
    expect(await refusalOf('', '0x00')).to.equal('SIGN_IN_UNKNOWN')
  })

  it('waits for the chain', async () => {
    const starting = await startTestApi({ accounts: { chainId: () => undefined } })
    const body = { address: addressOf(wallet) }
    const response = await postJson(starting, '/v1/session/challenge', body)
    expect(response.status).to.equal(503)
    expect(await codeIn(response)).to.equal('SIGN_IN_UNAVAILABLE')
    await starting.close()
  })

  for (const [host, origin] of [
    ['127.0.0.1:9', 'http://127.0.0.1:9'],
    ['LOCALHOST:9', 'http://localhost:9'],
    ['[::1]:9', 'http://[::1]:9'],
    ['evil.example', undefined],
    ['127.0.0.1.evil.example', undefined],
    ['localhost@evil.example', undefined],
  ] as const) {
    it(`composes ${origin === undefined ? 'nothing' : 'a message'} for the host ${host}`, async () => {
      const { text } = await askAtHost(api, host)
      if (origin === undefined) expect(JSON.parse(text)).to.include({ code: 'HOST_UNKNOWN' })
      else expect(parseSignIn((JSON.parse(text) as Challenge).message).origin).to.equal(origin)
    })
  }

  it('composes messages in the names that the operator gave, and no other', async () => {
    const publicUrls = ['https://ledger.example.gov', 'http://10.1.2.3:8080']
    const named = await startTestApi({ publicUrls })
    for (const [host, origin] of [
      ['ledger.example.gov', 'https://ledger.example.gov'],
      ['Ledger.Example.gov:443', 'https://ledger.example.gov'],
      ['10.1.2.3:8080', 'http://10.1.2.3:8080'],
    ] as const) {
      const { message } = JSON.parse((await askAtHost(named, host)).text) as Challenge
      expect(parseSignIn(message).origin).to.equal(origin)
    }
    for (const host of ['evil.example', '127.0.0.1', 'ledger.example.gov:8443', '10.1.2.3', ''])
      expect(JSON.parse((await askAtHost(named, host)).text)).to.include({ code: 'HOST_UNKNOWN' })
    await named.close()
  })

  it('asks contract accounts, and takes their word alone', async () => {
    const contract = { address: `0x${'c0'.repeat(20)}` }
    const asked: unknown[] = []
    const withContracts = await startTestApi({
      accounts: {
        isValidSignature: async (account, digest, signature) => {
          asked.push({ account, digest, signature })
          return account === contract.address && signature === '0xbeef'
        },
      },
    })
    const message = await challenge(withContracts, contract)
    const digest = hashSignedText(message)
    const refused = await postSignIn(withContracts, message, '0xdead')
    expect(await codeIn(refused)).to.equal('SIGNATURE_MALFORMED')
    expect((await postSignIn(withContracts, message, '0xbeef')).status).to.equal(201)
    expect(asked).to.deep.equal([
      { account: contract.address, digest, signature: '0xdead' },
      { account: contract.address, digest, signature: '0xbeef' },
    ])
    await withContracts.close()
  })

  it('asks a contract account about ten refused signatures a minute, and for others as before', async () => {
    const [flooded, quiet] = ['c0', 'c1'].map((byte) => ({ address: `0x${byte.repeat(20)}` }))
    let asked = 0
    const withContracts = await startTestApi({
      accounts: {
        isValidSignature: async (_, __, signature) => {
          asked++
          return signature === '0xbeef'
        },
      },
    })
    const post = async (account: { address: string } | undefined, signature: string) =>
      postSignIn(withContracts, await challenge(withContracts, account ?? wallet), signature)
    for (let i = 0; i < 3; i++) expect((await post(flooded, '0xbeef')).status).to.equal(201)
    const answers = await Promise.all(Array.from({ length: 15 }, () => post(flooded, '0xdead')))
    const limited = answers.filter(({ status }) => status === 429)
    expect([limited.length, asked]).to.deep.equal([5, 3 + 10])
    expect(await codeIn(limited[0] as Response)).to.equal('SIGN_INS_TOO_MANY')
    expect(Number(limited[0]?.headers.get('Retry-After'))).to.be.within(1, 60)
    expect((await post(quiet, '0xbeef')).status).to.equal(201)

    // Accounts cost nothing: many are limited together.
    const before = asked
    const strangers = Array.from({ length: 60 }, () => Wallet.createRandom())
    const more = await Promise.all(strangers.map((account) => post(account, '0xdead')))
    expect(more.filter(({ status }) => status === 429)).to.have.length(10)
    expect(asked - before).to.equal(50)
    await withContracts.close()
  })

  it('is limited as all that is public', async () => {
    const limited = await startTestApi({ publicRate: 2 })
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        fetch(`${limited.url}/v1/session/challenge`, {
          method: 'POST',
          body: JSON.stringify({ address: addressOf(wallet) }),
        }),
      ),
    )
    expect(answers.filter(({ status }) => status === 429)).to.have.length(2)
    await limited.close()
  })
})

describe('messages to sign in with', () => {
  const who: Pick<SignIn, 'origin' | 'account' | 'chainId'> = {
    origin: 'https://ledger.example.gov',
    account: `0x${'ab'.repeat(20)}`,
    chainId: 1,
  }

  it('hold no memory, ten thousand of them, until one is signed', () => {
    const challenges = new Challenges(Date.now)
    const messages = Array.from({ length: 10_000 }, () => challenges.compose(who).message)
    expect(new Set(messages)).to.have.length(10_000)
    for (const message of messages.slice(0, 100)) challenges.read(message)
    expect(challenges.held).to.equal(0)
  })

  it('are forgotten once nobody can use them', () => {
    let now = 0
    const challenges = new Challenges(() => now)
    const spend = () => challenges.spend(challenges.read(challenges.compose(who).message))
    for (let i = 0; i < 100; i++) spend()
    expect(challenges.held).to.equal(100)
    now += CHALLENGE_LIFE
    spend()
    expect(challenges.held).to.equal(1)
  })

  it('are refused rather than forgotten too early', () => {
    const challenges = new Challenges(() => 0, 3)
    const spend = () => challenges.spend(challenges.read(challenges.compose(who).message))
    for (let i = 0; i < 3; i++) spend()
    expect(spend).to.throw(LedgerError, 'SIGN_INS_TOO_MANY')
  })
})
