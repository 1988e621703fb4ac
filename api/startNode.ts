import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { Catalogue } from '../node/catalogue/catalogue.ts'
import type { Hex } from '../node/chain/chain.ts'
import { EthersChain } from '../node/chain/ethers/ethersChain.ts'
import { startEmbeddedChain } from '../node/chain/embedded/embeddedChain.ts'
import type { EmbeddedChain, EmbeddedChainEvent } from '../node/chain/embedded/embeddedChain.ts'
import type { DigestAlgorithm } from '../node/core/digest.ts'
import { CopyExaminer } from '../node/derived/copyExaminer.ts'
import { LedgerFigures } from '../node/figures/ledgerFigures.ts'
import { openAnchoring } from '../node/ledger/anchoring/anchoring.ts'
import type { Anchoring } from '../node/ledger/anchoring/anchoring.ts'
import type { AnchorTarget } from '../node/ledger/anchoring/anchorer.ts'
import type { AnchoringEvent } from '../node/ledger/anchoring/cycle.ts'
import { systemClock } from '../node/ledger/anchoring/clock.ts'
import { EMBEDDED_POLICY } from '../node/ledger/anchoring/policy.ts'
import type { AnchorPolicy } from '../node/ledger/anchoring/policy.ts'
import { SealedAnchorStore } from '../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../node/ledger/onceLedger.ts'
import { openLog, readOrigin } from '../node/ledger/open.ts'
import { LedgerMaterials } from '../node/materials/ledgerMaterials.ts'
import { Reception } from '../node/materials/reception.ts'
import { FileContentStore } from '../node/store/files/fileContentStore.ts'
import type { KeyValueStore } from '../node/store/keyValueStore.ts'
import { fileKey } from '../node/store/layout.ts'
import { LevelKeyValueStore } from '../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../node/store/sealing/keyRing.ts'
import { openOrCreateMasterKey } from '../node/store/sealing/masterKey.ts'
import { TermIndex } from '../node/store/terms.ts'
import { Reclaimer } from './reclaimer.ts'
import { localRegistries, startRegistries } from './startRegistries.ts'
import type { RegistryNode, RegistryNodeEvent, RegistrySettings } from './startRegistries.ts'
import { TrustFile } from './trustFile.ts'

export interface NodeSettings {
  readonly dataFolder: string
  /** Of a new log; a log that exists keeps its own, and must match where this is given. */
  readonly origin?: string
  /** 32 bytes; unless given, the data folder keeps one in a file. */
  readonly masterKey?: Uint8Array
  readonly digests: readonly DigestAlgorithm[]
  /** Bytes of one content at most. */
  readonly maxContent: number
  /** Appends that may wait. */
  readonly queueLimit: number
  /** Chains to anchor on; unless given, a local chain with its state in the data folder. */
  readonly chains?: readonly ChainSettings[]
  /** For the local chain. */
  readonly embedded?: Partial<AnchorPolicy>
  /** Account that accredits the first departments of the local chain; else one is made in the data folder. */
  readonly authority?: Hex
  /** On a chain of others; unless given, such a ledger knows no parties. */
  readonly registries?: RegistrySettings
}

export interface ChainSettings {
  readonly name: string
  readonly url: string
  /** Private key of the operator's account. */
  readonly key: string
  readonly policy: AnchorPolicy
}

export type NodeEvent =
  | { readonly of: 'anchoring'; readonly event: AnchoringEvent }
  | { readonly of: 'chain'; readonly event: EmbeddedChainEvent }
  | { readonly of: 'group'; readonly entries: number }
  | { readonly of: 'trustFile' | 'reclaiming'; readonly error: unknown }
  | RegistryNodeEvent

export interface RunningNode {
  readonly ledger: OnceLedger
  readonly materials: LedgerMaterials
  readonly catalogue: Catalogue
  readonly figures: LedgerFigures
  readonly examiner: CopyExaminer
  readonly store: KeyValueStore
  readonly contents: FileContentStore
  readonly ring: KeyRing
  readonly anchoring: Anchoring
  readonly targets: readonly (AnchorTarget & {
    readonly url: string
    readonly chain: EthersChain
  })[]
  /** The master key was made by this start: somebody has to copy it. */
  readonly masterKeyCreated: boolean
  /** Undefined on a chain of others without an authority: the ledger logs and anchors, and knows no parties. */
  readonly registries: RegistryNode | undefined
  reopenRing(): Promise<KeyRing>
  close(): Promise<void>
}

/**
 * Opens a data folder and runs the ledger in it. The adapters are chosen here and nowhere else.
 *
 * @throws LedgerError unavailable/DATA_FOLDER_IN_USE, and what opening each part throws
 */
export async function startNode(
  settings: NodeSettings,
  report: (event: NodeEvent) => void = () => {},
): Promise<RunningNode> {
  const { dataFolder } = settings
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const opened: { close(): Promise<void> }[] = []
  const opening = async <T extends { close(): Promise<void> }>(part: Promise<T>): Promise<T> => {
    opened.push(await part)
    return part
  }
  try {
    // First of all: the lock of the database keeps a second node out of the whole folder.
    const store = await opening(LevelKeyValueStore.open(join(dataFolder, 'ledger')))
    const master = settings.masterKey
      ? { key: settings.masterKey, created: false }
      : await openOrCreateMasterKey(dataFolder)
    const ring = await KeyRing.open(store, master.key)
    const contents = await opening(FileContentStore.open(join(dataFolder, 'contents')))
    await contents.recover(async ({ name }) => (await store.get(fileKey(name))) !== undefined)

    let anchoring: Anchoring | undefined
    const log = await openLog(
      { store, ring },
      {
        origin: settings.origin ?? (await readOrigin(store)) ?? newOrigin(),
        now: Date.now,
        queueLimit: settings.queueLimit,
        onGroup: (entries) => {
          anchoring?.wake()
          report({ of: 'group', entries })
        },
      },
    )
    const local = settings.chains
      ? undefined
      : await opening(
          startEmbeddedChain({
            folder: join(dataFolder, 'chain'),
            report: (event) => report({ of: 'chain', event }),
          }),
        )
    const targets = local ? [localTarget(local, settings)] : remoteTargets(settings.chains ?? [])
    const anchors = new SealedAnchorStore(
      store,
      ring,
      targets.map(({ name }) => name),
    )
    const trust = new TrustFile({
      path: join(dataFolder, 'trust.json'),
      log: { origin: log.signer.origin, key: log.signer.vkey },
      anchors,
      rpc: new Map(local ? [[local.chainId, local.url]] : []),
      onError: (error) => report({ of: 'trustFile', error }),
    })
    anchoring = await openAnchoring(targets, {
      log: anchoredLog(log),
      store: anchors,
      clock: systemClock,
      random: Math.random,
      report(event) {
        trust.note(event)
        report({ of: 'anchoring', event })
      },
    })
    const ledger = new OnceLedger({
      log,
      store,
      ring,
      anchors,
      anchoring,
      anchorsNoted: () => trust.settled(),
    })
    opened.push(ledger)
    const { digests, maxContent } = settings
    const reception = new Reception(contents, { digests, maxContent })
    const reclaimer = new Reclaimer({ store, contents, writer: log.writer }, (error) =>
      report({ of: 'reclaiming', error }),
    )
    opened.push(reception, reclaimer)
    // Each start begins a segment of its own: what earlier ones left small is merged.
    reclaimer.schedule()
    const terms = new TermIndex(store, ring)
    let registries: RegistryNode | undefined
    const catalogue = await Catalogue.open({
      ledger,
      terms,
      // A node without registries knows no departments, and takes every address.
      isDepartment: (address) =>
        registries === undefined || registries.mirror.departments.find(address) !== undefined,
      now: Date.now,
    })
    const size = () => ledger.size
    const figures = new LedgerFigures({ store, ring, size, now: Date.now })
    opened.push(figures)
    const examiner = new CopyExaminer()
    opened.push(examiner)
    const materials = new LedgerMaterials({
      ledger,
      reception,
      terms,
      types: catalogue,
      // Cases are known as soon as parties are.
      requireForCase: async (upload) => {
        // Who has nothing to do with the case is told nothing of what lies here.
        if (await registries?.caseRules.requireHandIn(upload.caseCode, upload.submitter))
          await registries?.resolutions.requireReason(upload)
      },
      now: Date.now,
      onErased: () => reclaimer.schedule(),
    })
    const recorded = local
      ? await localRegistries(local, dataFolder, settings.authority)
      : settings.registries
    registries =
      recorded &&
      (await opening(
        startRegistries(recorded, {
          store,
          ring,
          ledger,
          catalogue,
          reception,
          materials,
          report,
        }),
      ))
    if (registries) trust.nameRegistries(registries.chain.registries)
    return {
      ledger,
      materials,
      catalogue,
      figures,
      examiner,
      registries,
      store,
      contents,
      ring,
      anchoring,
      targets,
      masterKeyCreated: master.created,
      reopenRing: () => KeyRing.open(store, master.key),
      close: () => closeAll(opened),
    }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** Last opened, first closed. */
async function closeAll(opened: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of opened.toReversed()) await part.close()
}

/** An origin names one log for its whole life, so no two folders may get the same by themselves. */
function newOrigin(): string {
  return `onceledger.local/${randomBytes(6).toString('hex')}`
}

type Target = RunningNode['targets'][number]

function localTarget({ url, key, chainId }: EmbeddedChain, { embedded }: NodeSettings): Target {
  const chain = new EthersChain({ url, key, chainId, minesOnDemand: true })
  return { name: 'local', url, chain, policy: { ...EMBEDDED_POLICY, ...embedded } }
}

function remoteTargets(chains: readonly ChainSettings[]): Target[] {
  return chains.map(({ name, url, key, policy }) => ({
    name,
    url,
    policy,
    chain: new EthersChain({ url, key }),
  }))
}
