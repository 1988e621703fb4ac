import { hash, randomBytes } from 'node:crypto'
import { commit } from '../../../node/core/commitment.ts'
import { formatEntry } from '../../../node/core/entry.ts'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import { encodeStatement } from '../../../node/core/statement.ts'
import type { MaterialSubmission, MaterialSubmitted } from '../../../node/core/statement.ts'
import { formatTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import { formatVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import { LogSigner } from '../../../node/ledger/signer.ts'

/** A submission as a department's system would send it: the fields of a business licence. */
export function makeSubmission(): MaterialSubmission {
  return {
    type: '11100000MB0143028R001',
    title: '营业执照 Business licence',
    holder: { codeType: '001', code: '91350100M000100Y43' },
    fields: { legalRepresentative: '王小明', registeredCapital: 5_000_000, validTo: '2036-05-31' },
    caseCode: '202601020304050',
    content: { mediaType: 'application/pdf' },
  }
}

export function makeStatement(content: Uint8Array): MaterialSubmitted {
  const { content: described, ...rest } = makeSubmission()
  return {
    ...rest,
    v: 1,
    id: randomBytes(16).toString('base64url'),
    kind: 'material.submitted',
    content: {
      digests: [`sha-256:${hash('sha256', content)}`, `sm3:${hash('sm3', content)}`],
      size: content.length,
      mediaType: described.mediaType,
      kept: 'here',
    },
    submitter: 'market-regulation',
  }
}

/** The parts of one entry's evidence in a log of `size` entries, and the key to check it with. */
export function makeEvidenceParts(size: number) {
  const statementValue = makeStatement(randomBytes(1024))
  const statement = encodeStatement(statementValue)
  const salt = randomBytes(32)
  const entryValue = {
    at: '2026-01-02T03:04:05.678Z',
    commitment: commit(salt, statement),
    kind: statementValue.kind,
  }
  const entry = formatEntry(entryValue)
  const leafHash = hashLeaf(entry)
  const tree = new TreeBuilder()
  const index = Math.floor(size / 2)
  for (let at = 0; at < size; at++) tree.append(leafHash)
  const signer = new LogSigner('onceledger.example/bench', LogSigner.newKey())
  const root = tree.root()
  const checkpoint = signer.sign(size, root)
  const proof = tree.inclusionProof(index)
  return {
    statementValue,
    statement,
    salt,
    entryValue,
    entry,
    leafHash,
    index,
    proof,
    head: { size, root },
    checkpoint,
    proofText: formatTlogProof({ index, proof, checkpoint }),
    signer,
    vkey: formatVerifierKey(signer.verifierKey),
  }
}
