import { formatTime } from '../../../node/core/acts/phrases.ts'
import { STATUS_NAMES } from '../../../node/core/certificates/status.ts'
import type { CertificateType } from '../../../node/core/certificates/types.ts'
import type { Certificate, CertificateStatus } from '../../http/certificates/schema.ts'
import { paint } from '../context.ts'

export function formatCertificate(
  { id, statement, status, lineage, serial }: Certificate,
  { name }: Pick<CertificateType, 'name'>,
): string {
  const { identifier, issuer, holders, validFrom, validTo } = statement
  const { replaces, replacedBy, renews, renewedBy } = lineage
  const end = validTo === undefined ? 'no end' : formatTime(validTo, 8)
  return [
    `${identifier}  ${name}  ${formatStatus(status)}`,
    `  statement  ${id}`,
    `  serial     ${serial}`,
    `  issuer     ${issuer}`,
    ...holders.map((holder) => `  holder     ${holder}`),
    `  valid      ${formatTime(validFrom, 8)} to ${end}`,
    ...lines('renews', renews),
    ...lines('replaces', replaces),
    ...lines('renewed', ...renewedBy),
    ...lines('replaced', ...replacedBy),
  ].join('\n')
}

/** What the status itself does not say. */
const REASONS = {
  CERTIFICATE_NOT_USABLE: '',
  CERTIFICATE_SUPERSEDED: ', superseded',
  CERTIFICATE_NOT_YET_VALID: ', not valid yet',
  CERTIFICATE_EXPIRED: ', expired',
} as const

export function formatStatus({ code, usable, because, by, time }: CertificateStatus): string {
  const { zh, en } = STATUS_NAMES[code]
  const why =
    because === undefined ? '' : `${REASONS[because]}${by === undefined ? '' : ` by ${by}`}`
  const state = paint(usable ? 'green' : 'red', `${code} ${zh} ${en}${why}`)
  return `${state} (${formatTime(time, 8)})`
}

function lines(name: string, ...ids: readonly (string | undefined)[]): string[] {
  return ids.flatMap((id) => (id === undefined ? [] : [`  ${name.padEnd(9)}  ${id}`]))
}
