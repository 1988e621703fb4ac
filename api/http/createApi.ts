import type { Logger } from 'pino'
import type { FindChain } from '../../node/core/verify/anchor.ts'
import type { RegistryChain } from '../../node/chain/registries.ts'
import type { Acts } from '../../node/acts/acts.ts'
import type { Cases } from '../../node/cases/cases.ts'
import type { Catalogue } from '../../node/catalogue/catalogue.ts'
import type { Benefits } from '../../node/benefits/benefits.ts'
import type { Certificates } from '../../node/certificates/certificates.ts'
import type { Ledger } from '../../node/ledger/ledger.ts'
import type { Grants } from '../../node/grants/grants.ts'
import type { Materials } from '../../node/materials/materials.ts'
import type { Mirror } from '../../node/mirror/mirror.ts'
import type { PartyDirectory } from '../../node/parties/directory.ts'
import type { GrantRequests } from '../../node/requests/requests.ts'
import type { Checks } from '../../node/checks/checks.ts'
import type { Portfolios } from '../../node/holdings/portfolio.ts'
import type { Reuse } from '../../node/reuse/reuse.ts'
import type { Resolutions } from '../../node/resolution/resolutions.ts'
import type { Undertakings } from '../../node/undertakings/undertakings.ts'
import type { UseDocuments } from '../../node/uses/useDocuments.ts'
import type { Uses } from '../../node/uses/uses.ts'
import { anchorRoutes } from './anchors/routes.ts'
import { createApp } from './app.ts'
import type { App } from './app.ts'
import { auditRoutes } from './audit/routes.ts'
import type { Audit } from './audit/routes.ts'
import { createAuthenticator } from './auth.ts'
import type { Credential } from './auth.ts'
import { benefitRoutes } from './benefits/routes.ts'
import { caseRoutes } from './cases/routes.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { certificateRoutes } from './certificates/routes.ts'
import { checkRoutes } from './checks/routes.ts'
import { departmentRoutes } from './departments/routes.ts'
import { docsRoutes } from './docs/routes.ts'
import { entryRoutes } from './entries/routes.ts'
import type { CopyExaminer } from '../../node/derived/copyExaminer.ts'
import { figureRoutes } from './figures/routes.ts'
import type { Figures } from './figures/routes.ts'
import { grantRoutes } from './grants/routes.ts'
import { healthRoutes } from './health/routes.ts'
import { backupRoutes } from './backup/routes.ts'
import type { Backup } from './backup/routes.ts'
import { holderRoutes } from './holders/routes.ts'
import { createLimits } from './limits.ts'
import type { LimitOptions } from './limits.ts'
import { logRoutes } from './log/routes.ts'
import { NO_PARTIES, registeredParties } from './materials/parties.ts'
import { materialRoutes } from './materials/routes.ts'
import type { MaterialOptions } from './materials/routes.ts'
import type { Metrics } from './metrics.ts'
import { requestRoutes } from './requests/routes.ts'
import type { Route } from './route.ts'
import { createSessionPrincipals } from './session/accounts.ts'
import type { Accounts } from './session/accounts.ts'
import { Challenges } from './session/challenges.ts'
import { sessionRoutes } from './session/routes.ts'
import { Sessions } from './session/sessions.ts'
import { undertakingRoutes } from './undertakings/routes.ts'
import { LiveUses } from './uses/live.ts'
import { useRoutes } from './uses/routes.ts'
import { verifyRoutes } from './verify/routes.ts'
import { wellKnownRoutes } from './wellKnown/routes.ts'

export interface ApiParts {
  readonly ledger: Ledger
  readonly materials: Materials
  readonly catalogue: Catalogue
  readonly figures: Figures
  readonly examiner: Pick<CopyExaminer, 'examine'>
  readonly audit: Audit
  readonly backup: Backup
  readonly findChain: FindChain
  readonly credentials: readonly Credential[]
  readonly accounts: Accounts
  /** Undefined where no parties are known. */
  readonly registries: RegistryParts | undefined
  readonly metrics: Metrics
  readonly logger: Logger
  readonly options: ApiOptions
}

/** What stands on the registries. */
export interface RegistryParts {
  readonly chain: RegistryChain
  readonly mirror: Mirror
  readonly acts: Acts
  readonly directory: PartyDirectory
  readonly certificates: Certificates
  readonly grants: Grants
  readonly uses: Uses
  readonly documents: UseDocuments
  readonly cases: Cases
  readonly requests: GrantRequests
  readonly undertakings: Undertakings
  readonly resolutions: Resolutions
  readonly reuse: Reuse
  readonly checks: Checks
  readonly benefits: Benefits
  readonly portfolios: Portfolios
}

export interface ApiOptions extends MaterialOptions, LimitOptions {
  /** Release, as in package.json. */
  readonly version: string
  /** Believe X-Forwarded-For. */
  readonly behindProxy: boolean
  /** Seconds that the oldest entry may wait for its anchor before /readyz says so. */
  readonly readyLag: number
  /** Origins by which callers reach this API; none: only from this machine. */
  readonly publicUrls: readonly string[]
  /** Milliseconds from sign-in to the end of a session. */
  readonly session: number
  /** Milliseconds without a request that end it earlier. */
  readonly sessionIdle: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const SESSIONS_PER_ACCOUNT = 16
const SESSIONS_IN_ALL = 100_000

/** The whole HTTP API on top of a ledger and its materials. */
export function createApi(parts: ApiParts): App {
  const { ledger, materials, accounts, metrics, logger, options } = parts
  const { now, publicUrls } = options
  const sessions = new Sessions(
    {
      life: options.session,
      idle: options.sessionIdle,
      perAccount: SESSIONS_PER_ACCOUNT,
      inAll: SESSIONS_IN_ALL,
    },
    now,
  )
  const live = parts.registries && new LiveUses({ ...parts.registries, now })
  const documented = [
    ...materialRoutes(materials, {
      ...options,
      types: parts.catalogue,
      parties: parts.registries ? registeredParties(parts.registries) : NO_PARTIES,
    }),
    ...verifyRoutes({
      ledger,
      findChain: parts.findChain,
      examiner: parts.examiner,
      maxContent: options.maxContent,
      now,
      ...(parts.registries && { registries: parts.registries.chain.registries }),
    }),
    ...entryRoutes(ledger),
    ...anchorRoutes(ledger),
    ...catalogueRoutes({ catalogue: parts.catalogue, wait: options.wait }),
    ...figureRoutes(parts.figures),
    ...logRoutes(ledger),
    ...wellKnownRoutes(ledger, options.version, parts.registries?.chain.registries),
    ...(parts.registries && live ? registryRoutes(parts, parts.registries, live) : []),
    ...healthRoutes(ledger, metrics, options.readyLag, parts.registries),
    ...sessionRoutes({ accounts, sessions, challenges: new Challenges(now), publicUrls }),
    ...auditRoutes(parts.audit),
    ...backupRoutes(parts.backup),
  ]
  let openApi: Promise<string> | undefined
  const pages = docsRoutes(() => (openApi ??= writeOpenApi(documented, options.version)))
  const app = createApp({
    routes: [...documented, ...pages],
    authenticator: createAuthenticator(
      parts.credentials,
      createSessionPrincipals(sessions, accounts),
    ),
    limits: createLimits(options),
    metrics,
    logger,
    behindProxy: options.behindProxy,
  })
  app.once('closing', () => live?.close())
  return app
}

/** Only where parties are known: elsewhere there is nothing at these paths. */
function registryRoutes(
  { materials, catalogue, options }: ApiParts,
  registries: RegistryParts,
  live: LiveUses,
): Route[] {
  const { now, wait, maxBatch } = options
  const parts = { ...registries, materials, catalogue, live, now, wait, maxBatch }
  return [
    ...departmentRoutes(parts),
    ...holderRoutes(parts),
    ...certificateRoutes(parts),
    ...grantRoutes(parts),
    ...requestRoutes(parts),
    ...useRoutes(parts),
    ...caseRoutes(parts),
    ...undertakingRoutes(parts),
    ...checkRoutes(parts),
    ...benefitRoutes(parts),
  ]
}

/** Loaded when somebody asks: a start should not wait for it. */
async function writeOpenApi(routes: readonly Route[], version: string): Promise<string> {
  const { createOpenApi } = await import('./openapi.ts')
  return JSON.stringify(createOpenApi(routes, version))
}
