import { ACCOUNT, DAY, HOLDERS, ISSUED, KEYS, PROPERTY_WORD, USED, word } from '../world.ts'
import { RIGHT } from '../storage.ts'
import type { Attack } from './attack.ts'
import { fromBlock } from './attack.ts'

export const CERTIFICATE_ATTACKS: readonly Attack[] = [
  // certificates
  [
    'an issuer outside its types',
    fromBlock(100, (storage) =>
      storage.department({
        address: ACCOUNT.bureau,
        accreditor: ACCOUNT.city,
        rights: RIGHT.issuer,
        accounts: [ACCOUNT.stranger, ACCOUNT.bureauNow],
        types: [{ word: PROPERTY_WORD, from: 1000, until: ISSUED - 6 * DAY }],
      }),
    ),
    { issuer: 'ISSUER_NOT_ACCREDITED' },
  ],
  [
    'an issuer that was permitted the type only later',
    fromBlock(100, (storage) =>
      storage.department({
        address: ACCOUNT.bureau,
        accreditor: ACCOUNT.city,
        rights: RIGHT.issuer,
        accounts: [ACCOUNT.stranger, ACCOUNT.bureauNow],
        types: [{ word: PROPERTY_WORD, from: ISSUED + 1 }],
      }),
    ),
    { issuer: 'ISSUER_NOT_ACCREDITED' },
  ],
  [
    'an issuer whose time had ended, though no block was made since',
    fromBlock(100, (storage) =>
      storage.department({
        address: ACCOUNT.bureau,
        accreditor: ACCOUNT.city,
        rights: RIGHT.issuer | RIGHT.everyType,
        accounts: [ACCOUNT.stranger, ACCOUNT.bureauNow],
        notAfter: ISSUED - 1,
      }),
    ),
    { issuer: 'ISSUER_NOT_ACCREDITED' },
  ],
  [
    'an issuer whose accreditor was suspended',
    fromBlock(100, (storage) =>
      storage.department({
        address: ACCOUNT.city,
        accreditor: ACCOUNT.authority,
        rights: RIGHT.user | RIGHT.issuer | RIGHT.everyType,
        standing: 'suspended',
      }),
    ),
    { issuer: 'ISSUER_NOT_ACCREDITED', grant: 'NOT_ACCREDITED', use: 'NOT_ACCREDITED' },
  ],
  ['an issuer’s earlier key', { signs: { issuer: KEYS.bureau } }, { issuer: 'SIGNATURE_INVALID' }],
  [
    'a certificate that its statement gives to somebody else',
    {
      certificate: () => ({ holders: [HOLDERS[1]] }),
    },
    { issuer: 'CERTIFICATE_STATEMENT_MISMATCH', use: 'USE_HOLDER_MISSING' },
  ],
  [
    'a certificate that its statement makes valid for longer',
    { certificate: () => ({ validTo: 4_000_000_000 }) },
    { issuer: 'CERTIFICATE_STATEMENT_MISMATCH' },
  ],
  [
    'a certificate of another issuer than signed it',
    { certificate: () => ({ issuer: ACCOUNT.city }) },
    { issuer: 'CERTIFICATE_STATEMENT_MISMATCH' },
  ],
  [
    'a certificate for another chain',
    { certificate: () => ({ chainId: 1 }) },
    { issuer: 'ISSUER_ON_OTHER_CHAIN' },
  ],
  [
    'a certificate with the status of another',
    {
      receipt: ({ subject }) => ({
        subject: { ...subject, certificate: word('55') } as typeof subject,
      }),
    },
    { use: 'USE_SUBJECT_MISMATCH' },
  ],
  [
    'a certificate that was revoked before',
    { statuses: [{ status: 7, at: USED - 400 }] },
    { status: 'STATUS_NOT_VALID' },
  ],
  [
    'a certificate that was suspended then, and is valid again',
    {
      uses: 1,
      statuses: [
        { status: 2, at: USED - 400 },
        { status: 1, at: USED + 10 },
      ],
    },
    { status: 'STATUS_NOT_VALID' },
  ],
  [
    'a status that nobody knows',
    { statuses: [{ status: 77, at: USED - 400 }] },
    { status: 'CERTIFICATE_STATUS_UNKNOWN' },
  ],
]
