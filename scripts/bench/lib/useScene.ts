import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegistries as openChain } from '../../../node/chain/ethers/openRegistries.ts'
import { dayOf } from '../../../node/core/catalogue/day.ts'
import type { RegistryChain } from '../../../node/chain/registries.ts'
import { LedgerCertificates } from '../../../node/certificates/ledgerCertificates.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { decode0x } from '../../../node/core/ethereum/hex.ts'
import { signer } from '../../../node/core/certificates/es256k.ts'
import { getCertificateType } from '../../../node/core/certificates/included.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { anchoredLog, OnceLedger } from '../../../node/ledger/onceLedger.ts'
import type { Materials } from '../../../node/materials/materials.ts'
import { Reception } from '../../../node/materials/reception.ts'
import { SingleUses } from '../../../node/materials/singleUses.ts'
import { RegistryMirror } from '../../../node/mirror/openMirror.ts'
import { REMOTE_MIRROR } from '../../../node/mirror/policy.ts'
import { PartyDirectory } from '../../../node/parties/directory.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { Subjects } from '../../../node/uses/subjects.ts'
import { draftOf, issueBy, PROPERTY } from '../../../test/certificates/support/papers.ts'
import { openTestLog } from '../../../test/support/log.ts'
import { startChain } from './chain.ts'
import { openRegistries, personOf } from './registries.ts'
import type { Person, Scene } from './registries.ts'

const EVERY_RIGHT = 0b11_1111

/** All that decides uses, on LevelDB and a local chain. */
export interface UseScene {
  readonly scene: Scene
  /** Two levels below the authority. */
  readonly user: Person
  readonly chain: RegistryChain
  readonly mirror: RegistryMirror
  readonly ledger: OnceLedger
  readonly subjects: Subjects
  readonly singles: SingleUses
  /** A property certificate of this holder; answers its statement's id. */
  issue(holder: Hex): Promise<string>
  /** Until the mirror is at the chain's head. */
  follow(): Promise<void>
  close(): Promise<void>
}

export async function openUseScene(): Promise<UseScene> {
  const local = await startChain()
  const scene = await openRegistries(local)
  const registries = await openChain({ url: local.url, authority: scene.authority })
  const { chain } = registries
  const folder = mkdtempSync(join(tmpdir(), 'onceledger-bench-'))
  const store = await LevelKeyValueStore.open(join(folder, 'ledger'))
  const mirror = await RegistryMirror.open({
    store,
    chain,
    from: 0,
    policy: REMOTE_MIRROR,
    clock: { now: Date.now, sleep: () => Promise.resolve() },
    random: Math.random,
  })
  const { ledger, subjects, singles, certificates } = await openLedger(store, folder, mirror, scene)
  const follow = async () => {
    do await mirror.look()
    while (mirror.status().state !== 'following')
  }
  const [issuer, user] = await accredit(scene)
  await follow()
  return {
    scene,
    user,
    chain,
    mirror,
    ledger,
    subjects,
    singles,
    follow,
    async issue(holder) {
      const key = decode0x(issuer.key.privateKey as Hex)
      const account = issuer.address
      const { chainId } = scene.registries
      const draft = draftOf(PROPERTY, account, { chainId, holders: [holder] })
      const sdJwt = await issueBy({ key, account, sign: signer(key) }, draft)
      return (await certificates.issue(sdJwt)).id
    },
    async close() {
      await mirror.close()
      await ledger.close()
      await registries.close()
      await local.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function openLedger(
  store: LevelKeyValueStore,
  folder: string,
  mirror: RegistryMirror,
  { registries }: Scene,
) {
  const contents = await FileContentStore.open(join(folder, 'contents'), { reserve: 0 })
  const log = await openTestLog({ store })
  const anchors = new SealedAnchorStore(store, log.ring, [])
  const anchoring = await openAnchoring([], {
    log: anchoredLog(log),
    store: anchors,
    clock: systemClock,
    random: Math.random,
  })
  const ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
  const terms = new TermIndex(store, log.ring)
  const directory = new PartyDirectory({ ledger, terms, now: Date.now })
  const certificates = new LedgerCertificates({
    ledger,
    contents: new Reception(contents, { digests: ['sha-256'], maxContent: 1_000_000 }),
    terms,
    registries: mirror,
    names: { codeOf: async () => undefined },
    proofs: {
      ofIssue: () => () => [],
      prove: () => {},
      evidence: ({ index }) => ledger.evidence(index),
    },
    typeOf: getCertificateType,
    chainId: registries.chainId,
    now: Date.now,
  })
  const subjects = new Subjects({
    certificates,
    materials: noMaterials,
    directory,
    catalogue: { find: () => undefined },
    dayOf: async () => dayOf(Date.now()),
  })
  const singles = new SingleUses({
    ledger,
    terms,
    types: { find: () => undefined },
    casesWith: async (code) => new Set([code]),
    now: Date.now,
  })
  return { ledger, certificates, subjects, singles }
}

/** Answers who issues and who uses. */
async function accredit(scene: Scene): Promise<readonly [issuer: Person, user: Person]> {
  const [city, issuer, user] = [personOf('city'), personOf('bureau'), personOf('market')]
  await scene.accredit(city, EVERY_RIGHT)
  await scene.accredit(issuer, EVERY_RIGHT, city)
  await scene.accredit(user, EVERY_RIGHT, city)
  return [issuer, user]
}

const noMaterials = new Proxy({} as Materials, {
  get: () => {
    throw new TypeError('what is used here are certificates')
  },
})
