// Writes worked-example/, which docs/formats.md walks through: `node test/vectors/generate-worked-example.ts`.
// Keys, salt and times are constants, and so is all that anvil makes of them: a second run changes nothing,
// unless the code of the contract has changed.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { RLP } from '@ethereumjs/rlp'
import { ed25519 } from '@noble/curves/ed25519.js'
import { Wallet, keccak256 } from 'ethers'
import { findFreePort, runAnvil } from '../../node/chain/embedded/anvil.ts'
import { EthersChain } from '../../node/chain/ethers/ethersChain.ts'
import type { LogOnChain } from '../../node/chain/chain.ts'
import { decodeUtf8, encodeBase64, encodeHex, utf8 } from '../../node/core/bytes.ts'
import { commit } from '../../node/core/commitment.ts'
import { formatDigest } from '../../node/core/digest.ts'
import { formatEntry } from '../../node/core/entry.ts'
import { decodeHeader } from '../../node/core/ethereum/header.ts'
import { decode0x, encode0x } from '../../node/core/ethereum/hex.ts'
import { checkpointRootSlot } from '../../node/core/ethereum/registry.ts'
import { composeEvidence } from '../../node/core/evidence.ts'
import { hashLeaf, hashNode, sha256 } from '../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../node/core/merkle/builder.ts'
import { verifyUscc } from '../../node/core/identifiers/uscc.ts'
import { encodeStatement, readStatement } from '../../node/core/statement.ts'
import type { Statement } from '../../node/core/statement.ts'
import { formatCheckpoint } from '../../node/core/tlog/checkpoint.ts'
import { cosignCheckpoint } from '../../node/core/tlog/cosignature.ts'
import { formatTlogProof } from '../../node/core/tlog/tlogProof.ts'
import {
  formatVerifierKey,
  makeVerifierKey,
  SIGNATURE_TYPE,
} from '../../node/core/tlog/verifierKey.ts'
import { formatTrust } from '../../node/core/trust.ts'
import { LogSigner } from '../../node/ledger/signer.ts'
import type { ProvenAnchor } from '../core/evidence/sample.ts'
import * as reference from '../reference/merkle.ts'

const FOLDER = new URL('worked-example/', import.meta.url)

const ORIGIN = 'ledger.example/once'
const SALT = bytesFrom(0x00)
const LOG_SEED = bytesFrom(0x20)
const WITNESS_SEED = bytesFrom(0x40)
const OPERATOR_KEY = encode0x(bytesFrom(0x60))
const INDEX = 4
const SIZE = 6
/** Size of the anchor before. */
const EARLIER = 3
const LOGGED_AT = Date.parse('2026-01-02T03:04:05.678Z')
/** Seconds since 1970. */
const COSIGNED_AT = 1_767_323_046
const GENESIS_AT = 1_767_323_040

const content = utf8('Food operation licence JY13101100012345, valid until 2031-01-01.\n')
const statement = readStatement({
  v: 1,
  id: 'licence-2026-0001',
  kind: 'material.submitted',
  type: '11100000MB0143028R001',
  title: '食品经营许可证 Food operation licence',
  content: {
    digests: [
      formatDigest('sha-256', sha256(content)),
      formatDigest('sm3', createHash('sm3').update(content).digest()),
    ],
    size: content.length,
    mediaType: 'text/plain',
    kept: 'here',
  },
  submitter: 'permits',
  holder: { codeType: '001', code: '91310110MADEM0011Y' },
  fields: { validUntil: '2031-01-01', area: 120 },
} satisfies Statement)
verifyUscc('91310110MADEM0011Y')

const statementBytes = encodeStatement(statement)
const commitment = commit(SALT, statementBytes)
const entries = Array.from({ length: SIZE }, (_, index) =>
  formatEntry({
    at: new Date(LOGGED_AT - 1000 * (INDEX - index)).toISOString(),
    // The others commit to statements that nobody needs to know.
    commitment: index === INDEX ? commitment : sha256(utf8(`another statement ${index}`)),
    kind: index === 3 ? 'material.erased' : 'material.submitted',
  }),
)
const leaves = entries.map(hashLeaf)

const tree = new TreeBuilder()
for (const leaf of leaves.slice(0, EARLIER)) tree.append(leaf)
const earlierRoot = tree.root()
for (const leaf of leaves.slice(EARLIER)) tree.append(leaf)
const root = tree.root()
const proof = tree.inclusionProof(INDEX)
const consistencyProof = reference.consistencyProof(reference.mthOf(leaves), EARLIER, SIZE)

const log = new LogSigner(ORIGIN, pkcs8(LOG_SEED))
const witnessKey = makeVerifierKey(
  'witness.example/w1',
  SIGNATURE_TYPE.cosignature,
  ed25519.getPublicKey(WITNESS_SEED),
)
const witness = {
  name: witnessKey.name,
  keyId: witnessKey.keyId,
  sign: (message: Uint8Array) => ed25519.sign(message, WITNESS_SEED),
}
const checkpointText = formatCheckpoint({ origin: ORIGIN, size: SIZE, root })
const checkpoint = await cosignCheckpoint(log.sign(SIZE, root), witness, COSIGNED_AT)

const anchor = await anchorOnChain()
const evidence = composeEvidence({
  statement: statementBytes,
  salt: SALT,
  entry: entries[INDEX]!,
  proof: formatTlogProof({ index: INDEX, proof, checkpoint }),
  anchors: [anchor],
})
const { chainId, registry, logId, blockHash } = anchor
const trust = {
  v: 1 as const,
  log: { origin: ORIGIN, key: log.vkey },
  witnesses: { quorum: 1, keys: [formatVerifierKey(witnessKey)] },
  chains: [{ chainId, registry, logId, blocks: [blockHash] }],
}

write('licence.txt', content)
write('licence.evidence.json', `${evidence}\n`)
write('trust.json', `${formatTrust(trust)}\n`)
write('values.json', `${JSON.stringify(intermediateValues(), null, 2)}\n`)

/** Every value on the way from the statement to the block hash, as docs/formats.md prints them. */
function intermediateValues() {
  const node01 = hashNode(leaves[0]!, leaves[1]!)
  const node23 = hashNode(leaves[2]!, leaves[3]!)
  const node45 = hashNode(leaves[4]!, leaves[5]!)
  const header = decodeHeader(decode0x(anchor.header))
  const slot = checkpointRootSlot(decode0x(logId), SIZE)
  const inner = keccak256(`${logId}${'1'.padStart(64, '0')}`)
  return {
    logSeed: encodeHex(LOG_SEED),
    witnessSeed: encodeHex(WITNESS_SEED),
    operatorKey: OPERATOR_KEY,
    operator: new Wallet(OPERATOR_KEY).address.toLowerCase(),
    statement: decodeUtf8(statementBytes),
    statementLength: statementBytes.length,
    salt: encodeHex(SALT),
    commitment: encodeHex(commitment),
    entries: entries.map(decodeUtf8),
    leafHashes: leaves.map(encodeHex),
    node01: encodeHex(node01),
    node23: encodeHex(node23),
    node0123: encodeHex(hashNode(node01, node23)),
    node45: encodeHex(node45),
    proof: proof.map((hash) => encodeBase64(hash)),
    root: encodeHex(root),
    rootBase64: encodeBase64(root),
    earlierRoot: encodeHex(earlierRoot),
    consistencyProof: consistencyProof.map(encodeHex),
    checkpointText,
    logPublicKey: encodeHex(ed25519.getPublicKey(LOG_SEED)),
    logKeyId: log.verifierKey.keyId.toString(16).padStart(8, '0'),
    logKey: log.vkey,
    witnessPublicKey: encodeHex(ed25519.getPublicKey(WITNESS_SEED)),
    witnessKeyId: witnessKey.keyId.toString(16).padStart(8, '0'),
    witnessKey: formatVerifierKey(witnessKey),
    cosignedMessage: `cosignature/v1\ntime ${COSIGNED_AT}\n${checkpointText}`,
    checkpoint,
    logId,
    innerSlotKey: inner,
    slotKey: encode0x(slot),
    hashedSlotKey: keccak256(slot),
    registry,
    hashedRegistry: keccak256(registry),
    headerLength: (anchor.header.length - 2) / 2,
    blockHash,
    blockNumber: anchor.blockNumber,
    stateRoot: encode0x(header.stateRoot),
    storageRoot: storageRootOf(anchor.accountProof.at(-1)!),
    transactionsRoot: encode0x(header.transactionsRoot),
    transactionIndex: anchor.transactionProof.index,
    transactionKey: encode0x(RLP.encode(anchor.transactionProof.index)),
    transaction: anchor.transaction,
  }
}

/** Runs a chain, deploys the registry, anchors twice and has the second anchor proven. */
async function anchorOnChain(): Promise<ProvenAnchor> {
  const port = await findFreePort()
  const options = `--chain-id 31337 --hardfork prague --accounts 0 --timestamp ${GENESIS_AT} --quiet`
  const anvil = runAnvil(port, options.split(' '))
  const url = `http://127.0.0.1:${port}`
  const chain = new EthersChain({ url, key: OPERATOR_KEY })
  try {
    await untilDefined(() => chain.chainId().catch(() => undefined))
    await rpc(url, 'anvil_setBlockTimestampInterval', [12])
    await rpc(url, 'anvil_setBalance', [chain.operator, '0xde0b6b3a7640000'])
    const onChain = await untilDefined(() => chain.openLog(ORIGIN))
    await send(chain, onChain, { size: EARLIER, root: earlierRoot, proof: [] })
    const transaction = await send(chain, onChain, { size: SIZE, root, proof: consistencyProof })
    const { number, hash } = await chain.head()
    const block = { number, hash }
    const proven = await chain.proveRoot(onChain, { size: SIZE, root }, block, transaction)
    if (proven?.transactionProof === undefined) throw new Error('the chain gives no proof')
    const { header, accountProof, storageProof, transactionProof } = proven
    return {
      ...onChain,
      transaction,
      blockNumber: number,
      blockHash: hash,
      header,
      accountProof: [...accountProof],
      storageProof: [...storageProof],
      transactionProof: { ...transactionProof, nodes: [...transactionProof.nodes] },
    }
  } finally {
    await chain.close()
    await anvil.stop()
  }
}

async function send(
  chain: EthersChain,
  onChain: LogOnChain,
  anchor: Parameters<EthersChain['signAnchor']>[1],
) {
  const { mined: nonce } = await chain.nonces()
  // Market fees follow the clock of the chain; a constant does not.
  const fees = { maxFeePerGas: 4_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n }
  const signed = await chain.signAnchor(onChain, anchor, { nonce, fees })
  await chain.send(signed)
  const state = await chain.transactionState(signed)
  if (state.state !== 'mined') throw new Error(`the anchor of size ${anchor.size} is not mined`)
  return signed.transaction
}

/** The account is the second item of the last node: RLP of nonce, balance, storage root, code hash. */
function storageRootOf(leafNode: `0x${string}`): string {
  const [, account] = RLP.decode(decode0x(leafNode)) as Uint8Array[]
  const fields = RLP.decode(account) as Uint8Array[]
  return encode0x(fields[2]!)
}

function bytesFrom(first: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => first + index)
}

/** RFC 8410 §7: what stands before the 32 bytes of a private key. */
function pkcs8(seed: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
}

async function rpc(url: string, method: string, params: unknown[]): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  const answer = (await (await fetch(url, { method: 'POST', headers, body })).json()) as object
  if ('error' in answer) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
}

async function untilDefined<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
}

function write(name: string, bytes: string | Uint8Array): void {
  writeFileSync(new URL(name, FOLDER), bytes)
}
