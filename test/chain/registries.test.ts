import { AbiCoder, Interface, keccak256 } from 'ethers'
import { expect } from 'chai'
import fc from 'fast-check'
import type { SignedAct } from '../../node/core/acts/acts.ts'
import { decodeHeader } from '../../node/core/ethereum/header.ts'
import { decode0x, encode0x } from '../../node/core/ethereum/hex.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { decodeEvent, EVENT_TOPICS } from '../../node/chain/ethers/registryEvents.ts'
import { encodeAct } from '../../node/chain/ethers/registryCalls.ts'
import { openRegistries } from '../../node/chain/ethers/openRegistries.ts'
import type { RegistryEvent } from '../../node/chain/registries.ts'
import grantRegistry from '../../node/chain/artifacts/GrantRegistry.json' with { type: 'json' }
import { isLedgerError } from '../../node/core/errors.ts'
import { codeOf } from '../support/codes.ts'
import { LyingNode } from './support/lyingNode.ts'
import {
  addressOf,
  LICENCE,
  mask,
  newAccount,
  RegistryScene,
  word,
} from './support/registryScene.ts'
import { suiteAnvil } from './support/suiteAnvil.ts'

describe('the registries over JSON-RPC', () => {
  const anvil = suiteAnvil()
  let s: RegistryScene

  beforeEach(async () => {
    s = await RegistryScene.open(anvil.current)
  })

  afterEach(() => s.close())

  async function eventsOf(act: SignedAct): Promise<Record<string, unknown>[]> {
    const number = await s.relay(act)
    return members(await s.chain.events(number, number))
  }

  it('relays each kind of act and reads what the contract reports of it', async () => {
    const authority = addressOf(s.authority)
    const bureau = addressOf(s.bureau)
    const [landlord, tenant] = [addressOf(s.landlord), addressOf(s.tenant)]
    const { holder } = s
    expect(await eventsOf(s.accreditation(s.bureau))).to.deep.equal([
      {
        type: 'DepartmentAccredited',
        department: bureau,
        accreditor: authority,
        rights: 63,
        notBefore: 0,
        notAfter: 2 ** 40 - 1,
      },
    ])
    expect(await eventsOf(s.types(s.bureau))).to.deep.equal(
      [LICENCE, word('another type')].map((certificateType) => ({
        type: 'CertificateTypePermitted',
        department: bureau,
        certificateType,
        permitted: true,
      })),
    )
    expect(await eventsOf(s.standing(s.bureau, 1))).to.deep.equal([
      { type: 'StandingChanged', department: bureau, standing: 1 },
    ])
    await s.relay(s.standing(s.bureau, 0))
    const clerk = newAccount()
    expect(await eventsOf(s.rekeying(s.bureau, clerk))).to.deep.equal([
      { type: 'DepartmentRekeyed', department: bureau, account: addressOf(clerk) },
    ])
    await s.relay(s.rekeying(s.bureau, s.bureau))
    expect(await eventsOf(s.binding(landlord))).to.deep.equal([
      { type: 'AccountBound', holder, account: landlord, registrar: authority },
    ])
    const [status] = await eventsOf(s.status(2))
    expect(status).to.deep.include({ type: 'StatusChanged', issuer: authority, status: 2 })
    const root = s.root({ uses: 3 })
    expect(await eventsOf(s.grant(s.landlord, [root]))).to.deep.equal([
      {
        type: 'GrantRegistered',
        grant: s.idOf(root),
        holder,
        parent: root.parent,
        grantor: landlord,
        grantee: tenant,
      },
    ])
    const child = s.child(root, { uses: 2 })
    await s.relay(s.grant(s.tenant, [root, child]))
    const [use] = await eventsOf(s.use([root, child]))
    expect(use).to.deep.include({
      type: 'GrantUsed',
      grant: s.idOf(child),
      holder,
      user: bureau,
      sequence: 0,
      counted: 0b11,
    })
    expect(await eventsOf(s.revocation(s.tenant, [root, child]))).to.deep.equal([
      { type: 'GrantRevoked', grant: s.idOf(child), holder, revoker: tenant },
    ])
    expect(await eventsOf(s.epochBump(s.tenant))).to.deep.equal([
      { type: 'EpochBumped', account: tenant, epoch: 1 },
    ])
    expect(await eventsOf(s.release(landlord))).to.deep.equal([
      { type: 'AccountReleased', holder, account: landlord, registrar: authority, endGrants: true },
    ])
  })

  it('tells block, time, transaction and order of events', async () => {
    const first = await s.relay(s.accreditation(s.bureau))
    await s.relay(s.types(s.bureau))
    const events = await s.chain.events(first, first + 1)
    expect(events.map(({ block, logIndex }) => [block.number, logIndex])).to.deep.equal([
      [first, 0],
      [first + 1, 0],
      [first + 1, 1],
    ])
    for (const event of events) {
      expect(event.block).to.deep.equal(await s.chain.block(event.block.number))
      const receipt = await anvil.current.call('eth_getTransactionReceipt', event.transaction)
      expect(receipt).to.include({ blockHash: event.block.hash })
    }
    expect(await s.chain.block(first + 1000)).to.equal(undefined)
  })

  describe('before an act is sent', () => {
    it('answers with the error of the contract, by its code and arguments', async () => {
      await s.populate()
      const root = s.root()
      await s.chain.simulate(s.grant(s.landlord, [root]))
      await s.relay(s.grant(s.landlord, [root]))
      const wider = s.child(root, { items: mask(0, 1, 2, 3) })
      expect(await refusalOf(s.grant(s.tenant, [root, wider]))).to.deep.equal({
        kind: 'forbidden',
        code: 'GRANT_ITEMS_WIDENED',
        details: { hop: 1 },
      })
      expect(await refusalOf(s.binding(addressOf(s.tenant), 7))).to.deep.equal({
        kind: 'conflict',
        code: 'NONCE_MISMATCH',
        details: { department: addressOf(s.authority), expected: 2, given: 7 },
      })
    })

    it('passes on what the party registry said to another registry', async () => {
      await s.populate()
      const root = s.root({ grantee: addressOf(s.bureau) })
      await s.relay(s.grant(s.landlord, [root]))
      await s.relay(s.standing(s.bureau, 1))
      expect((await refusalOf(s.use([root])))?.code).to.equal('NOT_ACCREDITED')
    })

    it('says so when a node tells that it reverted and not why', async () => {
      const node = await LyingNode.start(anvil.current.embedded.url)
      const behind = await openThrough(node)
      node.lies.set('eth_call', () => ({ error: { code: 3, message: 'execution reverted' } }))
      expect(await codeOf(behind.chain.simulate(s.epochBump(s.tenant)))).to.equal('ACT_REVERTED')
      await behind.close()
      await node.close()
    })
  })

  describe('that a relayer cannot alter', () => {
    it('takes no empty signature for the agreement of the relayer', async () => {
      await s.populate()
      const { relayer } = s
      const root = s.root({ grantee: relayer.account })
      await s.relay(s.grant(s.landlord, [root]))
      const { granteeSignature: _, ...use } = s.use([root])
      expect(await codeOf(s.chain.simulate(use))).to.equal('SIGNATURE_INVALID')
      const { accountSignature: __, ...made } = s.accreditation(s.tenant, {
        department: relayer.account,
        nonce: 2,
      }) as Extract<SignedAct, { type: 'Accreditation' }>
      expect(await codeOf(s.chain.simulate(made))).to.equal('SIGNATURE_INVALID')
    })

    for (const kind of ['grant', 'use', 'status'] as const) {
      it(`reverts, or has the same effect, whichever byte of a ${kind} is changed`, async () => {
        await s.populate()
        const root = s.root({ grantee: addressOf(s.bureau) })
        if (kind === 'use') await s.relay(s.grant(s.landlord, [root]))
        const act = {
          grant: () => s.grant(s.landlord, [root]),
          use: () => s.use([root]),
          status: () => s.status(2),
        }[kind]()
        const { to, data } = encodeAct(act, s.registries)
        const effect = await effectOf(to, data)
        expect(effect).to.have.length(1)
        const bytes = decode0x(data)
        await fc.assert(
          fc.asyncProperty(
            fc.nat(bytes.length - 1),
            fc.integer({ min: 1, max: 255 }),
            async (at, flip) => {
              const altered = Uint8Array.from(bytes)
              altered[at] = (altered[at] as number) ^ flip
              const found = await effectOf(to, encode0x(altered))
              if (found.length > 0) expect(found).to.deep.equal(effect)
            },
          ),
          { numRuns: 150 },
        )
        for (let at = 0; at < bytes.length; at += 4) {
          const found = await effectOf(to, encode0x(bytes.with(at, (bytes[at] as number) ^ 1)))
          if (found.length > 0) expect(found).to.deep.equal(effect)
        }
      })
    }
  })

  describe('before a node that limits what it answers', () => {
    let node: LyingNode
    let from: number
    let to: number
    let truth: RegistryEvent[]

    beforeEach(async () => {
      from = await s.relay(s.accreditation(s.bureau))
      await s.relay(s.types(s.bureau))
      await anvil.current.mine(30)
      to = await s.relay(s.standing(s.bureau, 1))
      truth = await s.chain.events(from, to)
      node = await LyingNode.start(anvil.current.embedded.url)
    })

    afterEach(() => node.close())

    /** A node that takes no more than so many blocks at once. */
    function limit(blocks: number, error: { code: number; message: string }): void {
      node.limits.set('eth_getLogs', (params) => {
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }]
        return Number(toBlock) - Number(fromBlock) < blocks ? undefined : { error }
      })
    }

    for (const [blocks, message] of [
      [1, 'query returned more than 10000 results'],
      [5, 'block range is too wide'],
      [16, 'Log response size exceeded'],
    ] as const) {
      it(`reads all in pieces of ${blocks} from one that says "${message}"`, async () => {
        limit(blocks, { code: -32005, message })
        const behind = await openThrough(node)
        expect(await behind.chain.events(from, to)).to.deep.equal(truth)
        await behind.close()
      })
    }

    it('gives up on a node that refuses even one block', async () => {
      limit(0, { code: -32601, message: 'no such method' })
      const behind = await openThrough(node)
      expect(await codeOf(behind.chain.events(from, to))).to.equal('CHAIN_REFUSED')
      expect(node.asked.filter((method) => method === 'eth_getLogs')).to.have.length.below(8)
      await behind.close()
    })

    it('asks the blocks for their times where logs do not tell them', async () => {
      node.lies.set('eth_getLogs', async (ask) => ({
        result: ((await ask()) as object[]).map((log) => ({ ...log, blockTimestamp: undefined })),
      }))
      const behind = await openThrough(node)
      expect(await behind.chain.events(from, to)).to.deep.equal(truth)
      await behind.chain.events(from, to)
      expect(node.asked.filter((method) => method === 'eth_getBlockByHash')).to.have.length(3)
      await behind.close()
    })

    it('puts events in order that come in another', async () => {
      node.lies.set('eth_getLogs', async (ask) => ({
        result: ((await ask()) as object[]).toReversed(),
      }))
      const behind = await openThrough(node)
      expect(await behind.chain.events(from, to)).to.deep.equal(truth)
      await behind.close()
    })

    for (const [what, change] of [
      ['of another contract', { address: `0x${'ab'.repeat(20)}` }],
      ['of an event that no registry has', { topics: [word('Transfer')] }],
      ['with a word too many', { data: `0x${'00'.repeat(32 * 9)}` }],
      ['with a number too large', { data: `0x${'ff'.repeat(96)}` }],
      ['of a block outside the range', { blockNumber: '0xffffff' }],
      ['without a hash', { transactionHash: null }],
    ] as const) {
      it(`refuses a log ${what}`, async () => {
        node.lies.set('eth_getLogs', async (ask) => ({
          result: ((await ask()) as object[]).map((log, i) =>
            i === 0 ? { ...log, ...change } : log,
          ),
        }))
        const behind = await openThrough(node)
        expect(await codeOf(behind.chain.events(from, to))).to.equal('CHAIN_NONSENSE')
        await behind.close()
      })
    }
  })

  describe('as evidence', () => {
    it('proves slots of several contracts in one block, those without a value too', async () => {
      await s.populate()
      const root = s.root()
      await s.relay(s.grant(s.landlord, [root]))
      const block = await s.chain.head()
      const state = mappingSlot(s.idOf(root), 2)
      const slots = new Map([
        [s.registries.grants, [state, word('nothing')]],
        [s.registries.parties, [word('nothing')]],
      ])
      const proof = await s.chain.proveSlots(block, slots)
      expect(proof?.contracts.map(({ address }) => address)).to.deep.equal([...slots.keys()])
      expect(proof?.contracts[0]?.slots.map(({ slot }) => slot)).to.deep.equal([
        state,
        word('nothing'),
      ])
      expect(encode0x(decodeHeader(decode0x(proof?.header ?? '0x')).hash)).to.equal(block.hash)
    })

    it('answers nothing for proofs that do not hold, and for another block than was asked for', async () => {
      const node = await LyingNode.start(anvil.current.embedded.url)
      const behind = await openThrough(node)
      const block = await s.chain.head()
      const slots = new Map([[s.registries.grants, [word('nothing')]]])
      node.lies.set('eth_getProof', async (ask) => {
        const truth = (await ask()) as { accountProof: string[] }
        return { result: { ...truth, accountProof: truth.accountProof.slice(1) } }
      })
      expect(await behind.chain.proveSlots(block, slots)).to.equal(undefined)
      node.lies.clear()
      const unknown = { ...block, hash: word('no block') }
      expect(await behind.chain.proveSlots(unknown, slots)).to.equal(undefined)
      await behind.close()
      await node.close()
    })

    it('gives headers that hash to their blocks', async () => {
      const head = await s.chain.head()
      const headers = await s.chain.headers(head.number - 20, head.number)
      const hashes = headers.map((header) => encode0x(decodeHeader(decode0x(header)).hash))
      expect(headers).to.have.length(21)
      expect(hashes.at(-1)).to.equal(head.hash)
      expect(await codeOf(s.chain.headers(head.number, head.number + 1))).to.equal('CHAIN_BEHIND')
    })
  })

  describe('where they stand', () => {
    it('are not deployed on a chain of others', async () => {
      const authority = addressOf(newAccount())
      const { url } = anvil.current.embedded
      expect(await codeOf(openRegistries({ url, authority }))).to.equal('REGISTRIES_NOT_DEPLOYED')
    })

    it('are found there without a relayer, who then relays nothing', async () => {
      const { url } = anvil.current.embedded
      const opened = await openRegistries({ url, authority: addressOf(s.authority) })
      expect(opened.chain.registries).to.deep.equal(s.registries)
      expect([opened.relayer, opened.chain.relayer]).to.deep.equal([undefined, undefined])
      await opened.close()
    })

    it('are never taken from another chain', async () => {
      const node = await LyingNode.start(anvil.current.embedded.url)
      const behind = await openThrough(node)
      node.lies.set('eth_chainId', () => ({ result: '0x5' }))
      expect(await codeOf(behind.chain.head())).to.equal('CHAIN_ID_CHANGED')
      await behind.close()
      await node.close()
    })

    it('answer nothing once closed', async () => {
      await s.close()
      expect(await codeOf(s.chain.head())).to.equal('CHAIN_CLOSED')
    })
  })

  async function refusalOf(act: SignedAct) {
    try {
      await s.chain.simulate(act)
      return undefined
    } catch (error) {
      if (!isLedgerError(error)) throw error
      const { kind, code, details } = error
      expect(await codeOf(s.relayer.gasLimit(act))).to.equal(code)
      return { kind, code, details }
    }
  }

  /** What the chain would report, had the relayer sent this; nothing when it reverts. */
  async function effectOf(to: Hex, data: Hex): Promise<unknown[]> {
    const call = { from: s.relayer.account, to, data }
    const request = { blockStateCalls: [{ calls: [call] }] }
    const [block] = (await anvil.current.call('eth_simulateV1', request, 'latest')) as [
      { calls: [{ status: Hex; logs: { topics: Hex[]; data: Hex }[] }] },
    ]
    const [{ status, logs }] = block.calls
    return status === '0x1' ? logs.map(({ topics, data }) => ({ topics, data })) : []
  }

  function openThrough(node: LyingNode) {
    return openRegistries({ url: node.url, authority: addressOf(s.authority) })
  }
})

describe('events of the registries', () => {
  const registries = {
    chainId: 1,
    parties: `0x${'aa'.repeat(20)}`,
    certificates: `0x${'bb'.repeat(20)}`,
    grants: `0x${'cc'.repeat(20)}`,
  } as const
  const abi = new Interface(grantRegistry.abi)
  const block = { number: 7, hash: word('block'), timestamp: 1_700_000_000 }

  it('are read as ethers reads them', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
        fc.nat(255),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (sequence, counted, useId) => {
          const args = [word('g'), word('h'), `0x${'12'.repeat(20)}`, useId, sequence, counted]
          const { topics, data } = abi.encodeEventLog('GrantUsed', args)
          const log = {
            address: registries.grants,
            topics: topics as Hex[],
            data: data as Hex,
            logIndex: 3,
            transactionHash: word('tx'),
          }
          expect(decodeEvent(log, block, registries)).to.deep.equal({
            type: 'GrantUsed',
            block,
            logIndex: 3,
            transaction: word('tx'),
            grant: word('g'),
            holder: word('h'),
            user: `0x${'12'.repeat(20)}`,
            useId: encode0x(useId),
            sequence: Number(sequence),
            counted,
          })
        },
      ),
    )
  })

  it('are eleven kinds', () => {
    expect(EVENT_TOPICS).to.have.length(11)
  })
})

/** Of a mapping by bytes32 that stands in this slot. */
function mappingSlot(key: Hex, slot: number): Hex {
  const encoded = AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint256'], [key, slot])
  return keccak256(encoded) as Hex
}

function members(events: readonly RegistryEvent[]): Record<string, unknown>[] {
  return events.map((event) => {
    const { block: _, logIndex: __, transaction: ___, ...rest } = event
    return rest
  })
}
