import type { Certificates } from '../certificates/certificates.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { MaterialSubmitted } from '../core/statement.ts'

/** Certificates of a holder that are looked at together. */
const PAGE = 64

/**
 * Whether departments issued a certificate to the holder here, of the type that a material is a copy of: then what they say
 * counts, whatever became of it, and no copy.
 *
 * @param holders ids that its holder is known by
 */
export async function isCertified(
  certificates: Pick<Certificates, 'ofHolder'>,
  { recognised }: MaterialSubmitted,
  holders: readonly Hex[],
): Promise<boolean> {
  if (recognised === undefined) return false
  for (const holder of holders) {
    let before: number | undefined
    do {
      const { items, next } = await certificates.ofHolder(holder, {
        limit: PAGE,
        ...(before !== undefined && { before }),
      })
      if (items.some(({ statement }) => statement.type === recognised.certificateType)) return true
      before = next
    } while (before !== undefined)
  }
  return false
}
