import { ACCOUNT, DAY, HOLDERS, ISSUED, mask, USED, word } from '../world.ts'
import { RIGHT } from '../storage.ts'
import type { Attack } from './attack.ts'
import { fromBlock } from './attack.ts'
import { at } from './attack.ts'
import { below } from './attack.ts'

export const GRANT_ATTACKS: readonly Attack[] = [
  // grants, at each hop
  ...[1, 2].flatMap((hop): Attack[] => [
    [
      `items wider than above, hop ${hop}`,
      below(hop, { items: mask(0b01) }, { items: mask(0b11) }),
      { grant: 'GRANT_ITEMS_WIDENED' },
    ],
    [
      `purposes wider than above, hop ${hop}`,
      below(hop, { purposes: mask(0b01) }, { purposes: mask(0b11) }),
      { grant: 'GRANT_PURPOSES_WIDENED' },
    ],
    [
      `a later end than above, hop ${hop}`,
      at(hop, { notAfter: USED + 11 * DAY }),
      { grant: 'GRANT_WINDOW_WIDENED' },
    ],
    [
      `an earlier begin than above, hop ${hop}`,
      at(hop, { notBefore: ISSUED - 2 * DAY }),
      { grant: 'GRANT_WINDOW_WIDENED' },
    ],
    [`a depth as above, hop ${hop}`, at(hop, { depth: 6 - hop }), { grant: 'GRANT_DEPTH_WIDENED' }],
    [
      `no limit under a limit, hop ${hop}`,
      { uses: 1, ...at(hop, { uses: 0 }) },
      { grant: 'GRANT_USES_WIDENED' },
    ],
    [
      `more uses than above, hop ${hop}`,
      { uses: 1, ...at(hop, { uses: 2 }) },
      { grant: 'GRANT_USES_WIDENED' },
    ],
    [
      `a grantor who was granted nothing, hop ${hop}`,
      { ...at(hop, { grantor: ACCOUNT.landlord }) },
      { grant: 'GRANT_GRANTOR_MISMATCH' },
    ],
    [
      `another holder, hop ${hop}`,
      at(hop, { holder: HOLDERS[1] }),
      { grant: 'GRANT_HOLDER_MISMATCH' },
    ],
    [
      `another scope, hop ${hop}`,
      at(hop, { scope: word('77') }),
      { grant: 'GRANT_SCOPE_MISMATCH' },
    ],
    [
      `made under another grant, hop ${hop}`,
      at(hop, { parent: word('77') }),
      { grant: 'GRANT_PARENT_MISMATCH' },
    ],
  ]),
  ...[0, 1, 2].flatMap((hop): Attack[] => [
    [
      `revoked, hop ${hop}`,
      fromBlock(102, (storage, _, ids) =>
        storage.grant(ids[hop] ?? '0x', { registeredAt: 5, revokedAt: USED - 400 }),
      ),
      { grant: 'GRANT_IS_REVOKED' },
    ],
    [
      `never registered, hop ${hop}`,
      fromBlock(100, (storage, _, ids) => storage.grant(ids[hop] ?? '0x', { registeredAt: 0 })),
      { grant: 'GRANT_NOT_REGISTERED' },
    ],
    [
      `an epoch bumped before the use, hop ${hop}`,
      fromBlock(102, (storage) =>
        storage.epoch(ACCOUNT[(['landlord', 'tenant', 'agent'] as const)[hop] ?? 'agent'], 1),
      ),
      { grant: 'GRANT_EPOCH_OUTDATED' },
    ],
    [
      `begun only after the use, hop ${hop}`,
      {
        grant: (_, i) => (i >= hop ? { notBefore: USED + 1 } : {}),
      },
      { grant: 'GRANT_NOT_YET_VALID' },
    ],
  ]),
  ['expired at depth 2 only', at(2, { notAfter: USED - 1 }), { grant: 'GRANT_EXPIRED' }],
  [
    'granted by an account that was released with its grants',
    fromBlock(102, (storage) =>
      storage.binding(HOLDERS[0], ACCOUNT.landlord, 1, USED - 500, USED - 500),
    ),
    { grant: 'GRANTOR_ENDED' },
  ],
  [
    'items that were not granted',
    { use: { items: mask(0b101) }, opened: 0b101 },
    { grant: 'USE_ITEMS_NOT_GRANTED' },
  ],
  [
    'two purposes at once',
    { ...at(1, { purposes: mask(0b11) }), use: { purposes: mask(0b11) } },
    { grant: 'USE_PURPOSE_NOT_GRANTED', use: 'SCOPE_OPENING_MISSING' },
  ],
  [
    'another grant than the one signed',
    { use: { grant: word('12') } },
    { grant: 'USE_GRANT_MISMATCH' },
  ],
  ['a request past its time', { use: { notAfter: USED - 1 } }, { grant: 'USE_EXPIRED' }],
  ['a request out of turn', { use: { sequence: 1 } }, { grant: 'USE_OUT_OF_SEQUENCE' }],

  // the department
  ...(['suspended', 'withdrawn'] as const).map((standing): Attack => [
    `a department whose accreditor was ${standing}`,
    fromBlock(102, (storage) =>
      storage.department({
        address: ACCOUNT.city,
        accreditor: ACCOUNT.authority,
        rights: RIGHT.user | RIGHT.issuer | RIGHT.everyType,
        standing,
      }),
    ),
    { grant: 'NOT_ACCREDITED', use: 'NOT_ACCREDITED' },
  ]),
  [
    'a department whose accreditation ended, though no block was made since',
    fromBlock(102, (storage) =>
      storage.department({
        address: ACCOUNT.counter,
        accreditor: ACCOUNT.city,
        rights: RIGHT.user,
        notAfter: USED - 1,
      }),
    ),
    { grant: 'NOT_ACCREDITED', use: 'NOT_ACCREDITED' },
  ],
  [
    'a department without the role',
    fromBlock(102, (storage) =>
      storage.department({
        address: ACCOUNT.counter,
        accreditor: ACCOUNT.city,
        rights: RIGHT.issuer,
      }),
    ),
    { grant: 'NOT_ACCREDITED', use: 'NOT_ACCREDITED' },
  ],
  [
    'somebody who is no department',
    { use: { user: ACCOUNT.firm }, receipt: () => ({ user: ACCOUNT.firm }) },
    { grant: 'NOT_ACCREDITED', use: 'NOT_ACCREDITED' },
  ],
]
