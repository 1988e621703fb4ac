import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { parseEntry } from '../../../node/core/entry.ts'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import { describeElsewhere, describeKept } from '../../../node/materials/description.ts'
import type { Materials, SubmitRequest } from '../../../node/materials/materials.ts'

export interface MemoryMaterials extends Materials {
  /** By material id. */
  readonly contents: ReadonlyMap<string, Buffer>
}

/** Materials on a real ledger, with contents in memory and in clear: what the routes need and no more. */
export function createMemoryMaterials(ledger: Ledger, maxContent: number): MemoryMaterials {
  const contents = new Map<string, Buffer>()

  async function find(id: string) {
    const index = await ledger.findIndex(id)
    if (index === undefined) throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
    const { at } = parseEntry(await ledger.getEntry(index))
    try {
      const { statement } = await ledger.openStatement(index)
      if (statement.kind !== 'material.submitted')
        throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
      return { index, at, statement, erased: false }
    } catch (error) {
      if (!isLedgerError(error, 'STATEMENT_ERASED')) throw error
      return { index, at, statement: undefined, erased: true }
    }
  }

  async function require(id: string) {
    const found = await find(id)
    if (found.statement === undefined) throw new LedgerError('notFound', 'MATERIAL_ERASED', { id })
    return { ...found, statement: found.statement }
  }

  return {
    contents,
    async submit({ submission, content, promised = [], submitter, idempotencyKey }: SubmitRequest) {
      const { id = randomUUID(), content: stated, ...described } = submission
      const bytes = content && (await collect(content, maxContent))
      const head = { ...described, v: 1, id, kind: 'material.submitted', submitter } as const
      const digests = [...(stated.digests ?? []), ...promised]
      const statement = {
        ...head,
        content: bytes
          ? describeKept(submission, digests, { digests: [sha256(bytes)], size: bytes.length })
          : describeElsewhere(submission),
      }
      const appended = await ledger.append({
        statement,
        ...(idempotencyKey !== undefined && {
          idempotency: {
            principal: submitter,
            key: idempotencyKey,
            fingerprint: digestOf(JSON.stringify({ ...statement, id: submission.id ?? '' })),
          },
        }),
      })
      if (bytes) contents.set(appended.id, bytes)
      return appended
    },
    get: find,
    async openContent(id, range) {
      await require(id)
      const bytes = contents.get(id)
      if (bytes === undefined) throw new LedgerError('notFound', 'CONTENT_NOT_KEPT', { id })
      const piece = range ? bytes.subarray(range.start, range.end + 1) : bytes
      return Readable.from([piece])
    },
    async evidence(id, wait) {
      const { index } = await require(id)
      return wait ? ledger.evidenceWhenAnchored(index, wait.anchored) : ledger.evidence(index)
    },
    async erase(id, { reason, legalBasis, by }) {
      const { index, erased } = await find(id)
      if (erased) throw new LedgerError('conflict', 'MATERIAL_ERASED', { id })
      contents.delete(id)
      return ledger.append({
        statement: {
          v: 1,
          id: `erasure-${index}`,
          kind: 'material.erased',
          material: id,
          index,
          reason,
          legalBasis,
          by,
        },
        erases: index,
      })
    },
  }
}

async function collect(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  maxContent: number,
): Promise<Buffer> {
  if (content instanceof Uint8Array) return Buffer.from(content)
  const bytes = Buffer.concat(await Array.fromAsync(content))
  if (bytes.length > maxContent) throw new LedgerError('tooLarge', 'CONTENT_TOO_LARGE')
  return bytes
}

function sha256(bytes: Uint8Array): string {
  return `sha-256:${digestOf(bytes).toString('hex')}`
}

function digestOf(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}
