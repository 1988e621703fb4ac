import { keccak_256 } from '@noble/hashes/sha3.js'
import { AbiCoder, keccak256 } from 'ethers'
import { commit } from '../../../node/core/commitment.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { readEvidence } from '../../../node/core/evidence.ts'
import type { Evidence } from '../../../node/core/evidence.ts'
import { encodeStatement } from '../../../node/core/statement.ts'
import type { StateProof } from '../../../node/core/stateProof.ts'
import type { UseChecked, UseReceipt } from '../../../node/core/statements/check.ts'
import type { UseReleased } from '../../../node/core/statements/use.ts'
import { signCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import { formatTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { useStatementId } from '../../../node/core/uses/request.ts'
import { USE } from '../../contracts/grants.ts'
import { inclusionProof, mthOf } from '../../reference/merkle.ts'
import { LOG_SIGNER, ORIGIN } from '../evidence/sample.ts'
import { BlockState } from './storage.ts'
import { ISSUED, USED, word, REGISTRIES, HOLDERS, PROPERTY_WORD } from './people.ts'
import {
  CHECKPOINTS,
  FIRST_BLOCK,
  TIMES,
  trustIn,
  fill,
  rootSlot,
  headerOf,
  anchorAt,
} from './chain.ts'
import type { Changes } from './changes.ts'
import {
  askedOf,
  CONTENT,
  issue,
  grantChain,
  authorize,
  makeReceipt,
  typedHash,
  grantId,
} from './signed.ts'
import { PLACES, saltOf, entryOf, leavesOf } from './log.ts'

export { trustOfBlock } from './chain.ts'
export * from './people.ts'
export { domain, grantId } from './signed.ts'
export type { Changes } from './changes.ts'

// A whole world without a chain: a bureau issues a property certificate, its holders let a tenant use it, who lets an
// agent, who lets a firm, which lets a counter use it; the counter asks a ledger, and the ledger writes evidence.

export interface World {
  /** Of the use. */
  readonly used: Evidence
  /** Of the certificate. */
  readonly issued: Evidence
  readonly trust: Trust
  /** Of the derived copy. */
  readonly content: { readonly digests: readonly string[]; readonly size: number }
  /** Of the first holder's grants, root first. */
  readonly ids: readonly Hex[]
  readonly blocks: readonly Hex[]
  readonly certificate: Hex
}

export async function makeWorld(changes: Changes = {}): Promise<World> {
  const certificate = await issue(changes)
  const serial = commit(saltOf('certificate'), encodeStatement(certificate))
  const certificateId = keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['address', 'bytes32', 'bytes32'],
      [certificate.issuer, PROPERTY_WORD, serial],
    ),
  ) as Hex
  const chains = HOLDERS.slice(0, changes.holders ?? 1).map((_, i) => grantChain(i, changes))
  const authorizations = await Promise.all(
    chains.map((chain) => authorize(chain, askedOf(certificate, changes), changes)),
  )
  const ids = chains.map((chain) => chain.map(grantId))
  const uses = authorizations.map(({ use }) => typedHash(USE, use))

  // The registries in each block, and the chain of blocks.
  const isCounted = (changes.uses ?? 0) > 0
  const storages = TIMES.map((_, i) =>
    fill(i + FIRST_BLOCK, { ids, chains, uses, isCounted, certificateId, changes }),
  )
  const certificateEntry = entryOf('certificate', certificate, ISSUED)
  const decided = isCounted ? 103 : 102
  const blocks: { header: Uint8Array; hash: Hex; state: BlockState }[] = []
  const receiptOf = (block: Hex): UseReceipt => {
    const receipt = makeReceipt(certificate, certificateId, authorizations, block, changes)
    const made: UseReleased & Partial<Pick<UseChecked, 'questions'>> = {
      ...receipt,
      ...changes.receipt?.(receipt),
    }
    const id = made.id === '' ? useStatementId(made, REGISTRIES) : made.id
    const { questions } = changes
    return questions === undefined
      ? { ...made, id }
      : checked({ ...made, id, questions: made.questions ?? questions })
  }
  let note = ''
  let leaves: Uint8Array[] = []
  let receipt: UseReceipt | undefined
  for (const [i, storage] of storages.entries()) {
    const number = FIRST_BLOCK + i
    if (number === 104) {
      receipt = receiptOf(blocks[2]?.hash ?? '0x')
      leaves = leavesOf(certificateEntry, entryOf('use', receipt, changes.loggedAt ?? USED + 40))
      const root = mthOf(leaves)(0, PLACES.size)
      note = await signCheckpoint({ origin: ORIGIN, size: PLACES.size, root }, LOG_SIGNER)
      storage.set(CHECKPOINTS, rootSlot(), BigInt(encode0x(root)))
    }
    const state = await BlockState.of(storage)
    const time = (changes.times ?? TIMES)[i] as number
    const header = headerOf(blocks.at(-1)?.hash ?? word('00'), state.root, number, time)
    blocks.push({ header, hash: encode0x(keccak_256(header)), state })
  }
  if (receipt === undefined) throw new Error('there are five blocks')

  const prove = async (of: StateProof['of'], number: number): Promise<StateProof> => {
    const block = blocks[number - FIRST_BLOCK]
    if (block === undefined) throw new Error(`no block ${number}`)
    const { parties, certificates, grants } = REGISTRIES
    const addresses = { issue: [parties], status: [certificates], sign: [parties] }
    const headers = blocks.slice(number - FIRST_BLOCK + 1).map(({ header }) => encode0x(header))
    return {
      of,
      chainId: REGISTRIES.chainId,
      blockNumber: number,
      blockHash: block.hash,
      header: encode0x(block.header),
      contracts: await block.state.prove(
        of === 'use' ? [parties, certificates, grants] : addresses[of],
        changes.only,
        of === 'issue' ? changes.absent : undefined,
      ),
      ...(headers.length > 0 && { headers }),
    }
  }
  const at = { issue: 100, use: decided, status: 104, sign: 100, ...changes.proven }
  const anchors = [await anchorAt(blocks.at(-1))]
  const proofAt = (index: number) =>
    formatTlogProof({
      index,
      proof: inclusionProof(mthOf(leaves), index, PLACES.size),
      checkpoint: note,
    })
  const certificatePart = {
    statement: certificate,
    salt: Buffer.from(saltOf('certificate')).toString('hex'),
    entry: certificateEntry,
    proof: proofAt(PLACES.certificate),
  }
  const issueState = await prove('issue', at.issue)
  return {
    used: {
      v: 1,
      statement: receipt,
      salt: Buffer.from(saltOf('use')).toString('hex'),
      entry: entryOf('use', receipt, changes.loggedAt ?? USED + 40),
      proof: proofAt(PLACES.use),
      anchors,
      certificate: certificatePart,
      states: [issueState, await prove('use', at.use)],
    },
    issued: readEvidence({
      v: 1,
      ...certificatePart,
      anchors,
      states: [issueState, await prove('status', at.status)],
    }),
    trust: trustIn(anchors),
    content: CONTENT,
    ids: ids[0] ?? [],
    blocks: blocks.map(({ hash }) => hash),
    certificate: certificateId,
  }
}

function checked(receipt: UseReleased & Pick<UseChecked, 'questions'>): UseChecked {
  const { content: _, expires: __, ...said } = receipt
  return { ...said, kind: 'use.checked', manner: 'read', answers: said.questions.map(() => true) }
}
