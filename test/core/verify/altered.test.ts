import { expect } from 'chai'
import fc from 'fast-check'
import type { Evidence } from '../../../node/core/evidence.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { verifyEvidence, verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { faults } from '../evidence/codeOf.ts'
import { leavesOf, other, replaced } from '../evidence/leaves.ts'
import type { Leaf, Path } from '../evidence/leaves.ts'
import { makeWorld } from './world.ts'
import type { World } from './world.ts'

/** Codes of the checks that are not as they should be, as they come of one altered leaf. */
const EXPECTED: Readonly<Record<string, Record<string, string>>> = {
  'statement.authorizations.0.signature': { commitment: 'COMMITMENT_MISMATCH' },
  'statement.authorizations.0.chain.0.notAfter': {
    commitment: 'COMMITMENT_MISMATCH',
    grant: 'STATE_NOT_PROVEN',
  },
  'statement.authorizations.0.chain.1.parent': {
    commitment: 'COMMITMENT_MISMATCH',
    grant: 'GRANT_PARENT_MISMATCH',
  },
  'statement.authorizations.0.chain.2.epoch': {
    commitment: 'COMMITMENT_MISMATCH',
    grant: 'STATE_NOT_PROVEN',
  },
  'statement.authorizations.0.use.sequence': {
    commitment: 'COMMITMENT_MISMATCH',
    grant: 'USE_OUT_OF_SEQUENCE',
    use: 'USE_ID_MISMATCH',
  },
  'statement.authorizations.0.openings.items.0.salt': {
    commitment: 'COMMITMENT_MISMATCH',
    use: 'SCOPE_OPENING_MISMATCH',
  },
  'statement.authorizations.0.openings.itemsRoot': {
    commitment: 'COMMITMENT_MISMATCH',
    use: 'SCOPE_ROOTS_MISMATCH',
  },
  'statement.authorizations.0.openings.purpose.purpose.matter': {
    commitment: 'COMMITMENT_MISMATCH',
    use: 'SCOPE_OPENING_MISMATCH',
  },
  'statement.context.cause': { commitment: 'COMMITMENT_MISMATCH', use: 'USE_CONTEXT_MISMATCH' },
  'statement.decision.block.hash': {
    commitment: 'COMMITMENT_MISMATCH',
    grant: 'USE_STATE_OF_OTHER_BLOCK',
  },
  'statement.decision.region': {
    commitment: 'COMMITMENT_MISMATCH',
    use: 'USE_PURPOSE_OTHER_REGION',
  },
  'statement.expires': { commitment: 'COMMITMENT_MISMATCH' },
  'statement.fields.1': { commitment: 'COMMITMENT_MISMATCH', use: 'USE_CONTEXT_MISMATCH' },
  'statement.subject.id': { commitment: 'COMMITMENT_MISMATCH', use: 'USE_SUBJECT_MISMATCH' },
  'statement.holders.0': { commitment: 'COMMITMENT_MISMATCH', use: 'USE_HOLDERS_MISMATCH' },
  'statement.registries.grants': {
    commitment: 'COMMITMENT_MISMATCH',
    use: 'USE_REGISTRIES_UNTRUSTED',
  },
  'statement.subject.certificate': {
    commitment: 'COMMITMENT_MISMATCH',
    use: 'USE_SUBJECT_MISMATCH',
  },
  'statement.subject.index': { commitment: 'COMMITMENT_MISMATCH', use: 'USE_SUBJECT_MISMATCH' },
  'statement.user': { commitment: 'COMMITMENT_MISMATCH', use: 'USE_USER_MISMATCH' },
  'certificate.salt': { issuer: 'CERTIFICATE_ALTERED' },
  'certificate.statement.credential': { issuer: 'CERTIFICATE_ALTERED' },
  'certificate.statement.validFrom': { issuer: 'CERTIFICATE_ALTERED' },
  'states.0.chainId': { issuer: 'STATE_CHAIN_UNTRUSTED' },
  'states.0.blockNumber': { issuer: 'STATE_BLOCK_NUMBER_MISMATCH' },
  'states.0.blockHash': { issuer: 'STATE_HEADER_MISMATCH' },
  'states.0.header': { issuer: 'STATE_HEADER_MISMATCH' },
  'states.0.headers.0': { issuer: 'STATE_LINK_BROKEN' },
  'states.0.headers.3': { issuer: 'STATE_BLOCK_NOT_TRUSTED' },
  'states.0.contracts.0.address': { issuer: 'STATE_CONTRACT_PROOF_INVALID' },
  'states.0.contracts.0.accountProof.0': { issuer: 'STATE_CONTRACT_PROOF_INVALID' },
  'states.0.contracts.0.slots.0.proof.0': { issuer: 'STATE_SLOT_PROOF_INVALID' },
  'states.1.blockHash': { status: 'STATE_HEADER_MISMATCH', grant: 'STATE_HEADER_MISMATCH' },
  'states.1.contracts.2.slots.0.proof.0': {
    status: 'STATE_SLOT_PROOF_INVALID',
    grant: 'STATE_SLOT_PROOF_INVALID',
  },
}

describe('evidence of a use, altered', () => {
  let world: World
  const verify = async (evidence: unknown) =>
    verifyEvidenceText(JSON.stringify(evidence), world.trust, { content: world.content })

  before(async () => {
    world = await makeWorld()
    const { used, issued, trust } = world
    world = { ...world, used: await needed(used, trust), issued: await needed(issued, trust) }
  })

  it('never passes with any one leaf of the whole document altered', async function () {
    this.timeout(60_000)
    const leaves = [...leavesOf(world.used)]
    expect(leaves.length).to.be.above(200)
    const passed: string[] = []
    for (const [path, leaf] of leaves) {
      const { result } = await verify(replaced(world.used, path, other(leaf)))
      if (result === 'pass') passed.push(path.join('.'))
    }
    expect(passed).to.deep.equal([])
  })

  it('never passes with any one leaf of a certificate’s altered', async function () {
    this.timeout(60_000)
    const passed: string[] = []
    for (const [path, leaf] of leavesOf(world.issued)) {
      const evidence = replaced(world.issued, path, other(leaf))
      const { result } = await verifyEvidenceText(JSON.stringify(evidence), world.trust)
      if (result === 'pass') passed.push(path.join('.'))
    }
    expect(passed).to.deep.equal([])
  })

  for (const [path, expected] of Object.entries(EXPECTED))
    it(`fails by name: ${path}`, async () => {
      const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
      const leaf = steps.reduce<unknown>(
        (value, step) => (value as Record<string | number, unknown>)[step],
        world.used,
      )
      const verdict = await verify(replaced(world.used, steps, other(leaf as Leaf)))
      expect(faults(verdict)).to.include(expected)
      expect(verdict.result).not.to.equal('pass')
    })

  it('never passes and never throws with anything for any part', async () => {
    const leaves = [...leavesOf(world.used)].map(([path]) => path)
    const parts = fc
      .constantFrom(...leaves)
      .chain((path) =>
        fc.integer({ min: 1, max: path.length }).map((length) => path.slice(0, length)),
      )
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).filter((value) => value !== undefined),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
      fc.constantFrom(...leaves.map((path) => valueAt(world.used, path))),
    )
    await fc.assert(
      fc.asyncProperty(parts, anything, async (path, value) => {
        const before = JSON.stringify(valueAt(world.used, path))
        fc.pre(JSON.stringify(value) !== before)
        const { result } = await verify(replaced(world.used, path, value))
        expect(result).not.to.equal('pass')
      }),
      { numRuns: 200 },
    )
  })

  it('never throws with any part left out', async () => {
    const passed: string[] = []
    for (const [evidence, name] of without(world.used)) {
      const { result } = await verify(evidence)
      if (result === 'pass') passed.push(name)
    }
    expect(passed).to.deep.equal([])
  })
})

/** Without proofs of slots that no check reads: another slot that is proven empty beside them is as good. */
async function needed(evidence: Evidence, trust: Trust): Promise<Evidence> {
  let rest = evidence
  for (const { of } of evidence.states ?? [])
    for (const slot of slotsOf(evidence, of)) {
      const states = (rest.states ?? []).map((state) => ({
        ...state,
        contracts: state.contracts.map((contract) => ({
          ...contract,
          slots: contract.slots.filter((known) => state.of !== of || known.slot !== slot),
        })),
      }))
      const { result } = await verifyEvidence({ ...rest, states }, trust)
      if (result === 'pass') rest = { ...rest, states }
    }
  return rest
}

function slotsOf({ states = [] }: Evidence, of: string): Hex[] {
  return states
    .filter((state) => state.of === of)
    .flatMap(({ contracts }) => contracts.flatMap(({ slots }) => slots.map(({ slot }) => slot)))
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<string | number, unknown>)[step],
    value,
  )
}

/** The document without one member, or one item of a list, to the depth of a state's slots. */
function* without(evidence: Evidence): Generator<[unknown, string]> {
  const paths = new Set<string>()
  for (const [path] of leavesOf(evidence))
    for (let length = 1; length <= Math.min(path.length, 6); length++)
      paths.add(JSON.stringify(path.slice(0, length)))
  for (const text of paths) {
    const path = JSON.parse(text) as Path
    const last = path.at(-1) as string | number
    const above = path.slice(0, -1)
    const parent = valueAt(evidence, above)
    const rest = Array.isArray(parent)
      ? parent.toSpliced(last as number, 1)
      : Object.fromEntries(Object.entries(parent as object).filter(([name]) => name !== last))
    yield [replaced(evidence, above, rest), path.join('.')]
  }
}
