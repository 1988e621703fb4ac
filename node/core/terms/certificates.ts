import { encodeHex } from '../bytes.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { CertificateIssued } from '../statements/certificate.ts'
import type { FoundBy, Term } from './term.ts'

export type Relation = 'renews' | 'replaces'

/** @param commitment of its entry: its serial */
export function foundCertificate(
  { holders, renews, replaces }: CertificateIssued,
  { commitment }: { readonly commitment: Uint8Array },
): FoundBy {
  const earlier = new Set([renews, replaces].filter((serial) => serial !== undefined))
  return {
    leads: [
      serialTerm(`0x${encodeHex(commitment)}`),
      ...holders.map(holderTerm),
      ...(renews === undefined ? [] : [laterTerm('renews', renews)]),
      ...(replaces === undefined ? [] : [laterTerm('replaces', replaces)]),
    ],
    newest: [...earlier].map(successorTerm),
    blocks: [],
  }
}

export function serialTerm(serial: Hex): Term {
  return { kind: 'certificate.serial', value: serial }
}

export function holderTerm(holder: Hex): Term {
  return { kind: 'certificate.holder', value: holder }
}

/** Finds what renewed or replaced a certificate. */
export function laterTerm(relation: Relation, serial: Hex): Term {
  return { kind: `certificate.${relation}`, value: serial }
}

/** Tells those that something renewed or replaced from those that nothing did. */
export function successorTerm(serial: Hex): Term {
  return { kind: 'certificate.successor', value: serial }
}
