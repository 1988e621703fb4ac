import { ACCOUNT, HOLDERS, mask, word } from '../world.ts'
import type { Attack } from './attack.ts'

export const ASKED_ATTACKS: readonly Attack[] = [
  // what was asked
  [
    'a receipt of another department',
    { receipt: () => ({ user: ACCOUNT.city }) },
    { use: 'USE_USER_MISMATCH' },
  ],
  ['a use for another ledger', { use: { audience: word('33') } }, { use: 'USE_AUDIENCE_OTHER' }],
  ...(['case', 'officer', 'cause', 'until', 'salt'] as const).map((name): Attack => [
    `a receipt with another ${name} than was signed`,
    {
      receipt: ({ context }) => ({
        context: {
          ...context,
          [name]:
            { case: '0'.repeat(15), until: '2023-08-30', salt: '0'.repeat(64) }[name as 'case'] ??
            '其他',
        },
      }),
    },
    { use: 'USE_CONTEXT_MISMATCH' },
  ]),
  [
    'a receipt of another certificate of the holder than was signed for',
    { signed: () => ({ subject: { kind: 'certificate', id: 'certificate-other' } }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'a receipt of a certificate where a material of that id was signed for',
    { signed: ({ subject }) => ({ subject: { ...subject, kind: 'material' } }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'a receipt of fewer fields than were signed for',
    { receipt: () => ({ fields: ['location'] }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'a receipt of more fields than were signed for',
    { receipt: () => ({ fields: ['location', 'owners', 'usage'] }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'a copy where it was signed to read',
    { receipt: () => ({ manner: 'copy' }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'reading where a copy was signed for',
    { signed: () => ({ manner: 'copy' }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'a copy where questions were signed for',
    { signed: () => ({ questions: [{ kind: 'is', field: 'location', value: '示例路' }] }) },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'fields in clear that were not granted so',
    { receipt: () => ({ plain: ['location'] }) },
    { use: 'USE_PLAIN_NOT_GRANTED' },
  ],
  [
    'a matter that was not granted',
    { context: { matter: 'school-place' } },
    { use: 'USE_PURPOSE_OTHER_MATTER' },
  ],
  [
    'a department of another region',
    { receipt: ({ decision }) => ({ decision: { ...decision, region: '310115' } }) },
    { use: 'USE_PURPOSE_OTHER_REGION' },
  ],
  [
    'a department of no known region',
    {
      receipt: ({ decision: { rules, at, block } }) => ({ decision: { rules, at, block } }),
    },
    { use: 'USE_PURPOSE_OTHER_REGION' },
  ],
  [
    'fields that were not granted',
    { asked: { fields: ['area'] } },
    { use: 'USE_FIELDS_NOT_GRANTED' },
  ],
  ['no fields, for all of them', { asked: { fields: [] } }, { use: 'USE_FIELDS_NOT_GRANTED' }],
  ['a copy where it may be read', { asked: { manner: 'copy' } }, { use: 'USE_COPY_NOT_GRANTED' }],
  [
    'read and copy pieced together from two items',
    {
      use: { items: mask(0b11) },
      opened: 0b11,
      asked: { manner: 'copy', fields: ['location', 'usage'] },
    },
    { use: 'USE_COPY_NOT_GRANTED' },
  ],
  [
    'an opening with the wrong salt',
    {
      authorization: ({ openings }) => ({
        openings: {
          ...openings,
          items: openings.items.map((opening) => ({ ...opening, salt: '0'.repeat(64) })),
        },
      }),
    },
    { use: 'SCOPE_OPENING_MISMATCH' },
  ],
  [
    'the lists of a scope exchanged',
    {
      authorization: ({ openings }) => ({
        openings: {
          ...openings,
          itemsRoot: openings.purposesRoot,
          purposesRoot: openings.itemsRoot,
        },
      }),
    },
    { use: 'SCOPE_ROOTS_MISMATCH' },
  ],
  ['an item opened that was not asked for', { opened: 0b11 }, { use: 'SCOPE_OPENING_MISMATCH' }],
  [
    'an item under another index',
    {
      use: { items: mask(0b10) },
      authorization: ({ openings }) => ({
        openings: {
          ...openings,
          items: openings.items.map((opening) => ({ ...opening, index: 1 })),
        },
      }),
    },
    { use: 'SCOPE_OPENING_MISMATCH' },
  ],
  [
    'a mask beyond the list',
    { grant: () => ({ items: mask(0b1011) }), use: { items: mask(0b1001) } },
    { use: 'SCOPE_OPENING_MISSING' },
  ],

  // holders
  [
    'a co-owner who did not authorize it',
    {
      holders: 2,
      receipt: ({ authorizations }) => ({ authorizations: authorizations.slice(0, 1) }),
    },
    { use: 'USE_HOLDER_MISSING' },
  ],
  [
    'a co-owner left out of the receipt',
    {
      holders: 2,
      receipt: ({ authorizations, holders }) => ({
        holders: holders.slice(0, 1),
        authorizations: authorizations.slice(0, 1),
      }),
    },
    { use: 'USE_HOLDERS_MISMATCH' },
  ],
  [
    'one owner named twice, for the other',
    {
      holders: 2,
      receipt: ({ authorizations }) => ({
        holders: [HOLDERS[0], HOLDERS[0]],
        authorizations: authorizations.slice(0, 1),
      }),
    },
    { use: 'USE_HOLDERS_MISMATCH' },
  ],
  [
    'one owner who authorized twice, for the other',
    {
      holders: 2,
      receipt: ({ authorizations: [first] }) => ({
        authorizations: first ? [first, first] : [],
      }),
    },
    { use: 'USE_HOLDER_MISSING' },
  ],
  [
    'somebody who is no owner',
    {
      holders: 2,
      certificate: ({ holders }) => ({ holders: holders.slice(0, 1) }),
    },
    { issuer: 'CERTIFICATE_STATEMENT_MISMATCH', use: 'USE_HOLDER_NOT_CONCERNED' },
  ],
]
