import examples from '../examples.json' with { type: 'json' }
import type { Documentation } from '../route.ts'
import { MaterialPage, MaterialsQuery } from './schema.ts'

export const list: Documentation = {
  id: 'listMaterials',
  tag: 'materials',
  summary: 'Materials of a holder, or what somebody handed in, newest first',
  description:
    'An account of a holder lists what the holders have that it is bound to, whoever handed it in; a department what it ' +
    'handed in itself; an auditor all, masked. What was erased is left out. How much is looked at for one page is ' +
    'bounded: a page may be short, or empty, and there are more as long as there is a `next`.',
  parameters: { query: MaterialsQuery },
  answers: {
    200: {
      description: 'A page of them',
      content: {
        'application/json': {
          schema: MaterialPage,
          example: { materials: [examples.material], next: '1' },
        },
      },
    },
  },
  errors: {
    invalid: ['QUERY_MALFORMED', 'MATERIALS_HOLDER_NEEDED'],
    forbidden: ['MATERIAL_NOT_YOURS', 'ACCOUNT_NEEDED'],
  },
}
