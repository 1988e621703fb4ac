import { expect } from 'chai'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Evidence } from '../../../node/core/evidence.ts'
import type { Trust } from '../../../node/core/trust.ts'
import type { ChainReader } from '../../../node/core/verify/chainReader.ts'
import { verifyEvidence } from '../../../node/core/verify/verifyEvidence.ts'
import { faults } from '../evidence/codeOf.ts'
import { ACCOUNT, DAY, ISSUED, makeWorld, REGISTRIES, USED, word } from './world.ts'

const HOUR = 3600

const issuer = async (evidence: Evidence, trust: Trust, chain?: Partial<ChainReader>) => {
  const findChain = () => chain as ChainReader | undefined
  const { checks } = await verifyEvidence(evidence, trust, chain ? { findChain } : {})
  return checks.find(({ check }) => check === 'issuer')?.code
}

const withIssue = (
  evidence: Evidence,
  change: (state: NonNullable<Evidence['states']>[number]) => object,
): Evidence => ({
  ...evidence,
  states: (evidence.states ?? []).map((state) =>
    state.of === 'issue' ? { ...state, ...change(state) } : state,
  ),
})

/** Of the blocks, with the time of the one after the issue. */
const times = (next: number) => [ISSUED - 5 * DAY, next, USED - 300, USED + 30, USED + 100]

const down = async (): Promise<never> => {
  throw new LedgerError('unavailable', 'CHAIN_UNREACHABLE')
}

describe('a proven state', () => {
  it('counts only up to a block that the verifier knows', async () => {
    const { used, trust, blocks } = await makeWorld()
    const cut = withIssue(used, ({ headers = [] }) => ({ headers: headers.slice(0, -1) }))
    expect(await issuer(cut, trust)).to.equal('STATE_BLOCK_NOT_TRUSTED')
    const chains = trust.chains.map((chain) => ({ ...chain, blocks: [...chain.blocks, blocks[3]] }))
    expect(await issuer(cut, { ...trust, chains: chains as Trust['chains'] })).to.equal(
      'ISSUER_ACCREDITED',
    )
  })

  it('is not stretched by a block that anyone can write after a known one', async () => {
    // Block 104 is known. The header after it names it, and is nobody's.
    const { used, trust, blocks } = await makeWorld()
    const known = {
      ...trust,
      chains: trust.chains.map((chain) => ({ ...chain, blocks: [blocks[0]] })),
    }
    expect(await issuer(used, known as Trust)).to.equal('STATE_BLOCK_NOT_TRUSTED')
    const alone = withIssue(used, () => ({ headers: undefined }))
    expect(await issuer(alone, known as Trust)).to.equal('ISSUER_PROVEN_AT_OTHER_TIME')
  })

  it('says until when it held by the header after it', async () => {
    for (const [next, code] of [
      [ISSUED - HOUR, 'ISSUER_PROVEN_AT_OTHER_TIME'],
      [ISSUED - HOUR + 1, 'ISSUER_ACCREDITED'],
      [ISSUED + 1, 'ISSUER_ACCREDITED'],
    ] as const) {
      const { used, trust } = await makeWorld({ times: times(next) })
      expect(await issuer(used, trust), `${next}`).to.equal(code)
    }
    const late = await makeWorld({
      proven: { issue: 103 },
      times: [1, 2, 3, ISSUED + HOUR + 1, ISSUED + 2 * HOUR],
    })
    expect(await issuer(late.used, late.trust)).to.equal('ISSUER_PROVEN_AT_OTHER_TIME')
  })

  it('of a use may be outdated where nothing shows the contrary', async () => {
    const { used, trust, blocks } = await makeWorld({
      times: [ISSUED - 5 * DAY, ISSUED + 1, USED - 2 * HOUR, USED + 30, USED + 100],
    })
    const known = {
      ...trust,
      chains: trust.chains.map((chain) => ({ ...chain, blocks: [...chain.blocks, blocks[2]] })),
    } as Trust
    const alone = {
      ...used,
      states: (used.states ?? []).map(({ headers, ...state }) =>
        state.of === 'use' ? state : { ...state, ...(headers && { headers }) },
      ),
    }
    expect(faults(await verifyEvidence(alone, known))).to.deep.equal({
      status: 'STATUS_AFTER_PROOF',
      grant: 'USE_STATE_MAYBE_OUTDATED',
    })
    expect(faults(await verifyEvidence(used, known))).to.deep.equal({})
  })

  it('is confirmed by the chain itself, where that may be asked', async () => {
    const { used, trust, blocks } = await makeWorld()
    const none = { ...trust, chains: trust.chains.map((chain) => ({ ...chain, blocks: [] })) }
    const there = { blockHash: async (number: number) => blocks[number - 100] }
    expect(await issuer(used, none, there)).to.equal('ISSUER_ACCREDITED')
    expect(await issuer(used, none, { blockHash: async () => word('66') })).to.equal(
      'STATE_BLOCK_MISMATCH',
    )
    expect(await issuer(used, none, { blockHash: down })).to.equal('STATE_CHAIN_UNREACHABLE')
  })

  it('is of the trusted chain and of the trusted contracts', async () => {
    const { used, trust } = await makeWorld()
    const trusting = (changes: object) => ({ ...trust, registries: { ...REGISTRIES, ...changes } })
    expect(await issuer(used, trusting({ chainId: 1 }))).to.equal('STATE_CHAIN_UNTRUSTED')
    expect(await issuer(used, trusting({ parties: ACCOUNT.stranger }))).to.equal('STATE_NOT_PROVEN')
    expect(
      await issuer(
        withIssue(used, () => ({ header: '0xc0' })),
        trust,
      ),
    ).to.equal('STATE_HEADER_MALFORMED')
  })

  it('of a contract that the state does not hold fails', async () => {
    const { used, trust } = await makeWorld()
    const other = await makeWorld({
      edit: (storage, block) => {
        if (block === 100) storage.contracts.delete(REGISTRIES.parties)
      },
      absent: REGISTRIES.parties,
    })
    expect(await issuer(other.used, other.trust)).to.equal('STATE_CONTRACT_ABSENT')
    expect(await issuer(used, trust)).to.equal('ISSUER_ACCREDITED')
  })

  it('that leaves a slot out leaves the check unknown', async () => {
    const { used, trust } = await makeWorld()
    const use = used.states?.find(({ of }) => of === 'use') ?? expect.fail('no state')
    const results = new Set<string>()
    for (const { address, slots } of use.contracts)
      for (const { slot } of slots) {
        const states = (used.states ?? []).map((state) =>
          state.of === 'use'
            ? {
                ...state,
                contracts: state.contracts.map((contract) => ({
                  ...contract,
                  slots: contract.slots.filter(
                    (known) => contract.address !== address || known.slot !== slot,
                  ),
                })),
              }
            : state,
        )
        const verdict = await verifyEvidence({ ...used, states }, trust)
        for (const code of Object.values(faults(verdict))) results.add(code)
        expect(verdict.result).not.to.equal('fail')
      }
    expect([...results]).to.deep.equal(['STATE_NOT_PROVEN'])
  })
})
