import { z } from 'zod'
import { CatalogueEntry, CatalogueKind } from '../../../node/core/catalogue/entry.ts'
import { entryCode } from '../../../node/core/catalogue/parts.ts'
import {
  BODY_ERRORS,
  evidence as evidenceBody,
  JSON_TYPE,
  together,
  waiting,
} from '../documentation.ts'
import type { Documentation, Errors } from '../route.ts'
import {
  CatalogueHistory,
  CataloguePage,
  CataloguePath,
  CatalogueRecord,
  DayQuery,
  EntryQuery,
  PageQuery,
  ThemeMaterials,
  VersionText,
} from './schema.ts'

const tag = 'catalogue'

const entry = {
  kind: 'materialType',
  code: 'LEASE',
  version: 1,
  from: '2023-01-01',
  owner: `0x${'1'.repeat(40)}`,
  duty: '市场主体登记',
  name: '房屋租赁合同',
  reusable: true,
  validity: { mode: 'UNTIL_DATE', field: 'leaseTo' },
  retention: '30年',
  formats: ['ofd', 'pdf'],
  maxBytes: 20_971_520,
  sensitivity: 'L2',
  fields: [
    { name: 'lessor', label: '出租人', type: 'string', required: true, sensitivity: 'L2' },
    { name: 'leaseTo', label: '租期止', type: 'date', required: true, sensitivity: 'L1' },
  ],
}
const record = {
  entry,
  statement: 'catalogue-2xGxVZjRFtG4SJBrVyzNqsOEJlXk8b0kCgIKn1oFJqY',
  index: 7,
  at: '2023-08-05T02:00:00.000Z',
  by: `department 0x${'1'.repeat(40)}`,
}
const asked = { material: 'LEASE', necessity: 'required', holder: 'APPLICANT', maxGrantDepth: 1 }
const bundle = {
  on: '2023-08-05',
  materials: [
    {
      material: 'LEASE',
      holder: 'APPLICANT',
      necessity: 'required',
      askedBy: [{ ...asked, exemption: 'reuse', matter: '310190010000' }],
    },
  ],
}

const NOT_FOUND: Errors = { notFound: ['CATALOGUE_UNKNOWN', 'CATALOGUE_NOT_IN_FORCE'] }

export const list: Documentation = {
  id: 'listCatalogue',
  tag,
  summary: 'All entries of a kind that are in force on a day',
  parameters: { path: z.strictObject({ kind: CatalogueKind }), query: PageQuery },
  answers: {
    200: {
      description: 'A page',
      content: {
        [JSON_TYPE]: { schema: CataloguePage, example: { on: '2023-08-05', entries: [record] } },
      },
    },
  },
  errors: { invalid: ['QUERY_MALFORMED'], notFound: ['CATALOGUE_UNKNOWN'] },
}

export const get: Documentation = {
  id: 'getCatalogueEntry',
  tag,
  summary: 'The version of an entry that is in force on a day, or one by its number',
  parameters: { path: CataloguePath, query: EntryQuery },
  answers: {
    200: {
      description: 'The version, and the statement that published it',
      content: { [JSON_TYPE]: { schema: CatalogueRecord, example: record } },
    },
  },
  errors: {
    invalid: ['QUERY_MALFORMED'],
    notFound: ['CATALOGUE_UNKNOWN', 'CATALOGUE_NOT_IN_FORCE', 'CATALOGUE_VERSION_UNKNOWN'],
  },
}

export const history: Documentation = {
  id: 'getCatalogueHistory',
  tag,
  summary: 'Every version of an entry, the first first',
  parameters: { path: CataloguePath },
  answers: {
    200: {
      description: 'The versions',
      content: { [JSON_TYPE]: { schema: CatalogueHistory, example: { versions: [record] } } },
    },
  },
  errors: { notFound: ['CATALOGUE_UNKNOWN'] },
}

export const evidence: Documentation = {
  id: 'getCatalogueEvidence',
  tag,
  summary: 'Evidence of the statement that published a version',
  parameters: {
    path: CataloguePath.extend({ version: VersionText }),
    query: waiting,
  },
  answers: {
    200: {
      description: 'Evidence',
      content: evidenceBody,
    },
  },
  errors: {
    invalid: ['WAIT_UNKNOWN'],
    notFound: ['CATALOGUE_UNKNOWN', 'CATALOGUE_VERSION_UNKNOWN'],
    unavailable: ['ANCHOR_TIMEOUT'],
  },
}

export const materials: Documentation = {
  id: 'getThemeMaterials',
  tag,
  summary: 'What the matters of a theme need, each material of a holder once',
  parameters: { path: z.strictObject({ code: entryCode }), query: DayQuery },
  answers: {
    200: {
      description: 'The materials, in the order in which the matters ask for them',
      content: { [JSON_TYPE]: { schema: ThemeMaterials, example: bundle } },
    },
  },
  errors: { invalid: ['QUERY_MALFORMED'], ...NOT_FOUND },
}

const published = {
  content: evidenceBody,
  headers: z.strictObject({ Location: z.string() }),
}

export const publish: Documentation = {
  id: 'publishCatalogueEntry',
  tag,
  summary: 'Publish the next version of an entry',
  description:
    'The department that owns the entry publishes it by its account. A fixed token of an operator may publish first ' +
    'versions, to set a node up. The same version once more is the same statement.',
  request: { [JSON_TYPE]: { schema: CatalogueEntry, example: entry } },
  answers: {
    201: { description: 'Published; the answer is evidence', ...published },
    200: { description: 'It was published before; the same evidence', ...published },
  },
  errors: together(BODY_ERRORS, {
    invalid: [
      'CATALOGUE_ENTRY_MALFORMED',
      'CATALOGUE_OWNER_UNKNOWN',
      'CATALOGUE_FROM_TOO_EARLY',
      'CATALOGUE_REFERENCE_UNKNOWN',
      'CATALOGUE_FIELD_UNKNOWN',
      'CATALOGUE_FIELDS_DROPPED',
      'CATALOGUE_PATTERN_MALFORMED',
      'CERTIFICATE_TYPE_UNKNOWN',
    ],
    forbidden: ['CATALOGUE_OWNER_NEEDED'],
    conflict: ['CATALOGUE_VERSION_TAKEN', 'CATALOGUE_VERSION_GAP'],
    tooMany: ['LEDGER_BUSY'],
    corrupt: ['LEDGER_STOPPED'],
    unavailable: ['STORE_FULL', 'MIRROR_STALE'],
  }),
}
