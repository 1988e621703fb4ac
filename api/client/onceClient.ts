import { EVIDENCE_MEDIA_TYPE } from '../../node/core/evidence.ts'
import { canonicalize } from '../../node/core/json.ts'
import { parseBy } from '../../node/core/schema.ts'
import type { Registries } from '../../node/core/parties/registries.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { Verdict } from '../../node/core/verdict.ts'
import { AuditLine } from '../http/audit/schema.ts'
import { Material } from '../http/materials/schema.ts'
import type {
  ContentSubmission,
  DecisionRequest,
  ErasureRequest,
} from '../http/materials/schema.ts'
import { LedgerDescription } from '../http/wellKnown/schema.ts'
import { WhoAmI } from '../http/session/schema.ts'
import { submitBatch } from './batch.ts'
import type { BatchItem, BatchOptions, BatchResult } from './batch.ts'
import { BenefitClient } from './benefits.ts'
import { CaseClient } from './cases.ts'
import { CatalogueClient } from './catalogue.ts'
import { CertificateClient } from './certificates.ts'
import { CheckClient } from './checks.ts'
import { FigureClient } from './figures.ts'
import { GrantRequestClient } from './grantRequests.ts'
import { GrantClient } from './grants.ts'
import { readJsonLines } from './lines.ts'
import { LogClient } from './log.ts'
import { MaterialClient } from './materials.ts'
import { DepartmentClient, HolderClient } from './parties.ts'
import { decide, QuarantineClient } from './quarantine.ts'
import { getEvidence, getJson, getText, hand, PUBLIC, queryOf, waiting } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import { ClientSession } from './session.ts'
import type { SessionInfo } from './session.ts'
import { signerOf } from './signer.ts'
import type { AskedSigner, Signer } from './signer.ts'
import { openAccount } from './signing/account.ts'
import type { SigningAccount } from './signing/account.ts'
import { Transport } from './transport.ts'
import type { Call, ClientOptions } from './transport.ts'
import { UndertakingClient } from './undertakings.ts'
import { uploadOf } from './upload.ts'
import type { Content } from './upload.ts'
import { UseClient } from './uses.ts'

export interface SubmitOptions extends WaitOptions {
  /** Makes a repetition by the caller safe, also in another process; one is made unless given. */
  readonly idempotencyKey?: string
}

export interface MaterialContent {
  readonly mediaType: string
  /** Bytes of the whole content. */
  readonly size: number
  readonly bytes: ReadableStream<Uint8Array>
}

/**
 * A ledger over HTTP. Runs in Node and in browsers.
 *
 * Every method throws LedgerError with the ledger's own code, unavailable/LEDGER_UNREACHABLE when
 * it cannot be reached, and the signal's reason when that aborts. What may pass is tried again.
 */
export class OnceClient {
  readonly log: LogClient
  readonly departments: DepartmentClient
  readonly holders: HolderClient
  readonly certificates: CertificateClient
  readonly grants: GrantClient
  readonly requests: GrantRequestClient
  readonly catalogue: CatalogueClient
  readonly uses: UseClient
  readonly cases: CaseClient
  readonly undertakings: UndertakingClient
  readonly checks: CheckClient
  readonly benefits: BenefitClient
  readonly figures: FigureClient
  readonly materials: MaterialClient
  readonly quarantine: QuarantineClient
  readonly #transport: Transport
  #session: ClientSession | undefined

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options)
    this.log = new LogClient(this.#transport)
    this.departments = new DepartmentClient(this.#transport)
    this.holders = new HolderClient(this.#transport)
    this.certificates = new CertificateClient(this.#transport)
    this.grants = new GrantClient(this.#transport)
    this.requests = new GrantRequestClient(this.#transport)
    this.catalogue = new CatalogueClient(this.#transport)
    this.materials = new MaterialClient(this.#transport)
    this.quarantine = new QuarantineClient(this.#transport)
    this.uses = new UseClient(this.#transport)
    this.cases = new CaseClient(this.#transport)
    this.undertakings = new UndertakingClient(this.#transport)
    this.checks = new CheckClient(this.#transport)
    this.benefits = new BenefitClient(this.#transport)
    this.figures = new FigureClient(this.#transport)
  }

  /**
   * Acts as an account from now on, in place of a token: gets a session, and another one before it ends, for which the
   * signer signs again.
   *
   * @throws LedgerError unverified/SIGN_IN_FOREIGN when what would be signed is for another site or account
   * @throws what the signer throws
   */
  async signIn(signer: Signer | AskedSigner): Promise<SessionInfo> {
    const session = new ClientSession(this.#transport, await signerOf(signer))
    const info = await session.open()
    this.#use(session)
    return info
  }

  /**
   * As `signIn`, and answers the account, which signs what it does: uses, checks, grants, answers to requests.
   *
   * @param trusted where what is signed is to be recorded: the registries of a trust.json; those that the ledger names
   *   unless given
   * @throws LedgerError unavailable/REGISTRIES_ABSENT, unverified/REGISTRIES_OTHER
   */
  async account(signer: Signer | AskedSigner, trusted?: Registries): Promise<SigningAccount> {
    return openAccount(this, await signerOf(signer), trusted)
  }

  /** Ends the session; what is called next goes by the token of the options, if there is one. */
  async signOut(): Promise<void> {
    const session = this.#session
    this.#use(undefined)
    await session?.close()
  }

  whoAmI(): Promise<WhoAmI> {
    return getJson(this.#transport, '/v1/session', WhoAmI)
  }

  /** Hands a material in. Without a content, the submission states its digests and size. */
  submit(
    submission: MaterialSubmission,
    content?: undefined,
    options?: SubmitOptions,
  ): Promise<Handed>
  submit(submission: ContentSubmission, content: Content, options?: SubmitOptions): Promise<Handed>
  async submit(
    submission: ContentSubmission,
    content?: Content,
    options: SubmitOptions = {},
  ): Promise<Handed> {
    const upload =
      content === undefined
        ? { headers: JSON_TYPE, body: () => canonicalize(submission) }
        : await uploadOf(submission, content)
    const { wait, call: waited } = waiting(options)
    const call: Call = {
      ...upload,
      ...waited,
      method: 'POST',
      headers: {
        ...upload.headers,
        ...waited.headers,
        'Idempotency-Key': `"${options.idempotencyKey ?? crypto.randomUUID()}"`,
      },
    }
    return hand(this.#transport, `/v1/materials${queryOf({ wait })}`, call)
  }

  /** Hands many in, by their digests or with their contents, and yields what became of each, in order. */
  submitBatch(
    items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult, void> {
    return submitBatch(this.#transport, items, options)
  }

  material(id: string): Promise<Material> {
    return getJson(this.#transport, materialPath(id), Material)
  }

  /** @param range the bytes `start` to `end`, both included */
  content(
    id: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<MaterialContent> {
    const headers = range && { Range: `bytes=${range.start}-${range.end}` }
    return this.#transport.call(
      `${materialPath(id)}/content`,
      headers ? { headers } : {},
      (response) => ({
        mediaType: response.headers.get('Content-Type') ?? 'application/octet-stream',
        size: sizeOf(response),
        bytes: response.body ?? new Blob().stream(),
      }),
    )
  }

  /** Evidence JSON text. */
  evidence(id: string, options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${materialPath(id)}/evidence`, options)
  }

  /** From now on it is not to be used. */
  withdraw(id: string, request: DecisionRequest): Promise<Omit<Handed, 'id'>> {
    return decide(this.#transport, id, 'withdrawal', request)
  }

  /** Erases a material for good; answers the evidence of that. */
  erase(id: string, request: ErasureRequest): Promise<string> {
    return getText(this.#transport, materialPath(id), {
      method: 'DELETE',
      headers: JSON_TYPE,
      body: () => JSON.stringify(request),
    })
  }

  /** Asks the ledger itself; whoever does not trust it uses `verifyEvidenceText` with a trust of their own. */
  verify(evidence: string, content?: Uint8Array<ArrayBuffer> | Blob): Promise<Verdict> {
    const form = (data: Uint8Array<ArrayBuffer> | Blob): FormData => {
      const parts = new FormData()
      parts.append('evidence', evidence)
      parts.append('content', data instanceof Blob ? data : new Blob([data]))
      return parts
    }
    const call: Call =
      content === undefined
        ? { headers: { 'Content-Type': EVIDENCE_MEDIA_TYPE }, body: () => evidence }
        : { body: () => form(content) }
    return getJson(this.#transport, '/v1/verify', Verdict, { ...PUBLIC, ...call, method: 'POST' })
  }

  /** As `verify`, of a marked document: its evidence lies in it. */
  verifyDocument(document: Uint8Array<ArrayBuffer> | Blob): Promise<Verdict> {
    // A ZIP says so itself, and what is neither is answered as such.
    const headers = { 'Content-Type': 'application/pdf' }
    return getJson(this.#transport, '/v1/verify', Verdict, {
      ...PUBLIC,
      headers,
      body: () => document,
      method: 'POST',
    })
  }

  /** Who this ledger says it is: what a trust.json is made from. */
  describe(): Promise<LedgerDescription> {
    return getJson(this.#transport, '/.well-known/onceledger', LedgerDescription, PUBLIC)
  }

  /** Findings as they are made; the last line sums up. */
  async *audit(signal?: AbortSignal): AsyncGenerator<AuditLine, void> {
    const body = await this.#transport.call('/v1/audit', { signal }, (response) => response.body)
    for await (const line of readJsonLines(body))
      yield parseBy(AuditLine, line, 'ANSWER_UNEXPECTED')
  }

  #use(session: ClientSession | undefined): void {
    this.#session = session
    this.#transport.useTokens(session)
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

function materialPath(id: string): string {
  return `/v1/materials/${encodeURIComponent(id)}`
}

/** Of the whole, also where a range came: `bytes 0-9/1234`. */
function sizeOf({ headers }: Response): number {
  const whole = headers.get('Content-Range')?.split('/').at(-1)
  return Number(whole ?? headers.get('Content-Length') ?? Number.NaN)
}
