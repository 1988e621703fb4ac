import { expect } from 'chai'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { decode0x } from '../../node/core/ethereum/hex.ts'
import { openScope, narrowView } from '../../node/core/grants/scope.ts'
import type { ScopeView } from '../../node/core/grants/scope.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { describeAct } from '../../node/core/acts/sentences.ts'
import { holderIdOf } from '../../node/core/parties/holder.ts'
import type { GrantDraft } from '../../node/grants/draft.ts'
import { TREE_LIMIT } from '../../node/grants/tree.ts'
import type { GrantPreview } from '../../node/grants/grants.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import { shownIdOf } from '../../node/core/statements/grant.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { addressOf, mask, newAccount, word } from '../chain/support/registryScene.ts'
import { AUTHORITY, HOLDER } from '../mirror/scene.ts'
import { codeOf } from '../support/codes.ts'
import { testStatement } from '../support/log.ts'
import { LISTS, OTHER_LISTS, SCOPE } from './support/lists.ts'
import { GrantScene, NOW } from './support/scene.ts'

export function behavesLikeGrants(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`grants on ${name}`, () => {
    let s: GrantScene
    beforeEach(async () => {
      s = await GrantScene.open(openStore)
      await s.bind(s.landlord)
    })
    afterEach(() => s.close())

    const register = (by: typeof s.landlord, chain: readonly Grant[], view?: ScopeView) =>
      s.grants.register(s.granting(by, chain), { view, wait: wait() })

    /** A root and a grant below it, both on the chain. */
    async function pair(): Promise<[Grant, Grant]> {
      const root = await s.root()
      await register(s.landlord, [root])
      const child = await s.child([root])
      await register(s.tenant, [root, child])
      return [root, child]
    }

    describe('are previewed', () => {
      it('with what follows from the chain and the least that can be granted', async () => {
        const { depth: _, ...draft } = s.draft()
        const root = await s.grants.preview({ draft, above: [], reader: s.reader(s.landlord) })
        expect(root.act.message).to.deep.include({ parent: `0x${'0'.repeat(64)}`, epoch: 0 })
        expect(root.act.message).to.deep.include({ depth: 0, notBefore: NOW })
        expect(root.id).to.equal(s.idOf(root.act.message))
        expect(root.signer).to.equal(addressOf(s.landlord))
        expect(root.typedData).to.deep.include({ primaryType: 'Grant', message: root.act.message })
        expect(root.reasons).to.deep.equal([])
        await s.mine({ type: 'EpochBumped', account: addressOf(s.tenant), epoch: 4 })
        const child = await s.child([root.act.message])
        expect(child).to.deep.include({
          parent: root.id,
          holder: HOLDER,
          scope: SCOPE,
          grantor: addressOf(s.tenant),
          epoch: 4,
        })
      })

      it('with salts that differ', async () => {
        expect((await s.root()).salt).not.to.equal((await s.root()).salt)
      })

      it('in words, with what the lists say and what departments are called', async () => {
        await s.directory.describe({
          department: addressOf(s.tenant),
          name: '示例街道办事处',
          region: '310110',
          by: AUTHORITY,
        })
        const { sentence, view, act } = await s.grants.preview({
          draft: s.draft(),
          above: [],
          lists: { document: LISTS },
          reader: s.reader(s.landlord),
        })
        expect(view).to.deep.equal(openScope(LISTS, act.message))
        expect(sentence.zh).to.include('示例街道办事处').and.to.include('lease-2023')
        const names = new Map([[addressOf(s.tenant), '示例街道办事处']])
        const { registries } = s
        const around = { names, registries, scope: view as ScopeView }
        expect(sentence).to.deep.equal(describeAct(act, around))
      })

      it('and show a grantee what its grantor was shown of it, and no more', async () => {
        const root = await s.root()
        const view = openScope(LISTS, root)
        const { act, view: narrowed } = await s.grants.preview({
          draft: { ...s.draft({ items: mask(1), purposes: mask(1) }), grantor: root.grantee },
          above: [root],
          lists: { view },
          reader: s.reader(s.tenant),
        })
        expect(narrowed).to.deep.equal(narrowView(view, act.message))
      })

      it('and name the holder to itself and to those it granted to, not to strangers', async () => {
        const holder = await registeredHolder(s)
        await s.bind(s.landlord, holder)
        const draft = s.draft({ holder })
        const said = async (request: Parameters<typeof s.grants.preview>[0]) =>
          (await s.grants.preview(request)).sentence.zh.includes('上海业主')
        const own = await s.grants.preview({ draft, above: [], reader: s.reader(s.landlord) })
        expect(own.sentence.zh).to.include('上海业主')
        expect(await said({ draft, above: [], reader: s.reader(s.stranger) })).to.equal(false)
        const root = own.act.message
        const below = { draft: { ...s.draft(), grantor: addressOf(s.tenant), holder } }
        // A chain that nobody registered, made up to learn a name.
        const made = { ...root, grantee: addressOf(s.stranger) }
        expect(await said({ ...below, above: [made], reader: s.reader(s.stranger) })).to.equal(
          false,
        )
        expect(await said({ ...below, above: [root], reader: s.reader(s.tenant) })).to.equal(false)
        await register(s.landlord, [root])
        expect(await said({ ...below, above: [root], reader: s.reader(s.tenant) })).to.equal(true)
        expect(await said({ ...below, above: [root], reader: s.reader(s.stranger) })).to.equal(
          false,
        )
      })

      it('with all that is wrong, each once, the root first', async () => {
        const root = await s.root({ items: mask(0), purposes: mask(0), depth: 0, uses: 1 })
        const { reasons } = await s.grants.preview({
          draft: {
            ...s.draft({ uses: 0, depth: 3 }),
            grantor: addressOf(s.stranger),
            holder: word('another'),
            scope: word('other lists'),
            notBefore: 1,
            notAfter: NOW + 30 * 24 * 60 * 60,
            epoch: 9,
          },
          above: [root],
          reader: s.reader(s.stranger),
        })
        expect(reasons.map(({ code, details }) => [code, details['hop']])).to.deep.equal([
          ['GRANT_NOT_REGISTERED', 0],
          ['GRANT_GRANTOR_MISMATCH', 1],
          ['GRANT_HOLDER_MISMATCH', 1],
          ['GRANT_SCOPE_MISMATCH', 1],
          ['GRANT_ITEMS_WIDENED', 1],
          ['GRANT_PURPOSES_WIDENED', 1],
          ['GRANT_WINDOW_WIDENED', 1],
          ['GRANT_DEPTH_WIDENED', 1],
          ['GRANT_USES_WIDENED', 1],
        ])
      })

      it('with bits that stand for nothing on the lists, which are told', async () => {
        const items = await previewRoot(s, { items: mask(0, 3) })
        expect(items.view).to.equal(undefined)
        expect(items.reasons.map(({ code, details }) => [code, details])).to.deep.equal([
          ['GRANT_MASK_BEYOND_LIST', { list: 'items', index: 3 }],
        ])
        const purposes = await previewRoot(s, { purposes: mask(255) })
        expect(purposes.reasons.map(({ code, details }) => [code, details])).to.deep.equal([
          ['GRANT_MASK_BEYOND_LIST', { list: 'purposes', index: 255 }],
        ])
      })

      it('with the words of other lists left out', async () => {
        const { reasons, sentence } = await s.grants.preview({
          draft: s.draft(),
          above: [],
          lists: { document: OTHER_LISTS },
          reader: s.reader(s.landlord),
        })
        expect(reasons.map(({ code }) => code)).to.deep.equal(['SCOPE_ROOTS_MISMATCH'])
        expect(sentence.en).not.to.include('lease-2023')
      })

      it('only when it is clear whose grant it is', async () => {
        const { grantor: _, holder: __, scope: ___, ...draft } = s.draft()
        const previewed = s.grants.preview({ draft, above: [], reader: s.reader(s.landlord) })
        const error = await previewed.catch((thrown: unknown) => thrown)
        expect(isLedgerError(error, 'GRANT_DRAFT_INCOMPLETE') && error.details).to.deep.equal({
          missing: ['grantor', 'holder', 'scope'],
        })
      })

      it('without anything being logged', async () => {
        await s.root()
        expect(s.ledger.size).to.equal(0)
      })
    })

    describe('are registered', () => {
      it('as acts, with what their grantee is shown sealed beside them', async () => {
        const root = await s.root()
        const view = openScope(LISTS, root)
        const { grant, state, shown, index } = await register(s.landlord, [root], view)
        expect([grant, state, index]).to.deep.equal([s.idOf(root), 'mined', 0])
        expect(shown).to.equal(shownIdOf(decode0x(grant)))
        const { statement } = await s.ledger.openStatement(1)
        expect(statement).to.deep.include({ kind: 'grant.shown', id: shown, grant })
        expect(JSON.stringify(statement)).not.to.include('lease-2023')
        expect(await s.grants.viewOf(grant)).to.deep.equal(view)
      })

      it('once, however often they are handed in', async () => {
        const root = await s.root()
        const view = openScope(LISTS, root)
        const first = await register(s.landlord, [root], view)
        const again = await register(s.landlord, [root], view)
        expect([again.id, again.shown]).to.deep.equal([first.id, first.shown])
        expect(s.ledger.size).to.equal(2)
      })

      it('with 256 items to be shown', async () => {
        const lists = {
          ...LISTS,
          items: Array.from({ length: 256 }, (_, i) => ({
            material: `material-${i}`,
            may: 'read' as const,
          })),
        }
        const all = { items: `0x${'f'.repeat(64)}` as const, purposes: mask(0, 1) }
        const { act, view } = await s.grants.preview({
          draft: { ...s.draft({ ...all }), scope: undefined },
          above: [],
          lists: { document: lists },
          reader: s.reader(s.landlord),
        })
        const { grant } = await register(s.landlord, [act.message], view)
        expect((await s.grants.viewOf(grant)).items).to.have.length(256)
      })

      it('and keep what is shown although the chain takes its time', async () => {
        s.holdsBack = true
        const root = await s.root()
        const { grant, state } = await register(s.landlord, [root], openScope(LISTS, root))
        expect(state).to.equal('queued')
        expect((await s.grants.viewOf(grant)).items).to.have.length(3)
        const { registered, standing } = await s.grants.get(grant)
        expect(registered).to.equal(undefined)
        expect(standing.is === 'dead' && standing.because.code).to.equal('GRANT_NOT_REGISTERED')
      })

      it('not by an act of another kind', async () => {
        const root = await s.root()
        const revocation = s.revoking(s.landlord, [root])
        expect(await codeOf(s.grants.register(revocation))).to.equal('ACT_UNEXPECTED')
        expect(await codeOf(s.grants.register({ type: 'Grant' }))).to.equal('ACT_MALFORMED')
      })

      const views: Record<string, [change: (view: ScopeView) => ScopeView, code: string]> = {
        'of other lists': [(view) => openScope(OTHER_LISTS, masksOf(view)), 'SCOPE_ROOTS_MISMATCH'],
        'with a wrong salt': [
          (view) => ({ ...view, items: altered(view.items, { salt: '00'.repeat(32) }) }),
          'SCOPE_OPENING_MISMATCH',
        ],
        'of another index': [
          (view) => ({
            ...view,
            items: view.items.map((item, i) => ({ ...item, index: i === 1 ? 1 : item.index })),
          }),
          'SCOPE_OPENING_MISMATCH',
        ],
        'of another list': [
          (view) => ({
            ...view,
            purposes: altered(view.purposes, {
              salt: view.items[0]?.salt ?? '',
              proof: view.items[0]?.proof ?? [],
            }),
          }),
          'SCOPE_OPENING_MISMATCH',
        ],
        'of another entry': [
          (view) => ({
            ...view,
            items: altered(view.items, { item: { material: 'all-there-is', may: 'copy' } }),
          }),
          'SCOPE_OPENING_MISMATCH',
        ],
        'with more than was granted': [
          () => openScope(LISTS, { items: mask(0, 1, 2), purposes: mask(0) }),
          'SCOPE_OPENING_MISMATCH',
        ],
        'with less than was granted': [
          () => openScope(LISTS, { items: mask(0), purposes: mask(0) }),
          'SCOPE_OPENING_MISSING',
        ],
      }
      for (const [what, [change, code]] of Object.entries(views))
        it(`not with a view ${what}, before anything is logged or sent`, async () => {
          const root = await s.root({ items: mask(0, 2), purposes: mask(0) })
          const view = change(openScope(LISTS, root))
          expect(await codeOf(register(s.landlord, [root], view))).to.equal(code)
          expect([s.ledger.size, s.sent]).to.deep.equal([0, []])
        })

      it('not with a view of bits beyond the list', async () => {
        const root = { ...(await s.root()), items: mask(0, 200) }
        const view = openScope(LISTS, { items: mask(0), purposes: root.purposes })
        expect(await codeOf(register(s.landlord, [root], view))).to.equal('SCOPE_OPENING_MISSING')
        expect(s.ledger.size).to.equal(0)
      })

      it('beside a material whose submitter took the id of what is shown', async () => {
        const root = await s.root()
        const grant = s.idOf(root)
        await s.ledger.append({ statement: testStatement(shownIdOf(decode0x(grant))) })
        const view = openScope(LISTS, root)
        expect(await codeOf(register(s.landlord, [root], view))).to.equal('STATEMENT_ID_TAKEN')
        expect(await codeOf(s.grants.viewOf(grant))).to.equal('GRANT_VIEW_NOT_KEPT')
      })
    })

    describe('are found', () => {
      it('with their terms, the chain above and how they stand', async () => {
        const [root, child] = await pair()
        const record = await s.grants.get(s.idOf(child))
        expect(record.chain).to.deep.equal([root, child])
        expect(record.line).to.deep.equal([s.idOf(root), s.idOf(child)])
        expect(record.standing).to.deep.equal({ is: 'live' })
        expect(record.registered?.state).to.deep.include({ used: 0, revokedAt: 0 })
      })

      it('dead by the first hop that is', async () => {
        const [root, child] = await pair()
        await s.grants.revoke(s.idOf(root), s.revoking(s.landlord, [root]), { wait: wait() })
        const { standing } = await s.grants.get(s.idOf(child))
        expect(
          standing.is === 'dead' && [standing.because.code, standing.because.details['hop']],
        ).to.deep.equal(['GRANT_IS_REVOKED', 0])
      })

      const deaths: Record<string, [end: () => Promise<void> | void, code: string]> = {
        'once over': [() => void (s.time += 40 * 24 * 60 * 60), 'GRANT_EXPIRED'],
        'after an epoch of a grantor ended': [
          () => s.mine({ type: 'EpochBumped', account: addressOf(s.tenant), epoch: 1 }),
          'GRANT_EPOCH_OUTDATED',
        ],
        'after the registrar ended what an account granted': [
          () =>
            s.mine({
              type: 'AccountReleased',
              holder: HOLDER,
              account: addressOf(s.landlord),
              registrar: AUTHORITY,
              endGrants: true,
            }),
          'GRANTOR_ENDED',
        ],
      }
      for (const [when, [end, code]] of Object.entries(deaths))
        it(`dead ${when}`, async () => {
          const [, child] = await pair()
          await end()
          const { standing } = await s.grants.get(s.idOf(child))
          expect(standing.is === 'dead' && standing.because.code).to.equal(code)
        })

      it('by what the chain says where another ledger registered them', async () => {
        const root = await s.root()
        const child = await s.child([root])
        const id = await s.registerElsewhere(root)
        const below = await s.registerElsewhere(child)
        const record = await s.grants.get(below)
        expect(record).to.deep.include({
          chain: undefined,
          statement: undefined,
          line: [id, below],
        })
        expect(record.standing).to.deep.equal({ is: 'unknown' })
        expect(await codeOf(s.grants.evidence(below))).to.equal('GRANT_TERMS_UNKNOWN')
        await s.mine({
          type: 'GrantRevoked',
          grant: id,
          holder: HOLDER,
          revoker: addressOf(s.landlord),
        })
        const { standing } = await s.grants.get(below)
        expect(standing.is === 'dead' && standing.because.details).to.deep.equal({ hop: 0 })
      })

      it('not where nobody knows them', async () => {
        expect(await codeOf(s.grants.get(word('none')))).to.equal('GRANT_NOT_FOUND')
        expect(await codeOf(s.grants.lineOf(word('none')))).to.equal('GRANT_NOT_FOUND')
        expect(await codeOf(s.grants.evidence(word('none')))).to.equal('GRANT_NOT_FOUND')
        expect(await codeOf(s.grants.viewOf(word('none')))).to.equal('GRANT_VIEW_NOT_KEPT')
      })

      it('not while nobody knows how the chain stands', async () => {
        const [root] = await pair()
        s.mirrorClock.milliseconds += 120_000
        expect(await codeOf(s.grants.get(s.idOf(root)))).to.equal('MIRROR_STALE')
      })

      it('by holder, grantee and the grant above, newest first, page by page', async () => {
        const [root, child] = await pair()
        const other = await s.root()
        await register(s.landlord, [other])
        const ids = (page: Awaited<ReturnType<typeof s.grants.to>>) =>
          page.items.map(({ grant }) => grant)
        const [a, b, c] = [root, child, other].map((grant) => s.idOf(grant))
        expect(ids(await s.grants.ofHolder(HOLDER, { limit: 10 }))).to.deep.equal([c, b, a])
        expect(ids(await s.grants.to(addressOf(s.tenant), { limit: 10 }))).to.deep.equal([c, a])
        expect(ids(await s.grants.below(a as Hex, { limit: 10 }))).to.deep.equal([b])
        const first = await s.grants.ofHolder(HOLDER, { limit: 2 })
        expect(ids(first)).to.deep.equal([c, b])
        const rest = await s.grants.ofHolder(HOLDER, { limit: 2, cursor: first.next })
        expect([ids(rest), rest.next]).to.deep.equal([[a], undefined])
        const crooked = s.grants.ofHolder(HOLDER, { limit: 2, cursor: '../x' })
        expect(await codeOf(crooked)).to.equal('CURSOR_MALFORMED')
      })

      it('as a tree, each before those below it', async () => {
        const [root, child] = await pair()
        const leaf = await s.child([root, child], {
          grantor: addressOf(s.agent),
          grantee: addressOf(s.stranger),
          depth: 0,
        })
        await register(s.agent, [root, child, leaf])
        const sibling = await s.child([root])
        await register(s.tenant, [root, sibling])
        const { items, unread } = await s.grants.tree(s.idOf(root))
        expect(items.map(({ grant }) => grant)).to.deep.equal(
          [root, child, leaf, sibling].map((grant) => s.idOf(grant)),
        )
        expect(unread).to.deep.equal([])
        const below = await s.grants.tree(s.idOf(child))
        expect(below.items.map(({ line }) => line.length)).to.deep.equal([2, 3])
      })
    })

    it('are listed in a tree as far as one answer goes', async () => {
      const root = await s.root()
      await register(s.landlord, [root])
      const parent = s.idOf(root)
      const [grantor, grantee] = [addressOf(s.tenant), addressOf(s.agent)]
      const children = Array.from({ length: TREE_LIMIT }, (_, i) => word(`child ${i}`))
      await s.mine(
        ...children.map((grant) => {
          return {
            type: 'GrantRegistered',
            grant,
            holder: HOLDER,
            parent,
            grantor,
            grantee,
          } as const
        }),
      )
      const { items, unread } = await s.grants.tree(parent)
      expect(items.map(({ grant }) => grant)).to.deep.equal([parent, ...children.slice(0, -1)])
      expect(unread).to.deep.equal([parent])
    })

    describe('are ended', () => {
      it('by a revocation that is described before it is signed', async () => {
        const [root, child] = await pair()
        const id = s.idOf(child)
        const of = (wallet: typeof s.tenant) =>
          s.grants.describeRevocation(id, { reader: s.reader(wallet) })
        const tenant = await of(s.tenant)
        expect(tenant.act.message).to.deep.equal({ grant: id, revoker: addressOf(s.tenant) })
        expect([tenant.signer, tenant.reasons]).to.deep.equal([addressOf(s.tenant), []])
        expect(tenant.chain).to.deep.equal([root, child])
        expect((await of(s.landlord)).reasons).to.deep.equal([])
        expect((await of(s.stranger)).reasons.map(({ code }) => code)).to.deep.equal([
          'NOT_REVOKER',
        ])
        await s.grants.revoke(id, s.revoking(s.tenant, tenant.chain), { wait: wait() })
        const { registered } = await s.grants.get(id)
        expect(registered?.revocation?.revoker).to.equal(addressOf(s.tenant))
      })

      it('not by a revocation of another grant', async () => {
        const [root, child] = await pair()
        const revocation = s.revoking(s.tenant, [root, child])
        expect(await codeOf(s.grants.revoke(s.idOf(root), revocation))).to.equal(
          'ACT_GRANT_MISMATCH',
        )
      })

      it('not by somebody else', async () => {
        const [root, child] = await pair()
        const before = s.ledger.size
        const revoked = s.grants.revoke(s.idOf(child), s.revoking(s.stranger, [root, child]))
        expect(await codeOf(revoked)).to.equal('NOT_REVOKER')
        expect(s.ledger.size).to.equal(before)
      })

      it('all at once by the next epoch of their grantor', async () => {
        const [, child] = await pair()
        const account = addressOf(s.tenant)
        const { act, signer, sentence } = await s.grants.describeEpochBump(account)
        expect(act.message).to.deep.equal({ account, epoch: 1 })
        expect(signer).to.equal(account)
        expect(sentence).to.deep.equal(describeAct(act, { registries: s.registries }))
        await s.grants.bumpEpoch({ ...act, signature: s.sign(s.tenant, act) }, { wait: wait() })
        const { standing } = await s.grants.get(s.idOf(child))
        expect(standing.is).to.equal('dead')
        expect((await s.grants.describeEpochBump(account)).act.message.epoch).to.equal(2)
      })
    })

    describe('are refused and not logged', () => {
      type Change = Partial<Grant>
      const wider: Record<string, [change: (root: Grant) => Change, code: string]> = {
        'with another item': [() => ({ items: mask(0, 2) }), 'GRANT_ITEMS_WIDENED'],
        'for another purpose': [() => ({ purposes: mask(1) }), 'GRANT_PURPOSES_WIDENED'],
        'from an earlier time on': [() => ({ notBefore: NOW - 1 }), 'GRANT_WINDOW_WIDENED'],
        'to a later time': [(root) => ({ notAfter: root.notAfter + 1 }), 'GRANT_WINDOW_WIDENED'],
        'as deep as itself': [(root) => ({ depth: root.depth }), 'GRANT_DEPTH_WIDENED'],
        'more often': [(root) => ({ uses: root.uses + 1 }), 'GRANT_USES_WIDENED'],
        'as often as one likes': [() => ({ uses: 0 }), 'GRANT_USES_WIDENED'],
        'of another holder': [() => ({ holder: word('another') }), 'GRANT_HOLDER_MISMATCH'],
        'of other lists': [() => ({ scope: word('others') }), 'GRANT_SCOPE_MISMATCH'],
        'of another grant': [() => ({ parent: word('other') }), 'GRANT_PARENT_MISMATCH'],
        'for an epoch to come': [() => ({ epoch: 1 }), 'GRANT_EPOCH_OUTDATED'],
      }
      for (const [what, [change, code]] of Object.entries(wider))
        for (const hop of [1, 2, 3])
          it(`${what}, at hop ${hop}`, async () => {
            const grantees = [s.tenant, s.agent, s.stranger, newAccount()]
            const chain = [
              await s.root({ items: mask(0, 1), purposes: mask(0), depth: 7, uses: 3 }),
            ]
            await register(s.landlord, chain)
            for (let i = 1; i <= hop; i++) {
              const above = chain.at(-1) as Grant
              const child = await s.child(chain, {
                ...above,
                parent: s.idOf(above),
                grantor: above.grantee,
                grantee: addressOf(grantees[i] as typeof s.tenant),
                depth: above.depth - 1,
                ...(i === hop && change(above)),
              })
              chain.push(child)
              if (i < hop) await register(grantees[i - 1] as typeof s.tenant, chain)
            }
            const before = s.ledger.size
            const refused = await register(grantees[hop - 1] as typeof s.tenant, chain).catch(
              (error: unknown) => error,
            )
            expect(isLedgerError(refused, code) && refused.details).to.deep.equal({ hop })
            expect(s.ledger.size).to.equal(before)
          })

      it('below one that may not be passed on', async () => {
        const root = await s.root({ depth: 0 })
        await register(s.landlord, [root])
        const child = await s.child([root], { depth: 0 })
        expect(await codeOf(register(s.tenant, [root, child]))).to.equal('GRANT_DEPTH_WIDENED')
      })

      it('by who did not receive the one above', async () => {
        const root = await s.root()
        await register(s.landlord, [root])
        const child = await s.child([root], { grantor: addressOf(s.stranger) })
        expect(await codeOf(register(s.stranger, [root, child]))).to.equal('GRANT_GRANTOR_MISMATCH')
      })

      it('signed by another than their grantor', async () => {
        const root = await s.root()
        expect(await codeOf(register(s.stranger, [root]))).to.equal('SIGNATURE_INVALID')
      })

      it("by an account of another holder's", async () => {
        await s.bind(s.stranger, word('another holder'))
        const root = await s.root({ grantor: addressOf(s.stranger) })
        expect(await codeOf(register(s.stranger, [root]))).to.equal('GRANTOR_NOT_BOUND')
      })

      it('by an account that is bound no longer', async () => {
        const root = await s.root()
        await s.mine({
          type: 'AccountReleased',
          holder: HOLDER,
          account: addressOf(s.landlord),
          registrar: AUTHORITY,
          endGrants: false,
        })
        expect(await codeOf(register(s.landlord, [root]))).to.equal('GRANTOR_NOT_BOUND')
      })

      it('signed before the epoch ended', async () => {
        const root = await s.root()
        await s.mine({ type: 'EpochBumped', account: addressOf(s.landlord), epoch: 1 })
        expect(await codeOf(register(s.landlord, [root]))).to.equal('GRANT_EPOCH_OUTDATED')
      })

      it('below one that was revoked', async () => {
        const root = await s.root()
        await register(s.landlord, [root])
        await s.grants.revoke(s.idOf(root), s.revoking(s.landlord, [root]), { wait: wait() })
        const child = await s.child([root])
        expect(await codeOf(register(s.tenant, [root, child]))).to.equal('GRANT_IS_REVOKED')
      })

      it('in a chain of nine', async () => {
        const chain = [await s.root({ depth: 200 })]
        for (let i = 1; i < 9; i++)
          chain.push(await s.child(chain, { grantee: addressOf(s.tenant), depth: 100 - i }))
        expect(await codeOf(register(s.tenant, chain))).to.equal('GRANT_CHAIN_TOO_LONG')
      })

      for (const [what, change] of Object.entries({
        'another chain': { chainId: 1 },
        'another contract': { grants: addressOf(newAccount()) },
      }))
        it(`signed for ${what}`, async () => {
          const root = await s.root()
          const act = s.granting(s.landlord, [root])
          const signature = s.sign(s.landlord, act, { ...s.registries, ...change })
          expect(await codeOf(s.grants.register({ ...act, signature }))).to.equal(
            'SIGNATURE_INVALID',
          )
        })
    })
  })
}

const wait = () => AbortSignal.timeout(10_000)

function previewRoot(s: GrantScene, change: Partial<GrantDraft>): Promise<GrantPreview> {
  return s.grants.preview({
    draft: s.draft(change),
    above: [],
    lists: { document: LISTS },
    reader: s.reader(s.landlord),
  })
}

/** A holder that the directory can name. */
async function registeredHolder({ directory }: GrantScene): Promise<Hex> {
  const salt = word('salt of a holder')
  const code = '91310110MADEM002XN'
  const holder = holderIdOf(decode0x(salt), '001', code)
  const name = '上海业主（示例）有限公司'
  await directory.register({ holder, salt, codeType: '001', code, name, registrar: AUTHORITY })
  return holder
}

function altered<Each>(list: readonly Each[], change: Partial<Each>): Each[] {
  return list.map((each, i) => (i === 0 ? { ...each, ...change } : each))
}

function masksOf({ items, purposes }: ScopeView): { items: Hex; purposes: Hex } {
  return {
    items: mask(...items.map(({ index }) => index)),
    purposes: mask(...purposes.map(({ index }) => index)),
  }
}
