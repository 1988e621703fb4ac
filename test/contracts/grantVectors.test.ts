import { expect } from 'chai'
import { Interface } from 'ethers'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import {
  accountCountSlot,
  accountSlot,
  bindingSlot,
  departmentSlot,
  epochSlot,
  grantStateSlot,
} from '../../node/core/ethereum/slots.ts'
import type { Outcome, PlainWorld, Question } from '../reference/grants.ts'
import { applyChanges, readGrantVectors } from '../vectors/grantVectors.ts'
import { openChain, type Chain } from './chain.ts'

const vectors = readGrantVectors()

/**
 * Nobody sends every call, without a signature: whatever the rules allow is refused for that alone, with the signer.
 */
const NOBODY = '0x00000000000000000000000000000000000000ff'

const OF_REQUEST = new Set(['USE_GRANT_MISMATCH', 'USE_EXPIRED', 'USE_OUT_OF_SEQUENCE'])

type Slots = Record<string, Record<string, string>>
type Call = { data: string; from: string }

// The vectors say what the chain says: their worlds are laid into storage for each single call.
describe('GrantRegistry, against the vectors', () => {
  let chain: Chain
  let abi: Interface
  let errors: Interface
  let code: Record<'parties' | 'grants', string>
  const encoded = new Map<string, string>()

  before(async () => {
    chain = await openChain()
    const parties = await chain.deploy('PartyRegistry', [vectors.authority])
    const grants = await chain.deploy('GrantRegistry', [vectors.parties])
    const codeOf = async (contract: typeof parties) =>
      chain.ethers.provider.getCode(await contract.getAddress())
    code = { parties: await codeOf(parties), grants: await codeOf(grants) }
    for (const name of ['parties', 'grants'] as const)
      await chain.provider.request({
        method: 'hardhat_setCode',
        params: [vectors[name], code[name]],
      })
    abi = grants.interface
    errors = new Interface(
      [...abi.fragments, ...parties.interface.fragments].filter(({ type }) => type === 'error'),
    )
  })

  let begin: string
  beforeEach(async () => (begin = await request('evm_snapshot')))
  afterEach(() => request('evm_revert', begin))

  for (const { shape, good, vectors: changed } of vectors.shapes)
    it(`gives the answers of the core to ${changed.length} questions about ${shape}`, async () => {
      const questions = changed.map((vector) => ({
        ...vector,
        question: applyChanges(good, vector.changes),
      }))
      const inTime = questions.toSorted((a, b) => a.question.world.time - b.question.world.time)
      let time = 0
      for (const { question, case: name, register, use, revoke } of inTime) {
        if (question.world.time !== time) await moveTo((time = question.world.time))
        const slots = storageOf(question.world)
        const { chain: path, revoker } = question
        expect(await answer(slots, 'register', [path, '0x']), name).to.deep.equal(register)
        expect(await answerUse(slots, question), name).to.deep.equal(use)
        expect(await answer(slots, 'revoke', [path, revoker, '0x']), name).to.deep.equal(revoke)
        if (!('refused' in use) || OF_REQUEST.has(use.refused)) await expectUsable(slots, question)
      }
    })

  /** Asked by its user, a use that the rules allow is refused for nothing but the consent of another last grantee. */
  async function answerUse(slots: Slots, question: Question): Promise<Outcome> {
    const { chain: path, use, world } = question
    const outcome = await answer(slots, 'use', [path, use, '0x', '0x'])
    if ('refused' in outcome) return outcome
    const { grantee } = path.at(-1)!
    const consenting = world.departments.find(({ department }) => department === grantee)?.account
    const byUser = await answer(slots, 'use', [path, use, '0x', '0x'], outcome.signer!)
    expect(byUser).to.deep.equal({
      signer: grantee === use.user ? null : (consenting ?? grantee),
    })
    return outcome
  }

  /** Whatever a use is refused for last, or not at all, the grant is usable: what is about the request comes after. */
  async function expectUsable(slots: Slots, { chain: path, use }: Question): Promise<void> {
    const values = [path, use.user, use.items, use.purposes]
    expect(await answer(slots, 'check', values)).to.deep.equal({ signer: null })
  }

  async function answer(
    slots: Slots,
    method: string,
    values: unknown[],
    from = NOBODY,
  ): Promise<Outcome> {
    const refusal = await call({ data: encode(method, values), from }, slots)
    if (refusal === undefined) return { signer: null }
    const { name, args, fragment } = errors.parseError(refusal)!
    const details = Object.fromEntries(
      fragment.inputs.map(({ name: of }, i) => [of, spell(args[i], of)]),
    )
    if (name === 'CallerNotAccount') return { signer: details['account'] as string }
    return { refused: name.replaceAll(/(?<!^)[A-Z]/g, '_$&').toUpperCase(), details }
  }

  /**
   * Many questions differ in their world alone, and ethers takes longer to write a call than the chain to answer it.
   */
  function encode(method: string, values: unknown[]): string {
    const key = JSON.stringify([method, values])
    const known = encoded.get(key) ?? abi.encodeFunctionData(method, values)
    encoded.set(key, known)
    return known
  }

  /** The data that a call reverts with; undefined when it goes through. */
  async function call({ data, from }: Call, slots: Slots): Promise<string | undefined> {
    const overrides = Object.fromEntries(
      Object.entries(slots).map(([address, stateDiff]) => [address, { stateDiff }]),
    )
    try {
      await request('eth_call', { to: vectors.grants, data, from }, 'latest', overrides)
      return undefined
    } catch (error) {
      return (error as { data: string }).data
    }
  }

  async function moveTo(time: number): Promise<void> {
    await request('evm_setNextBlockTimestamp', time)
    await request('evm_mine')
  }

  async function request<Answer>(method: string, ...params: unknown[]): Promise<Answer> {
    return (await chain.provider.request({ method, params })) as Answer
  }
})

/** As documents spell it: masks as 64 hex digits, other numbers as numbers. */
function spell(value: unknown, name: string): string | number {
  if (typeof value !== 'bigint') return String(value).toLowerCase()
  return name === 'items' || name === 'purposes' ? hexWord(value) : Number(value)
}

function storageOf({ states, epochs, bindings, departments }: PlainWorld): Slots {
  const inGrants = [
    ...states.map(({ grant, registeredAt, revokedAt, used }) => [
      grantStateSlot(grant as Hex),
      word([registeredAt, 0], [revokedAt, 48], [used, 96]),
    ]),
    ...epochs.map(({ account, epoch }) => [epochSlot(account as Hex), word([epoch, 0])]),
  ]
  const inParties = [
    ...bindings.map(({ holder, account, from, until, grantsEndedAt }) => [
      bindingSlot(holder as Hex, account as Hex),
      word([from, 0], [until, 48], [grantsEndedAt, 96]),
    ]),
    ...departments.flatMap((known) => {
      const name = known.department as Hex
      const isRekeyed = known.account !== known.department
      const flags =
        known.rights | (1 << 8) | [0, 1 << 9, 1 << 10][known.standing]! | (isRekeyed ? 1 << 11 : 0)
      return [
        [
          departmentSlot(name),
          word(
            [BigInt(known.accreditor), 0],
            [flags, 160],
            [known.notBefore, 176],
            [known.notAfter, 216],
          ),
        ],
        // A checkpoint of when and to whom: the latest counts.
        ...(isRekeyed
          ? [
              [accountCountSlot(name), word([1, 0])],
              [accountSlot(name, 0), word([1, 0], [BigInt(known.account), 96])],
            ]
          : []),
      ]
    }),
  ]
  return {
    [vectors.grants]: Object.fromEntries(inGrants) as Record<string, string>,
    [vectors.parties]: Object.fromEntries(inParties) as Record<string, string>,
  }
}

/** Values from their lowest bit on, side by side in one slot. */
function word(...parts: [value: number | bigint, at: number][]): string {
  return hexWord(parts.reduce((sum, [value, at]) => sum | (BigInt(value) << BigInt(at)), 0n))
}

function hexWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
