import { destination, pino } from 'pino'
import type { Logger } from 'pino'
import manifest from '../package.json' with { type: 'json' }
import type { FindChain } from '../node/core/verify/anchor.ts'
import { EMBEDDED_POLICY, REMOTE_POLICY } from '../node/ledger/anchoring/policy.ts'
import type { AnchorPolicy } from '../node/ledger/anchoring/policy.ts'
import { auditLedger } from '../node/ledger/audit/audit.ts'
import type { AuditedChain } from '../node/ledger/audit/audit.ts'
import { createBackup } from '../node/ledger/backup/backup.ts'
import type { Config } from './config.ts'
import type { ChainConfig } from './config/chains.ts'
import { createApi } from './http/createApi.ts'
import type { ApiOptions } from './http/createApi.ts'
import { createMetrics } from './http/metrics.ts'
import { listen } from './http/server.ts'
import { registeredAccounts, strangers } from './http/session/accounts.ts'
import { startNode } from './startNode.ts'
import type { ChainSettings, NodeEvent, NodeSettings, RunningNode } from './startNode.ts'
import { measureStores } from './storeSizes.ts'
import { openOrCreateTokens } from './tokens.ts'

export interface Serving {
  readonly url: string
  readonly node: RunningNode
  /** Answers what is under way, then stops everything. */
  close(): Promise<void>
}

/**
 * A node and its API, as configured.
 *
 * @throws LedgerError what starting the node throws, invalid/TOKENS_MALFORMED, forbidden/TOKENS_EXPOSED
 * @throws the system's error when the port cannot be had
 */
export async function serve(config: Config): Promise<Serving> {
  const logger = pino({ level: config.ONCE_LOG_LEVEL }, destination({ dest: 2, sync: false }))
  const metrics = createMetrics()
  const node = await startNode(nodeSettings(config), (event) => {
    if (event.of === 'group') metrics.observeGroup(event.entries)
    else logEvent(event, logger)
  })
  try {
    metrics.watch(node.ledger, measureStores(config.ONCE_DATA, Date.now))
    metrics.watchFigures(node.figures)
    if (node.registries) metrics.watchRegistries(node.registries)
    const credentials = config.ONCE_TOKENS ?? (await openOrCreateTokens(config.ONCE_DATA))
    const app = createApi({
      ledger: node.ledger,
      catalogue: node.catalogue,
      figures: node.figures,
      examiner: node.examiner,
      materials: node.materials,
      audit: (signal) => auditNode(node, signal),
      backup: () => createBackup(node, Date.now()),
      findChain: chainsOf(node),
      credentials,
      accounts: node.registries
        ? registeredAccounts(node.registries)
        : strangers(() => chainIdOf(node)),
      registries: node.registries,
      metrics,
      logger,
      options: apiOptions(config),
    })
    const server = await listen(app, { host: config.ONCE_HOST, port: config.ONCE_PORT })
    return {
      url: server.url,
      node,
      async close() {
        await server.close()
        await node.close()
        logger.flush()
      },
    }
  } catch (error) {
    await node.close()
    throw error
  }
}

function nodeSettings(config: Config): NodeSettings {
  const { ONCE_LOG_ORIGIN: origin, ONCE_MASTER_KEY: masterKey } = config
  return {
    dataFolder: config.ONCE_DATA,
    ...(origin !== undefined && { origin }),
    ...(masterKey !== undefined && { masterKey }),
    digests: config.ONCE_DIGESTS,
    maxContent: config.ONCE_MAX_CONTENT,
    queueLimit: config.ONCE_QUEUE,
    embedded: policyOf(config, EMBEDDED_POLICY),
    ...(config.chains && { chains: config.chains.map((chain) => chainSettings(config, chain)) }),
    ...registrySettings(config),
  }
}

/** On the local chain a name for the authority is all there is to say; on others the registries are on the first. */
function registrySettings({
  chains,
  ONCE_AUTHORITY: authority,
  ONCE_RELAYER_KEY: relayerKey,
  ONCE_REGISTRIES_FROM: from,
}: Config): Pick<NodeSettings, 'authority' | 'registries'> {
  if (authority === undefined) return {}
  if (chains === undefined) return { authority }
  const [first] = chains
  if (first === undefined) return {}
  const relayer = relayerKey === undefined ? {} : { relayerKey }
  return { registries: { url: first.rpcUrl, authority, ...relayer, from, isOwn: false } }
}

function chainSettings(
  config: Config,
  { name, rpcUrl, key, interval, size, confirmations, maxFeePerGas }: ChainConfig,
): ChainSettings {
  const policy = {
    ...policyOf(config, REMOTE_POLICY),
    ...(interval !== undefined && { interval }),
    ...(size !== undefined && { sizeThreshold: size }),
    ...(confirmations !== undefined && { confirmations }),
    ...(maxFeePerGas !== undefined && { maxFeePerGas }),
  }
  return { name, url: rpcUrl, key, policy }
}

function policyOf(config: Config, usual: AnchorPolicy): AnchorPolicy {
  return {
    ...usual,
    interval: config.ONCE_ANCHOR_INTERVAL ?? usual.interval,
    sizeThreshold: config.ONCE_ANCHOR_SIZE,
    confirmations: config.ONCE_CONFIRMATIONS ?? usual.confirmations,
  }
}

function apiOptions(config: Config): ApiOptions {
  return {
    version: manifest.version,
    behindProxy: config.ONCE_BEHIND_PROXY,
    readyLag: config.ONCE_READY_LAG / 1000,
    maxContent: config.ONCE_MAX_CONTENT,
    maxBatch: config.ONCE_MAX_BATCH,
    wait: config.ONCE_WAIT,
    rate: config.ONCE_RATE,
    publicRate: config.ONCE_PUBLIC_RATE,
    concurrency: config.ONCE_CONCURRENCY,
    publicConcurrency: config.ONCE_PUBLIC_CONCURRENCY,
    publicUrls: config.ONCE_PUBLIC_URL ?? [],
    session: config.ONCE_SESSION,
    sessionIdle: config.ONCE_SESSION_IDLE,
    now: Date.now,
  }
}

function logEvent(event: Exclude<NodeEvent, { of: 'group' }>, logger: Logger): void {
  switch (event.of) {
    case 'anchoring': {
      const { type, ...details } = event.event
      const isBad = type === 'failed' || type === 'lost'
      return logger[isBad ? 'warn' : 'debug'](details, `anchoring: ${type}`)
    }
    case 'chain':
      return logger.warn({ said: event.event.said }, `local chain: ${event.event.type}`)
    case 'trustFile':
      return logger.error({ err: event.error }, 'trust.json not written')
    case 'reclaiming':
      return logger.error({ err: event.error }, 'room of erased contents not reclaimed')
    case 'relay': {
      const { type, ...details } = event.event
      const isBad = type === 'failed' || type === 'lost' || type === 'refused'
      return logger[isBad ? 'warn' : 'debug'](details, `acts: ${type}`)
    }
    case 'mirror': {
      const { type, ...details } = event.event
      return logger[type === 'recovered' ? 'info' : 'warn'](details, `registries: ${type}`)
    }
    case 'stateProofs':
      return logger.warn({ err: event.error }, 'state of the registries not proven yet')
    case 'uses':
      return logger.error({ err: event.error }, 'a counted use not answered yet')
  }
}

/** Of the first chain that answered. */
function chainIdOf({ ledger }: RunningNode): number | undefined {
  return ledger.status().chains.find(({ log }) => log !== undefined)?.log?.chainId
}

function chainsOf({ ledger, targets }: RunningNode): FindChain {
  return (chainId) => {
    const known = ledger.status().chains.find(({ log }) => log?.chainId === chainId)
    const chain = targets.find(({ name }) => name === known?.target)?.chain
    return (
      chain && {
        blockHash: (number) => chain.blockHash(number),
        rootAt: (registry, logId, size) => chain.rootAt({ chainId, registry, logId }, size),
        async blockOf(transaction) {
          const found = await chain.transactionState({ transaction, nonce: 0 })
          return found.state === 'mined' ? found.block.hash : undefined
        },
      }
    )
  }
}

function auditNode(
  { ledger, targets, ...parts }: RunningNode,
  signal: AbortSignal,
): ReturnType<typeof auditLedger> {
  const chains = targets.map(({ name, chain }): [string, AuditedChain] => [
    name,
    {
      get log() {
        return ledger.status().chains.find(({ target }) => target === name)?.log
      },
      latest: (log) => chain.latest(log),
      rootAt: (log, size) => chain.rootAt(log, size),
      blockHash: (number) => chain.blockHash(number),
    },
  ])
  return auditLedger({ ...parts, chains: new Map(chains) }, { now: Date.now, signal })
}
