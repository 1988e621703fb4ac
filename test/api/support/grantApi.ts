import type { Wallet } from 'ethers'
import { pino } from 'pino'
import { createApp } from '../../../api/http/app.ts'
import { createAuthenticator } from '../../../api/http/auth.ts'
import type { AccountRole } from '../../../api/http/auth.ts'
import { OnceClient } from '../../../api/client/index.ts'
import { grantRoutes } from '../../../api/http/grants/routes.ts'
import { createLimits } from '../../../api/http/limits.ts'
import { createMetrics } from '../../../api/http/metrics.ts'
import { createOpenApi } from '../../../api/http/openapi.ts'
import { listen } from '../../../api/http/server.ts'
import { createSessionPrincipals } from '../../../api/http/session/accounts.ts'
import type { Accounts } from '../../../api/http/session/accounts.ts'
import { Challenges } from '../../../api/http/session/challenges.ts'
import { sessionRoutes } from '../../../api/http/session/routes.ts'
import { Sessions } from '../../../api/http/session/sessions.ts'
import { Acts } from '../../../node/acts/acts.ts'
import { relayPolicy } from '../../../node/acts/policy.ts'
import { LedgerGrants } from '../../../node/grants/ledgerGrants.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { EMBEDDED_POLICY } from '../../../node/ledger/anchoring/policy.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { OnceLedger } from '../../../node/ledger/onceLedger.ts'
import { Reception } from '../../../node/materials/reception.ts'
import { openMirror } from '../../../node/mirror/openMirror.ts'
import { EMBEDDED_MIRROR } from '../../../node/mirror/policy.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { PartyDirectory } from '../../../node/parties/directory.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import type { RegistryScene } from '../../chain/support/registryScene.ts'
import { openTestLog } from '../../support/log.ts'
import { TestAnchoring } from './anchoring.ts'
import { CREDENTIALS, OPTIONS } from './api.ts'
import { requireDocumented } from './documented.ts'
import type { OpenApi } from './documented.ts'

/** Grants over HTTP, on a real chain with registries, a real mirror and real acts. */
export class GrantApi {
  readonly url: string
  readonly ledger: OnceLedger
  readonly anchoring: TestAnchoring
  readonly mirror: Mirror
  readonly directory: PartyDirectory
  readonly #scene: RegistryScene
  readonly #document: OpenApi
  readonly #close: () => Promise<void>

  private constructor(parts: {
    url: string
    ledger: OnceLedger
    anchoring: TestAnchoring
    mirror: Mirror
    directory: PartyDirectory
    scene: RegistryScene
    document: OpenApi
    close: () => Promise<void>
  }) {
    this.url = parts.url
    this.ledger = parts.ledger
    this.anchoring = parts.anchoring
    this.mirror = parts.mirror
    this.directory = parts.directory
    this.#scene = parts.scene
    this.#document = parts.document
    this.#close = parts.close
  }

  static async start(scene: RegistryScene): Promise<GrantApi> {
    const contents = new MemoryContentStore()
    const log = await openTestLog()
    const { store, ring } = log
    const anchors = new SealedAnchorStore(store, ring, ['test'])
    const anchoring = new TestAnchoring(log, anchors)
    const ledger = new OnceLedger({ ...log, log, anchors, anchoring })
    const reception = new Reception(contents, { digests: ['sha-256'], maxContent: 2 ** 20 })
    const { chain, relayer } = scene
    const clock = systemClock
    const random = Math.random
    const mirror = await openMirror({
      store,
      chain,
      from: 0,
      policy: EMBEDDED_MIRROR,
      clock,
      random,
    })
    const acts = await Acts.open({
      ledger,
      store,
      ring,
      chain,
      relayer,
      accounts: mirror.departments,
      reached: (block, signal) => mirror.reached(block, signal),
      policy: relayPolicy(EMBEDDED_POLICY, { poll: 5, perMinute: 1_000, burst: 1_000 }),
      clock,
      random,
    })
    const terms = new TermIndex(store, ring)
    const directory = new PartyDirectory({ ledger, terms, now: Date.now })
    const { registries } = chain
    const grants = new LedgerGrants({
      ledger,
      reception,
      mirror,
      acts,
      directory,
      registries,
      now: Date.now,
    })
    const sessions = new Sessions({ life: 9e5, idle: 9e5, perAccount: 9, inAll: 99 }, Date.now)
    const accounts = accountsOf(mirror, registries.chainId)
    const challenges = new Challenges(Date.now)
    const routes = [
      ...grantRoutes({ grants, mirror, wait: 20_000 }),
      ...sessionRoutes({ accounts, sessions, challenges, publicUrls: [] }),
    ]
    const app = createApp({
      routes,
      authenticator: createAuthenticator(CREDENTIALS, createSessionPrincipals(sessions, accounts)),
      limits: createLimits(OPTIONS),
      metrics: createMetrics(),
      logger: pino({ level: 'silent' }),
      behindProxy: false,
    })
    const server = await listen(app, { host: '127.0.0.1', port: 0 })
    const document = JSON.parse(JSON.stringify(createOpenApi(routes, 'test'))) as OpenApi
    const close = async () => {
      await server.close()
      await acts.close()
      await mirror.close()
      await reception.close()
      await ledger.close()
    }
    const { url } = server
    return new GrantApi({ url, ledger, anchoring, mirror, directory, scene, document, close })
  }

  /** A client that is signed in. */
  async as(wallet: Wallet): Promise<OnceClient> {
    const client = new OnceClient({ url: this.url, tries: 1, fetch: this.#fetch })
    await client.signIn(wallet)
    return client
  }

  withToken(token: string): OnceClient {
    return new OnceClient({ url: this.url, tries: 1, fetch: this.#fetch, token })
  }

  /** The mirror holds what was sent to the chain beside the API. */
  async follow(): Promise<void> {
    await this.mirror.reached(await this.#scene.chain.head(), AbortSignal.timeout(20_000))
  }

  close(): Promise<void> {
    return this.#close()
  }

  /** Every answer is one that the documentation tells of. */
  readonly #fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    await requireDocumented(
      init?.method ?? 'GET',
      `${url.pathname}${url.search}`,
      response,
      this.#document,
    )
    return response
  }
}

/** As the chain has it. */
function accountsOf(mirror: Mirror, chainId: number): Accounts {
  return {
    chainId: () => chainId,
    partyOf(account) {
      const [department] = mirror.departments.ofAccount(account)
      const isAuditor =
        department !== undefined && mirror.departments.accountAs(department, 'auditor') === account
      const roles = new Set<AccountRole>(isAuditor ? ['auditor'] : [])
      return { roles, ...(department !== undefined && { department }) }
    },
  }
}
