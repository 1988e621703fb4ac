import { ACCOUNT, DAY, ISSUED, REGISTRIES, USED, word } from '../world.ts'
import type { Attack } from './attack.ts'
import { fromBlock } from './attack.ts'
import { at } from './attack.ts'

const HOUR = 3600

export const MOMENT_ATTACKS: readonly Attack[] = [
  // counting
  [
    'a limited use that was not counted',
    {
      uses: 1,
      proven: { use: 102 },
    },
    { use: 'USE_NOT_COUNTED' },
  ],
  [
    'the last use, that another department won',
    {
      uses: 1,
      ...fromBlock(103, (storage, _, ids) => {
        for (const id of ids)
          storage.grant(id, { registeredAt: 5, used: 1, lastUse: `0x${'ee'.repeat(16)}` })
      }),
    },
    { grant: 'USE_COUNT_OVERTAKEN' },
  ],
  [
    'the last use before another one in the same block',
    {
      uses: 2,
      ...fromBlock(103, (storage, _, ids) => {
        for (const [hop, id] of ids.entries())
          storage.grant(id, {
            registeredAt: 5,
            used: 2,
            ...(hop === 2 && { lastUse: `0x${'ee'.repeat(16)}` }),
          })
      }),
    },
    { grant: 'USE_COUNT_OVERTAKEN' },
  ],
  [
    'more uses than one of the limit',
    {
      uses: 1,
      ...fromBlock(102, (storage, _, ids) => {
        for (const id of ids) storage.grant(id, { registeredAt: 5, used: 1 })
      }),
      use: { sequence: 1 },
      proven: { use: 102 },
    },
    { grant: 'GRANT_USES_EXHAUSTED', use: 'USE_NOT_COUNTED' },
  ],

  // the moment
  [
    'a counted use proven in an older block than it was decided by',
    {
      uses: 1,
      receipt: ({ decision }) => ({
        decision: { ...decision, block: { number: 104, hash: word('99') } },
      }),
    },
    { grant: 'USE_STATE_OF_OTHER_BLOCK' },
  ],
  [
    'a counted use decided long after it was proven',
    {
      uses: 1,
      times: [ISSUED - 9, ISSUED, USED - 4 * HOUR, USED - 3 * HOUR, USED - 2 * HOUR],
      statuses: [],
    },
    { status: 'STATUS_AFTER_PROOF', grant: 'USE_STATE_OF_OTHER_TIME' },
  ],
  [
    'an unlimited use proven in a later block than it was decided by',
    { proven: { use: 103 } },
    { grant: 'USE_STATE_OF_OTHER_BLOCK' },
  ],
  [
    'an unlimited use proven in an earlier block than it was decided by',
    { proven: { use: 101 } },
    { grant: 'USE_STATE_OF_OTHER_BLOCK' },
  ],
  [
    'a use decided by a block that had long been followed',
    { times: [ISSUED - 9, USED - 4 * HOUR, USED - 3 * HOUR, USED - 2 * HOUR, USED + 100] },
    { status: 'STATUS_AFTER_PROOF', grant: 'USE_STATE_OF_OTHER_TIME' },
  ],
  [
    'a use decided long before it was logged',
    { loggedAt: USED + 2 * HOUR },
    { use: 'USE_LOGGED_AT_OTHER_TIME' },
  ],
  [
    'a copy for longer than the grants allow',
    { ...at(2, { notAfter: USED + 3 * DAY }), receipt: () => ({ expires: USED + 4 * DAY }) },
    { use: 'USE_EXPIRY_TOO_LATE' },
  ],
  [
    'a copy for longer than the case needs it',
    { context: { until: '2023-08-06' } },
    { use: 'USE_EXPIRY_TOO_LATE' },
  ],
  [
    'a copy for longer than any may live',
    {
      grant: (_, hop) => ({ notAfter: USED + 900 * DAY - hop }),
      context: { until: '2025-01-01' },
      receipt: () => ({ expires: USED + 31 * DAY }),
    },
    { use: 'USE_EXPIRY_TOO_LATE' },
  ],
  ['a receipt under another id', { receipt: () => ({ id: 'use-1' }) }, { use: 'USE_ID_MISMATCH' }],
  [
    'a receipt by other registries',
    { receipt: () => ({ registries: { ...REGISTRIES, parties: ACCOUNT.stranger } }) },
    { use: 'USE_REGISTRIES_UNTRUSTED' },
  ],
]
