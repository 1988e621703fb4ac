import { readFile } from 'node:fs/promises'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { parseStrictJson } from '../../../node/core/json.ts'
import { readTrust, TrustDocument } from '../../../node/core/trust.ts'
import type { TrustedChain } from '../../../node/core/trust.ts'
import type { LearnedLedger } from './learn.ts'

const LIMITS = { bytes: 16 * 1024 * 1024, depth: 8 }
const MOST_BLOCKS = 10_000

/** The file as it is; undefined where there is none. @throws LedgerError invalid/TRUST_MALFORMED and the like */
export async function readPinned(path: string): Promise<TrustDocument | undefined> {
  const text = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const value = parseStrictJson(text, LIMITS)
  readTrust(value)
  return TrustDocument.parse(value)
}

/**
 * What the ledger says otherwise than the file, a sentence each. New chains contradict nothing, nor do those that
 * it does not name: it may not have reached them yet.
 */
export function findContradictions(pinned: TrustDocument, learned: LearnedLedger): string[] {
  const contradictions: string[] = []
  const compare = (what: string, before: string, now: string): void => {
    if (before !== now) contradictions.push(`${what} was ${before} and is now ${now}`)
  }
  compare('the origin', pinned.log.origin, learned.origin)
  compare('the log key', pinned.log.key, learned.logKey)
  for (const { chainId, registry, logId } of pinned.chains) {
    const chain = learned.chains.find((one) => one.chainId === chainId)
    if (chain === undefined) continue
    compare(`the registry on chain ${chainId}`, registry, chain.registry)
    compare(`the log id on chain ${chainId}`, logId, chain.logId)
  }
  if (pinned.registries && learned.registries) {
    const { chainId, ...addresses } = learned.registries
    compare('the chain of the registries', `${pinned.registries.chainId}`, `${chainId}`)
    for (const [name, address] of Object.entries(addresses))
      compare(`the registry of ${name}`, pinned.registries[name as keyof typeof addresses], address)
  }
  return contradictions
}

/** The file as it will be: what stood there stays, new blocks come first. */
export function pin(
  pinned: TrustDocument | undefined,
  { origin, logKey, chains, registries = pinned?.registries }: LearnedLedger,
  blocks: ReadonlyMap<number, readonly Hex[]>,
): TrustDocument {
  const before = pinned?.chains ?? []
  const named = chains.map((chain): TrustedChain => {
    const { blocks: known = [], rpc } = before.find((one) => one.chainId === chain.chainId) ?? {}
    const hashes = new Set([...(blocks.get(chain.chainId) ?? []), ...known])
    return { ...chain, blocks: [...hashes].slice(0, MOST_BLOCKS), ...(rpc && { rpc }) }
  })
  const unnamed = before.filter((one) => !chains.some(({ chainId }) => chainId === one.chainId))
  return {
    v: 1,
    log: { origin, key: logKey },
    witnesses: pinned?.witnesses ?? { quorum: 0, keys: [] },
    chains: [...named, ...unnamed],
    ...(registries && { registries }),
  }
}
