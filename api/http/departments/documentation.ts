import { z } from 'zod'
import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, together } from '../documentation.ts'
import { prefer, RECORDED } from '../registered/documentation.ts'
import {
  APPEND_ERRORS,
  CHAIN_ERRORS,
  refusalsOf,
  RELAY_ERRORS,
  STALE,
} from '../registered/errors.ts'
import { address, place, previewOf, signed } from '../registered/examples.ts'
import { DepartmentPreview } from '../registered/schema.ts'
import type { Documentation } from '../route.ts'
import {
  BelowQuery,
  Department,
  DepartmentDescription,
  DepartmentPage,
  DepartmentPreviewRequest,
  DepartmentQuery,
  DepartmentRequest,
  Departments,
} from './schema.ts'

const tag = 'departments'
const path = z.strictObject({ address: HexAddress })

const description = { name: '杨浦区（示例）市场监督管理局', region: '310110' }
const window = { notBefore: 1_767_196_800, notAfter: 1_893_427_199 }
const accreditation = {
  type: 'Accreditation',
  message: {
    accreditor: address('1'),
    department: address('2'),
    rights: 10,
    ...window,
    nonce: 0,
  },
} as const
const { accreditor: _, nonce: __, ...drafted } = accreditation.message

const department = {
  address: address('2'),
  ...description,
  accreditor: address('1'),
  account: address('2'),
  rights: ['issuer', 'user'],
  everyType: false,
  types: ['11100000MB0143028R001'],
  standing: 'good',
  ...window,
  accredited: place,
  inForce: { at: 1_767_250_000, is: true, roles: ['issuer', 'user'], account: address('2') },
}
const authority = {
  address: address('1'),
  account: address('1'),
  rights: ['operator', 'issuer', 'registrar', 'user', 'auditor'],
  everyType: true,
  types: [],
  standing: 'good',
  notBefore: 0,
  notAfter: 2 ** 40 - 1,
  accredited: place,
  inForce: {
    at: 1_767_250_000,
    is: true,
    roles: ['operator', 'issuer', 'registrar', 'user', 'auditor'],
    account: address('1'),
  },
}

export const list: Documentation = {
  id: 'listDepartments',
  tag,
  summary: 'The authority, and the departments that it accredited itself',
  parameters: { query: BelowQuery },
  answers: {
    200: {
      description: 'A page, in the order of accreditation',
      content: {
        [JSON_TYPE]: { schema: Departments, example: { authority, departments: [department] } },
      },
    },
  },
  errors: together(STALE, { invalid: ['QUERY_MALFORMED', 'CURSOR_MALFORMED'] }),
}

export const get: Documentation = {
  id: 'getDepartment',
  tag,
  summary: 'What a department may do, now or at a past moment',
  description:
    'Account, rights and times are those of the chain; name, region and code are what the department ' +
    'above it says. `inForce` counts in all those above.',
  parameters: { path, query: DepartmentQuery },
  answers: {
    200: {
      description: 'The department',
      content: { [JSON_TYPE]: { schema: Department, example: department } },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED', 'MOMENT_MALFORMED'],
    notFound: ['DEPARTMENT_UNKNOWN'],
  }),
}

export const below: Documentation = {
  id: 'listDepartmentsBelow',
  tag,
  summary: 'The departments that a department accredited itself',
  parameters: { path, query: BelowQuery },
  answers: {
    200: {
      description: 'A page, in the order of accreditation',
      content: { [JSON_TYPE]: { schema: DepartmentPage, example: { departments: [department] } } },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED', 'CURSOR_MALFORMED'],
    notFound: ['DEPARTMENT_UNKNOWN'],
  }),
}

export const preview: Documentation = {
  id: 'previewDepartmentAct',
  tag,
  summary: 'What to sign to accredit, change or suspend a department',
  description:
    'Fills in the nonce from the chain. `rights` are bits: 1 operator, 2 issuer, 4 registrar, 8 user, ' +
    '16 auditor, 32 certificates of every type. A new department, and an account that a department ' +
    'comes to act by, sign too: `accountSignature`.',
  request: {
    [JSON_TYPE]: {
      schema: DepartmentPreviewRequest,
      example: { act: { type: 'Accreditation', message: drafted } },
    },
  },
  answers: {
    200: {
      description: 'What to sign',
      content: {
        [JSON_TYPE]: {
          schema: DepartmentPreview,
          example: previewOf(accreditation, [address('1'), address('2')]),
        },
      },
    },
  },
  errors: together(BODY_ERRORS, STALE, CHAIN_ERRORS, {
    invalid: ['PREVIEW_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED'],
  }),
}

export const act: Documentation = {
  id: 'actOnDepartment',
  tag,
  summary: 'Accredit, change, suspend, withdraw or rekey a department',
  description:
    'Takes the signed acts Accreditation, TypesChange, StandingChange and Rekeying; whoever hands them ' +
    'in. `description` is taken from the department above alone.',
  parameters: { header: prefer },
  request: {
    [JSON_TYPE]: {
      schema: DepartmentRequest,
      example: { act: signed<'Accreditation'>(accreditation), description },
    },
  },
  answers: RECORDED,
  errors: together(
    BODY_ERRORS,
    RELAY_ERRORS,
    STALE,
    refusalsOf(
      'NonceMismatch',
      'NotAccredited',
      'NotInGoodStanding',
      'NotAbove',
      'DepartmentUnknown',
      'DepartmentWithdrawn',
      'RightsWidened',
      'WindowWidened',
      'TypeWidened',
      'TooManyLevels',
      'AddressZero',
      'CallerNotAccount',
    ),
    { forbidden: ['DEPARTMENT_NOT_BELOW'] },
  ),
}

export const describe: Documentation = {
  id: 'describeDepartment',
  tag,
  summary: 'Say who a department is',
  description:
    'For the department above it, or the authority about itself. The newest counts, and each is logged.',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: DepartmentDescription, example: description } },
  answers: { 201: { description: 'Evidence of the description', content: evidence } },
  errors: together(BODY_ERRORS, APPEND_ERRORS, STALE, {
    invalid: ['DESCRIPTION_MALFORMED'],
    forbidden: ['DEPARTMENT_NOT_BELOW'],
    notFound: ['DEPARTMENT_UNKNOWN'],
  }),
}
