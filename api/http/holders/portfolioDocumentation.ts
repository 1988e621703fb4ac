import { z } from 'zod'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import { JSON_TYPE, together } from '../documentation.ts'
import { STALE } from '../registered/errors.ts'
import { address, word } from '../registered/examples.ts'
import type { Documentation } from '../route.ts'
import { Portfolio, PortfolioQuery } from './portfolioSchema.ts'

const example = {
  holder: word('3'),
  industry: 'H62',
  materials: {
    items: [
      {
        id: 'f4b3c2d1-0000-4000-8000-000000000001',
        index: 41,
        at: '2026-01-02T03:04:05.678Z',
        type: 'HEALTH_CERT',
        title: '从业人员健康证明',
        submitter: `department ${address('4')}`,
        submitterName: '杨浦区市场监督管理局（示例）',
        standing: { state: 'current' },
        name: '从业人员健康证明',
        usable: true,
        until: '2027-01-01',
      },
    ],
    next: '41',
  },
  certificates: { items: [] },
} satisfies Portfolio

export const portfolio: Documentation = {
  id: 'getPortfolio',
  tag: 'holders',
  summary: 'What a holder has, and until when: materials, certificates, grants',
  description:
    'Each newest first, and a page of each; `of` with `cursor` goes on in one. A holder sees all of its own; a department ' +
    'the materials that it handed in itself, the certificates that it issued and the grants that were made to it. With ' +
    '`industry`, materials of the types that matters of that industry ask for, and certificates of those types or of the ' +
    'industry itself, by the catalogue of today; no grants, for what these may be used for is hidden in their scope. How ' +
    'much is looked at for one page is bounded: it may be short, or empty, and there are more as long as there is a `next`.',
  parameters: { path: z.strictObject({ id: HexHash }), query: PortfolioQuery },
  answers: {
    200: {
      description: 'The file, or what was asked for of it',
      content: { [JSON_TYPE]: { schema: Portfolio, example } },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED', 'CURSOR_MALFORMED'],
    forbidden: ['HOLDER_NOT_YOURS', 'ACCOUNT_NEEDED'],
    notFound: ['HOLDER_NOT_FOUND'],
    unverified: ['INDUSTRY_UNKNOWN'],
  }),
}
