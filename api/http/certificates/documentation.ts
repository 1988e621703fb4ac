import { z } from 'zod'
import { CREDENTIAL_MEDIA_TYPE } from '../../../node/core/certificates/credential.ts'
import { certificateIdOf } from '../../../node/core/certificates/status.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, together, waiting } from '../documentation.ts'
import { prefer, RECORDED } from '../registered/documentation.ts'
import { APPEND_ERRORS, refusalsOf, RELAY_ERRORS, STALE } from '../registered/errors.ts'
import { address, previewOf, signed, word } from '../registered/examples.ts'
import { ActWithNote, StatusChangePreview } from '../registered/schema.ts'
import type { Documentation, Errors } from '../route.ts'
import {
  Certificate,
  CertificatePage,
  CertificateQuery,
  CertificateRequest,
  CertificateStatus,
  DisclosureQuery,
  PresentationRequest,
  PresentationVerdict,
  StatusPreviewRequest,
  StatusQuery,
} from './schema.ts'

const tag = 'certificates'
const path = z.strictObject({ id: StatementId })

const type = '11100000MB03271699001'
const identifier = `1.2.156.3005.2.${type}.12310000MBDEM0293B.20210000012345.001.8`
const standing = { code: '01', time: 1_767_250_000, usable: true }
const summary = {
  id: 'certificate-7Q2pXo0mD4cQ3bYp8W1kUu5h2m9tL6sE0aVnRjZfGxI',
  index: 4,
  at: '2026-01-02T03:04:05.678Z',
  serial: word('8'),
  certificate: certificateIdOf(address('2'), type, word('8')),
  statement: {
    v: 1,
    id: 'certificate-7Q2pXo0mD4cQ3bYp8W1kUu5h2m9tL6sE0aVnRjZfGxI',
    kind: 'certificate.issued',
    issuer: address('2'),
    chainId: 31337,
    type,
    identifier,
    holders: [word('3')],
    credential: 'eyJ0eXAi.eyJpc3Mi.c2ln',
    content: {
      digests: [`sha-256:${'9'.repeat(64)}`],
      size: 2048,
      mediaType: CREDENTIAL_MEDIA_TYPE,
      kept: 'here',
    },
    validFrom: 1_621_267_200,
  },
  status: standing,
}
const revoking = {
  type: 'StatusChange',
  message: {
    issuer: address('2'),
    certificateType: certificateTypeWord(type),
    serial: word('8'),
    status: 7,
    sequence: 0,
  },
} as const
const verdict = {
  result: 'pass',
  checks: [
    {
      check: 'presentation',
      result: 'pass',
      code: 'PRESENTATION_HOLDS',
      message: 'An account of the holder presents it, to you and just now.',
    },
    {
      check: 'issuer',
      result: 'pass',
      code: 'ISSUER_ACCREDITED',
      message: 'The department was accredited for this type when it issued it.',
    },
    {
      check: 'status',
      result: 'pass',
      code: 'STATUS_VALID',
      message: 'The certificate is valid now.',
    },
  ],
  shown: {
    id: summary.id,
    issuer: address('2'),
    type,
    identifier,
    holderAccount: address('5'),
    validFrom: 1_621_267_200,
    fields: { location: '杨浦区示例路100号8层' },
  },
}

const CREDENTIAL_ERRORS: Errors = {
  invalid: ['CREDENTIAL_MALFORMED', 'DISCLOSURE_MALFORMED'],
  unverified: [
    'CREDENTIAL_ALGORITHM_WRONG',
    'CREDENTIAL_KIND_WRONG',
    'DISCLOSURE_UNKNOWN',
    'DISCLOSURE_REPEATED',
    'DISCLOSURE_NAME_TAKEN',
  ],
}
const OWN: Errors = together(STALE, {
  forbidden: ['CERTIFICATE_NOT_YOURS'],
  notFound: ['CERTIFICATE_NOT_FOUND'],
})

export const issue: Documentation = {
  id: 'issueCertificate',
  tag,
  summary: 'Log a certificate that a department signed',
  description:
    'The signature in the credential is the authority: the department has to be accredited for the ' +
    'type at this moment. What stands on its face is sealed; the statement names type, holders and ' +
    'identifier. No transaction is needed.',
  request: {
    [JSON_TYPE]: {
      schema: CertificateRequest,
      example: { credential: 'eyJ0eXAi.eyJpc3Mi.c2ln~WyJhIl0~' },
    },
  },
  answers: {
    200: { description: 'It was there already: its evidence', content: evidence },
    201: {
      description: 'Durable; its anchor, and proofs of who could issue it, follow',
      content: evidence,
      headers: z.object({ Location: z.string().meta({ description: 'Path of the certificate' }) }),
    },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, STALE, CREDENTIAL_ERRORS, {
    invalid: [
      'CERTIFICATE_TYPE_UNKNOWN',
      'CERTIFICATE_FIELDS_MALFORMED',
      'CERTIFICATE_INCOMPLETE',
      'CERTIFICATE_VALIDITY_EMPTY',
      'CERTIFICATE_VALIDITY_MISMATCH',
      'CERTIFICATE_ISSUED_IN_FUTURE',
      'CERTIFICATE_CHAIN_WRONG',
      'CERTIFICATE_HOLDERS_TOO_MANY',
      'CERTIFICATE_HOLDERS_DIFFER',
      'CERTIFICATE_TYPES_DIFFER',
      'CERTIFICATE_IDENTIFIER_MALFORMED',
      'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
      'CERTIFICATE_IDENTIFIER_MISMATCH',
      'CERTIFICATE_IDENTIFIER_DISCLOSES',
    ],
    forbidden: ['NOT_ACCREDITED'],
    notFound: ['CERTIFICATE_EARLIER_NOT_FOUND'],
    conflict: ['CERTIFICATE_IDENTIFIER_TAKEN'],
    unverified: ['SIGNATURE_INVALID', 'SIGNATURE_MALFORMED'],
    tooLarge: ['CONTENT_TOO_LARGE'],
  }),
}

export const list: Documentation = {
  id: 'listCertificates',
  tag,
  summary: 'Certificates of a holder, or the one with an identifier',
  description: 'For accounts of the holder; by identifier also for the department that issued it.',
  parameters: { query: CertificateQuery },
  answers: {
    200: {
      description: 'A page, newest first',
      content: { [JSON_TYPE]: { schema: CertificatePage, example: { certificates: [summary] } } },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED'],
    forbidden: ['CERTIFICATE_NOT_YOURS'],
  }),
}

export const get: Documentation = {
  id: 'getCertificate',
  tag,
  summary: 'A certificate, how it stands, and what came before and after it',
  description: 'For the department that issued it and accounts of its holders.',
  parameters: { path },
  answers: {
    200: {
      description: 'The certificate',
      content: {
        [JSON_TYPE]: {
          schema: Certificate,
          example: { ...summary, lineage: { renewedBy: [], replacedBy: [] } },
        },
      },
    },
  },
  errors: OWN,
}

export const evidenceOf: Documentation = {
  id: 'getCertificateEvidence',
  tag,
  summary: 'Evidence of a certificate: who could issue it, and how it stands',
  description:
    'Proofs of the registries stand in it (EIP-1186): who could issue when it was issued, and its ' +
    'status in the newest anchored block.',
  parameters: { path, query: waiting, header: prefer },
  answers: { 200: { description: 'Evidence', content: evidence } },
  errors: together(OWN, {
    invalid: ['WAIT_UNKNOWN'],
    unavailable: ['ANCHOR_TIMEOUT', 'ANCHORING_OFF'],
  }),
}

export const disclose: Documentation = {
  id: 'discloseCertificate',
  tag,
  summary: 'The credential with some of its fields, for its holder to present',
  parameters: { path, query: DisclosureQuery },
  answers: {
    200: {
      description: 'SD-JWT (RFC 9901), without key binding',
      content: {
        [CREDENTIAL_MEDIA_TYPE]: { schema: z.string(), example: 'eyJ0eXAi.eyJpc3Mi.c2ln~' },
      },
    },
  },
  errors: together(OWN, { invalid: ['QUERY_MALFORMED', 'CERTIFICATE_FIELD_UNKNOWN'] }),
}

export const status: Documentation = {
  id: 'getCertificateStatus',
  tag,
  summary: 'How a certificate stands, now or at a past moment',
  parameters: { path, query: StatusQuery },
  answers: {
    200: {
      description: 'As the chain and the log have it',
      content: {
        [JSON_TYPE]: { schema: CertificateStatus, example: summary.status },
      },
    },
  },
  errors: together(OWN, { invalid: ['QUERY_MALFORMED', 'MOMENT_MALFORMED'] }),
}

export const previewStatus: Documentation = {
  id: 'previewCertificateStatus',
  tag,
  summary: 'What the department has to sign to change the status',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: StatusPreviewRequest, example: { status: '07' } } },
  answers: {
    200: {
      description: 'What to sign',
      content: {
        [JSON_TYPE]: { schema: StatusChangePreview, example: previewOf(revoking, [address('2')]) },
      },
    },
  },
  errors: together(OWN, BODY_ERRORS, {
    invalid: ['PREVIEW_MALFORMED', 'CERTIFICATE_STATUS_TEXT_MISSING'],
    conflict: ['CERTIFICATE_STATUS_CHANGE_REFUSED'],
  }),
}

export const changeStatus: Documentation = {
  id: 'changeCertificateStatus',
  tag,
  summary: 'Suspend, resume, revoke or otherwise change the status',
  description:
    'Takes the signed act StatusChange of the department that issued it. `note` is logged with it; 99 ' +
    'needs one.',
  parameters: { path, header: prefer },
  request: {
    [JSON_TYPE]: {
      schema: ActWithNote,
      example: { act: signed<'StatusChange'>(revoking), note: 'Fire safety' },
    },
  },
  answers: RECORDED,
  errors: together(
    BODY_ERRORS,
    RELAY_ERRORS,
    STALE,
    refusalsOf('NotAccredited', 'StatusChangeRefused', 'SequenceMismatch', 'CallerNotAccount'),
    {
      invalid: [
        'ACT_CERTIFICATE_MISMATCH',
        'CERTIFICATE_STATUS_TEXT_MISSING',
        'CERTIFICATE_STATUS_UNKNOWN',
      ],
      notFound: ['CERTIFICATE_NOT_FOUND'],
    },
  ),
}

export const presentation: Documentation = {
  id: 'verifyPresentation',
  tag,
  summary: 'Is this presentation good?',
  description:
    'For a verifier that drew a nonce, gave it to the holder with its own name, and got an SD-JWT with ' +
    'key binding. A question gets an answer: 200, with the code of what is wrong. The status is told to ' +
    'those alone to whom the certificate was rightly presented.',
  request: {
    [JSON_TYPE]: {
      schema: PresentationRequest,
      example: {
        presentation: 'eyJ0eXAi.eyJpc3Mi.c2ln~WyJhIl0~eyJ0eXAi.eyJub25j.c2ln',
        nonce: 'n-0S6_WzA2Mj',
        audience: 'https://counter.example.org',
      },
    },
  },
  answers: {
    200: {
      description: 'The verdict',
      content: { [JSON_TYPE]: { schema: PresentationVerdict, example: verdict } },
    },
  },
  errors: together(BODY_ERRORS, STALE, CREDENTIAL_ERRORS, {
    invalid: ['PRESENTATION_MALFORMED', 'CERTIFICATE_TYPE_UNKNOWN'],
  }),
}
