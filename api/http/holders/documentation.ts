import { z } from 'zod'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import { Holder as HolderCode } from '../../../node/core/statement.ts'
import { BODY_ERRORS, JSON_TYPE, together } from '../documentation.ts'
import { prefer, RECORDED } from '../registered/documentation.ts'
import {
  APPEND_ERRORS,
  CHAIN_ERRORS,
  refusalsOf,
  RELAY_ERRORS,
  STALE,
} from '../registered/errors.ts'
import { address, place, previewOf, signed, word } from '../registered/examples.ts'
import { HolderBindingPreview, HolderReleasePreview } from '../registered/schema.ts'
import type { Documentation, Errors } from '../route.ts'
import {
  AccountPreviewRequest,
  AccountRequest,
  FoundHolder,
  Holder,
  HolderPage,
  HolderPreview,
  HolderPreviewRequest,
  HolderQuery,
  HolderRequest,
} from './schema.ts'

const tag = 'holders'
const path = z.strictObject({ id: HexHash })

const message = { registrar: address('4'), holder: word('3'), account: address('5'), nonce: 0 }
const binding = { type: 'HolderBinding', message } as const
const release = { type: 'HolderRelease', message: { ...message, endGrants: true } } as const
const code = { salt: word('7'), codeType: '001', code: '91310110MADEM002XN' }

const holder = {
  id: word('3'),
  registrar: address('4'),
  masked: false,
  name: '上海云启数科（示例）有限公司',
  codeType: '001',
  code: '91310110MADEM002XN',
  accounts: [
    {
      account: address('5'),
      bound: true,
      periods: [{ from: 1_767_200_000, registrar: address('4'), recorded: place }],
    },
  ],
}

const CODE_ERRORS: Errors = {
  invalid: [
    'USCC_MALFORMED',
    'USCC_CHECK_CHARACTER_WRONG',
    'ORGANISATION_CODE_CHECK_CHARACTER_WRONG',
    'CITIZEN_NUMBER_MALFORMED',
    'CITIZEN_NUMBER_BIRTH_DATE_WRONG',
    'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
  ],
}
const ALREADY: Errors = { conflict: ['HOLDER_REGISTERED_ALREADY'] }
const ACT_ERRORS = together(
  BODY_ERRORS,
  RELAY_ERRORS,
  STALE,
  refusalsOf(
    'NonceMismatch',
    'NotAccredited',
    'NotRegistrarOf',
    'AccountAlreadyBound',
    'AccountNotBound',
    'AddressZero',
    'CallerNotAccount',
  ),
  { invalid: ['HOLDER_ID_MISMATCH'], forbidden: ['REGISTRAR_OTHER', 'DEPARTMENT_NEEDED'] },
)

export const preview: Documentation = {
  id: 'previewHolder',
  tag,
  summary: 'What to sign to register a holder and bind its first account',
  description: 'Draw 32 random bytes for `salt`, and keep them with the registration.',
  request: {
    [JSON_TYPE]: {
      schema: HolderPreviewRequest,
      example: { registration: code, account: address('5') },
    },
  },
  answers: {
    200: {
      description: 'What to sign',
      content: {
        [JSON_TYPE]: {
          schema: HolderPreview,
          example: { holder: word('3'), ...previewOf(binding, [address('4')]) },
        },
      },
    },
  },
  errors: together(BODY_ERRORS, CODE_ERRORS, ALREADY, STALE, CHAIN_ERRORS, {
    invalid: ['PREVIEW_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED'],
  }),
}

export const register: Documentation = {
  id: 'registerHolder',
  tag,
  summary: 'Register a holder and bind its first account',
  description:
    'On chain stands a salted hash and the account; who that is stays here, sealed. The same twice is ' +
    'the same. Under another salt, whom the department registered already is refused, and its id told: bind further ' +
    'accounts to that.',
  parameters: { header: prefer },
  request: {
    [JSON_TYPE]: {
      schema: HolderRequest,
      example: {
        registration: { ...code, name: holder.name },
        act: signed<'HolderBinding'>(binding),
      },
    },
  },
  answers: RECORDED,
  errors: together(ACT_ERRORS, CODE_ERRORS, ALREADY, APPEND_ERRORS),
}

export const previewAccount = (type: 'HolderBinding' | 'HolderRelease'): Documentation => ({
  id: type === 'HolderBinding' ? 'previewBinding' : 'previewRelease',
  tag,
  summary:
    type === 'HolderBinding'
      ? 'What to sign to bind another account to a holder'
      : 'What to sign to release an account of a holder',
  parameters: { path },
  request: {
    [JSON_TYPE]: {
      schema: AccountPreviewRequest,
      example: { account: address('5'), ...(type === 'HolderRelease' && { endGrants: true }) },
    },
  },
  answers: {
    200: {
      description: 'What to sign',
      content: {
        [JSON_TYPE]: {
          schema: type === 'HolderBinding' ? HolderBindingPreview : HolderReleasePreview,
          example: previewOf(type === 'HolderBinding' ? binding : release, [address('4')]),
        },
      },
    },
  },
  errors: together(BODY_ERRORS, STALE, CHAIN_ERRORS, {
    invalid: ['PREVIEW_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED', 'HOLDER_NOT_YOURS'],
    notFound: ['HOLDER_NOT_FOUND'],
  }),
})

export const changeAccount = (type: 'HolderBinding' | 'HolderRelease'): Documentation => ({
  id: type === 'HolderBinding' ? 'bindAccount' : 'releaseAccount',
  tag,
  summary:
    type === 'HolderBinding'
      ? 'Bind another account to a holder'
      : 'Release an account of a holder',
  ...(type === 'HolderRelease' && {
    description: 'With `endGrants`, all that the account granted ends with it: for a lost key.',
  }),
  parameters: { path, header: prefer },
  request: {
    [JSON_TYPE]: {
      schema: AccountRequest,
      example: {
        act:
          type === 'HolderBinding'
            ? signed<'HolderBinding'>(binding)
            : signed<'HolderRelease'>(release),
      },
    },
  },
  answers: RECORDED,
  errors: ACT_ERRORS,
})

export const get: Documentation = {
  id: 'getHolder',
  tag,
  summary: 'Who a holder is, and its accounts with their history',
  description:
    'Its own accounts, its registrar and the departments above that see name and code; other ' +
    'departments see them masked.',
  parameters: { path },
  answers: {
    200: {
      description: 'The holder',
      content: { [JSON_TYPE]: { schema: Holder, example: holder } },
    },
  },
  errors: together(STALE, { forbidden: ['HOLDER_NOT_YOURS'], notFound: ['HOLDER_NOT_FOUND'] }),
}

export const find: Documentation = {
  id: 'findHolder',
  tag,
  summary: 'The id of a holder whose code one has',
  description:
    'For departments that issue or register, since they sign for it, and for holders, of their own. Others name the code ' +
    'in the case that they open: of that there is a record, which the holder sees.',
  request: { [JSON_TYPE]: { schema: HolderCode, example: { codeType: '001', code: code.code } } },
  answers: {
    200: {
      description: 'The id',
      content: { [JSON_TYPE]: { schema: FoundHolder, example: { holder: word('3') } } },
    },
  },
  errors: together(BODY_ERRORS, STALE, CODE_ERRORS, {
    invalid: ['HOLDER_CODE_MALFORMED'],
    notFound: ['HOLDER_CODE_UNKNOWN'],
    conflict: ['HOLDER_CODE_AMBIGUOUS'],
  }),
}

export const mine: Documentation = {
  id: 'listOwnHolders',
  tag,
  summary: 'Holders that the account of the caller is bound to',
  parameters: { query: HolderQuery },
  answers: {
    200: {
      description: 'A page',
      content: { [JSON_TYPE]: { schema: HolderPage, example: { holders: [holder] } } },
    },
  },
  errors: together(STALE, { invalid: ['QUERY_MALFORMED', 'CURSOR_MALFORMED'] }),
}
