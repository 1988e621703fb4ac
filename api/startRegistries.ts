import { openDevelopmentAuthority } from '../node/chain/embedded/authority.ts'
import type { EmbeddedChain } from '../node/chain/embedded/embeddedChain.ts'
import { openRegistries } from '../node/chain/ethers/openRegistries.ts'
import type { RegistriesOptions } from '../node/chain/ethers/openRegistries.ts'
import type { Hex } from '../node/chain/chain.ts'
import type { RegistryChain } from '../node/chain/registries.ts'
import { Acts } from '../node/acts/acts.ts'
import type { RelayEvent } from '../node/acts/cycle.ts'
import { relayPolicy } from '../node/acts/policy.ts'
import { LedgerEvidence } from '../node/benefits/evidence.ts'
import { LedgerBenefits } from '../node/benefits/ledgerBenefits.ts'
import { LedgerCases } from '../node/cases/ledgerCases.ts'
import { CaseRules } from '../node/cases/rules.ts'
import { casesWith } from '../node/cases/bundles.ts'
import type { Catalogue } from '../node/catalogue/catalogue.ts'
import { getCertificateTypeOn } from '../node/catalogue/certificateTypes.ts'
import { LedgerCertificates } from '../node/certificates/ledgerCertificates.ts'
import { ProvenCertificates } from '../node/certificates/proofs.ts'
import { LedgerError } from '../node/core/errors.ts'
import { maskField } from '../node/core/masking.ts'
import { LedgerGrants } from '../node/grants/ledgerGrants.ts'
import { Portfolios } from '../node/holdings/portfolio.ts'
import type { Ledger } from '../node/ledger/ledger.ts'
import { systemClock } from '../node/ledger/anchoring/clock.ts'
import { WorkingCopyMaker } from '../node/derived/workingCopyMaker.ts'
import { EMBEDDED_POLICY, REMOTE_POLICY } from '../node/ledger/anchoring/policy.ts'
import type { Materials } from '../node/materials/materials.ts'
import type { Reception } from '../node/materials/reception.ts'
import { SingleUses } from '../node/materials/singleUses.ts'
import type { MirrorEvent } from '../node/mirror/follower.ts'
import type { Mirror } from '../node/mirror/mirror.ts'
import { openMirror } from '../node/mirror/openMirror.ts'
import { EMBEDDED_MIRROR, REMOTE_MIRROR } from '../node/mirror/policy.ts'
import { PartyDirectory } from '../node/parties/directory.ts'
import { LedgerRequests } from '../node/requests/ledgerRequests.ts'
import { LedgerChecks } from '../node/checks/ledgerChecks.ts'
import { LedgerReuse } from '../node/reuse/ledgerReuse.ts'
import { LedgerResolutions } from '../node/resolution/ledgerResolutions.ts'
import { StateProofs } from '../node/states/stateProofs.ts'
import type { KeyValueStore } from '../node/store/keyValueStore.ts'
import type { KeyRing } from '../node/store/sealing/keyRing.ts'
import { TermIndex } from '../node/store/terms.ts'
import { UseCarrier } from '../node/uses/carrying.ts'
import type { UseActs } from '../node/uses/counting.ts'
import { LedgerUndertakings } from '../node/undertakings/ledgerUndertakings.ts'
import { LedgerUses } from '../node/uses/ledgerUses.ts'
import { UseMasking } from '../node/uses/masking.ts'
import { PendingUses } from '../node/uses/pendingUses.ts'
import { RecordedUses } from '../node/uses/recordedUses.ts'
import { SpentUses } from '../node/uses/spentUses.ts'
import { Subjects } from '../node/uses/subjects.ts'
import { UseDocuments } from '../node/uses/useDocuments.ts'

/** Where parties, certificates and grants are recorded. */
export interface RegistrySettings {
  readonly url: string
  readonly authority: Hex
  /** Private key of the account that pays for the acts of others; without it, they send them themselves. */
  readonly relayerKey?: string
  /** Height of the block that the registries were deployed in, or any before it. */
  readonly from: number
  /** The chain is one's own: what is missing is deployed, and blocks come on demand. */
  readonly isOwn: boolean
}

export type RegistryNodeEvent =
  | { readonly of: 'relay'; readonly event: RelayEvent }
  | { readonly of: 'mirror'; readonly event: MirrorEvent }
  | { readonly of: 'stateProofs' | 'uses'; readonly error: unknown }

export interface RegistryNodeParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
  readonly ledger: Ledger
  readonly catalogue: Catalogue
  readonly reception: Reception
  readonly materials: Materials
  readonly report: (event: RegistryNodeEvent) => void
}

/** What a ledger has that knows who is who: departments, holders, certificates, grants and their uses. */
export interface RegistryNode {
  readonly chain: RegistryChain
  readonly mirror: Mirror
  readonly acts: Acts
  readonly directory: PartyDirectory
  readonly certificates: LedgerCertificates
  readonly grants: LedgerGrants
  readonly uses: LedgerUses
  readonly documents: UseDocuments
  readonly cases: LedgerCases
  readonly caseRules: CaseRules
  readonly requests: LedgerRequests
  readonly undertakings: LedgerUndertakings
  readonly resolutions: LedgerResolutions
  readonly reuse: LedgerReuse
  readonly checks: LedgerChecks
  readonly benefits: LedgerBenefits
  readonly portfolios: Portfolios
  /** What was answered already, for all that answers uses. */
  readonly spent: SpentUses
  close(): Promise<void>
}

/** How long a request waits for a use to be counted, in milliseconds. */
const COUNTING = 60_000

/** The registries of a local chain, whose authority's key lies in the data folder unless another authority is named. */
export async function localRegistries(
  { url, relayerKey }: EmbeddedChain,
  dataFolder: string,
  authority?: Hex,
): Promise<RegistrySettings> {
  const { address } = authority
    ? { address: authority }
    : await openDevelopmentAuthority(dataFolder)
  return { url, authority: address, relayerKey, from: 0, isOwn: true }
}

/**
 * Opens the registries and everything that stands on them.
 *
 * @throws LedgerError what `openRegistries` throws
 */
export async function startRegistries(
  settings: RegistrySettings,
  { store, ring, ledger, catalogue, reception, materials, report }: RegistryNodeParts,
): Promise<RegistryNode> {
  const { from, isOwn } = settings
  const opened = await openRegistries(optionsOf(settings))
  const { chain, relayer } = opened
  const closing: { close(): Promise<void> }[] = [opened]
  const close = async () => {
    for (const part of closing.toReversed()) await part.close()
  }
  try {
    const mirror = await openMirror({
      store,
      chain,
      from,
      policy: isOwn ? EMBEDDED_MIRROR : REMOTE_MIRROR,
      clock: systemClock,
      random: Math.random,
      report: (event) => report({ of: 'mirror', event }),
    })
    closing.push(mirror)
    const acts = await Acts.open({
      ledger,
      store,
      ring,
      chain,
      relayer,
      accounts: mirror.departments,
      reached: (block, signal) => mirror.reached(block, signal),
      policy: relayPolicy(isOwn ? EMBEDDED_POLICY : REMOTE_POLICY),
      clock: systemClock,
      random: Math.random,
      report: (event) => report({ of: 'relay', event }),
    })
    closing.push(acts)
    const states = new StateProofs({
      store,
      ring,
      chain,
      onError: (error) => report({ of: 'stateProofs', error }),
    })
    closing.push(states)
    const terms = new TermIndex(store, ring)
    const directory = new PartyDirectory({ ledger, terms, now: Date.now })
    const certificates = new LedgerCertificates({
      ledger,
      contents: reception,
      terms,
      registries: mirror,
      names: {
        codeOf: async (department) => (await directory.departmentOf(department))?.code,
      },
      typeOf: (code) => getCertificateTypeOn(catalogue, code, catalogue.today()),
      proofs: new ProvenCertificates({ ledger, states, mirror, registries: chain.registries }),
      chainId: chain.registries.chainId,
      now: Date.now,
    })
    const grants = new LedgerGrants({
      ledger,
      reception,
      mirror,
      acts,
      directory,
      registries: chain.registries,
      now: Date.now,
    })
    const cases = new LedgerCases({
      ledger,
      terms,
      catalogue,
      directory,
      departments: {
        isUser: (department) => mirror.departments.accountAs(department, 'user') !== undefined,
        above: (department) => mirror.departments.find(department)?.accreditor,
      },
      now: Date.now,
    })
    const spent = new SpentUses({ ledger, terms })
    const pending = new PendingUses(store, ring)
    const recorded = new RecordedUses()
    const dayOf = async (code: string) =>
      (await cases.find(code))?.statement.day ?? catalogue.today()
    const subjects = new Subjects({ certificates, materials, directory, catalogue, dayOf })
    const singles = new SingleUses({
      ledger,
      terms,
      types: catalogue,
      casesWith: (code) => casesWith(code, cases),
      promisedTo: (material) => pending.caseOf(material),
      now: Date.now,
    })
    const caseRules = new CaseRules({ cases, catalogue, directory, now: Date.now })
    const counted: UseActs = { record: (act, signal) => recordUse(acts, act, signal) }
    const maker = new WorkingCopyMaker()
    closing.push(maker)
    const uses = new LedgerUses({
      ledger,
      terms,
      reception,
      materials,
      subjects,
      caseRules,
      singles,
      mirror,
      chain,
      acts: counted,
      directory,
      states,
      masking: new UseMasking({ catalogue, dayOf }),
      nameOfMatter: async (matter, code) =>
        catalogue.find('matter', matter, await dayOf(code))?.name,
      maker,
      spent,
      pending,
      recorded,
      now: Date.now,
    })
    const documents = new UseDocuments({ uses, maker })
    const requests = new LedgerRequests({
      ledger,
      terms,
      cases,
      catalogue,
      holders: mirror.holders,
      grants,
      directory,
      registries: chain.registries,
      now: Date.now,
    })
    const undertakings = new LedgerUndertakings({
      ledger,
      terms,
      cases,
      catalogue,
      directory,
      mirror,
      chain,
      states,
      now: Date.now,
    })
    const resolutions = new LedgerResolutions({
      ledger,
      terms,
      cases,
      catalogue,
      certificates,
      directory,
      mirror,
      grants,
      requests,
      undertakings,
      mask: maskField,
      now: Date.now,
    })
    const checks = new LedgerChecks({
      ledger,
      terms,
      subjects,
      caseRules,
      singles,
      certificates,
      catalogue,
      mirror,
      chain,
      acts: counted,
      directory,
      states,
      spent,
      pending,
      recorded,
      now: Date.now,
    })
    const reuse = new LedgerReuse({ ledger, cases, resolutions, uses, checks, directory, chain })
    const onError = (error: unknown) => report({ of: 'uses', error })
    const carrier = new UseCarrier({ pending, uses, checks, clock: systemClock, onError })
    carrier.start()
    closing.push(carrier)
    const benefits = new LedgerBenefits({
      ledger,
      terms,
      singles,
      ring,
      catalogue,
      evidence: new LedgerEvidence({
        ledger,
        terms,
        certificates,
        catalogue,
        directory,
        now: Date.now,
      }),
      directory,
      now: Date.now,
    })
    const portfolios = new Portfolios({
      ledger,
      terms,
      materials,
      certificates,
      catalogue,
      directory,
      now: Date.now,
    })
    return {
      chain,
      mirror,
      acts,
      directory,
      certificates,
      grants,
      uses,
      documents,
      cases,
      caseRules,
      requests,
      undertakings,
      resolutions,
      reuse,
      checks,
      benefits,
      portfolios,
      spent,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function optionsOf({ url, authority, relayerKey, isOwn }: RegistrySettings): RegistriesOptions {
  return {
    url,
    authority,
    ...(relayerKey !== undefined && { relayerKey }),
    deploys: isOwn,
    minesOnDemand: isOwn,
  }
}

/** Resolves once the use is counted and the mirror knows. */
async function recordUse(acts: Acts, act: unknown, signal?: AbortSignal) {
  const patience = AbortSignal.timeout(COUNTING)
  const wait = signal ? AbortSignal.any([signal, patience]) : patience
  const { transaction, block } = await acts.submit(act, { wait })
  // It is logged and will be counted: the same request later finds it counted.
  if (transaction === undefined || block === undefined)
    throw new LedgerError('unavailable', 'USE_COUNT_PENDING')
  return { transaction, block }
}
