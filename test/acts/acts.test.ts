import { expect } from 'chai'
import { Interface } from 'ethers'
import fc from 'fast-check'
import { artifacts } from 'hardhat'
import type { RelayedAct } from '../../node/acts/acts.ts'
import type { RelayPolicy } from '../../node/acts/policy.ts'
import type { Relayer } from '../../node/chain/registries.ts'
import type { SignedAct } from '../../node/core/acts/acts.ts'
import { parseEntry } from '../../node/core/entry.ts'
import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { addressOf, mask, newAccount, RegistryScene } from '../chain/support/registryScene.ts'
import { until } from '../chain/support/anvil.ts'
import { suiteAnvil } from '../chain/support/suiteAnvil.ts'
import { buildContracts } from '../contracts/chain.ts'
import { codeOf } from '../support/codes.ts'
import { ActsWorld } from './support/actsWorld.ts'

describe('acts', () => {
  const anvil = suiteAnvil()
  let s: RegistryScene
  let world: ActsWorld

  beforeEach(async () => {
    s = await RegistryScene.open(anvil.current)
    world = await ActsWorld.open(anvil.current, s)
  })

  afterEach(async () => {
    await anvil.current.automine(true)
    await world.close()
    await s.close()
  })

  async function reopen(policy: Partial<RelayPolicy>): Promise<void> {
    await world.close()
    world = await ActsWorld.open(anvil.current, s, policy)
  }

  describe('handed in', () => {
    it('are logged, relayed and mirrored before they are answered', async () => {
      const { state, index, id, transaction, block } = await world.submit(
        s.accreditation(s.bureau),
        { by: 'counter-1', note: 'new bureau' },
      )
      expect([state, index]).to.deep.equal(['final', 0])
      expect(world.awaited.map(({ hash }) => hash)).to.deep.equal([block?.hash])
      const [event] = await world.events('DepartmentAccredited').then((all) => all.slice(-1))
      expect(event?.transaction).to.equal(transaction)
      expect(event?.block.hash).to.equal(block?.hash)
      const { statement } = await world.log.reader.openStatement(index)
      expect(statement).to.deep.include({ id, kind: 'act.signed', by: 'counter-1' })
      expect(parseEntry(await world.log.reader.entry(index)).kind).to.equal('act.signed')
    })

    it('are relayed whatever their kind', async () => {
      const root = s.root({ uses: 2 })
      const child = s.child(root, { uses: 1 })
      const clerk = newAccount()
      const kinds: (() => SignedAct)[] = [
        () => s.accreditation(s.bureau),
        () => s.types(s.bureau),
        () => s.standing(s.bureau, 1),
        () => s.standing(s.bureau, 0),
        () => s.rekeying(s.bureau, clerk),
        () => s.rekeying(s.bureau, s.bureau),
        () => s.binding(addressOf(s.landlord)),
        () => s.status(2),
        () => s.grant(s.landlord, [root]),
        () => s.grant(s.tenant, [root, child]),
        () => s.use([root, child]),
        () => s.revocation(s.tenant, [root, child]),
        () => s.epochBump(s.tenant),
        () => s.release(addressOf(s.landlord)),
      ]
      const before = await world.mined()
      for (const make of kinds) expect((await world.submit(make())).state).to.equal('final')
      expect((await world.mined()) - before).to.equal(kinds.length)
      expect(world.log.reader.published.size).to.equal(kinds.length)
    })

    it('twice are one statement, one transaction and one answer, whoever hands them in', async () => {
      const act = s.accreditation(s.bureau)
      const before = await world.mined()
      const [first, ...others] = await Promise.all([
        world.submit(act, { by: 'a' }),
        world.submit(act, { by: 'b' }),
        world.submit(act),
      ])
      const later = await world.submit(act, { note: 'again' })
      for (const other of [...others, later]) {
        expect(other.id).to.equal(first.id)
        expect([other.index, other.transaction]).to.deep.equal([0, first.transaction])
      }
      expect((await world.mined()) - before).to.equal(1)
      expect(world.log.reader.published.size).to.equal(1)
    })

    it('are answered at once to who does not wait, and say how far they are', async () => {
      await anvil.current.automine(false)
      const { id, state } = await world.acts.submit(s.accreditation(s.bureau))
      expect(['queued', 'submitted']).to.include(state)
      await world.untilSent(1)
      expect((await world.acts.find(id))?.state).to.equal('submitted')
      await anvil.current.mine()
      const { transaction } = await world.untilState(id, 'final')
      expect(world.sent).to.deep.equal([transaction])
      expect(await world.acts.find('act-of-nobody')).to.equal(undefined)
    })

    it('are answered as they are when the wait ends first', async () => {
      await anvil.current.automine(false)
      const end = new AbortController()
      const answer = world.submit(s.accreditation(s.bureau), { wait: end.signal })
      await world.untilSent(1)
      end.abort()
      expect((await answer).state).to.equal('submitted')
    })

    it('say what status 99 stands for, whoever hands them in', async () => {
      await s.relay(s.accreditation(s.bureau))
      await s.relay(s.types(s.bureau))
      const act = s.status(99, 0, s.bureau)
      for (const submission of [{}, { note: ' ' }])
        expect(await codeOf(world.submit(act, submission))).to.equal(
          'CERTIFICATE_STATUS_TEXT_MISSING',
        )
      const unknown = s.status(42, 0, s.bureau)
      expect(await codeOf(world.submit(unknown))).to.equal('CERTIFICATE_STATUS_UNKNOWN')
      expect(world.log.reader.published.size).to.equal(0)
      expect((await world.submit(act, { note: 'lent out' })).state).to.equal('final')
    })

    it('are refused where nothing is relayed', async () => {
      await world.close()
      await world.start({ relayer: undefined })
      expect(await codeOf(world.submit(s.accreditation(s.bureau)))).to.equal('RELAYING_OFF')
    })
  })

  describe('that are not what they should be', () => {
    const refusals: Record<string, () => [unknown, string]> = {
      'without a signature': () => {
        const { signature: _, ...act } = s.accreditation(s.bureau)
        return [act, 'ACT_MALFORMED']
      },
      'with an empty signature': () => [
        { ...s.epochBump(s.tenant), signature: '0x' },
        'ACT_MALFORMED',
      ],
      'signed by another': () => {
        const { message, type } = s.epochBump(s.tenant)
        const signature = s.sign(s.landlord, { type, message } as never)
        return [{ type, message, signature }, 'SIGNATURE_INVALID']
      },
      'altered after they were signed': () => {
        const act = s.epochBump(s.tenant) as Extract<SignedAct, { type: 'EpochBump' }>
        return [{ ...act, message: { ...act.message, epoch: 2 } }, 'SIGNATURE_INVALID']
      },
      'with s in the upper half': () => {
        const act = s.epochBump(s.tenant)
        return [{ ...act, signature: highS(act.signature) }, 'SIGNATURE_INVALID']
      },
      'with a signature of 64 bytes': () => {
        const act = s.epochBump(s.tenant)
        return [{ ...act, signature: act.signature.slice(0, -2) }, 'SIGNATURE_INVALID']
      },
      'with a v that is a parity': () => {
        const act = s.epochBump(s.tenant)
        return [{ ...act, signature: `${act.signature.slice(0, -2)}00` }, 'SIGNATURE_INVALID']
      },
      'whose new department did not agree': () => {
        const act = s.accreditation(s.bureau) as Extract<SignedAct, { type: 'Accreditation' }>
        return [{ ...act, accountSignature: act.signature }, 'SIGNATURE_INVALID']
      },
      'whose chain leads to another grant': () => {
        const root = s.root()
        return [
          { ...s.grant(s.landlord, [root]), chain: [{ ...root, depth: 9 }] },
          'ACT_GRANT_MISMATCH',
        ]
      },
      'that the contract refuses': () => [s.binding(addressOf(s.tenant), 5), 'NONCE_MISMATCH'],
      'by a holder that nobody bound': () => [s.grant(s.landlord, [s.root()]), 'GRANTOR_NOT_BOUND'],
    }
    for (const [what, make] of Object.entries(refusals)) {
      it(`are refused and not logged: ${what}`, async () => {
        const [act, code] = make()
        expect(await codeOf(world.acts.submit(act))).to.equal(code)
        expect(world.log.reader.published.size).to.equal(0)
      })
    }
  })

  describe('in a flood', () => {
    it('are limited for each account, and repeats count for nothing', async () => {
      await reopen({ perMinute: 3 })
      const bump = (epoch: number) => world.submit(s.epochBump(s.tenant, epoch))
      for (const epoch of [1, 2, 3]) await bump(epoch)
      await bump(3)
      const refused = await bump(4).catch((error: unknown) => error)
      expect(isLedgerError(refused, 'ACTS_TOO_MANY')).to.equal(true)
      expect((refused as { details: { retryAfter: number } }).details.retryAfter).to.be.within(
        1,
        60,
      )
      expect((await world.submit(s.epochBump(s.landlord))).state).to.equal('final')
    })

    it('are limited in bursts', async () => {
      await reopen({ perMinute: 60, burst: 2 })
      const codes = await Promise.all(
        [1, 2, 3, 4].map((epoch) => codeOf(world.acts.submit(s.epochBump(s.tenant, epoch)))),
      )
      expect(codes).to.deep.equal([
        undefined,
        'EPOCH_OUT_OF_ORDER',
        'ACTS_TOO_MANY',
        'ACTS_TOO_MANY',
      ])
    })

    it('are turned away while too many of all accounts wait', async () => {
      await reopen({ waiting: 2 })
      await anvil.current.automine(false)
      for (const by of [s.tenant, s.landlord]) await world.acts.submit(s.epochBump(by))
      expect(await codeOf(world.acts.submit(s.epochBump(s.bureau)))).to.equal('ACTS_BUSY')
      await world.untilSent(2)
      await anvil.current.mine()
      await until(
        async () => world.acts.status().waiting,
        (waiting) => waiting === 0,
      )
      await world.acts.submit(s.epochBump(s.bureau))
    })
  })

  describe('of departments', () => {
    it('are signed by the account that a department acts by now', async () => {
      const clerk = newAccount()
      await world.submit(s.rekeying(s.authority, clerk))
      world.accounts.set(addressOf(s.authority), addressOf(clerk))
      const message = {
        accreditor: addressOf(s.authority),
        department: addressOf(s.bureau),
        rights: 1,
        notBefore: 0,
        notAfter: 1,
        nonce: 1,
      }
      const act = { type: 'Accreditation', message } as const
      const accountSignature = s.sign(s.bureau, act)
      const by = (signer: typeof clerk) => ({
        ...act,
        signature: s.sign(signer, act),
        accountSignature,
      })
      expect(await codeOf(world.submit(by(s.authority)))).to.equal('SIGNATURE_INVALID')
      expect((await world.submit(by(clerk))).state).to.equal('final')
    })

    it('that follow one another go out together, in their order', async () => {
      await anvil.current.automine(false)
      const bumps = [s.tenant, s.landlord, s.bureau].map((by) => s.epochBump(by))
      for (const act of bumps) await world.acts.submit(act)
      await world.untilSent(3)
      await anvil.current.mine()
      const events = await until(
        () => world.events('EpochBumped'),
        (all) => all.length === 3,
      )
      expect(new Set(events.map(({ block }) => block.hash)).size).to.equal(1)
      expect(events.map(({ transaction }) => transaction)).to.deep.equal(world.sent)
    })
  })

  describe('of contract accounts', () => {
    it('are signed as the account says now, whoever owned it before', async () => {
      await buildContracts()
      const artifact = await artifacts.readArtifact('ContractAccount')
      const [abi, bytecode] = [new Interface(artifact.abi), artifact.bytecode]
      const call = (to: Hex | undefined, data: string) => world.transact(to, data as Hex)
      const [first, second] = [newAccount(), newAccount()]
      const account = await call(undefined, bytecode + abi.encodeDeploy([first.address]).slice(2))
      await world.submit(s.binding(account))
      const grantBy = (owner: typeof first, depth: number) => {
        const root = s.root({ grantor: account, depth })
        return s.grant(owner, [root])
      }
      expect((await world.submit(grantBy(first, 1))).state).to.equal('final')
      expect(await codeOf(world.submit(grantBy(second, 2)))).to.equal('SIGNATURE_INVALID')
      await call(account, abi.encodeFunctionData('changeOwner', [second.address]))
      expect((await world.submit(grantBy(second, 3))).state).to.equal('final')
      expect(await codeOf(world.submit(grantBy(first, 4)))).to.equal('SIGNATURE_INVALID')
    })
  })

  describe('of contract accounts that cost what they like', () => {
    it('are refused when they spend more of the relayer than any act needs', async () => {
      const account = addressOf(newAccount())
      await anvil.current.call('anvil_setCode', account, costlyAccount(10))
      await world.submit(s.binding(account))
      const grant = s.grant(s.landlord, [s.root({ grantor: account })])
      world.broken = { step: 'gasLimit', after: false }
      const { id } = await world.acts.submit(grant)
      await anvil.current.call('anvil_setCode', account, costlyAccount(200_000))
      await world.restart()
      expect((await world.untilState(id, 'refused')).refusal?.code).to.equal('ACT_TOO_COSTLY')
      expect((await world.submit(s.epochBump(s.tenant))).state).to.equal('final')
      const other = s.grant(s.landlord, [s.root({ grantor: account, depth: 9 })])
      expect(await codeOf(world.submit(other))).to.not.equal(undefined)
      expect(world.log.reader.published.size).to.equal(3)
    })

    it('keep no other act from the chain, when the node cannot measure them', async () => {
      const { id } = await world.acts.submit(s.epochBump(s.tenant))
      await world.untilState(id, 'final')
      await world.close()
      const { relayer } = s
      const choking: Relayer = {
        account: relayer.account,
        prepare: () => relayer.prepare(),
        finalized: () => relayer.finalized(),
        nonces: () => relayer.nonces(),
        marketFees: () => relayer.marketFees(),
        gasLimit: (act) =>
          act.type === 'EpochBump' && act.message.epoch === 2
            ? Promise.reject(new LedgerError('unavailable', 'CHAIN_REFUSED'))
            : relayer.gasLimit(act),
        sign: (...args) => relayer.sign(...args),
        send: (transaction) => relayer.send(transaction),
        transactionState: (sent) => relayer.transactionState(sent),
      }
      await world.start({ relayer: choking })
      const stuck = await world.acts.submit(s.epochBump(s.tenant, 2))
      const wait = AbortSignal.timeout(20_000)
      const passed = await world.acts.submit(s.epochBump(s.landlord), { wait })
      expect(passed.state).to.equal('mined')
      expect((await world.acts.find(stuck.id))?.state).to.equal('queued')
      await world.restart()
      await world.untilState(stuck.id, 'final')
    })
  })

  describe('that compete', () => {
    it('for the last use: one wins, and the other is refused with its reason kept', async () => {
      await s.populate()
      const root = s.root({ grantee: addressOf(s.bureau), uses: 1 })
      await s.relay(s.grant(s.landlord, [root]))
      await anvil.current.automine(false)
      const uses = [mask(0), mask(1)].map((items) => s.use([root], { items }))
      const ids: string[] = []
      for (const use of uses) ids.push((await world.acts.submit(use)).id)
      await world.untilSent(2)
      await anvil.current.mine()
      const [won, lost] = await Promise.all(
        ids.map((id) => world.untilState(id, 'final', 'refused')),
      )
      expect([won?.state, lost?.state]).to.deep.equal(['final', 'refused'])
      expect(lost?.refusal).to.deep.include({ code: 'GRANT_USES_EXHAUSTED', kind: 'forbidden' })
      expect(await world.events('GrantUsed')).to.have.length(1)
      expect(await codeOf(world.submit(uses[1] as SignedAct))).to.equal('GRANT_USES_EXHAUSTED')
    })
  })

  describe('after a crash', () => {
    for (const [what, step, after] of [
      ['before the chain was asked', 'gasLimit', false],
      ['before anything was signed', 'sign', false],
      ['after it was signed and not stored', 'sign', true],
      ['after it was stored and not sent', 'send', false],
      ['after it was sent', 'send', true],
      ['before its receipt was seen', 'transactionState', false],
      ['before its receipt was noted', 'transactionState', true],
    ] as const) {
      it(`have their effect exactly once: ${what}`, async () => {
        world.broken = { step, after }
        const before = await world.mined()
        const { id } = await world.acts.submit(s.accreditation(s.bureau))
        await until(
          async () => world.acts.status().error?.code,
          (code) => code === 'CHAIN_UNREACHABLE',
        )
        await world.restart()
        const { transaction } = await world.untilState(id, 'final')
        const events = await world.events('DepartmentAccredited')
        expect(events.filter((event) => event.transaction === transaction)).to.have.length(1)
        expect((await world.mined()) - before).to.equal(1)
      })
    }

    it('are sent again as they were signed, when the chain forgot them', async () => {
      await anvil.current.automine(false)
      const { id } = await world.acts.submit(s.accreditation(s.bureau))
      await world.untilState(id, 'submitted')
      await world.untilSent(1)
      await world.close()
      await anvil.current.dropPending()
      await world.start()
      await world.untilSent(2)
      await anvil.current.mine()
      const { transaction } = await world.untilState(id, 'final')
      expect(new Set(world.sent)).to.deep.equal(new Set([transaction]))
    })
  })

  describe('that were refused', () => {
    it('are sent again when they are handed in again and the chain would take them now', async () => {
      await s.relay(s.accreditation(s.bureau))
      await s.relay(s.types(s.bureau))
      const act = s.status(2, 0, s.bureau)
      world.broken = { step: 'gasLimit', after: false }
      const { id } = await world.acts.submit(act)
      await s.relay(s.standing(s.bureau, 1))
      await world.restart()
      const { refusal } = await world.untilState(id, 'refused')
      expect(refusal).to.deep.include({ kind: 'forbidden', code: 'NOT_ACCREDITED' })
      expect(await codeOf(world.submit(act))).to.equal('NOT_ACCREDITED')
      await s.relay(s.standing(s.bureau, 0))
      await world.submit(s.epochBump(s.tenant))
      const again = await world.submit(act)
      expect([again.id, again.index, again.state]).to.deep.equal([id, 0, 'final'])
      expect(await world.events('StatusChanged')).to.have.length(1)
    })
  })

  it('have their effect exactly once, whatever happens on the way', async function () {
    this.timeout(120_000)
    const accidents = {
      restart: () => world.restart(),
      'restart after sending': async () => {
        world.broken = { step: 'send', after: true }
        await world.acts.submit(s.epochBump(newAccount())).catch(() => undefined)
        await world.restart()
      },
      'restart before sending': async () => {
        world.broken = { step: 'send', after: false }
        await world.acts.submit(s.epochBump(newAccount()))
        await world.restart()
      },
      'mine on demand': () => anvil.current.automine(false),
      'mine at once': () => anvil.current.automine(true),
      mine: () => anvil.current.mine(),
      forget: () => anvil.current.dropPending(),
      'take back': () => anvil.current.reorganise(2),
    }
    const names = Object.keys(accidents) as (keyof typeof accidents)[]
    // So that what is taken back is acts: that contracts may go as well is tried below.
    await anvil.current.mine(2)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...names), { minLength: 6, maxLength: 12 }),
        async (course) => {
          const sent: string[] = []
          for (const name of course) {
            const { id } = await world.acts.submit(s.epochBump(newAccount()))
            sent.push(id)
            await accidents[name]()
          }
          await anvil.current.automine(true)
          await anvil.current.mine()
          // What is told of the others may be older than the last accident, until an act came through after it.
          sent.push((await world.submit(s.epochBump(newAccount()))).id)
          for (const id of sent) await world.untilState(id, 'final')
          const { size } = world.log.reader.published
          await until(
            async () => world.acts.status().waiting,
            (waiting) => waiting === 0,
          )
          const bumped = (await world.events('EpochBumped')).map((event) =>
            'account' in event ? event.account : '',
          )
          expect(new Set(bumped).size).to.equal(bumped.length)
          expect(bumped.length).to.equal(size)
        },
      ),
      { numRuns: 6 },
    )
  })

  describe('that are stuck', () => {
    it('are offered at a higher price, and count once', async () => {
      await reopen({ stuckAfter: 1 })
      await anvil.current.automine(false)
      const before = await world.mined()
      const { id } = await world.acts.submit(s.accreditation(s.bureau))
      await until(
        async () => world.acts.status().resent,
        (count) => count >= 2,
      )
      await anvil.current.mine()
      const { transaction } = await world.untilState(id, 'final')
      expect(world.sent).to.include(transaction)
      expect((await world.mined()) - before).to.equal(1)
      expect(new Set(world.sent).size).to.be.above(1)
    })
  })

  describe('on a chain that takes back blocks', () => {
    for (const [what, finalDepth] of [
      ['mined', 1000],
      ['final', 1],
    ] as const) {
      it(`are sent again, all and in their order, though they were ${what}`, async () => {
        await reopen({ finalDepth })
        const acts = [s.accreditation(s.bureau), s.types(s.bureau), s.standing(s.bureau, 1)]
        const answers: RelayedAct[] = []
        for (const act of acts) answers.push(await world.submit(act))
        for (const { id } of answers) await world.untilState(id, what)
        await anvil.current.reorganise(3)
        const again = await until(
          () => Promise.all(answers.map(({ id }) => world.acts.find(id))),
          (found) =>
            found.every((act, i) => act?.block && act.block.hash !== answers[i]?.block?.hash),
        )
        expect(again).to.have.length(3)
        for (const { id } of answers) await world.untilState(id, what)
        expect(await world.events('StandingChanged')).to.have.length(1)
        expect(await world.events('CertificateTypePermitted')).to.have.length(2)
        expect(world.acts.status().lost).to.equal(3)
      })
    }

    it('wait for their contracts, when these went before the first look', async () => {
      await world.close()
      await s.close()
      const snapshot = await anvil.current.call('evm_snapshot')
      s = await RegistryScene.open(anvil.current)
      await anvil.current.call('evm_revert', snapshot)
      world = await ActsWorld.open(anvil.current, s)
      await world.submit(s.epochBump(s.tenant))
      expect(await world.events('EpochBumped')).to.have.length(1)
    })

    it('are sent again though their block came and went between two looks', async () => {
      await world.close()
      await anvil.current.automine(false)
      const { chain, relayer } = s
      let isTaken: 'not yet' | 'in a look' | 'back' = 'not yet'
      await world.start({
        chain: replacing(chain, {
          async head() {
            if (isTaken === 'in a look') {
              await anvil.current.reorganise(1)
              isTaken = 'back'
            }
            return chain.head()
          },
        }),
        relayer: replacing(relayer, {
          async transactionState(sent) {
            if (isTaken === 'not yet') {
              await anvil.current.mine()
              isTaken = 'in a look'
            }
            return relayer.transactionState(sent)
          },
        }),
      })
      const { id } = await world.acts.submit(s.epochBump(s.tenant))
      await until(
        async () => world.acts.status().lost,
        (lost) => lost === 1,
      )
      await anvil.current.automine(true)
      await anvil.current.mine()
      const { transaction } = await world.untilState(id, 'final')
      const events = await world.events('EpochBumped')
      expect(events.map((event) => event.transaction)).to.deep.equal([transaction])
    })

    it('are sent again after a start, when the chain was reset to before its contracts', async () => {
      await world.close()
      await s.close()
      const snapshot = await anvil.current.call('evm_snapshot')
      s = await RegistryScene.open(anvil.current)
      world = await ActsWorld.open(anvil.current, s)
      const { id, block } = await world.submit(s.accreditation(s.bureau))
      await world.close()
      await anvil.current.call('evm_revert', snapshot)
      await world.start()
      const again = await until(
        () => world.acts.find(id),
        (act) => act?.state === 'final' && act.block?.hash !== block?.hash,
      )
      const events = await world.events('DepartmentAccredited')
      expect(events.map(({ transaction }) => transaction)).to.include(again?.transaction)
    })

    it('are refused for good only when the block of the refusal stands', async () => {
      await s.populate()
      const root = s.root({ grantee: addressOf(s.bureau), uses: 1 })
      await s.relay(s.grant(s.landlord, [root]))
      await anvil.current.automine(false)
      const { id: first } = await world.acts.submit(s.use([root], { items: mask(0) }))
      const { id: second } = await world.acts.submit(s.use([root], { items: mask(1) }))
      await world.untilSent(2)
      await anvil.current.mine()
      await world.untilState(second, 'refused')
      await anvil.current.reorganise(1)
      await until(
        async () => world.acts.status().lost,
        (lost) => lost === 2,
      )
      await world.untilSent(3)
      await anvil.current.automine(true)
      await anvil.current.mine()
      await world.untilState(first, 'final')
      await world.untilState(second, 'refused')
      expect(await world.events('GrantUsed')).to.have.length(1)
    })
  })
})

/** The same with some of its methods replaced. */
function replacing<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, {
    get(target, name) {
      if (name in methods) return methods[name as keyof Port]
      const found: unknown = Reflect.get(target, name, target)
      return typeof found === 'function' ? found.bind(target) : found
    },
  })
}

/** A contract account that takes every signature, after so many turns of 26 gas. */
function costlyAccount(turns: number): Hex {
  const count = turns.toString(16).padStart(6, '0')
  return `0x62${count}5b60019003806004577f1626ba7e${'00'.repeat(28)}60005260206000f3`
}

function highS(signature: Hex): Hex {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = order - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.endsWith('1b') ? '1c' : '1b'
  return `0x${signature.slice(2, 66)}${s.toString(16).padStart(64, '0')}${v}`
}
