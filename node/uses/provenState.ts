import type { BlockId } from '../chain/chain.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { pathsBy, slotsOfUse } from '../states/slots.ts'
import type { WantedState } from '../states/stateProofs.ts'
import type { CountedUses } from './counting.ts'
import type { DecidedUse } from './deciding.ts'
import type { Asked } from './receipts.ts'

/**
 * What proves a use: all that the chain says of it, in the block that it was decided by, or the later one that counted
 * it.
 */
export function stateOfUse(
  { request, ids, subject }: DecidedUse,
  asked: Asked,
  counted: CountedUses,
  { mirror, chain }: { readonly mirror: Mirror; readonly chain: Pick<RegistryChain, 'registries'> },
): WantedState {
  const certificate =
    subject.kind === 'certificate'
      ? {
          id: subject.certificate,
          changes: mirror.certificates.changesOf(subject.certificate).length,
        }
      : undefined
  const paths = pathsBy(mirror.departments)
  const slots = slotsOfUse(request.authorizations, ids, certificate, chain.registries, paths)
  return { of: 'use', block: newest(asked, counted), slots }
}

/** What was counted before a crash may be decided long after: the state is never older than what decided. */
function newest({ decision }: Asked, counted: CountedUses): BlockId {
  const { block = decision.block } = counted
  return block.number < decision.block.number ? decision.block : block
}
