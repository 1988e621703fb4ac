import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OnceClient } from '../../api/client/index.ts'
import type { Sentence, UndertakingsOf, WantedUndertaking } from '../../api/client/index.ts'
import { readTokens } from '../../api/tokens.ts'
import { hashAct } from '../../node/core/acts/typedData.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { encode0x } from '../../node/core/ethereum/hex.ts'
import type { TrustDocument } from '../../node/core/trust.ts'
import type { Undertaking } from '../../node/core/undertakings/undertaking.ts'
import { matter, materialType, required } from '../core/catalogue/support.ts'
import { bothVerdicts } from '../docs/stranger.ts'
import { codeOf } from '../support/codes.ts'
import { Site, Town } from './support/town.ts'
import type { HolderPlayer, Player } from './support/town.ts'

const [PLEDGE, HEALTH] = ['PREMISES_PLEDGE', 'HEALTH_CERT']
const BROKEN = { result: 'broken', reason: '现场核查与承诺不符', officer: '王科员' } as const

describe('an undertaking in the place of a material, on a running node', () => {
  let site: Site
  let town: Town
  let applicant: HolderPlayer
  let agent: HolderPlayer
  let operator: OnceClient
  let cases = 0

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    agent = await town.register('代办人（示例）')
    const token = (await readTokens(site.folder))?.[0]?.token ?? ''
    operator = new OnceClient({ url: site.serving.url, token })
    const owner = town.market.address
    const commitment = { exemption: 'commitment', maxGrantDepth: 0 } as const
    const entries = [
      materialType({ code: PLEDGE, owner, name: '场所使用证明', formats: ['txt'] }),
      materialType({ code: HEALTH, owner, name: '健康证明', formats: ['txt'] }),
      matter({
        code: 'FOOD',
        owner,
        name: '食品经营许可',
        materials: [
          required(PLEDGE, commitment),
          required(HEALTH, { ...commitment, undertaking: { days: 30 } }),
        ],
        agency: { allowed: true, maxDepth: 1, kinds: ['099'] },
      }),
    ]
    for await (const outcome of operator.catalogue.load(entries))
      if ('error' in outcome) throw outcome.error
  })
  beforeEach(async () => {
    applicant = await town.register('餐饮企业（示例）')
  })
  after(() => site.close())

  async function openCase(agents: HolderPlayer[] = []): Promise<string> {
    const code = `3101102026${String(++cases).padStart(5, '0')}`
    await town.market.client.cases.open({
      case: code,
      matter: { code: 'FOOD' },
      applicant: applicant.holder,
      channel: 'web',
      ...(agents.length > 0 && { agents: agents.map(({ holder }) => holder) }),
    })
    return code
  }

  async function resolved(code: string, material = PLEDGE) {
    const { materials, figures, complete } = await town.market.client.cases.resolve(code)
    const found = materials.find((one) => one.material === material)
    return { ...found, figures, complete }
  }

  const handIn = (caseCode: string, reason?: string) => {
    const content = { mediaType: 'text/plain' }
    const said = { type: PLEDGE, content, holder: applicant.code, caseCode }
    return town.market.client.submit({ ...said, ...(reason && { reason }) }, new Blob(['证明']))
  }

  it('is signed as it is read, and completes what the case needs', async () => {
    const code = await openCase()
    expect(await resolved(code)).to.deep.include({ state: 'open', way: 'commitment' })
    expect((await resolved(code)).figures).to.include({ required: 2, exempted: 0 })
    const read: string[] = []
    const agree = ({ zh }: Sentence) => void read.push(zh)
    const { id, sentence } = await undertake(applicant, { case: code, material: PLEDGE }, agree)
    expect(read).to.deep.equal([sentence.zh])
    expect(read[0]).to.include('本承诺人已知晓办理“食品经营许可”对“场所使用证明”的要求')
    await undertake(applicant, { case: code, material: HEALTH })
    const { state, undertaking, figures, complete } = await resolved(code)
    expect({ state, undertaking, complete }).to.deep.equal({
      state: 'committed',
      undertaking: { id, state: 'given' },
      complete: true,
    })
    expect(figures).to.include({ required: 2, exempted: 2 })
    const shown = await applicant.client.undertakings.get(id)
    const { registries } = site
    const { text, due, account, digest, signature } = shown
    expect(account).to.equal(applicant.address)
    expect(text).to.include('现承诺')
    expect(due).to.equal('')
    const again = await undertake(applicant, { case: code, material: PLEDGE })
    expect(again).to.include({ id, created: false })
    const { statement } = parseEvidence(again.evidence)
    if (statement.kind !== 'undertaking.given') throw new Error('it is what was given')
    expect(statement.signature).to.equal(signature)
    const signed = { type: 'Undertaking', message: statement.undertaking } as const
    expect(encode0x(hashAct(signed, registries))).to.equal(digest)
  })

  it('is evidence that two verifiers take, offline, and neither takes altered', async function () {
    this.timeout(60_000)
    const { id } = await undertake(applicant, { case: await openCase(), material: HEALTH })
    const text = await applicant.client.undertakings.evidence(id, 'given', { anchored: 20 })
    const trust = JSON.parse(
      await readFile(join(site.folder, 'trust.json'), 'utf8'),
    ) as TrustDocument
    const evidence = parseEvidence(text)
    const anchored = { ...trust, chains: trust.chains.map(withBlock(evidence.anchors)) }
    const [ours, theirs] = await bothVerdicts(text, anchored)
    expect(theirs).to.deep.equal(ours)
    expect(ours[0], ours.join('\n')).to.equal('pass')
    expect(ours).to.include('issuer pass UNDERTAKING_SIGNED')
    const { statement } = evidence
    if (statement.kind !== 'undertaking.given') throw new Error('it is what was given')
    const { undertaking, signature, registries } = statement
    const other = `0x${'1'.repeat(40)}` as const
    const altered = (change: object) => ({ ...evidence, statement: { ...statement, ...change } })
    const changed = (change: Partial<Undertaking>) =>
      altered({ undertaking: { ...undertaking, ...change } })
    const forged: [object, string][] = [
      [changed({ text: '不作承诺。' }), 'issuer unknown UNDERTAKING_SIGNATURE_UNKNOWN'],
      [changed({ due: '2099-01-01' }), 'issuer unknown UNDERTAKING_SIGNATURE_UNKNOWN'],
      [
        altered({ signature: `0x${'11'.repeat(65)}` }),
        'issuer unknown UNDERTAKING_SIGNATURE_UNKNOWN',
      ],
      [changed({ caseCode: '310110202699999' }), 'issuer fail UNDERTAKING_ID_MISMATCH'],
      [changed({ audience: undertaking.holder }), 'issuer fail UNDERTAKING_AUDIENCE_OTHER'],
      [changed({ account: other }), 'issuer unknown STATE_NOT_PROVEN'],
      [
        altered({ registries: { ...registries, grants: other } }),
        'issuer fail UNDERTAKING_REGISTRIES_UNTRUSTED',
      ],
      [{ ...evidence, states: [] }, 'issuer unknown STATE_ABSENT'],
    ]
    for (const [document, expected] of forged) {
      const [one, two] = await bothVerdicts(JSON.stringify(document), anchored)
      expect(two, expected).to.deep.equal(one)
      expect(one, JSON.stringify(document)).to.include(expected)
      expect(one[0]).not.to.equal('pass')
    }
    expect(signature).to.match(/^0x[0-9a-f]{130}$/)
  })

  it('is given by an agent for the applicant, and by nobody else', async () => {
    const code = await openCase([agent])
    const what = { case: code, material: PLEDGE }
    expect(await codeOf(undertake(town.landlord, what))).to.equal('UNDERTAKING_NOT_YOURS')
    const { id } = await undertake(agent, what)
    const { holder, by } = await applicant.client.undertakings.get(id)
    expect({ holder, by }).to.deep.equal({ holder: applicant.holder, by: agent.holder })
    expect(await codeOf(town.landlord.client.undertakings.get(id))).to.equal(
      'UNDERTAKING_NOT_YOURS',
    )
    expect(await codeOf(undertake(applicant, what))).to.equal('UNDERTAKING_GIVEN')
  })

  it('is refused over HTTP where it was forged, altered, or is for another case or way', async () => {
    const [code, other] = [await openCase(), await openCase()]
    const { undertakings } = applicant.client
    const { message } = (await undertakings.preview({ case: code, material: PLEDGE })).typedData
    const giving = async (change: Partial<Undertaking>, by: Player = applicant) => {
      const undertaking = { ...message, ...change }
      const digest = hashAct({ type: 'Undertaking', message: undertaking }, site.registries)
      const signature = by.wallet.signingKey.sign(digest).serialized as `0x${string}`
      return codeOf(undertakings.give({ undertaking, signature }))
    }
    expect(await giving({}, agent)).to.equal('SIGNATURE_INVALID')
    expect(await giving({ text: '本人不作承诺。' })).to.equal('UNDERTAKING_MISMATCH')
    expect(await giving({ caseCode: other, version: 9 })).to.equal('UNDERTAKING_MISMATCH')
    expect(await giving({ material: 'NOTHING' })).to.equal('UNDERTAKING_NOT_REQUIRED')
    expect(await giving({ caseCode: '310110202699999' })).to.equal('CASE_NOT_FOUND')
    const malformed = { ...message, version: 2 ** 40 }
    const bad = undertakings.give({ undertaking: malformed, signature: '0x11' })
    expect(await codeOf(bad)).to.equal('UNDERTAKING_MALFORMED')
    expect(await giving({})).to.equal(undefined)
    const decided = await openCase()
    const { cases: handling } = town.market.client
    await handling.stage(decided, { stage: 'accepted' })
    await handling.stage(decided, { stage: 'reviewed' })
    await handling.stage(decided, { stage: 'decided', outcome: 'granted' })
    const late = undertakings.preview({ case: decided, material: PLEDGE })
    expect(await codeOf(late)).to.equal('CASE_DECIDED')
  })

  it('spares the paper, which is taken with a reason alone until the way is closed', async () => {
    const code = await openCase()
    expect(await codeOf(handIn(code))).to.equal('MATERIAL_EXEMPTED')
    expect((await handIn(code, '申请人自愿提交')).created).to.equal(true)
    expect(await resolved(code)).to.include({ state: 'handedIn', way: 'mustSubmit' })
  })

  it('that was broken is seen in later cases, and closes the way until it is put right', async () => {
    const { market } = town
    const { id } = await undertake(applicant, { case: await openCase(), material: PLEDGE })
    expect(await codeOf(applicant.client.undertakings.check(id, BROKEN))).to.equal('ROLE_MISSING')
    expect(await codeOf(town.city.client.undertakings.check(id, BROKEN))).to.equal('CASE_NOT_YOURS')
    expect((await market.client.undertakings.check(id, BROKEN)).created).to.equal(true)
    const { evidence } = await market.client.undertakings.check(id, BROKEN)
    expect(parseEvidence(evidence).statement).to.include({ kind: 'undertaking.checked' })
    const later = await openCase()
    expect(await resolved(later)).to.deep.include({
      way: 'mustSubmit',
      state: 'open',
      closed: { code: 'UNDERTAKING_BROKEN', undertaking: id },
    })
    const what = { case: later, material: PLEDGE }
    expect(await codeOf(undertake(applicant, what))).to.equal('UNDERTAKING_BROKEN')
    expect((await handIn(later)).created).to.equal(true)
    const kept = { ...BROKEN, result: 'kept', reason: '已整改' } as const
    await market.client.undertakings.check(id, kept)
    expect(await resolved(await openCase())).to.include({ way: 'commitment', state: 'open' })
    const shown = await applicant.client.undertakings.get(id)
    expect(shown.state).to.equal('kept')
    expect(shown.checks.map(({ result }) => result)).to.deep.equal(['kept', 'broken'])
  })

  it('is read by the audit, and nothing is found', async function () {
    this.timeout(60_000)
    const { id } = await undertake(applicant, { case: await openCase(), material: PLEDGE })
    await town.market.client.undertakings.check(id, BROKEN)
    await applicant.client.undertakings.evidence(id, 'checked', { anchored: 20 })
    const lines = await Array.fromAsync(operator.audit())
    expect(lines.at(-1), JSON.stringify(lines)).to.include({ faults: 0, result: 'pass' })
  })

  it('is listed to its case, its holder and its department, and to nobody else', async () => {
    const code = await openCase()
    const { id } = await undertake(applicant, { case: code, material: PLEDGE })
    const { market, landlord } = town
    const { holder } = applicant
    expect(await list(applicant.client, { holder })).to.deep.equal([id])
    expect(await list(market.client, { case: code })).to.deep.equal([id])
    expect((await list(market.client, { department: market.address }))[0]).to.equal(id)
    for (const whose of [{ holder }, { case: code }, { department: market.address }])
      expect(await codeOf(list(landlord.client, whose))).to.equal('UNDERTAKING_NOT_YOURS')
  })
})

async function undertake(
  { client, wallet }: Player,
  what: WantedUndertaking,
  agree?: (sentence: Sentence) => void,
) {
  return (await client.account(wallet)).undertake(what, { ...(agree && { agree }) })
}

/** Ids, the newest first. */
async function list({ undertakings }: OnceClient, of: UndertakingsOf): Promise<string[]> {
  return (await Array.fromAsync(undertakings.list(of))).map((one) => one.id)
}

/** A trust that names the anchor's block, as somebody offline has it. */
function withBlock(anchors: readonly { chainId: number; blockHash: `0x${string}` }[]) {
  return (chain: TrustDocument['chains'][number]) => ({
    ...chain,
    blocks: anchors.filter(({ chainId }) => chainId === chain.chainId).map((one) => one.blockHash),
  })
}
