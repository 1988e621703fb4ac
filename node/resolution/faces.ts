import type { Certificates } from '../certificates/certificates.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import type { FieldsOf } from '../core/resolution/asking.ts'
import type { Candidate } from '../core/resolution/candidates.ts'
import type { FieldValue } from '../core/statements/parts.ts'

type Face = { readonly [name: string]: FieldValue }

/** What is written on candidates; certificates lie sealed, and each is read once, when it may be shown. */
export class Faces {
  readonly #certificates: Pick<Certificates, 'disclose'>
  readonly #read = new Map<string, Face>()

  constructor(certificates: Pick<Certificates, 'disclose'>) {
    this.#certificates = certificates
  }

  async read(candidates: readonly Candidate[]): Promise<void> {
    const ids = candidates.flatMap((one) => (one.kind === 'certificate' ? [one.id] : []))
    const unread = [...new Set(ids)].filter((id) => !this.#read.has(id))
    await Promise.all(
      unread.map(async (id) => {
        const { fields } = readDisclosed(await this.#certificates.disclose(id))
        this.#read.set(id, fields)
      }),
    )
  }

  readonly of: FieldsOf = (candidate) =>
    candidate.kind === 'material' ? candidate.material?.fields : this.#read.get(candidate.id)
}
