import type { ActOf, SignedAct } from '../../node/core/acts/acts.ts'
import type { StatusCode } from '../../node/core/certificates/status.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import {
  Certificate,
  CertificatePage,
  CertificateStatus,
  PresentationVerdict,
} from '../http/certificates/schema.ts'
import type { CertificateSummary } from '../http/certificates/schema.ts'
import { RecordedAct } from '../http/grants/schema.ts'
import { StatusChangePreview } from '../http/registered/schema.ts'
import type { ActPreview } from '../http/registered/schema.ts'
import type { RelayOptions } from './grants.ts'
import { getEvidence, getJson, getText, hand, pages, posting, queryOf } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'

/** Certificates of a ledger. Throws as `OnceClient` does. */
export class CertificateClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** @param credential SD-JWT with every disclosure: see `issueCertificate` */
  issue(credential: string): Promise<Handed> {
    return hand(this.#transport, '/v1/certificates', posting({ credential }))
  }

  get(id: string): Promise<Certificate> {
    return getJson(this.#transport, pathOf(id), Certificate)
  }

  /** Of a holder that the caller's account is bound to, newest first. */
  list({ holder }: { readonly holder: Hex }): AsyncGenerator<CertificateSummary, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ holder, limit: '100', cursor })
        return getJson(this.#transport, `/v1/certificates${query}`, CertificatePage)
      },
      ({ certificates }) => certificates,
    )
  }

  /** By 电子证照标识; undefined also where it is not the caller's to know. */
  async findByIdentifier(identifier: string): Promise<CertificateSummary | undefined> {
    const path = `/v1/certificates${queryOf({ identifier })}`
    const { certificates } = await getJson(this.#transport, path, CertificatePage)
    return certificates[0]
  }

  /** The SD-JWT with these fields alone, for its holder to present; with all unless given. */
  credential(id: string, fields?: readonly string[]): Promise<string> {
    const query = queryOf({ fields: fields?.join(',') })
    return getText(this.#transport, `${pathOf(id)}/credential${query}`)
  }

  /** @param at `2023-08-05` or RFC 3339; now unless given */
  status(id: string, at?: string): Promise<CertificateStatus> {
    return getJson(this.#transport, `${pathOf(id)}/status${queryOf({ at })}`, CertificateStatus)
  }

  /** @param text what 99 stands for */
  previewStatus(
    id: string,
    status: StatusCode,
    text?: string,
  ): Promise<ActPreview<ActOf<'StatusChange'>>> {
    const body = { status, ...(text !== undefined && { text }) }
    const path = `${pathOf(id)}/status/preview`
    return getJson(this.#transport, path, StatusChangePreview, posting(body))
  }

  changeStatus(
    id: string,
    act: SignedAct,
    note?: string,
    options?: RelayOptions,
  ): Promise<RecordedAct> {
    const body = { act, ...(note !== undefined && { note }) }
    return getJson(this.#transport, `${pathOf(id)}/status`, RecordedAct, posting(body, options))
  }

  /** Evidence JSON text, with proofs of who could issue it and how it stands. */
  evidence(id: string, options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${pathOf(id)}/evidence`, options)
  }

  /** For a verifier, which drew the nonce for this presentation alone. */
  verifyPresentation(request: {
    readonly presentation: string
    readonly nonce: string
    readonly audience: string
  }): Promise<PresentationVerdict> {
    const call = { ...posting(request), isPublic: true }
    return getJson(this.#transport, '/v1/certificates/presentation', PresentationVerdict, call)
  }
}

function pathOf(id: string): string {
  return `/v1/certificates/${encodeURIComponent(id)}`
}
