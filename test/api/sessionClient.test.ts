import { expect } from 'chai'
import { Wallet } from 'ethers'
import { OnceClient } from '../../api/client/index.ts'
import type { Signer } from '../../api/client/index.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { codeOf } from '../support/codes.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi, TestApiOptions } from './support/api.ts'
import { digestsOnly } from './support/http.ts'
import { addressOf } from './support/signing.ts'

const wallet = Wallet.createRandom()

/** A wallet that counts what it is asked. */
function counting(): Signer & { readonly signed: string[] } {
  const signed: string[] = []
  return {
    address: wallet.address,
    signed,
    signMessage: (text) => {
      signed.push(text)
      return wallet.signMessage(text)
    },
    signTypedData: () => Promise.reject(new Error('nobody asked for this')),
  }
}

/** Sets the clock of this process on, for as long as that takes. */
async function later(seconds: number, step: () => Promise<unknown>): Promise<void> {
  const real = performance.now.bind(performance)
  performance.now = () => real() + seconds * 1000
  try {
    await step()
  } finally {
    performance.now = real
  }
}

describe('the client of an account', () => {
  let now = Date.now()
  let api: TestApi
  const start = async (options: TestApiOptions = {}) => {
    api = await startTestApi({
      now: () => now,
      accounts: { partyOf: () => ({ roles: new Set(['user']) }) },
      ...options,
    })
    return new OnceClient({ url: api.url, token: TOKENS.auditor })
  }
  afterEach(() => api.close())

  it('signs in with an ethers Wallet, works, and signs out', async () => {
    const client = await start()
    const { address, expiresAt } = await client.signIn(wallet)
    expect(address).to.equal(addressOf(wallet))
    expect(Date.parse(expiresAt)).to.equal(now + 900_000)
    const { created } = await client.submit(digestsOnly('x') as MaterialSubmission)
    expect(created).to.equal(true)
    expect(await client.whoAmI()).to.include({ name: `account ${address}` })
    await client.signOut()
    expect(await client.whoAmI()).to.deep.equal({ name: 'auditor', roles: ['auditor'] })
  })

  it('asks the wallet once, however much is asked at a time', async () => {
    const client = await start()
    const signer = counting()
    await client.signIn(signer)
    await Promise.all(Array.from({ length: 10 }, () => client.whoAmI()))
    expect(signer.signed).to.have.length(1)
  })

  it('signs in anew when the ledger has ended the session, once for all that wait', async () => {
    const client = await start()
    const signer = counting()
    await client.signIn(signer)
    now += 3_600_000
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.whoAmI()))
    expect(new Set(answers.map(({ expiresAt }) => expiresAt))).to.have.length(1)
    expect(signer.signed).to.have.length(2)
  })

  for (const [end, seconds] of [
    ['ends', 871],
    ['is idle for too long', 271],
  ] as const) {
    it(`signs in anew before the session ${end}, by its own clock`, async () => {
      const client = await start()
      const signer = counting()
      await client.signIn(signer)
      await later(seconds, () => Promise.all([1, 2, 3].map(() => client.whoAmI())))
      expect(signer.signed).to.have.length(2)
      // The ledger's clock stood still: it would have gone on with the first.
      expect(api.logged.filter(({ code }) => code === 'SESSION_ENDED')).to.have.length(0)
    })
  }

  it('signs out without the wallet, also of a session that has ended', async () => {
    const client = await start()
    const signer = counting()
    await client.signIn(signer)
    now += 3_600_000
    await client.signOut()
    await client.signIn(signer)
    await later(3_600, () => client.signOut())
    await client.signOut()
    expect(signer.signed).to.have.length(2)
    expect(await client.whoAmI()).to.include({ name: 'auditor' })
  })

  it('asks no wallet for what is public', async () => {
    const client = await start()
    const signer = counting()
    await client.signIn(signer)
    now += 3_600_000
    await client.log.checkpoint()
    await client.describe()
    expect(signer.signed).to.have.length(1)
  })

  it('goes on without a session when signing in fails, and can try again', async () => {
    const client = await start()
    const refusing = { ...counting(), signMessage: () => Promise.reject(new Error('no')) }
    const refusal = await client.signIn(refusing).catch((error: unknown) => error)
    expect(refusal).to.have.property('message', 'no')
    expect(await client.whoAmI()).to.include({ name: 'auditor' })
    await client.signIn(wallet)
  })

  it('signs nothing that is for another site', async () => {
    await start()
    const signer = counting()
    // In between, one that hands its own name through.
    const client = new OnceClient({
      url: 'http://localhost:1',
      fetch: (input, init) => fetch(new URL(new URL(input as URL).pathname, api.url), init),
    })
    expect(await codeOf(client.signIn(signer))).to.equal('SIGN_IN_FOREIGN')
    expect(signer.signed).to.deep.equal([])
  })

  it('signs nothing that is for another account', async () => {
    await start()
    const signer = counting()
    const client = new OnceClient({
      url: api.url,
      fetch: (input, init) => {
        const body = JSON.stringify({ address: `0x${'ab'.repeat(20)}` })
        return fetch(input, { ...init, body })
      },
    })
    expect(await codeOf(client.signIn(signer))).to.equal('SIGN_IN_FOREIGN')
    expect(signer.signed).to.deep.equal([])
  })
})
