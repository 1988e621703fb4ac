import { utf8 } from '../core/bytes.ts'
import { formatEvidence, parseEvidence } from '../core/evidence.ts'
import type { Evidence } from '../core/evidence.ts'
import type { StateProof } from '../core/stateProof.ts'
import { parseTlogProof } from '../core/tlog/tlogProof.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StateProofs } from './stateProofs.ts'

export interface EvidenceParts {
  readonly ledger: Pick<Ledger, 'evidence' | 'evidenceWhenAnchored' | 'evidenceBeside'>
  readonly states: StateProofs
  /** Of the chain that carries the registries. */
  readonly chainId: number
}

/** What evidence of an entry carries beside what every entry's does. */
export interface Attachments {
  /** Index of the entry that issued the certificate which was used. */
  readonly certificate?: number
  readonly states: readonly StateProof[]
}

/** Evidence of an entry, anchored if waited for, with the proofs that its kind needs, linked to the anchor's block. */
export async function evidenceWith(
  index: number,
  attachments: () => Promise<Attachments>,
  { ledger, states, chainId }: EvidenceParts,
  wait?: { readonly anchored: AbortSignal },
): Promise<Uint8Array> {
  const bytes = wait
    ? await ledger.evidenceWhenAnchored(index, wait.anchored)
    : await ledger.evidence(index)
  const evidence = parseEvidence(bytes)
  const { certificate, states: found } = await attachments()
  const anchor = anchorOn(chainId, evidence)
  // A certificate may be years older than its use: its own anchor is nearer.
  const earlier =
    certificate === undefined
      ? anchor
      : anchorOn(chainId, parseEvidence(await ledger.evidence(certificate)))
  const linked = await Promise.all(
    found.map((state) => states.link(state, state.of === 'issue' ? earlier : anchor)),
  )
  return utf8(
    formatEvidence({
      ...evidence,
      ...(certificate !== undefined && {
        certificate: await besides(certificate, evidence, ledger),
      }),
      ...(linked.length > 0 && { states: linked }),
    }),
  )
}

/** Height of the block that anchors it. */
function anchorOn(chainId: number, { anchors }: Evidence): number | undefined {
  return anchors.find((anchor) => anchor.chainId === chainId)?.blockNumber
}

/** The certificate's entry in the very checkpoint of the evidence: one signature and one anchor vouch for both. */
async function besides(
  index: number,
  { proof: around }: Evidence,
  ledger: EvidenceParts['ledger'],
): Promise<NonNullable<Evidence['certificate']>> {
  const { checkpoint } = parseTlogProof(around)
  const { statement, salt, entry, proof } = parseEvidence(
    await ledger.evidenceBeside(index, checkpoint),
  )
  if (statement.kind !== 'certificate.issued')
    throw new TypeError('the entry issues no certificate')
  return { statement, salt, entry, proof }
}
