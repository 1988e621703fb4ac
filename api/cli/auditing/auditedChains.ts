import type { LogOnChain } from '../../../node/chain/chain.ts'
import type { EthersChain } from '../../../node/chain/ethers/ethersChain.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { AuditedChain } from '../../../node/ledger/audit/parts.ts'
import type { Report } from '../../../node/ledger/audit/report.ts'
import { misuse } from '../context.ts'

export interface AuditedChains {
  /** By the names that the ledger has for them. */
  readonly chains: ReadonlyMap<string, AuditedChain>
  close(): Promise<void>
}

/** A chain that the ledger anchors to, by its name there. */
export interface Target {
  readonly name: string
  readonly log: LogOnChain
}

/** Finds out which of the ledger's chains are behind these addresses. */
export async function openAuditedChains(
  urls: readonly string[],
  targets: readonly Target[],
  report: Report,
): Promise<AuditedChains> {
  if (urls.length === 0) return { chains: new Map(), close: async () => {} }
  const { openReadOnlyChain } = await import('../adapters.ts')
  const opened = urls.map((url) => ({ url, chain: openReadOnlyChain(url) }))
  const chains = new Map<string, AuditedChain>()
  for (const { url, chain } of opened) {
    const chainId = await chainIdOf(chain, url, report)
    if (chainId === undefined) continue
    const own = targets.filter(({ log }) => log.chainId === chainId)
    if (own.length === 0 && targets.length > 0) {
      misuse(
        `The chain at ${new URL(url).host} has the id ${chainId}: the ledger is not anchored there.`,
      )
    }
    for (const { name, log } of own) chains.set(name, auditedChain(chain, log))
  }
  return {
    chains,
    close: async () => {
      for (const { chain } of opened) await chain.close()
    },
  }
}

async function chainIdOf(
  chain: EthersChain,
  url: string,
  report: Report,
): Promise<number | undefined> {
  try {
    return await chain.chainId()
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('CHAIN_UNREACHABLE', `chain at ${new URL(url).host}`, { reason: error.code })
    return undefined
  }
}

function auditedChain(chain: EthersChain, log: LogOnChain): AuditedChain {
  return {
    log,
    latest: (of) => chain.latest(of),
    rootAt: (of, size) => chain.rootAt(of, size),
    blockHash: (number) => chain.blockHash(number),
  }
}
