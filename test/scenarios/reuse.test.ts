import { expect } from 'chai'
import type { Problem } from '../../api/http/schema.ts'
import { ReusedMaterials } from '../../api/http/cases/schema.ts'
import type { NewSession } from '../../api/http/session/schema.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import { CaseTown, DEED, PLAN, WHY } from './support/caseTown.ts'
import { RIGHTS } from './support/town.ts'
import type { Player } from './support/town.ts'

const codeIn = async (response: Response) =>
  `${response.status} ${((await response.json()) as Problem).code}`
const materialsIn = async (response: Response) => {
  expect(response.status).to.equal(200)
  expect(response.headers.get('Cache-Control')).to.equal('private, no-cache')
  return ReusedMaterials.parse(await response.json()).materials
}
const outcomes = (materials: ReusedMaterials['materials']) =>
  materials.map((one) => [one.material, one.result === 'released' ? one.created : one.problem.code])

/** What a case takes is used in one call: over HTTP, on LevelDB, and counted by a chain. */
describe('the reuse of all that a case takes', function () {
  this.timeout(120_000)
  let t: CaseTown
  let token: string
  before(async () => {
    t = await CaseTown.found()
    token = await signIn(t.market)
  })
  after(() => t.close())

  const at = (path: string) => new URL(path, t.site.serving.url)
  const postAt = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(at(path), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  async function signIn({ wallet, address }: Player): Promise<string> {
    const challenge = await postAt('/v1/session/challenge', { address })
    const { message } = (await challenge.json()) as { message: string }
    const signature = await wallet.signMessage(message)
    const session = await postAt('/v1/session', { message, signature })
    return ((await session.json()) as NewSession).token
  }

  const post = (code: string, uses: readonly object[], { by = token, key = '' } = {}) =>
    postAt(
      `/v1/cases/${code}/reuse`,
      { uses },
      { Authorization: `Bearer ${by}`, ...(key && { 'Idempotency-Key': `"${key}"` }) },
    )
  /** What the department would use, signed. */
  async function signed(
    code: string,
    what: readonly string[] = [DEED, PLAN],
  ): Promise<{ material: string; request: UseRequest }[]> {
    const office = await t.account(t.market)
    const uses: { material: string; request: UseRequest }[] = []
    for (const material of what) {
      const found = await t.resolved(code, material)
      const draft = await office.draftUse(found, { ...WHY, case: code, matter: 'ADDRESS_CHANGE' })
      uses.push({ material, request: await office.signUse(draft) })
    }
    return uses
  }

  /** A number that the node counts. */
  async function metric(name: string, label: string): Promise<number> {
    const headers = { Authorization: `Bearer ${await t.token()}` }
    const text = await (await fetch(at('/metrics'), { headers })).text()
    const line = text.split('\n').find((each) => each.startsWith(name) && each.includes(label))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  const figures = async () => {
    const { departments } = await t.market.client.figures.get()
    const [own] = departments
    return {
      pulled: own?.pulled ?? 0,
      reused: own?.reused ?? 0,
      crossed: own?.crossings.department ?? 0,
      refusals: own?.refusals ?? {},
    }
  }
  /** Of each use for a case, oldest first: how often the chain counted it; undefined where it was refused. */
  const countsOf = async (code: string) =>
    (await t.usesOf(code)).map(({ counted }) => counted?.length).toReversed()

  it('releases each with receipt and copy, logs and counts it', async () => {
    const code = await t.grantedCase()
    const uses = await signed(code)
    const before = await figures()
    const route = 'route="/v1/cases/{code}/reuse",status="200"'
    const asked = await metric('onceledger_http_request_seconds_count', route)
    const { size } = t.site.serving.node.ledger

    const materials = await materialsIn(await post(code, uses))
    expect(outcomes(materials)).to.deep.equal([
      [DEED, true],
      [PLAN, true],
    ])
    for (const one of materials) {
      if (one.result === 'refused') throw new Error(one.problem.code)
      expect(one.crossing).to.include({ department: true })
      const { statement } = parseEvidence(await t.market.client.uses.evidence(one.use))
      expect(statement).to.include({ kind: 'use.released', user: t.market.address })
      expect(statement).to.have.nested.property('context.case', code)
      const copy = JSON.parse(await t.market.client.uses.copy(one.use)) as { mark: object }
      expect(copy.mark).to.include({ case: code, use: one.use })
    }
    expect(await countsOf(code)).to.deep.equal([1, 1])
    // Beside the two uses stand the acts that counted them.
    expect(t.site.serving.node.ledger.size).to.be.at.least(size + 2)
    const { pulled, reused, crossed } = await figures()
    expect([pulled, reused, crossed]).to.deep.equal([
      before.pulled + 1,
      before.reused + 1,
      before.crossed + 2,
    ])
    expect(await metric('onceledger_http_request_seconds_count', route)).to.equal(asked + 1)
    const label = `department="${t.market.address}"`
    expect(await metric('onceledger_month_pulled', label)).to.equal(pulled)
    // It is there now, and nothing is left to be used.
    expect((await t.resolved(code, DEED)).state).not.to.equal('ready')
  })

  it('releases the others where one is refused, says why, and counts the refusal', async () => {
    const code = await t.grantedCase()
    const uses = await signed(code)
    const landlord = await t.account(t.town.landlord)
    const [deed] = uses
    const grant = deed?.request.authorizations[0]?.use.grant
    if (grant === undefined) throw new Error('it is signed')
    await landlord.revoke(grant)
    const before = await figures()
    const materials = await materialsIn(await post(code, uses))
    expect(materials.map(({ result }) => result)).to.deep.equal(['refused', 'released'])
    const [refused] = materials
    if (refused?.result !== 'refused') throw new Error('it was revoked')
    expect(refused.problem).to.include({ type: `/problems/${refused.problem.code}` })
    expect(refused.problem.detail).to.match(/\.$/)
    expect((await figures()).reused).to.equal(before.reused + 1)
    expect((await figures()).pulled).to.equal(before.pulled)
    expect(await countsOf(code)).to.deep.equal([1])
  })

  it('answers the same request the same, by its key, and counts it once', async () => {
    const code = await t.grantedCase()
    const uses = await signed(code)
    const first = await materialsIn(await post(code, uses, { key: 'retry-1' }))
    const { size } = t.site.serving.node.ledger
    const again = await materialsIn(await post(code, uses, { key: 'retry-1' }))
    expect(again).to.deep.equal(first.map((one) => ({ ...one, created: false })))
    expect(t.site.serving.node.ledger.size).to.equal(size)
    expect(await countsOf(code)).to.deep.equal([1, 1])
    const without = await materialsIn(await post(code, uses))
    expect(outcomes(without)).to.deep.equal([
      [DEED, 'USE_ALREADY_MADE'],
      [PLAN, 'USE_ALREADY_MADE'],
    ])
    const other = (await signed(await t.grantedCase())).slice(0, 1)
    expect(await codeIn(await post(code, other, { key: 'retry-1' }))).to.equal(
      '409 IDEMPOTENCY_KEY_REUSED',
    )
  })

  it('answers a client whose network broke after the answer, without using anything twice', async () => {
    const code = await t.grantedCase()
    const uses = await signed(code)
    const stop = new AbortController()
    const lost = fetch(at(`/v1/cases/${code}/reuse`), {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
        'Idempotency-Key': '"lost-1"',
      },
      body: JSON.stringify({ uses }),
      signal: stop.signal,
    })
    // Whoever hangs up once the first is logged hears of neither.
    const isLogged = async () => (await t.usesOf(code)).length > 0
    while (!(await isLogged())) await new Promise(setImmediate)
    stop.abort()
    await lost.catch(() => undefined)
    const materials = await materialsIn(await post(code, uses, { key: 'lost-1' }))
    expect(materials.map(({ result }) => result)).to.deep.equal(['released', 'released'])
    expect(materials[0]).to.include({ created: false })
    expect(await countsOf(code)).to.deep.equal([1, 1])
  })

  it('is for the department that handles the case, and for no other or nobody', async () => {
    const code = await t.grantedCase()
    const uses = await signed(code)
    const description = { name: '别局（示例）', region: '310110' }
    const other = await t.town.accredit(t.town.city, RIGHTS.user, description)
    const { size } = t.site.serving.node.ledger
    for (const [by, refused] of [
      [await signIn(other), '403 CASE_NOT_YOURS'],
      [await signIn(t.town.landlord), '403 ROLE_MISSING'],
      ['nobody-knows-this-token', '401 TOKEN_UNKNOWN'],
    ] as const)
      expect(await codeIn(await post(code, uses, { by }))).to.equal(refused)
    expect(t.site.serving.node.ledger.size).to.equal(size)
    // What it signed by itself for another's case is no use of that case, either.
    expect(outcomes(await materialsIn(await post(code, uses)))).to.deep.equal([
      [DEED, true],
      [PLAN, true],
    ])
  })

  it('refuses what is signed for another case, and what the case does not ask for', async () => {
    const code = await t.grantedCase()
    const [deed] = await signed(code, [DEED])
    const other = await t.grantedCase()
    const { size } = t.site.serving.node.ledger
    expect(outcomes(await materialsIn(await post(other, [{ ...deed }])))).to.deep.equal([
      [DEED, 'REUSE_OTHER_CASE'],
    ])
    expect(
      outcomes(await materialsIn(await post(code, [{ ...deed, material: 'LEASE' }]))),
    ).to.deep.equal([['LEASE', 'REUSE_NOT_REQUIRED']])
    expect(t.site.serving.node.ledger.size).to.equal(size)
  })

  it('takes no malformed request, key or case', async () => {
    const code = await t.grantedCase()
    const [deed] = await signed(code, [DEED])
    expect(await codeIn(await post(code, []))).to.equal('400 REUSE_MALFORMED')
    expect(await codeIn(await post(code, [{ ...deed }, { ...deed }]))).to.equal(
      '400 REUSE_MALFORMED',
    )
    expect(await codeIn(await post(code, [{ ...deed }], { key: 'a'.repeat(300) }))).to.equal(
      '400 IDEMPOTENCY_KEY_MALFORMED',
    )
    expect(await codeIn(await post('310110202699999', [{ ...deed }]))).to.equal(
      '404 CASE_NOT_FOUND',
    )
  })

  it('goes on at every stage before the decision, as the case is handled', async () => {
    const code = await t.grantedCase()
    const [deed] = await signed(code, [DEED])
    const { cases } = t.market.client
    await cases.stage(code, { stage: 'accepted' })
    expect(outcomes(await materialsIn(await post(code, [{ ...deed }])))).to.deep.equal([
      [DEED, true],
    ])
    await cases.stage(code, { stage: 'reviewed' })
    const [plan] = await signed(code, [PLAN])
    expect(outcomes(await materialsIn(await post(code, [{ ...plan }])))).to.deep.equal([
      [PLAN, true],
    ])
  })

  it('tells of a decided case what it told before, and releases nothing more', async () => {
    const code = await t.grantedCase()
    const [deed, plan] = await signed(code)
    const { cases } = t.market.client
    const first = await materialsIn(await post(code, [{ ...deed }], { key: 'decided-1' }))
    for (const stage of ['accepted', 'reviewed'] as const) await cases.stage(code, { stage })
    await cases.stage(code, { stage: 'decided', outcome: 'refused' })
    await cases.stage(code, { stage: 'delivered' })
    expect((await cases.get(code)).next).to.equal(undefined)
    const again = await materialsIn(await post(code, [{ ...deed }], { key: 'decided-1' }))
    expect(again).to.deep.equal(first.map((one) => ({ ...one, created: false })))
    expect(outcomes(await materialsIn(await post(code, [{ ...plan }])))).to.deep.equal([
      [PLAN, 'CASE_DECIDED'],
    ])
  })
})
