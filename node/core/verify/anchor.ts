import type { EvidenceAnchor } from '../evidence.ts'
import { isLedgerError } from '../errors.ts'
import type { Checkpoint } from '../tlog/checkpoint.ts'
import type { TrustedChain } from '../trust.ts'
import { findSentence } from './sentences.ts'
import { proveAnchor } from './anchorProof.ts'
import { askChain } from './anchorOnline.ts'
import type { ChainReader } from './chainReader.ts'
import { codeOfStep } from './codes.ts'

/** The chain with this id, for a verifier that may ask it. */
export type FindChain = (chainId: number) => ChainReader | undefined

export interface AnchorFinding {
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * A chain that the trust names holds the root of this very checkpoint, and nothing contradicts it on another.
 * One is enough, because chains anchor on their own: they seldom hold the same sizes.
 */
export async function checkAnchors(
  anchors: readonly EvidenceAnchor[],
  unverifiedCheckpoint: Checkpoint | undefined,
  chains: readonly TrustedChain[],
  findChain: FindChain,
): Promise<AnchorFinding> {
  if (chains.length === 0) return { code: 'ANCHOR_NOT_REQUIRED', details: {} }
  if (unverifiedCheckpoint === undefined) return { code: 'CHECKPOINT_UNREADABLE', details: {} }
  const trusted = new Set(chains.map(({ chainId }) => chainId))
  const foreign = anchors.some(({ chainId }) => !trusted.has(chainId))
  const findings: AnchorFinding[] = []
  for (const chain of chains) {
    const { chainId } = chain
    const code = await codeOfStep(
      () => checkChain(anchors, foreign, unverifiedCheckpoint, chain, findChain(chainId)),
      NAMES,
    )
    findings.push({ code, details: { chainId } })
  }
  return (
    findings.find(({ code }) => findSentence(code).result === 'fail') ??
    findings.find(({ code }) => findSentence(code).result === 'pass') ??
    (findings[0] as AnchorFinding)
  )
}

const NAMES = {
  HEADER_MALFORMED: 'ANCHOR_HEADER_MALFORMED',
  ACCOUNT_PROOF_INVALID: 'ANCHOR_ACCOUNT_PROOF_INVALID',
  ACCOUNT_ABSENT: 'ANCHOR_REGISTRY_ABSENT',
  STORAGE_PROOF_INVALID: 'ANCHOR_STORAGE_PROOF_INVALID',
  TRANSACTION_PROOF_INVALID: 'ANCHOR_TRANSACTION_PROOF_INVALID',
}

async function checkChain(
  anchors: readonly EvidenceAnchor[],
  foreign: boolean,
  checkpoint: Checkpoint,
  chain: TrustedChain,
  reader: ChainReader | undefined,
): Promise<string> {
  const onChain = anchors.filter(({ chainId }) => chainId === chain.chainId)
  if (onChain.length === 0) return foreign ? 'ANCHOR_CHAIN_UNKNOWN' : 'ANCHOR_PENDING'
  const inRegistry = onChain.filter(({ registry }) => registry === chain.registry)
  if (inRegistry.length === 0) return 'ANCHOR_REGISTRY_UNTRUSTED'
  const anchor = inRegistry.find(({ logId }) => logId === chain.logId)
  if (anchor === undefined) return 'ANCHOR_LOG_MISMATCH'

  const proven = await proveAnchor(anchor, checkpoint)
  if (findSentence(proven).result === 'fail') return proven
  const known = chain.blocks.includes(anchor.blockHash)
  if (proven === 'CHECKPOINT_ANCHORED' && known) return proven
  if (reader !== undefined) return askUnlessDown(() => askChain(reader, anchor, checkpoint, proven))
  return proven === 'CHECKPOINT_ANCHORED' ? 'ANCHOR_BLOCK_NOT_TRUSTED' : proven
}

async function askUnlessDown(ask: () => Promise<string>): Promise<string> {
  try {
    return await ask()
  } catch (error) {
    if (isLedgerError(error) && error.kind === 'unavailable') return 'ANCHOR_CHAIN_UNREACHABLE'
    throw error
  }
}
