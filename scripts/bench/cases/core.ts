import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import canonicalizeByLibrary from 'canonicalize'
import { createCipheriv, createHash, createSecretKey, hash, randomBytes } from 'node:crypto'
import { encodeHex } from '../../../node/core/bytes.ts'
import { commit } from '../../../node/core/commitment.ts'
import { composeEvidence, formatEvidence, parseEvidence } from '../../../node/core/evidence.ts'
import { EvidenceComposer } from '../../../node/core/evidenceComposer.ts'
import { hashLeaf, hashNode, hashNodeInto } from '../../../node/core/hash/hash.ts'
import { parseStrictJson } from '../../../node/core/json.ts'
import { verifyInclusion } from '../../../node/core/merkle/verify.ts'
import { encodeStatement, parseStatement, Statement } from '../../../node/core/statement.ts'
import { seal } from '../../../node/store/sealing/seal.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import { makeEvidenceParts } from '../lib/fixture.ts'
import { requirePeer } from '../lib/peers.ts'
import { measureRates } from '../lib/rates.ts'

/** One function of ours beside others that do the same, or as much of it as they can. */
interface Contest {
  readonly what: string
  readonly ours: () => unknown
  readonly peers: Readonly<Record<string, () => unknown>>
}

interface HashWasm {
  readonly createSHA256: () => Promise<Hasher>
}

interface Hasher {
  init(): Hasher
  update(data: Uint8Array): Hasher
  digest(form: 'binary'): Uint8Array
}

export const core: BenchCase = {
  name: 'core',
  summary: 'hot functions beside the libraries that could take their place, in one process',
  async run() {
    const rows: Row[] = []
    for (const { what, ours, peers } of await contests()) {
      const [own = 0, ...others] = await measureRates([ours, ...Object.values(peers)])
      for (const [position, name] of Object.keys(peers).entries())
        rows.push({
          what,
          unit: '/s',
          ours: own,
          peer: { name, value: others[position] ?? 0 },
          better: 'higher',
        })
    }
    return { rows, notes: ['JSON.stringify and JSON.parse alone are floors, not alternatives'] }
  },
}

async function contests(): Promise<Contest[]> {
  const parts = makeEvidenceParts(1_000_000)
  const { statementValue, statement, salt, entryValue, leafHash, proof, index, head } = parts
  const [left, right, out] = [randomBytes(32), randomBytes(32), new Uint8Array(32)]
  const pair = Buffer.concat([Uint8Array.of(1), left, right])
  const labelled = Buffer.concat([Buffer.from('onceledger/commitment/v1\0'), salt, statement])
  const content = randomBytes(10 * 1024)
  const dataKey = randomBytes(32)
  const keyObject = createSecretKey(dataKey)
  const hashWasm = requirePeer('hash-wasm') as HashWasm
  const wasm = await hashWasm.createSHA256()
  const evidence = { ...parts, proof: parts.proofText, anchors: [] }
  const evidenceJson = composeEvidence(evidence)
  const evidenceValue = parseEvidence(evidenceJson)
  const composer = new EvidenceComposer(parts.checkpoint, [])
  const statementJson = JSON.stringify(statementValue)
  const signerKey = ed25519.utils.randomSecretKey()
  const checkpointBytes = Buffer.from(parts.checkpoint)

  return [
    {
      what: 'hash of a node (65 bytes)',
      ours: () => hashNodeInto(left, right, out, 0),
      peers: {
        'crypto.hash to Buffer': () => hash('sha256', pair, 'buffer'),
        createHash: () => createHash('sha256').update(pair).digest(),
        '@noble/hashes': () => nobleSha256(pair),
        'hash-wasm': () => wasm.init().update(pair).digest('binary'),
      },
    },
    {
      what: 'hash of a node, as a new array',
      ours: () => hashNode(left, right),
      peers: { 'crypto.hash to Buffer': () => hash('sha256', pair, 'buffer') },
    },
    {
      what: `hash of a leaf (${parts.entry.length} bytes)`,
      ours: () => hashLeaf(parts.entry),
      peers: { 'crypto.hash to Buffer': () => hash('sha256', parts.entry, 'buffer') },
    },
    {
      what: `commitment (${statement.length} bytes)`,
      ours: () => commit(salt, statement),
      peers: { 'crypto.hash to Buffer': () => hash('sha256', labelled, 'buffer') },
    },
    {
      what: 'canonical bytes of a statement',
      ours: () => encodeStatement(statementValue),
      peers: {
        canonicalize: () => Buffer.from(canonicalizeByLibrary(statementValue) ?? ''),
        'JSON.stringify': () => Buffer.from(JSON.stringify(statementValue)),
      },
    },
    {
      what: 'strict reading of JSON',
      ours: () => parseStrictJson(statementJson),
      peers: { 'JSON.parse': () => JSON.parse(statementJson) },
    },
    {
      what: 'reading of a statement',
      ours: () => parseStatement(statementJson),
      peers: { 'JSON.parse and zod': () => Statement.parse(JSON.parse(statementJson)) },
    },
    {
      what: 'evidence of a new entry',
      ours: () => composer.compose(parts),
      peers: {
        'canonicalize, whole': () => formatEvidence(evidenceValue),
        'JSON.stringify, whole': () => JSON.stringify(evidenceValue),
      },
    },
    {
      what: 'commitment and entry to hex',
      ours: () => encodeHex(entryValue.commitment),
      peers: { 'Uint8Array.toHex': () => toHex(entryValue.commitment) },
    },
    {
      what: 'content sealed (10 KiB)',
      ours: () => seal(dataKey, 'content', content),
      peers: {
        'AES-256-GCM alone': () => {
          const cipher = createCipheriv('aes-256-gcm', keyObject, Buffer.alloc(12))
          return [cipher.update(content), cipher.final(), cipher.getAuthTag()]
        },
      },
    },
    {
      what: 'content hashed (10 KiB)',
      ours: () => hash('sha256', content, 'hex'),
      peers: {
        createHash: () => createHash('sha256').update(content).digest('hex'),
        'SM3 of the same': () => hash('sm3', content, 'hex'),
      },
    },
    {
      what: 'checkpoint signed',
      ours: () => parts.signer.sign(head.size, head.root),
      peers: { '@noble/curves': () => ed25519.sign(checkpointBytes, signerKey) },
    },
    {
      what: 'inclusion verified (1 M entries)',
      ours: () => verifyInclusion(leafHash, { index, proof }, head),
      peers: {
        'its hashes alone': () => {
          for (let i = 0; i < proof.length; i++) hash('sha256', pair, 'buffer')
        },
      },
    },
  ]
}

/** Absent from the type library as yet. */
function toHex(bytes: Uint8Array): string {
  const own = bytes as Uint8Array & { toHex?(): string }
  return own.toHex === undefined ? Buffer.from(bytes).toString('hex') : own.toHex()
}
