import { utf8 } from '../../../node/core/bytes.ts'
import { commit } from '../../../node/core/commitment.ts'
import { formatEntry, readEntry } from '../../../node/core/entry.ts'
import type { EntryDocument } from '../../../node/core/entry.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import { encodeStatement } from '../../../node/core/statement.ts'
import type { Statement } from '../../../node/core/statement.ts'
import { leafHash } from '../../reference/merkle.ts'

export const PLACES = { certificate: 2, use: 5, size: 7 }

export function saltOf(name: 'certificate' | 'use'): Uint8Array {
  return sha256(utf8(`salt of the ${name}`))
}

export function entryOf(
  name: 'certificate' | 'use',
  statement: Statement,
  at: number,
): EntryDocument {
  const commitment = commit(saltOf(name), encodeStatement(statement))
  return {
    at: new Date(at * 1000).toISOString(),
    commitment: Buffer.from(commitment).toString('hex'),
    kind: statement.kind,
    v: 1,
  }
}

export function leavesOf(certificate: EntryDocument, use: EntryDocument): Uint8Array[] {
  return Array.from({ length: PLACES.size }, (_, i) => {
    if (i === PLACES.certificate) return leafHash(formatEntry(readEntry(certificate)))
    if (i === PLACES.use) return leafHash(formatEntry(readEntry(use)))
    return leafHash(utf8(`entry ${i}`))
  })
}
