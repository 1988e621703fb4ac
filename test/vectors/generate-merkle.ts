// Writes merkle.json: `node test/vectors/generate-merkle.ts`. The file is kept; a test compares.
import { writeFileSync } from 'node:fs'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  mthOf,
  mthOfEqualLeaves,
  nodeHash,
  refuseConsistency,
  refuseInclusion,
  type MerkleRefusal,
  type Mth,
} from '../reference/merkle.ts'

/** `ok` with no `code`, or not ok; published vectors are refused without a code of ours. */
interface Outcome {
  case: string
  ok: boolean
  code?: MerkleRefusal
}

export interface InclusionVector extends Outcome {
  size: number
  index: number
  leafHash: string
  proof: string[]
  root: string
}

export interface ConsistencyVector extends Outcome {
  oldSize: number
  oldRoot: string
  newSize: number
  newRoot: string
  proof: string[]
}

export interface MerkleVectors {
  description: string
  source: string
  inclusion: InclusionVector[]
  consistency: ConsistencyVector[]
}

const FILE = new URL('merkle.json', import.meta.url)
const LARGEST = Number.MAX_SAFE_INTEGER

const leaves = Array.from({ length: 100 }, (_, i) => leafHash(utf8ToBytes(`entry ${i}`)))
const tree = mthOf(leaves)
const equalTree = mthOfEqualLeaves(leafHash(utf8ToBytes('the same entry again')))
const stranger = bytesToHex(leafHash(utf8ToBytes('a stranger')))

export function merkleVectors(): MerkleVectors {
  return {
    description:
      'RFC 6962 inclusion and consistency proofs, SHA-256. A vector that is not ok is a good one with the one change that `case` names; `code` is its refusal. In Solidity the same refusal is the error of library MerkleLog with that name in CamelCase: MERKLE_ROOT_MISMATCH is MerkleRootMismatch. Checks are made in this order: sizes or index, length of the proof, old root, new root.',
    source:
      'test/vectors/generate-merkle.ts over test/reference/merkle.ts (RFC 6962 §2.1). Leaf i of a tree of up to 100 leaves is SHA-256(0x00 || "entry <i>"); in larger trees every leaf is SHA-256(0x00 || "the same entry again").',
    inclusion: inclusionVectors(),
    consistency: consistencyVectors(),
  }
}

export function formatMerkleVectors({ inclusion, consistency, ...head }: MerkleVectors): string {
  return `{
 "description": ${JSON.stringify(head.description)},
 "source": ${JSON.stringify(head.source)},
 "inclusion": [\n${lines(inclusion)}\n ],
 "consistency": [\n${lines(consistency)}\n ]
}\n`
}

function lines(vectors: object[]): string {
  return vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(',\n')
}

function inclusionVectors(): InclusionVector[] {
  const small = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((size) =>
    leaves.slice(0, size).map((_, index) => inclusion(tree, index, size)),
  )
  const wide = pairs([15, 16], [16, 17], [7, 31], [32, 33], [0, 64], [77, 100], [99, 100])
  const huge = pairs([0, 1e6], [999_999, 1e6], [LARGEST - 1, LARGEST], [2 ** 52, LARGEST])
  const mutated = pairs([0, 1], [0, 7], [3, 7], [6, 7], [3, 8], [16, 17], [77, 100])
  return [
    ...small,
    ...wide.map(([index, size]) => inclusion(tree, index, size)),
    ...huge.map(([index, size]) => inclusion(equalTree, index, size)),
    ...mutated.flatMap(([index, size]) => inclusionMutations(inclusion(tree, index, size))),
  ]
}

function inclusion(mth: Mth, index: number, size: number): InclusionVector {
  return {
    case: `leaf ${index} of ${size}`,
    size,
    index,
    leafHash: bytesToHex(mth(index, index + 1)),
    proof: inclusionProof(mth, index, size).map(bytesToHex),
    root: bytesToHex(mth(0, size)),
    ok: true,
  }
}

function inclusionMutations(good: InclusionVector): InclusionVector[] {
  const { index, size, proof, root } = good
  const changes: [string, Partial<InclusionVector>][] = [
    ['another leaf hash', { leafHash: stranger }],
    ['another root', { root: stranger }],
    ['the root as the leaf', { leafHash: root, proof: [] }],
    ['index equal to the size', { index: size }],
    ['index beyond the size', { index: size + 1 }],
    ['size 0', { size: 0 }],
    ['index one more', { index: index + 1 }],
    ['index one less', { index: index - 1 }],
    ['size one more', { size: size + 1 }],
    ['size one less', { size: size - 1 }],
    ['size doubled', { size: size * 2 }],
    ['the root added to the proof', { proof: [...proof, root] }],
    ...proofChanges(proof).map(([name, proof]): [string, { proof: string[] }] => [name, { proof }]),
  ]
  if (proof.length > 0)
    changes.push(['the parent node as the leaf', { leafHash: parentOf(good), proof: proof.slice(1) }])
  return changes
    .map(([name, change]) => ({ ...good, ...change, case: `${good.case}: ${name}` }))
    .filter(({ index, size }) => index >= 0 && size >= 0)
    .map((vector) => ({ ...vector, ...outcome(refuseInclusionVector(vector)) }))
    .filter(isRefused)
}

function parentOf({ leafHash, index, proof }: InclusionVector): string {
  const [node, sibling] = [bytes(leafHash), bytes(proof[0]!)]
  return bytesToHex(index % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node))
}

function consistencyVectors(): ConsistencyVector[] {
  const small = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((newSize) =>
    Array.from({ length: newSize + 1 }, (_, oldSize) => consistency(tree, oldSize, newSize)),
  )
  const wide = pairs([0, 100], [64, 100], [63, 64], [65, 99], [99, 100], [1, 100], [31, 97])
  const huge = pairs([990_000, 1e6], [1, 1e6], [524_288, 1e6], [2 ** 52 + 1, LARGEST])
  const mutated = pairs([0, 0], [0, 5], [5, 5], [1, 2], [3, 7], [4, 7], [6, 8], [7, 8], [65, 99])
  return [
    consistency(tree, 0, 0),
    ...small,
    ...wide.map(([oldSize, newSize]) => consistency(tree, oldSize, newSize)),
    ...huge.map(([oldSize, newSize]) => consistency(equalTree, oldSize, newSize)),
    ...mutated.flatMap(([oldSize, newSize]) =>
      consistencyMutations(consistency(tree, oldSize, newSize)),
    ),
  ]
}

function consistency(mth: Mth, oldSize: number, newSize: number): ConsistencyVector {
  return {
    case: `${newSize} extends ${oldSize}`,
    oldSize,
    oldRoot: bytesToHex(mth(0, oldSize)),
    newSize,
    newRoot: bytesToHex(mth(0, newSize)),
    proof: oldSize === 0 ? [] : consistencyProof(mth, oldSize, newSize).map(bytesToHex),
    ok: true,
  }
}

function consistencyMutations(good: ConsistencyVector): ConsistencyVector[] {
  const { oldSize, oldRoot, newSize, newRoot, proof } = good
  const changes: [string, Partial<ConsistencyVector>][] = [
    ['another old root', { oldRoot: stranger }],
    ['another new root', { newRoot: stranger }],
    ['roots swapped', { oldRoot: newRoot, newRoot: oldRoot }],
    ['sizes swapped', { oldSize: newSize, newSize: oldSize }],
    ['both swapped', { oldSize: newSize, oldRoot: newRoot, newSize: oldSize, newRoot: oldRoot }],
    ['old size beyond the new', { oldSize: newSize + 1 }],
    ['old size one more', { oldSize: oldSize + 1 }],
    ['old size one less', { oldSize: oldSize - 1 }],
    ['old size 0', { oldSize: 0 }],
    ['new size one more', { newSize: newSize + 1 }],
    ['new size one less', { newSize: newSize - 1 }],
    ['new size doubled', { newSize: newSize * 2 }],
    ['the old root added in front', { proof: [oldRoot, ...proof] }],
    ['the new root added to the proof', { proof: [...proof, newRoot] }],
    ...proofChanges(proof).map(([name, proof]): [string, { proof: string[] }] => [name, { proof }]),
  ]
  return changes
    .map(([name, change]) => ({ ...good, ...change, case: `${good.case}: ${name}` }))
    .filter(({ oldSize, newSize }) => oldSize >= 0 && newSize >= 0)
    .map((vector) => ({ ...vector, ...outcome(refuseConsistencyVector(vector)) }))
    .filter(isRefused)
}

/** What the reference says of an inclusion vector. */
export function refuseInclusionVector({
  leafHash,
  index,
  size,
  proof,
  root,
}: Omit<InclusionVector, 'case' | 'ok'>): MerkleRefusal | undefined {
  return refuseInclusion(bytes(leafHash), index, size, proof.map(bytes), bytes(root))
}

/** What the reference says of a consistency vector. */
export function refuseConsistencyVector({
  oldSize,
  oldRoot,
  newSize,
  newRoot,
  proof,
}: Omit<ConsistencyVector, 'case' | 'ok'>): MerkleRefusal | undefined {
  return refuseConsistency(oldSize, bytes(oldRoot), newSize, bytes(newRoot), proof.map(bytes))
}

function outcome(code: MerkleRefusal | undefined): Pick<Outcome, 'ok' | 'code'> {
  return code ? { ok: false, code } : { ok: true }
}

/** Each single change of the proof itself. */
function proofChanges(proof: string[]): [name: string, proof: string[]][] {
  return [
    ['a hash added at the end', [...proof, stranger]],
    ['a hash added at the start', [stranger, ...proof]],
    ...(proof.length > 0 ? [['empty proof', []] satisfies [string, string[]]] : []),
    ...proof.flatMap((hash, i): [string, string[]][] => [
      [`hash ${i} with one bit flipped`, proof.with(i, flipBit(hash))],
      [`hash ${i} dropped`, proof.toSpliced(i, 1)],
      [`hash ${i} given twice`, proof.toSpliced(i, 0, hash)],
      ...(i > 0
        ? [
            [
              `hashes ${i - 1} and ${i} swapped`,
              proof.with(i, proof[i - 1]!).with(i - 1, hash),
            ] satisfies [string, string[]],
          ]
        : []),
    ]),
  ]
}

// A proof fixes the way up, not the size: leaf 0 of 7 has the way of leaf 0 of 8, so some other sizes are accepted with
// the same root, as the RFC has it. Sizes are trusted because they are signed and anchored together with their root.
function isRefused(vector: Outcome): boolean {
  return !vector.ok
}

function flipBit(hash: string): string {
  return bytesToHex(bytes(hash).with(31, bytes(hash)[31]! ^ 1))
}

function bytes(hex: string): Uint8Array {
  return hexToBytes(hex)
}

function pairs(...list: [number, number][]): [number, number][] {
  return list
}

if (import.meta.main) writeFileSync(FILE, formatMerkleVectors(merkleVectors()))
