import { z } from 'zod'
import { MonthlyFigures } from '../../../node/core/figures/figures.ts'
import { together } from '../documentation.ts'
import { CSV_TYPE } from '../csv.ts'
import { address } from '../registered/examples.ts'
import { STALE } from '../registered/errors.ts'
import type { Documentation } from '../route.ts'
import { FiguresQuery } from './schema.ts'

const example = {
  month: '2026-01',
  size: 1204,
  unreadable: 0,
  departments: [
    {
      department: address('2'),
      name: '杨浦区市场监督管理局（示例）',
      region: '310110',
      accepted: 12,
      cases: 40,
      required: 160,
      exemptible: 120,
      pulled: 62,
      reused: 31,
      dataChecked: 7,
      committed: 0,
      askedFor: 25,
      exempted: 100,
      exemptedShare: 0.8,
      prefilled: 480,
      typed: 120,
      prefilledShare: 0.8,
      used: 96,
      crossings: { department: 70, level: 40, region: 2 },
      refusals: { GRANT_EXPIRED: 2 },
      toLastMaterial: { cases: 38, meanSeconds: 640.5, longestSeconds: 86_400 },
      benefits: { checked: 0, evidence: 0, qualified: 0, granted: 0 },
    },
  ],
}

export const get: Documentation = {
  id: 'getFigures',
  tag: 'figures',
  summary: 'What departments required, exempted, reused and asked for in a month',
  description:
    'A case, and all that came for it, is of the department that decides it, whoever accepted it; uses, crossings and ' +
    'refusals are of whoever used. Counted anew from the log; of a month that was counted before, from where that ended. A department sees its own, an ' +
    'auditor all. Whoever does not trust this node counts a copy of its data: `once figures --data`.',
  parameters: { query: FiguresQuery },
  answers: {
    200: {
      description: 'The figures, or the same as a table',
      content: {
        'application/json': { schema: MonthlyFigures, example },
        [CSV_TYPE]: { schema: z.string() },
      },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED', 'FIGURES_NOT_YOURS'],
    unavailable: ['SEALING_WORKER_LOST'],
    corrupt: [
      'FIGURES_STATEMENT_ALTERED',
      'FIGURES_STATEMENT_UNKNOWN',
      'ENTRY_MISSING',
      'STATEMENT_MISSING',
      'SEAL_BROKEN',
    ],
  }),
}
