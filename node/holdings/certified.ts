import type { CatalogueReader } from '../catalogue/catalogue.ts'
import { findCertificateTypeOn } from '../catalogue/certificateTypes.ts'
import type { CertificateRecord, Certificates } from '../certificates/certificates.ts'
import { dayOf } from '../core/catalogue/day.ts'
import { isNumberSensitive } from '../core/certificates/types.ts'
import { parseCertificateIdentifier } from '../core/identifiers/certificateIdentifier.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { MaterialSubmitted } from '../core/statement.ts'

/** Certificates of a holder that are looked at together. */
const PAGE = 64

export interface Issued {
  readonly certificates: Pick<Certificates, 'ofHolder'>
  readonly catalogue: Pick<CatalogueReader, 'find'>
}

/**
 * Whether departments issued to the holder here what a material is a copy of: then what they say counts, whatever
 * became of it, and no copy. It is the same certificate by its number: identifiers differ in the region that gave them,
 * and in the version. Where the number is the holder's own, a holder has one, and no identifier says which.
 *
 * @param holders ids that its holder is known by
 */
export async function isCertified(
  { certificates, catalogue }: Issued,
  copy: MaterialSubmitted,
  holders: readonly Hex[],
): Promise<boolean> {
  const { recognised } = copy
  if (recognised === undefined) return false
  const numbers = numbersOf(copy)
  const isSame = ({ at, statement: { type, identifier } }: CertificateRecord): boolean => {
    if (type !== recognised.certificateType) return false
    if (numbers.has(serialOf(identifier))) return true
    const issuedAs = findCertificateTypeOn(catalogue, type, dayOf(Date.parse(at)))
    return issuedAs === undefined || isNumberSensitive(issuedAs)
  }
  for (const holder of holders) {
    let before: number | undefined
    do {
      const { items, next } = await certificates.ofHolder(holder, {
        limit: PAGE,
        ...(before !== undefined && { before }),
      })
      if (items.some(isSame)) return true
      before = next
    } while (before !== undefined)
  }
  return false
}

/** As its identifier and its face have it; what is recognised says both. */
function numbersOf({ certificateIdentifier, fields }: MaterialSubmitted): ReadonlySet<unknown> {
  return new Set([
    ...(certificateIdentifier === undefined ? [] : [serialOf(certificateIdentifier)]),
    fields?.['certificateNumber'],
  ])
}

function serialOf(identifier: string): string {
  return parseCertificateIdentifier(identifier).serial
}
