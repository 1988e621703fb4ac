import type { Day } from '../core/catalogue/day.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { findIncludedType, getCertificateType } from '../core/certificates/included.ts'
import type { CertificateType } from '../core/certificates/types.ts'
import type { FacedType } from '../core/resolution/required.ts'
import type { CatalogueReader } from './catalogue.ts'

type Reader = Pick<CatalogueReader, 'find'>

/** A type of certificate as in force on a day; as it comes along where nobody had published it by then. */
export function findCertificateTypeOn(
  catalogue: Reader,
  code: string,
  day: Day,
): CertificateType | undefined {
  return catalogue.find('certificateType', code, day) ?? findIncludedType(code)
}

/** As `findCertificateTypeOn`. @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN */
export function getCertificateTypeOn(catalogue: Reader, code: string, day: Day): CertificateType {
  return findCertificateTypeOn(catalogue, code, day) ?? getCertificateType(code)
}

/** A type of material with the fields of the certificate that it is a copy of. */
export function withFace(catalogue: Reader, type: MaterialType, day: Day): FacedType {
  const { certificateType } = type
  const published =
    certificateType === undefined
      ? undefined
      : catalogue.find('certificateType', certificateType, day)
  return published === undefined ? type : { ...type, face: published.fields }
}
