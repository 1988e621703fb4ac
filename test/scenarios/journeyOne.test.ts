import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Use } from '../../api/http/uses/schema.ts'
import type { Act, SignedAct } from '../../node/core/acts/acts.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { openingsForUse, openScope } from '../../node/core/grants/scope.ts'
import { audienceOf } from '../../node/core/grants/use.ts'
import { parseTrust } from '../../node/core/trust.ts'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'
import { codeOf } from '../support/codes.ts'
import {
  askFor,
  Chain,
  contextFor,
  FIELDS,
  listsOf,
  mask,
  OTHER_MATTER,
  requestOf,
  RIGHTS,
  Site,
  Town,
} from './support/town.ts'
import type { AskedFor, Authorizing } from './support/town.ts'

describe('a change of address, through grants of several levels', () => {
  let site: Site
  let town: Town
  let property: { id: string; credential: string }

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    property = await town.issue()
  })
  after(() => site.close())

  /** Landlord → tenant → agent; the counter's department asks, and the agent lets it. */
  async function chainOf(uses = 0): Promise<Chain> {
    const chain = new Chain(town)
    await chain.grant(town.landlord, town.tenant, { uses })
    return chain.grant(town.tenant, town.agent)
  }

  async function ask(
    chain: Chain,
    authorizing: Authorizing = {},
    change: Partial<AskedFor> = {},
  ): Promise<UseRequest> {
    const asked = askFor(property.id, change)
    const options = { grantee: town.agent, ...authorizing }
    return requestOf(asked, await chain.authorize(town.market, asked, options))
  }

  const send = (request: UseRequest) => town.market.client.uses.request(request)

  async function listOf(holder = town.landlord): Promise<Use[]> {
    return Array.fromAsync(holder.client.uses.list({ holder: holder.holder }))
  }

  /** The request is refused, the refusal is logged once, and the holder sees it. */
  async function isRefused(request: UseRequest, code: string, hop?: number): Promise<void> {
    expect(await codeOf(send(request))).to.equal(code)
    const [newest] = await listOf()
    expect(newest).to.deep.include({ result: 'refused', subject: request.subject })
    expect(newest?.because?.code).to.equal(code)
    expect(newest?.because?.detail).to.match(/\.$/)
    if (hop !== undefined) expect(newest?.because?.hop).to.equal(hop)
    expect(newest?.context.case).to.equal(request.context.case)
  }

  /** Refused before anybody could be held to it. */
  async function isTurnedAway(request: UseRequest, code: string): Promise<void> {
    const { size } = site.serving.node.ledger
    expect(await codeOf(send(request))).to.equal(code)
    expect(site.serving.node.ledger.size).to.equal(size)
  }

  it('gives a derived copy with what was granted, and a receipt', async () => {
    const { id, created, evidence } = await send(await ask(await chainOf()))
    expect(created).to.equal(true)
    const { statement } = parseEvidence(evidence)
    if (statement.kind !== 'use.released') throw new Error(statement.kind)
    expect(statement.user).to.equal(town.market.address)
    expect(statement.decision.region).to.equal('310110')
    expect(statement.counted).to.deep.equal([])
    const text = await town.market.client.uses.copy(id)
    const digest = createHash('sha256').update(text).digest('hex')
    expect(statement.content.digests).to.include(`sha-256:${digest}`)
    const copy = parseDerivedCopy(text)
    expect(Object.keys(copy.fields).toSorted()).to.deep.equal(FIELDS)
    expect(copy.mark).to.deep.include({
      maker: site.origin,
      department: town.market.address,
      departmentName: '杨浦区市场监督管理局（示例）',
      case: '310110202600001',
      use: id,
    })
    expect(copy.credential).to.be.a('string')
  })

  it('gives evidence that verifies offline, check by check', async function () {
    this.timeout(30_000)
    for (const uses of [0, 1]) {
      const { id } = await send(await ask(await chainOf(uses)))
      const evidence = await town.market.client.uses.evidence(id, { anchored: 20 })
      const content = await town.market.client.uses.copy(id)
      const trust = parseTrust(await readFile(join(site.folder, 'trust.json')))
      const verdict = await verifyEvidenceText(evidence, trust, {
        content: { digests: digestsOf(content), size: Buffer.byteLength(content) },
        now: Math.floor(Date.now() / 1000),
      })
      const checks = verdict.checks.map(({ check, result, code }) => `${check} ${result} ${code}`)
      expect(verdict.result, checks.join('\n')).to.equal('pass')
      expect(checks.filter((check) => check.startsWith('grant pass'))).to.have.length(2)
    }
  })

  it('counts a one-time grant once, and refuses the next', async () => {
    const chain = await chainOf(1)
    const { evidence } = await send(await ask(chain))
    const { statement } = parseEvidence(evidence)
    expect(statement).to.have.property('counted').with.length(1)
    await isRefused(await ask(chain, { change: { sequence: 1 } }), 'GRANT_USES_EXHAUSTED', 0)
  })

  it('answers a request once, and again for the same key', async () => {
    const request = await ask(await chainOf(1))
    const { uses } = town.market.client
    const first = await uses.request(request, { idempotencyKey: 'case-1' })
    expect(await codeOf(uses.request(request))).to.equal('USE_ALREADY_MADE')
    const again = await uses.request(request, { idempotencyKey: 'case-1' })
    expect(again.created).to.equal(false)
    expect(again.id).to.equal(first.id)
    const other = await ask(await chainOf())
    expect(await codeOf(uses.request(other, { idempotencyKey: 'case-1' }))).to.equal(
      'IDEMPOTENCY_KEY_REUSED',
    )
  })

  it('releases what was counted before a crash, without counting it twice', async () => {
    const chain = await chainOf(2)
    const request = await ask(chain)
    const [authorization] = request.authorizations
    const { acts, mirror } = site.serving.node.registries ?? {}
    if (!acts || !mirror || !authorization) throw new Error('the node knows parties')
    const { openings: _, use, ...signed } = authorization
    const act = { type: 'Use', message: use, ...signed }
    await acts.submit(act, { wait: AbortSignal.timeout(20_000) })
    // Nobody else's use in between makes a difference.
    await send(await ask(chain, { change: { sequence: 1 } }))
    const { evidence } = await send(request)
    expect(parseEvidence(evidence).statement).to.have.property('counted').with.length(1)
    expect(mirror.grants.stateOf(chain.id).used).to.equal(2)
  })

  it('releases nothing of a refused request again', async () => {
    const request = await ask(await chainOf(), { change: { notAfter: 1 } })
    await isRefused(request, 'USE_EXPIRED')
    try {
      await send(request)
      expect.fail('was answered')
    } catch (error) {
      if (!isLedgerError(error, 'USE_ALREADY_MADE')) throw error
      expect(error.details).to.include({ refused: 'USE_EXPIRED' })
      const { uses } = town.market.client
      expect(await codeOf(uses.copy(String(error.details['use'])))).to.equal('USE_NOTHING_RELEASED')
    }
  })

  it('refuses a request for another ledger', async () => {
    const change = { audience: audienceOf('log.example.org/other') }
    await isRefused(await ask(await chainOf(), { change }), 'USE_AUDIENCE_OTHER')
  })

  it('refuses what is signed for another case, subject, field or manner', async () => {
    const { id } = await town.issue()
    const chain = await chainOf()
    for (const change of [
      { context: { ...contextFor(), cause: '别的事由' } },
      { subject: { kind: 'certificate', id } as const },
      { fields: ['location'] },
      { manner: 'read' as const },
    ])
      await isRefused({ ...(await ask(chain)), ...change }, 'USE_CONTEXT_MISMATCH')
  })

  it('refuses another matter than the purpose allows', async () => {
    const request = await ask(await chainOf(), {}, { context: contextFor(OTHER_MATTER) })
    await isRefused(request, 'USE_PURPOSE_OTHER_MATTER')
  })

  it('refuses a department of another region', async () => {
    const far = await town.accredit(town.city, RIGHTS.user, {
      name: '苏州（示例）',
      region: '320500',
    })
    const chain = await chainOf()
    const asked = askFor(property.id)
    const authorization = await chain.authorize(far, asked, { grantee: town.agent })
    const request = requestOf(asked, authorization)
    expect(await codeOf(far.client.uses.request(request))).to.equal('USE_PURPOSE_OTHER_REGION')
  })

  it('refuses a child that is wider than its parent, signed by its grantor or not', async () => {
    const chain = new Chain(town)
    await chain.grant(town.landlord, town.tenant, { items: mask(1) })
    await chain.grant(town.tenant, town.agent, { items: mask(0, 1) }, false)
    await isRefused(await ask(chain), 'GRANT_ITEMS_WIDENED', 1)
  })

  it('refuses passing on what may not be passed on', async () => {
    const chain = new Chain(town)
    await chain.grant(town.landlord, town.tenant, { depth: 0 })
    await chain.grant(town.tenant, town.agent, { depth: 0 }, false)
    await isRefused(await ask(chain), 'GRANT_DEPTH_WIDENED', 1)
  })

  it('refuses fields and manners that were not granted', async () => {
    const chain = await chainOf()
    const request = await ask(chain, { items: [1] })
    await isRefused(request, 'USE_FIELDS_NOT_GRANTED')
    const fields = ['location']
    await isRefused(await ask(chain, { items: [1] }, { fields }), 'USE_COPY_NOT_GRANTED')
    const { id } = await send(await ask(chain, { items: [1] }, { fields, manner: 'read' }))
    const copy = parseDerivedCopy(await town.market.client.uses.copy(id))
    expect(Object.keys(copy.fields)).to.deep.equal(['location'])
  })

  it('refuses once the landlord revoked, between the request and the pull', async () => {
    const chain = await chainOf()
    const request = await ask(chain)
    await chain.revoke(town.landlord)
    await isRefused(request, 'GRANT_IS_REVOKED', 0)
  })

  it('refuses once an epoch was bumped between', async () => {
    const owner = await town.register('另一业主（示例）')
    const { id } = await town.issue([owner.holder])
    const chain = new Chain(town)
    await chain.grant(owner, town.agent)
    const asked = askFor(id)
    const authorization = await chain.authorize(town.market, asked, { grantee: town.agent })
    const { typedData } = await owner.client.grants.previewEpoch()
    const act = { type: 'EpochBump', message: typedData.message } as unknown as Act
    const signature = await town.sign(act, owner)
    await owner.client.grants.bumpEpoch({ ...act, signature } as SignedAct)
    expect(await codeOf(send(requestOf(asked, authorization)))).to.equal('GRANT_EPOCH_OUTDATED')
    const [newest] = await listOf(owner)
    expect(newest?.because).to.include({ code: 'GRANT_EPOCH_OUTDATED', hop: 0 })
  })

  it('refuses an opening with a wrong salt, and of another list', async () => {
    const chain = await chainOf()
    const request = await ask(chain)
    const [authorization] = request.authorizations
    if (authorization === undefined) throw new Error('there is one')
    const { openings } = authorization
    const [item] = openings.items
    if (item === undefined) throw new Error('there is one')
    const salted = { ...openings, items: [{ ...item, salt: '0'.repeat(64) }] }
    await isRefused(
      { ...request, authorizations: [{ ...authorization, openings: salted }] },
      'SCOPE_OPENING_MISMATCH',
    )
    const second = await ask(chain)
    const masks = { items: mask(0), purposes: mask(0) }
    const foreign = openingsForUse(openScope(listsOf(), masks), masks)
    const authorizations = second.authorizations.map((one) => ({ ...one, openings: foreign }))
    await isRefused({ ...second, authorizations }, 'SCOPE_ROOTS_MISMATCH')
  })

  it('refuses a certificate owned together with the grant of one owner', async () => {
    const other = await town.register('共有人（示例）')
    const { id } = await town.issue([town.landlord.holder, other.holder])
    const chain = await chainOf()
    const asked = askFor(id)
    const one = await chain.authorize(town.market, asked, { grantee: town.agent })
    expect(await codeOf(send(requestOf(asked, one)))).to.equal('USE_HOLDER_MISSING')
    // The owner who was not asked sees that somebody tried.
    expect((await listOf(other))[0]?.because?.code).to.equal('USE_HOLDER_MISSING')

    const both = new Chain(town)
    await both.grant(other, town.agent)
    const again = askFor(id)
    const grantee = town.agent
    const released = await send(
      requestOf(
        again,
        await chain.authorize(town.market, again, { grantee }),
        await both.authorize(town.market, again, { grantee }),
      ),
    )
    expect((await listOf(other))[0]?.id).to.equal(released.id)
  })

  it('turns away what the department did not sign, without a trace', async () => {
    const request = await ask(await chainOf())
    const [authorization] = request.authorizations
    if (authorization === undefined) throw new Error('there is one')
    const act = { type: 'Use', message: authorization.use } as const
    const signatures: Hex[] = [
      await town.sign(act, town.agent),
      highS(authorization.signature),
      authorization.signature.slice(0, -2) as Hex,
      `${authorization.signature.slice(0, -2)}1d` as Hex,
    ]
    for (const signature of signatures) {
      const forged = { ...request, authorizations: [{ ...authorization, signature }] }
      await isTurnedAway(forged, 'USE_SIGNATURE_INVALID')
    }
  })

  it('refuses without the signature of the last grantee', async () => {
    const chain = await chainOf()
    const request = await ask(chain)
    const missing = request.authorizations.map((one) => {
      const { granteeSignature, ...rest } = one
      expect(granteeSignature).to.be.a('string')
      return rest
    })
    await isRefused({ ...request, authorizations: missing }, 'USE_GRANTEE_SIGNATURE_MISSING')
  })

  it('turns away a request that another department hands in', async () => {
    const other = await town.accredit(town.city, RIGHTS.user, {
      name: '别局（示例）',
      region: '310110',
    })
    const request = await ask(await chainOf())
    expect(await codeOf(other.client.uses.request(request))).to.equal('USE_NOT_YOURS')
  })

  it('refuses a department that was withdrawn, and one below it', async () => {
    const district = await town.accredit(town.city, RIGHTS.user, {
      name: '区（示例）',
      region: '310110',
    })
    const street = await town.accredit(district, RIGHTS.user, {
      name: '街道（示例）',
      region: '310110',
    })
    const chain = await chainOf()
    const asked = askFor(property.id)
    const authorization = await chain.authorize(street, asked, { grantee: town.agent })
    await town.stand(town.city, district, 2)
    const request = requestOf(asked, authorization)
    expect(await codeOf(street.client.uses.request(request))).to.equal('ROLE_MISSING')
    // Should it come in otherwise: the rules say the same.
    const { uses } = site.serving.node.registries ?? {}
    if (uses === undefined) throw new Error('the node knows parties')
    expect(await codeOf(uses.request(request))).to.equal('NOT_ACCREDITED')
  })

  it('says before the signature what would be refused, and logs nothing', async () => {
    const chain = await chainOf(1)
    const masks = { items: mask(0), purposes: mask(0) }
    const openings = openingsForUse(openScope(chain.lists, masks), masks)
    const draft = {
      subject: { kind: 'certificate' as const, id: property.id },
      fields: FIELDS,
      manner: 'copy' as const,
      context: contextFor(),
      authorizations: [{ chain: chain.grants, openings }],
    }
    const { client } = town.market
    const { size } = site.serving.node.ledger
    const { acts, reasons } = await client.uses.preview(draft)
    expect(reasons).to.deep.equal([])
    expect(acts[0]).to.deep.include({
      signers: [town.market.address, town.agent.address],
      counted: true,
    })
    expect(acts[0]?.sentence.en).to.include('location')
    expect(acts[0]?.sentence.zh).to.match(/[\u4e00-\u9fff]/)
    const other = await client.uses.preview({ ...draft, context: contextFor(OTHER_MATTER) })
    expect(other.reasons.map(({ code }) => code)).to.deep.equal(['USE_PURPOSE_OTHER_MATTER'])
    expect(site.serving.node.ledger.size).to.equal(size)

    await chain.revoke(town.landlord)
    const revoked = await client.uses.preview(draft)
    expect(revoked.reasons.map(({ code }) => code)).to.deep.equal(['GRANT_IS_REVOKED'])
    // Without a grant that holds, nothing is told of what is asked for.
    const unknown = { ...draft, subject: { kind: 'certificate' as const, id: 'none' } }
    const untold = await client.uses.preview(unknown)
    expect(untold.reasons.map(({ code }) => code)).to.deep.equal(['GRANT_IS_REVOKED'])
  })

  it('shows uses to their holders and their department alone', async () => {
    const { id } = await send(await ask(await chainOf()))
    const { tenant, market, landlord } = town
    for (const { client } of [market, landlord]) expect((await client.uses.get(id)).id).to.equal(id)
    expect(await codeOf(tenant.client.uses.get(id))).to.equal('USE_NOT_YOURS')
    expect(await codeOf(tenant.client.uses.copy(id))).to.equal('USE_NOT_YOURS')
    const listed = Array.fromAsync(tenant.client.uses.list({ holder: landlord.holder }))
    expect(await codeOf(listed)).to.equal('USE_NOT_YOURS')
    const [newest] = await Array.fromAsync(market.client.uses.list({ user: market.address }))
    expect(newest?.id).to.equal(id)
  })

  it('tells the holder live, and goes on where a lost stream was', async () => {
    const { landlord } = town
    const chain = await chainOf()
    const stop = new AbortController()
    const live = landlord.client.uses.live(landlord.holder, { signal: stop.signal })
    const first = live.next()
    const known = (await listOf())[0]?.index ?? 0
    const { id } = await send(await ask(chain))
    const refused = await ask(chain, { change: { notAfter: 1 } })
    expect(await codeOf(send(refused))).to.equal('USE_EXPIRED')
    const resumed = landlord.client.uses.live(landlord.holder, {
      after: known,
      signal: stop.signal,
    })
    const missed = [(await resumed.next()).value, (await resumed.next()).value] as Use[]
    expect(missed[0]?.id).to.equal(id)
    expect(missed[1]?.because?.code).to.equal('USE_EXPIRED')
    expect(((await first).value as Use).holders).to.include(landlord.holder)
    const strange = town.tenant.client.uses.live(landlord.holder)
    expect(await codeOf(strange.next())).to.equal('USE_NOT_YOURS')
    stop.abort()
  })
})

const digestsOf = (text: string) =>
  ['sha256', 'sm3'].map((name) => {
    const digest = createHash(name).update(text).digest('hex')
    return `${name.replace('sha256', 'sha-256')}:${digest}`
  })

/** The other signature of the same: s from the upper half, v turned. */
function highS(signature: Hex): Hex {
  const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.slice(130) === '1b' ? '1c' : '1b'
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as Hex
}
