import { expect } from 'chai'
import type { Wallet } from 'ethers'
import { signPreview } from '../../api/client/index.ts'
import type { OnceClient } from '../../api/client/index.ts'
import { examplesOfGrants } from '../../api/http/grants/examples.ts'
import * as schemas from '../../api/http/grants/schema.ts'
import type { GrantPreview, RegisteredGrant } from '../../api/http/grants/schema.ts'
import { hashAct } from '../../node/core/acts/typedData.ts'
import type { SignedAct } from '../../node/core/acts/acts.ts'
import { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { openScope, verifyScopeView } from '../../node/core/grants/scope.ts'
import { parseVerifierKey } from '../../node/core/tlog/verifierKey.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'
import { addressOf, mask, newAccount, RegistryScene, word } from '../chain/support/registryScene.ts'
import { suiteAnvil } from '../chain/support/suiteAnvil.ts'
import { LISTS, OTHER_LISTS, SCOPE } from '../grants/support/lists.ts'
import { codeOf } from '../support/codes.ts'
import { TOKENS } from './support/api.ts'
import { GrantApi } from './support/grantApi.ts'

describe('grants over HTTP', () => {
  const anvil = suiteAnvil()
  let s: RegistryScene
  let api: GrantApi
  let landlord: OnceClient
  let tenant: OnceClient
  let agent: OnceClient
  let stranger: OnceClient
  let bureau: OnceClient
  const agentWallet = newAccount()
  const strangerWallet = newAccount()

  before(async () => {
    s = await RegistryScene.open(anvil.current)
    await s.populate()
    api = await GrantApi.start(s)
    await api.follow()
    landlord = await api.as(s.landlord)
    tenant = await api.as(s.tenant)
    agent = await api.as(agentWallet)
    stranger = await api.as(strangerWallet)
    bureau = await api.as(s.bureau)
  })

  after(async () => {
    await api.close()
    await s.close()
  })

  const draft = (change: Partial<Grant> = {}) => ({
    grantee: addressOf(s.tenant),
    holder: s.holder,
    items: mask(0, 1),
    purposes: mask(0, 1),
    notAfter: now() + 3600,
    depth: 3,
    uses: 2,
    ...change,
  })

  const previewRoot = (change: Partial<Grant> = {}): Promise<GrantPreview> =>
    landlord.grants.preview({ grant: draft(change), scopeDocument: LISTS })

  /** Signed and registered: landlord → tenant. */
  async function grantRoot(change: Partial<Grant> = {}): Promise<[Grant[], RegisteredGrant]> {
    const preview = await previewRoot(change)
    const act = await signPreview(preview, s.landlord)
    const registered = await landlord.grants.register(act, { view: preview.view })
    return [preview.chain, registered]
  }

  /** tenant → agent, with what the tenant was shown. */
  async function passOn(above: Grant[], change: Partial<Grant> = {}): Promise<[Grant[], Hex]> {
    const view = await tenant.grants.view(s.idOf(above.at(-1) as Grant))
    const { notAfter } = above[0] as Grant
    const { id, ...preview } = await tenant.grants.preview({
      grant: { ...below(notAfter), ...change },
      above,
      view,
    })
    expect(preview.reasons).to.deep.equal([])
    const act = await signPreview({ id, ...preview }, s.tenant)
    await tenant.grants.register(act, { view: preview.view })
    return [preview.chain, id]
  }

  const below = (notAfter: number) => ({
    grantee: addressOf(agentWallet),
    items: mask(0),
    purposes: mask(0),
    notAfter,
    depth: 1,
    uses: 1,
  })

  it('are shown in words, signed by a wallet, and stand on the chain when the answer comes', async () => {
    const preview = await previewRoot()
    expect(preview.reasons).to.deep.equal([])
    expect(preview.signer).to.equal(addressOf(s.landlord))
    expect(preview.sentence.zh).to.include('lease-2023')
    const act = await signPreview(preview, s.landlord)
    expect(act.signature).to.equal(s.sign(s.landlord, act))
    const answer = await landlord.grants.register(act, { view: preview.view })
    expect(answer.grant).to.equal(preview.id)
    expect(answer.state).to.be.oneOf(['mined', 'final'])
    const detail = await landlord.grants.get(preview.id)
    expect(detail).to.deep.include({ standing: 'live', used: 0, chain: preview.chain })
    expect(detail.registered?.transaction).to.equal(answer.transaction)
    expect(detail.registered?.block).to.equal(answer.block?.number)
  })

  it('are answered with evidence that verifies', async () => {
    const [, { grant, evidence }] = await grantRoot()
    const trust = {
      log: { origin: api.ledger.origin, key: parseVerifierKey(api.ledger.logKey) },
      witnesses: { quorum: 0, keys: [] },
      chains: [],
    }
    for (const text of [JSON.stringify(evidence), await tenant.grants.evidence(grant)]) {
      const { checks } = await verifyEvidenceText(text, trust)
      const failed = checks.filter(({ result }) => result === 'fail')
      expect(failed, JSON.stringify(checks)).to.deep.equal([])
      expect(checks.find(({ check }) => check === 'inclusion')?.result).to.equal('pass')
    }
  })

  it('are the same when they are handed in again, by anybody', async () => {
    const preview = await previewRoot()
    const act = await signPreview(preview, s.landlord)
    const first = await landlord.grants.register(act)
    const again = await stranger.grants.register(act)
    expect([again.statement, again.transaction]).to.deep.equal([first.statement, first.transaction])
  })

  it('are answered before they are mined to those who do not wait', async () => {
    await anvil.current.automine(false)
    try {
      const act = await signPreview(await previewRoot(), s.landlord)
      const { state, grant } = await landlord.grants.register(act, { wait: false })
      expect(state).to.be.oneOf(['queued', 'submitted'])
      const detail = await landlord.grants.get(grant)
      expect(detail).to.deep.include({ standing: 'dead' })
      expect(detail.because?.code).to.equal('GRANT_NOT_REGISTERED')
    } finally {
      await anvil.current.automine(true)
      await anvil.current.mine()
    }
  })

  it('are passed on with a narrower view, and listed where they belong', async () => {
    const [above, { grant: root }] = await grantRoot()
    const [chain, id] = await passOn(above)
    const shown = await agent.grants.view(id)
    expect(shown.items.map(({ item }) => item)).to.deep.equal([LISTS.items[0]])
    verifyScopeView(SCOPE, shown, chain.at(-1) as Grant)
    const own = await Array.fromAsync(agent.grants.list({ grantee: addressOf(agentWallet) }))
    expect(own.map((grant) => grant.id)).to.include(id)
    const children = await tenant.grants.page({ parent: root })
    expect(children.grants.map((grant) => grant.id)).to.deep.equal([id])
    const all = await landlord.grants.page({ holder: s.holder }, { limit: 2 })
    expect(all.grants.map((grant) => grant.id)).to.deep.equal([id, root])
    expect(all.next).to.be.a('string')
    const { grants, unread } = await landlord.grants.tree(root)
    expect([grants.map((grant) => grant.id), unread]).to.deep.equal([[root, id], []])
    expect((await agent.grants.get(id)).chain).to.deep.equal(chain)
  })

  it('are for those they concern', async () => {
    const [above, { grant: root }] = await grantRoot()
    const [, id] = await passOn(above)
    const reads: Record<string, (client: OnceClient) => Promise<unknown>> = {
      get: (client) => client.grants.get(id),
      tree: (client) => client.grants.tree(id),
      evidence: (client) => client.grants.evidence(id),
      view: (client) => client.grants.view(id),
      revocation: (client) => client.grants.previewRevocation(id),
      ofHolder: (client) => client.grants.page({ holder: s.holder }),
      toGrantee: (client) => client.grants.page({ grantee: addressOf(agentWallet) }),
      below: (client) => client.grants.page({ parent: root }),
    }
    const refused = async (client: OnceClient) => {
      const codes = await Promise.all(
        Object.entries(reads).map(async ([name, read]) => [name, await codeOf(read(client))]),
      )
      return codes.flatMap(([name, code]) => (code === 'GRANT_NOT_YOURS' ? [name] : []))
    }
    expect(await refused(stranger)).to.deep.equal(Object.keys(reads))
    expect(await refused(landlord)).to.deep.equal(['view', 'toGrantee'])
    expect(await refused(tenant)).to.deep.equal(['ofHolder', 'toGrantee'])
    // The grant above it is not the agent's, though the agent may read its terms in its own chain.
    expect(await refused(agent)).to.deep.equal(['ofHolder', 'below'])
    // Of a department that audits.
    expect(await refused(bureau)).to.deep.equal(['view'])
    expect(await codeOf(stranger.grants.get(word('none')))).to.equal('GRANT_NOT_FOUND')
    expect(await codeOf(stranger.grants.get('0x12'))).to.equal('GRANT_NOT_FOUND')
  })

  it('are for accounts: a token reads none and records none', async () => {
    const machine = api.withToken(TOKENS.submitter)
    expect(await codeOf(machine.grants.page({ holder: s.holder }))).to.equal('ACCOUNT_NEEDED')
    const act = await signPreview(await previewRoot(), s.landlord)
    expect(await codeOf(machine.grants.register(act))).to.equal('ACCOUNT_NEEDED')
    const nobody = api.withToken('no-such-token-at-all')
    expect(await codeOf(nobody.grants.register(act))).to.equal('TOKEN_UNKNOWN')
  })

  it('end by a revocation of whoever granted, and with them all below', async () => {
    const [above, { grant: root }] = await grantRoot()
    const [, id] = await passOn(above)
    const preview = await landlord.grants.previewRevocation(root)
    expect(preview.reasons).to.deep.equal([])
    const { state } = await landlord.grants.revoke(root, await signPreview(preview, s.landlord))
    expect(state).to.be.oneOf(['mined', 'final'])
    const { standing, because } = await agent.grants.get(id)
    expect([standing, because?.code, because?.hop]).to.deep.equal(['dead', 'GRANT_IS_REVOKED', 0])
    const { revoked } = await tenant.grants.get(root)
    expect(revoked?.by).to.equal(addressOf(s.landlord))
  })

  it('do not end by who has no part in them', async () => {
    const [chain, { grant }] = await grantRoot()
    const foreign = s.revocation(strangerWallet, chain)
    expect(await codeOf(stranger.grants.revoke(grant, foreign))).to.equal('NOT_REVOKER')
    const other = s.revocation(s.landlord, chain)
    expect(await codeOf(landlord.grants.revoke(word('other'), other))).to.equal(
      'ACT_GRANT_MISMATCH',
    )
  })

  it('end with the epoch of a grantor', async () => {
    const wallet = newAccount()
    const client = await api.as(wallet)
    const [above] = await grantRoot({ grantee: addressOf(wallet) })
    const preview = await client.grants.preview({
      grant: below(above[0]?.notAfter ?? 0),
      above,
    })
    const { grant } = await client.grants.register(await signPreview(preview, wallet))
    const bump = await client.grants.previewEpoch()
    expect(bump.typedData.message).to.deep.equal({ account: addressOf(wallet), epoch: 1 })
    const act = await signPreview(bump, wallet)
    await client.grants.bumpEpoch(act)
    const { because } = await client.grants.get(grant)
    expect([because?.code, because?.hop]).to.deep.equal(['GRANT_EPOCH_OUTDATED', 1])
    // Signed for the epoch that is over.
    const late = await client.grants.preview({ grant: { ...below(now() + 60), epoch: 0 }, above })
    expect(late.reasons.map(({ code }) => code)).to.deep.equal(['GRANT_EPOCH_OUTDATED'])
    const refused = client.grants.register(await signPreview(late, wallet))
    expect(await codeOf(refused)).to.equal('GRANT_EPOCH_OUTDATED')
    const skipping = {
      type: 'EpochBump',
      message: { account: addressOf(wallet), epoch: 7 },
    } as const
    const skipped = client.grants.bumpEpoch({ ...skipping, signature: s.sign(wallet, skipping) })
    expect(await codeOf(skipped)).to.equal('EPOCH_OUT_OF_ORDER')
  })

  describe('refuse', () => {
    let size: number
    beforeEach(() => (size = api.ledger.size))
    afterEach(() => expect(api.ledger.size, 'nothing was logged').to.equal(size))

    const wider: Record<string, [change: (root: Grant) => Partial<Grant>, code: string]> = {
      items: [() => ({ items: mask(0, 2) }), 'GRANT_ITEMS_WIDENED'],
      purposes: [() => ({ purposes: mask(0, 1, 2) }), 'GRANT_PURPOSES_WIDENED'],
      time: [({ notAfter }) => ({ notAfter: notAfter + 1 }), 'GRANT_WINDOW_WIDENED'],
      depth: [({ depth }) => ({ depth }), 'GRANT_DEPTH_WIDENED'],
      uses: [({ uses }) => ({ uses: uses + 1 }), 'GRANT_USES_WIDENED'],
      holder: [() => ({ holder: word('other') }), 'GRANT_HOLDER_MISMATCH'],
      scope: [() => ({ scope: word('other') }), 'GRANT_SCOPE_MISMATCH'],
    }

    describe('to pass on', () => {
      let above: Grant[]
      before(async () => {
        ;[above] = await grantRoot()
      })

      for (const [what, [change, code]] of Object.entries(wider))
        it(`more than was received: ${what}`, async () => {
          const root = above[0] as Grant
          const grant = { ...below(root.notAfter), ...change(root) }
          const preview = await tenant.grants.preview({ grant, above })
          expect(preview.reasons.map((reason) => [reason.code, reason.hop])).to.deep.equal([
            [code, 1],
          ])
          const refusal = await tenant.grants
            .register(await signPreview(preview, s.tenant))
            .catch((error: unknown) => error)
          expect(refusal).to.be.instanceOf(LedgerError)
          expect(refusal).to.deep.include({ code, kind: 'forbidden' })
          expect((refusal as LedgerError).details).to.deep.include({ hop: 1, status: 403 })
        })
    })

    it('what nobody may pass on', async () => {
      const [above] = await grantRoot({ depth: 0 })
      size = api.ledger.size
      const grant = { ...below(above[0]?.notAfter ?? 0), depth: 0 }
      const { reasons, ...preview } = await tenant.grants.preview({ grant, above })
      expect(reasons.map(({ code }) => code)).to.deep.equal(['GRANT_DEPTH_WIDENED'])
      const act = await signPreview({ reasons, ...preview }, s.tenant)
      expect(await codeOf(tenant.grants.register(act))).to.equal('GRANT_DEPTH_WIDENED')
    })

    it('a chain of nine', async () => {
      const root = s.root({ depth: 20 })
      const chain = [root]
      while (chain.length < 9)
        chain.push(s.child(chain.at(-1) as Grant, { grantee: addressOf(s.tenant) }))
      const refused = tenant.grants.register(s.grant(s.tenant, chain))
      expect(await codeOf(refused)).to.equal('GRANT_CHAIN_TOO_LONG')
    })

    it("an account that is not the holder's, and one that is no longer", async () => {
      const root = s.root({ grantor: addressOf(strangerWallet) })
      const foreign = stranger.grants.register(s.grant(strangerWallet, [root]))
      expect(await codeOf(foreign)).to.equal('GRANTOR_NOT_BOUND')
      const heir = newAccount()
      await s.relay(s.binding(addressOf(heir)))
      await s.relay(s.release(addressOf(heir)))
      await api.follow()
      const former = s.root({ grantor: addressOf(heir) })
      const late = (await api.as(heir)).grants.register(s.grant(heir, [former]))
      expect(await codeOf(late)).to.equal('GRANTOR_NOT_BOUND')
    })

    const signatures: Record<string, (by: Wallet, act: SignedAct) => Hex> = {
      'by another key': (_, act) => s.sign(strangerWallet, act),
      'for another chain': (by, act) =>
        by.signingKey.sign(hashAct(act, { ...s.registries, chainId: 1 })).serialized as Hex,
      'for another contract': (by, act) =>
        by.signingKey.sign(hashAct(act, { ...s.registries, grants: s.registries.parties }))
          .serialized as Hex,
      'with the high s': (by, act) => highS(s.sign(by, act)),
      'of 64 bytes': (by, act) => s.sign(by, act).slice(0, -2) as Hex,
      'of 64 compact bytes': (by, act) =>
        by.signingKey.sign(hashAct(act, s.registries)).compactSerialized as Hex,
      'with v 0 or 1': (by, act) =>
        `${s.sign(by, act).slice(0, -2)}0${Number(s.sign(by, act).endsWith('c'))}` as Hex,
    }
    for (const [what, forge] of Object.entries(signatures))
      it(`a signature ${what}`, async () => {
        const act = s.grant(s.landlord, [s.root({ salt: word(what) })])
        const refused = landlord.grants.register({ ...act, signature: forge(s.landlord, act) })
        expect(await codeOf(refused)).to.equal('SIGNATURE_INVALID')
      })

    const views: Record<string, [view: (root: Grant) => unknown, code: string]> = {
      'of other lists': [(root) => openScope(OTHER_LISTS, root), 'SCOPE_ROOTS_MISMATCH'],
      'with more than was granted': [
        ({ purposes }) => openScope(LISTS, { items: mask(0, 1, 2), purposes }),
        'SCOPE_OPENING_MISMATCH',
      ],
      'with a wrong salt': [
        (root) => {
          const view = openScope(LISTS, root)
          const items = view.items.map((item) => ({ ...item, salt: '00'.repeat(32) }))
          return { ...view, items }
        },
        'SCOPE_OPENING_MISMATCH',
      ],
      'of nothing': [() => ({ items: [] }), 'ACT_MALFORMED'],
    }
    for (const [what, [make, code]] of Object.entries(views))
      it(`a view ${what}`, async () => {
        const { chain, ...preview } = await previewRoot()
        const act = await signPreview({ chain, ...preview }, s.landlord)
        const view = make(chain[0] as Grant) as typeof preview.view
        expect(await codeOf(landlord.grants.register(act, { view }))).to.equal(code)
      })

    it('bits that stand for nothing', async () => {
      const { reasons, view } = await previewRoot({ items: mask(0, 3) })
      expect(view).to.equal(undefined)
      expect(reasons).to.have.length(1)
      expect(reasons[0]).to.deep.include({
        code: 'GRANT_MASK_BEYOND_LIST',
        list: 'items',
        index: 3,
      })
      expect(reasons[0]?.detail).to.match(/\.$/)
    })

    it('what is no draft, no query and no act of a grant', async () => {
      const grant = draft({ items: '0x1' })
      const short = landlord.grants.preview({ grant, scopeDocument: LISTS })
      expect(await codeOf(short)).to.equal('PREVIEW_MALFORMED')
      const view = openScope(LISTS, s.root())
      const both = landlord.grants.preview({ grant: draft(), scopeDocument: LISTS, view })
      expect(await codeOf(both)).to.equal('PREVIEW_MALFORMED')
      const bare = landlord.grants.preview({ grant: draft() })
      expect(await codeOf(bare)).to.equal('GRANT_DRAFT_INCOMPLETE')
      const nothing = landlord.grants.page({} as { holder: Hex })
      expect(await codeOf(nothing)).to.equal('QUERY_MALFORMED')
      const crooked = landlord.grants.page({ holder: s.holder }, { cursor: 'x' })
      expect(await codeOf(crooked)).to.equal('QUERY_MALFORMED')
      const unexpected = landlord.grants.register(s.epochBump(s.landlord))
      expect(await codeOf(unexpected)).to.equal('ACT_UNEXPECTED')
    })
  })

  it('are documented by examples that fit their schemas', () => {
    const examples = examplesOfGrants()
    schemas.GrantPreviewRequest.parse(examples.draft)
    schemas.GrantPreview.parse(examples.preview)
    schemas.GrantRegistration.parse(examples.registration)
    schemas.RegisteredGrant.parse(examples.registered)
    schemas.RegisteredGrant.parse(examples.onItsWay)
    schemas.RecordedAct.parse(examples.recorded)
    schemas.RecordedAct.parse(examples.recordedOnItsWay)
    schemas.GrantSummary.parse(examples.summary)
    schemas.GrantDetail.parse(examples.detail)
    schemas.ActRequest.parse({ act: examples.revocation })
    schemas.ActRequest.parse({ act: examples.epochBump })
    schemas.RevocationPreview.parse(examples.revocationPreview)
    schemas.EpochPreview.parse(examples.epochPreview)
  })
})

const now = () => Math.floor(Date.now() / 1000)

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The other signature of the same key (EIP-2). */
function highS(signature: Hex): Hex {
  const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.endsWith('1b') ? '1c' : '1b'
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as Hex
}
