import type { z } from 'zod'
import { EVIDENCE_MEDIA_TYPE } from '../../node/core/evidence.ts'
import { canonicalize } from '../../node/core/json.ts'
import { entryBundlePath, tilePath } from '../../node/core/merkle/tiles.ts'
import { parseBy } from '../../node/core/schema.ts'
import type { Registries } from '../../node/core/parties/registries.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { Verdict } from '../../node/core/verdict.ts'
import { AnchorPage, AnchorsAtSize } from '../http/anchors/schema.ts'
import type { Anchor } from '../http/anchors/schema.ts'
import { AuditLine } from '../http/audit/schema.ts'
import { LoggedEntry } from '../http/entries/schema.ts'
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
import { DepartmentClient, HolderClient } from './parties.ts'
import { MaterialClient } from './materials.ts'
import { decide, QuarantineClient } from './quarantine.ts'
import type { Handed } from './requests.ts'
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
import { UseClient } from './uses.ts'
import type { Content } from './upload.ts'

export interface WaitOptions {
  /** Answer once the entry is anchored; a number says how many seconds to wait at most. */
  readonly anchored?: boolean | number
  readonly signal?: AbortSignal
}

export interface SubmitOptions extends WaitOptions {
  /** Makes a repetition by the caller safe, also in another process; one is made unless given. */
  readonly idempotencyKey?: string
}

export interface SubmittedMaterial {
  readonly id: string
  /** False when it was there already. */
  readonly created: boolean
  /** Evidence JSON text. Verify it before you rely on it. */
  readonly evidence: string
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
    return this.#json('/v1/session', WhoAmI)
  }

  /** Hands a material in. Without a content, the submission states its digests and size. */
  submit(
    submission: MaterialSubmission,
    content?: undefined,
    options?: SubmitOptions,
  ): Promise<SubmittedMaterial>
  submit(
    submission: ContentSubmission,
    content: Content,
    options?: SubmitOptions,
  ): Promise<SubmittedMaterial>
  async submit(
    submission: ContentSubmission,
    content?: Content,
    options: SubmitOptions = {},
  ): Promise<SubmittedMaterial> {
    const upload =
      content === undefined
        ? { headers: JSON_TYPE, body: () => canonicalize(submission) }
        : await uploadOf(submission, content)
    const { query, prefer } = waiting(options)
    const call: Call = {
      ...upload,
      method: 'POST',
      headers: {
        ...upload.headers,
        ...prefer,
        'Idempotency-Key': `"${options.idempotencyKey ?? crypto.randomUUID()}"`,
      },
      signal: options.signal,
    }
    return this.#transport.call(`/v1/materials${query}`, call, async (response) => ({
      id: response.headers.get('Location')?.split('/').at(-1) ?? '',
      created: response.status === 201,
      evidence: await response.text(),
    }))
  }

  /** Hands many in, by their digests or with their contents, and yields what became of each, in order. */
  submitBatch(
    items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult, void> {
    return submitBatch(this.#transport, items, options)
  }

  material(id: string): Promise<Material> {
    return this.#json(materialPath(id), Material)
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
  evidence(id: string, options: WaitOptions = {}): Promise<string> {
    const { query, prefer } = waiting(options)
    return this.#text(`${materialPath(id)}/evidence${query}`, {
      headers: prefer,
      signal: options.signal,
    })
  }

  /** From now on it is not to be used. */
  withdraw(id: string, request: DecisionRequest): Promise<Omit<Handed, 'id'>> {
    return decide(this.#transport, id, 'withdrawal', request)
  }

  /** Erases a material for good; answers the evidence of that. */
  erase(id: string, request: ErasureRequest): Promise<string> {
    return this.#text(materialPath(id), {
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
    return this.#json('/v1/verify', Verdict, { ...PUBLIC, ...call, method: 'POST' })
  }

  /** As `verify`, of a marked document: its evidence lies in it. */
  verifyDocument(document: Uint8Array<ArrayBuffer> | Blob): Promise<Verdict> {
    // A ZIP says so itself, and what is neither is answered as such.
    const headers = { 'Content-Type': 'application/pdf' }
    return this.#json('/v1/verify', Verdict, {
      ...PUBLIC,
      headers,
      body: () => document,
      method: 'POST',
    })
  }

  entry(index: number): Promise<LoggedEntry> {
    return this.#json(`/v1/entries/${index}`, LoggedEntry, PUBLIC)
  }

  /** One page, the largest checkpoints first; `next` of its answer is the cursor of the page after. */
  anchorPage(
    page: { readonly limit?: number; readonly cursor?: string } = {},
  ): Promise<AnchorPage> {
    const query = new URLSearchParams()
    if (page.limit !== undefined) query.set('limit', String(page.limit))
    if (page.cursor !== undefined) query.set('cursor', page.cursor)
    return this.#json(`/v1/anchors?${query}`, AnchorPage, PUBLIC)
  }

  /** All anchors, the largest checkpoints first. */
  async *anchors(): AsyncGenerator<Anchor, void> {
    let cursor: string | undefined
    do {
      const page = await this.anchorPage({ limit: 100, ...(cursor !== undefined && { cursor }) })
      yield* page.anchors
      cursor = page.next
    } while (cursor !== undefined)
  }

  /** The anchors of the checkpoint of one size, on every chain. */
  anchorsAt(size: number): Promise<AnchorsAtSize> {
    return this.#json(`/v1/anchors/${size}`, AnchorsAtSize, PUBLIC)
  }

  /** Signed note of the newest checkpoint. */
  checkpoint(): Promise<string> {
    return this.#text('/log/checkpoint', PUBLIC)
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array> {
    return this.#bytes(`/log/${tilePath(level, index, width)}`)
  }

  /** C2SP entry bundle, see `decodeEntryBundle`. */
  entryBundle(index: number, width: number): Promise<Uint8Array> {
    return this.#bytes(`/log/${entryBundlePath(index, width)}`)
  }

  /** Who this ledger says it is: what a trust.json is made from. */
  describe(): Promise<LedgerDescription> {
    return this.#json('/.well-known/onceledger', LedgerDescription, PUBLIC)
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

  #json<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    return this.#transport.call(path, call, async (response) =>
      parseBy(schema, await response.json(), 'ANSWER_UNEXPECTED'),
    )
  }

  #text(path: string, call: Call = {}): Promise<string> {
    return this.#transport.call(path, call, (response) => response.text())
  }

  #bytes(path: string): Promise<Uint8Array> {
    return this.#transport.call(path, PUBLIC, async (response) => {
      return new Uint8Array(await response.arrayBuffer())
    })
  }
}

const PUBLIC: Call = { isPublic: true }
const JSON_TYPE = { 'Content-Type': 'application/json' }

function materialPath(id: string): string {
  return `/v1/materials/${encodeURIComponent(id)}`
}

function waiting({ anchored = false }: WaitOptions): {
  readonly query: string
  readonly prefer: Record<string, string>
} {
  return {
    query: anchored === false ? '' : '?wait=anchored',
    prefer: typeof anchored === 'number' ? { Prefer: `wait=${Math.ceil(anchored)}` } : {},
  }
}

/** Of the whole, also where a range came: `bytes 0-9/1234`. */
function sizeOf({ headers }: Response): number {
  const whole = headers.get('Content-Range')?.split('/').at(-1)
  return Number(whole ?? headers.get('Content-Length') ?? Number.NaN)
}
