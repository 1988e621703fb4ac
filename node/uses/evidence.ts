import type { Statement } from '../core/statement.ts'
import { isReceipt } from '../core/statements/check.ts'
import { evidenceWith } from '../states/evidence.ts'
import type { EvidenceParts } from '../states/evidence.ts'

/** The receipt with the grants as the chain proves them, and the certificate that was used. */
export function composeUseEvidence(
  { index, statement }: { readonly index: number; readonly statement: Statement },
  parts: EvidenceParts,
  wait?: { readonly anchored: AbortSignal },
): Promise<Uint8Array> {
  return evidenceWith(
    index,
    async () => {
      const used = await parts.states.of(index)
      if (!isReceipt(statement) || statement.subject.kind !== 'certificate') return { states: used }
      const certificate = statement.subject.index
      const issued = (await parts.states.of(certificate)).filter(({ of }) => of === 'issue')
      return { certificate, states: [...issued, ...used] }
    },
    parts,
    wait,
  )
}
