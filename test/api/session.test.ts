import { expect } from 'chai'
import { Wallet } from 'ethers'
import type { Party } from '../../api/http/auth.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi, TestApiOptions } from './support/api.ts'
import { codeIn, digestsOnly } from './support/http.ts'
import { addressOf, ask, signIn } from './support/signing.ts'

const MINUTE = 60_000

const wallet = Wallet.createRandom()
const other = Wallet.createRandom()

async function codeAt(api: TestApi, session: { readonly token: string }): Promise<unknown> {
  return codeIn(await ask(api, session, '/v1/session'))
}

describe('a session', () => {
  let now = Date.now()
  const start = (options: TestApiOptions = {}) => startTestApi({ now: () => now, ...options })

  it('ends when asked to, alone', async () => {
    const api = await start()
    const [one, two] = [await signIn(api, wallet), await signIn(api, wallet)]
    expect((await ask(api, one, '/v1/session', { method: 'DELETE' })).status).to.equal(204)
    const refused = await ask(api, one, '/v1/session')
    expect(refused.status).to.equal(401)
    expect(refused.headers.get('WWW-Authenticate')).to.include('error="invalid_token"')
    expect(await codeIn(refused)).to.equal('SESSION_ENDED')
    expect((await ask(api, two, '/v1/session')).status).to.equal(200)
    await api.close()
  })

  it('ends with its time, whatever it is used for', async () => {
    const api = await start()
    const session = await signIn(api, wallet)
    for (let minute = 0; minute < 14; minute += 2) {
      now += 2 * MINUTE
      expect((await ask(api, session, '/v1/session')).status).to.equal(200)
    }
    now += MINUTE
    expect(await codeAt(api, session)).to.equal('SESSION_ENDED')
    await api.close()
  })

  it('ends when nobody uses it', async () => {
    const api = await start()
    const session = await signIn(api, wallet)
    now += 5 * MINUTE
    expect(await codeAt(api, session)).to.equal('SESSION_ENDED')
    await api.close()
  })

  it('ends with the node', async () => {
    const before = await start()
    const session = await signIn(before, wallet)
    await before.close()
    const after = await start()
    expect(await codeAt(after, session)).to.equal('SESSION_ENDED')
    await after.close()
  })

  it('is one of sixteen of its account: the least recently used ends', async () => {
    const api = await start()
    const sessions = []
    for (let i = 0; i < 16; i++) sessions.push(await signIn(api, wallet))
    const [first, second] = sessions
    const stranger = await signIn(api, other)
    await ask(api, first ?? stranger, '/v1/session')
    await signIn(api, wallet)
    expect(await codeAt(api, second ?? stranger)).to.equal('SESSION_ENDED')
    for (const session of [first ?? stranger, stranger])
      expect((await ask(api, session, '/v1/session')).status).to.equal(200)
    await api.close()
  })

  it('of a department does what the department may at that moment', async () => {
    const department: Hex = `0x${'d0'.repeat(20)}`
    let party: Party = { roles: new Set(['user']), department }
    const api = await start({ accounts: { partyOf: async () => party } })
    const session = await signIn(api, wallet)
    const submit = (content: string) =>
      ask(api, session, '/v1/materials', {
        method: 'POST',
        body: JSON.stringify(digestsOnly(content)),
        headers: { 'Content-Type': 'application/json' },
      })
    const submitted = await submit('x')
    expect(submitted.status).to.equal(201)
    const { statement } = (await submitted.json()) as { statement: { submitter: string } }
    expect(statement.submitter).to.equal(`department ${department}`)
    const path = submitted.headers.get('Location') ?? ''
    expect((await ask(api, session, path)).status).to.equal(200)

    // Withdrawn meanwhile.
    party = { roles: new Set() }
    expect(await codeIn(await submit('y'))).to.equal('ROLE_MISSING')
    expect(await codeIn(await ask(api, session, path))).to.equal('ROLE_MISSING')

    // Another department: what the first handed in is not its own.
    party = { roles: new Set(['user']), department: `0x${'d1'.repeat(20)}` }
    expect(await codeIn(await ask(api, session, path))).to.equal('MATERIAL_NOT_YOURS')
    await api.close()
  })

  it('of the account that a department was named after does not read what the department handed in', async () => {
    const department = addressOf(other)
    const parties = new Map<Hex, Party>([
      [addressOf(wallet), { roles: new Set(['user']), department }],
      // The department acts by the other account now; its first one is an officer of another department.
      [addressOf(other), { roles: new Set(['user']) }],
    ])
    const api = await start({
      accounts: { partyOf: (account) => parties.get(account) ?? { roles: new Set() } },
    })
    const submitted = await ask(api, await signIn(api, wallet), '/v1/materials', {
      method: 'POST',
      body: JSON.stringify(digestsOnly('x')),
      headers: { 'Content-Type': 'application/json' },
    })
    const path = submitted.headers.get('Location') ?? ''
    const refused = await ask(api, await signIn(api, other), path)
    expect(await codeIn(refused)).to.equal('MATERIAL_NOT_YOURS')
    await api.close()
  })

  for (const role of ['operator', 'auditor'] as const) {
    it(`of a department that is ${role} elsewhere runs nothing here`, async () => {
      const api = await start({ accounts: { partyOf: () => ({ roles: new Set([role]) }) } })
      const session = await signIn(api, wallet)
      for (const path of ['/v1/backup', '/metrics'])
        expect(await codeIn(await ask(api, session, path))).to.equal('TOKEN_NEEDED')
      expect(await codeIn(await ask(api, session, '/v1/materials/m'))).to.equal('ROLE_MISSING')
      await api.close()
    })
  }

  it('is what a fixed token cannot end or be', async () => {
    const api = await start()
    const refused = await ask(api, { token: TOKENS.operator }, '/v1/session', { method: 'DELETE' })
    expect(refused.status).to.equal(403)
    expect(await codeIn(refused)).to.equal('ACCOUNT_NEEDED')
    await api.close()
  })

  it('that may nothing may not ask without end either', async () => {
    const api = await start({
      rate: 1,
      accounts: { partyOf: () => ({ roles: new Set(['holder']) }) },
    })
    const session = await signIn(api)
    const answers = await Promise.all([1, 2].map(() => ask(api, session, '/v1/quarantine')))
    expect(answers.map(({ status }) => status)).to.have.members([403, 429])
    await api.close()
  })

  it('of an account that is nobody counts as its address where requests are limited', async () => {
    let party: Party = { roles: new Set() }
    const api = await start({ rate: 1, accounts: { partyOf: () => party } })
    const session = await signIn(api)
    const refused = async () => {
      const answers = await Promise.all([1, 2].map(() => ask(api, session, '/v1/session')))
      return answers.some(({ status }) => status === 429)
    }
    expect(await refused()).to.equal(false)
    party = { roles: new Set(['holder']) }
    expect(await refused()).to.equal(true)
    await api.close()
  })
})
