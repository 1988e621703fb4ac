import { createMerkleProof, createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { ed25519 } from '@noble/curves/ed25519.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8 } from '../../../node/core/bytes.ts'
import { commit } from '../../../node/core/commitment.ts'
import { formatDigest } from '../../../node/core/digest.ts'
import { formatEntry } from '../../../node/core/entry.ts'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { checkpointRootSlot } from '../../../node/core/ethereum/registry.ts'
import { proveTransaction } from '../../../node/core/ethereum/transactions.ts'
import { composeEvidence, parseEvidence } from '../../../node/core/evidence.ts'
import type { Evidence, EvidenceAnchor } from '../../../node/core/evidence.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import { encodeStatement } from '../../../node/core/statement.ts'
import type { MaterialSubmitted } from '../../../node/core/statement.ts'
import { signCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import { cosignCheckpoint } from '../../../node/core/tlog/cosignature.ts'
import type { NoteSigner } from '../../../node/core/tlog/note.ts'
import { formatTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import {
  formatVerifierKey,
  makeVerifierKey,
  SIGNATURE_TYPE,
} from '../../../node/core/tlog/verifierKey.ts'
import { readTrust } from '../../../node/core/trust.ts'
import type { Trust, TrustDocument } from '../../../node/core/trust.ts'
import { inclusionProof, leafHash, mthOf } from '../../reference/merkle.ts'
import { sm3 } from '#sm3'

/** A whole ledger of seven entries, two witnesses and one block of a chain, made from constants. */

export const ORIGIN = 'ledger.example/yangpu'
export const INDEX = 4
export const SIZE = 7
export const REGISTRY: Hex = `0x${'5f'.repeat(20)}`
export const LOG_ID: Hex = `0x${'a7'.repeat(32)}`
export const CHAIN_ID = 31337
export const BLOCK_NUMBER = 12

export const CONTENT = utf8('%PDF-1.7 营业执照')
const SALT = new Uint8Array(32).fill(0x5a)

export const STATEMENT: MaterialSubmitted = {
  v: 1,
  id: 'licence-2023-0001',
  kind: 'material.submitted',
  type: '11100000MB0143028R001',
  content: {
    digests: [formatDigest('sha-256', sha256(CONTENT)), formatDigest('sm3', sm3(CONTENT))],
    size: CONTENT.length,
    mediaType: 'application/pdf',
    kept: 'here',
  },
  submitter: 'YP-SCJ',
  title: '营业执照 “副本”',
  holder: { codeType: '001', code: '91310110MADEM0011Y' },
  fields: { name: '上海杨浦滨江置业（示例）有限公司', capital: 100, parts: [{ valid: true }] },
  caseCode: '001900000100001',
}

export interface TestSigner extends NoteSigner {
  readonly vkey: string
}

export function makeSigner(
  name: string,
  seed: number,
  type: number = SIGNATURE_TYPE.ed25519,
): TestSigner {
  const secret = new Uint8Array(32).fill(seed)
  const key = makeVerifierKey(name, type, ed25519.getPublicKey(secret))
  return {
    name,
    keyId: key.keyId,
    vkey: formatVerifierKey(key),
    sign: (message) => ed25519.sign(message, secret),
  }
}

export const LOG_SIGNER = makeSigner(ORIGIN, 1)
export const WITNESSES = [2, 3].map((seed) =>
  makeSigner(`witness.example/${seed}`, seed, SIGNATURE_TYPE.cosignature),
)

const entry = formatEntry({
  at: '2023-08-05T02:00:00.000Z',
  commitment: commit(SALT, encodeStatement(STATEMENT)),
  kind: STATEMENT.kind,
})
const entries = Array.from({ length: SIZE + 2 }, (_, index) =>
  index === INDEX
    ? entry
    : formatEntry({
        at: `2023-08-05T02:00:00.00${index}Z`,
        commitment: sha256(Uint8Array.of(index)),
        kind: 'material.submitted',
      }),
)
export const LEAVES = entries.map(leafHash)

export function rootOf(size: number): Uint8Array {
  return mthOf(LEAVES)(0, size)
}

export async function makeCheckpoint({
  origin = ORIGIN,
  size = SIZE,
  root = rootOf(size),
  signer = LOG_SIGNER,
  witnesses = WITNESSES,
}: {
  origin?: string
  size?: number
  root?: Uint8Array
  signer?: NoteSigner
  witnesses?: readonly NoteSigner[]
} = {}): Promise<string> {
  let note = await signCheckpoint({ origin, size, root }, signer)
  for (const witness of witnesses) note = await cosignCheckpoint(note, witness, 1_691_200_800)
  return note
}

export async function makeProof({
  index = INDEX,
  proof = inclusionProof(mthOf(LEAVES), INDEX, SIZE),
  checkpoint,
  extra,
}: {
  index?: number
  proof?: Uint8Array[]
  checkpoint?: string
  extra?: Uint8Array
} = {}): Promise<string> {
  const place = { index, proof, checkpoint: checkpoint ?? (await makeCheckpoint()) }
  return formatTlogProof(extra === undefined ? place : { extra, ...place })
}

/** An anchor with every proof. */
export type ProvenAnchor = { [Name in keyof EvidenceAnchor]-?: NonNullable<EvidenceAnchor[Name]> }

/** A block whose state holds `roots` of the log, by size, in the registry at `contract`. */
export async function makeAnchor(
  roots: ReadonlyMap<number, Uint8Array> = new Map([
    [3, rootOf(3)],
    [SIZE, rootOf(SIZE)],
  ]),
  contract = REGISTRY,
): Promise<ProvenAnchor> {
  const storage = await createMPT({ useKeyHashing: true })
  for (let slot = 0; slot < 40; slot++) {
    await storage.put(keccak_256(Uint8Array.of(slot)), RLP.encode(slot + 1))
  }
  for (const [size, root] of roots) {
    await storage.put(checkpointRootSlot(decode0x(LOG_ID), size), RLP.encode(root))
  }
  const slot = checkpointRootSlot(decode0x(LOG_ID), SIZE)

  const state = await createMPT({ useKeyHashing: true })
  const codeHash = keccak_256(Uint8Array.of(0))
  for (let account = 0; account < 40; account++) {
    const fields = [account, 10n ** 18n, keccak_256(RLP.encode('')), codeHash]
    await state.put(new Uint8Array(20).fill(account), RLP.encode(fields))
  }
  const registry = RLP.encode([1, 0, storage.root(), codeHash])
  await state.put(decode0x(contract), registry)

  const transactions = [1, 2, 3].map((type) => new Uint8Array(120).fill(type))
  const transactionTrie = await createMPT()
  for (const [index, raw] of transactions.entries()) {
    await transactionTrie.put(RLP.encode(index), raw)
  }
  const transactionProof = await proveTransaction(transactionTrie.root(), transactions, 1)
  if (transactionProof === undefined) throw new Error('the sample’s transactions have no proof')

  const header = makeHeader(state.root(), transactionTrie.root())
  return {
    chainId: CHAIN_ID,
    registry: REGISTRY,
    logId: LOG_ID,
    transaction: encode0x(keccak_256(transactions[1] ?? new Uint8Array())),
    blockNumber: BLOCK_NUMBER,
    blockHash: encode0x(keccak_256(header)),
    header: encode0x(header),
    accountProof: (await createMerkleProof(state, decode0x(REGISTRY))).map(encode0x),
    storageProof: (await createMerkleProof(storage, slot)).map(encode0x),
    transactionProof: {
      index: transactionProof.index,
      nodes: transactionProof.proof.map(encode0x),
    },
  }
}

export function makeHeader(
  stateRoot: Uint8Array,
  transactionsRoot: Uint8Array,
  number = BLOCK_NUMBER,
): Uint8Array {
  return RLP.encode([
    word(0x11),
    word(0x12),
    new Uint8Array(20),
    stateRoot,
    transactionsRoot,
    word(0x13),
    new Uint8Array(256),
    0,
    number,
    30_000_000,
    99_210,
    1_691_200_801,
    new Uint8Array(0),
    word(0x14),
    new Uint8Array(8),
    7,
  ])
}

export async function makeEvidence(
  changes: { proof?: string; anchors?: EvidenceAnchor[] } = {},
): Promise<Evidence> {
  const proof = changes.proof ?? (await makeProof())
  const anchors = changes.anchors ?? [await makeAnchor()]
  const statement = encodeStatement(STATEMENT)
  return parseEvidence(composeEvidence({ statement, salt: SALT, entry, proof, anchors }))
}

function word(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte)
}

export const GIVEN = { digests: STATEMENT.content.digests, size: CONTENT.length }

export function trustIn(
  anchors: readonly EvidenceAnchor[],
  changes: Partial<TrustDocument> = {},
): Trust {
  return readTrust({
    v: 1,
    log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
    witnesses: { quorum: 2, keys: WITNESSES.map(({ vkey }) => vkey) },
    chains: anchors.map(({ chainId, registry, logId, blockHash }) => ({
      chainId,
      registry,
      logId,
      blocks: [blockHash],
    })),
    ...changes,
  } satisfies TrustDocument)
}

/** Hex with the last digit changed. */
export function flipped<T extends string>(hex: T): T {
  const last = hex.endsWith('0') ? '1' : '0'
  return `${hex.slice(0, -1)}${last}` as T
}
