import { readFileSync } from 'node:fs'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect } from 'chai'
import * as fc from 'fast-check'
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  mthOf,
  mthOfEqualLeaves,
} from '../reference/merkle.ts'
import {
  formatMerkleVectors,
  merkleVectors,
  refuseConsistencyVector,
  refuseInclusionVector,
  type ConsistencyVector,
  type InclusionVector,
  type MerkleVectors,
} from '../vectors/generate-merkle.ts'
import { openChain, refusalOf, type Deployed } from './chain.ts'

const readVectors = (name: string): string =>
  readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')

describe('MerkleLog', () => {
  let log: Deployed<'verifyInclusion' | 'verifyConsistency' | 'emptyRoot'>

  before(async () => {
    log = await (await openChain()).deploy('MerkleLogHarness')
  })

  it('knows the root of the empty log as SHA-256 of nothing', async () => {
    expect(await log.emptyRoot()).to.equal(`0x${bytesToHex(sha256(new Uint8Array()))}`)
  })

  it('runs the vectors that their generator still writes', () => {
    expect(readVectors('merkle.json')).to.equal(formatMerkleVectors(merkleVectors()))
  })

  for (const file of ['merkle.json', 'merkle-published.json']) {
    describe(file, () => {
      const vectors = JSON.parse(readVectors(file)) as MerkleVectors

      it(`verifies and refuses its ${vectors.inclusion.length} inclusion proofs`, async () => {
        for (const vector of vectors.inclusion) expectOutcome(vector, await includes(vector))
      })

      it(`verifies and refuses its ${vectors.consistency.length} consistency proofs`, async () => {
        for (const vector of vectors.consistency) expectOutcome(vector, await extendsOld(vector))
      })
    })
  }

  it('agrees with the reference tree on every leaf and growth of small random logs', async () => {
    const growth = fc
      .tuple(
        fc.uniqueArray(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 40 }),
        fc.nat(),
      )
      .chain(([entries, n]) =>
        fc.tuple(fc.constant(entries), fc.constant(1 + (n % entries.length))),
      )
    await fc.assert(
      fc.asyncProperty(growth, fc.nat(), async ([entries, oldSize], n) => {
        const mth = mthOf(entries.map(leafHash))
        const size = entries.length
        const index = n % size
        expect(await includes(inclusionOf(mth, index, size))).to.equal(undefined)
        expect(await extendsOld(consistencyOf(mth, oldSize, size))).to.equal(undefined)
      }),
      { numRuns: 40 },
    )
  })

  it('agrees with the reference tree on sizes up to 2^53 − 1', async () => {
    const mth = mthOfEqualLeaves(leafHash(new Uint8Array()))
    const sizes = fc.tuple(fc.bigInt(1n, 2n ** 53n - 1n), fc.bigInt(1n, 2n ** 53n - 1n))
    await fc.assert(
      fc.asyncProperty(sizes, async (pair) => {
        const [oldSize, size] = pair.map(Number).toSorted((a, b) => a - b) as [number, number]
        expect(await includes(inclusionOf(mth, oldSize - 1, size))).to.equal(undefined)
        expect(await extendsOld(consistencyOf(mth, oldSize, size))).to.equal(undefined)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses what the reference refuses, for the same reason, when sizes and proof do not belong together', async () => {
    const mth = mthOfEqualLeaves(leafHash(new Uint8Array()))
    const size = fc.nat({ max: 20 })
    await fc.assert(
      fc.asyncProperty(size, size, size, size, async (a, b, c, d) => {
        const inclusion = { ...inclusionOf(mth, a % (b + 1), b + 1), index: c, size: d }
        expect(await includes(inclusion)).to.equal(refuseInclusionVector(inclusion))
        const consistency = { ...consistencyOf(mth, 1 + a, 1 + a + b), oldSize: c, newSize: d }
        expect(await extendsOld(consistency)).to.equal(refuseConsistencyVector(consistency))
      }),
      { numRuns: 150 },
    )
  })

  /** The code of the refusal, or undefined. */
  async function includes(
    vector: Omit<InclusionVector, 'case' | 'ok'>,
  ): Promise<string | undefined> {
    const { leafHash, index, size, proof, root } = vector
    return codeOf(log.verifyInclusion(hex(leafHash), index, size, proof.map(hex), hex(root)))
  }

  async function extendsOld(
    vector: Omit<ConsistencyVector, 'case' | 'ok'>,
  ): Promise<string | undefined> {
    const { oldSize, oldRoot, newSize, newRoot, proof } = vector
    return codeOf(
      log.verifyConsistency(oldSize, hex(oldRoot), newSize, hex(newRoot), proof.map(hex)),
    )
  }

  async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
    const refusal = await refusalOf(log, call)
    return refusal?.name.replaceAll(/(?<!^)[A-Z]/g, '_$&').toUpperCase()
  }
})

function expectOutcome(
  { case: name, ok, code }: { case: string; ok: boolean; code?: string },
  refused: string | undefined,
): void {
  if (ok) expect(refused, name).to.equal(undefined)
  else if (code) expect(refused, name).to.equal(code)
  else expect(refused, name).to.match(/^MERKLE_/)
}

function inclusionOf(mth: ReturnType<typeof mthOf>, index: number, size: number) {
  return {
    leafHash: bytesToHex(mth(index, index + 1)),
    index,
    size,
    proof: inclusionProof(mth, index, size).map(bytesToHex),
    root: bytesToHex(mth(0, size)),
  }
}

function consistencyOf(mth: ReturnType<typeof mthOf>, oldSize: number, newSize: number) {
  return {
    oldSize,
    oldRoot: bytesToHex(mth(0, oldSize)),
    newSize,
    newRoot: bytesToHex(mth(0, newSize)),
    proof: consistencyProof(mth, oldSize, newSize).map(bytesToHex),
  }
}

function hex(text: string): string {
  return `0x${text}`
}
