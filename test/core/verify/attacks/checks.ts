import type { Attack } from './attack.ts'

export const CHECK_ATTACKS: readonly Attack[] = [
  [
    'an answer to another question than was signed',
    {
      questions: [{ kind: 'is', field: 'location', value: '示例路' }],
      receipt: () => ({ questions: [{ kind: 'is', field: 'location', value: '别处' }] }),
    },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'an answer about another certificate than was signed for',
    {
      questions: [{ kind: 'validOn', day: '2023-08-05' }],
      asked: { fields: ['location'] },
      signed: () => ({ subject: { kind: 'certificate', id: 'certificate-other' } }),
    },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'an answer where a copy was signed for',
    {
      questions: [{ kind: 'is', field: 'location', value: '示例路' }],
      signed: () => ({ questions: undefined }),
    },
    { use: 'USE_CONTEXT_MISMATCH' },
  ],
  [
    'an answer about a field that was not granted, whatever the receipt says of fields',
    {
      questions: [{ kind: 'is', field: 'area', value: '120' }],
      asked: { fields: ['location'] },
    },
    { use: 'USE_FIELDS_NOT_GRANTED' },
  ],
]
