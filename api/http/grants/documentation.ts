import { z } from 'zod'
import { EVIDENCE_MEDIA_TYPE, EvidenceDocument } from '../../../node/core/evidence.ts'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import { ScopeView } from '../../../node/core/grants/scope.ts'
import { BODY_ERRORS, JSON_TYPE, shown, together, waiting } from '../documentation.ts'
import { ON_CHAIN, ON_ITS_WAY, prefer } from '../registered/documentation.ts'
import { refusedBy } from '../registered/errors.ts'
import type { Documentation, Errors } from '../route.ts'
import { examplesOfGrants } from './examples.ts'
import {
  ActRequest,
  EpochPreview,
  EpochPreviewRequest,
  GrantDetail,
  GrantPage,
  GrantPreview,
  GrantPreviewRequest,
  GrantQuery,
  GrantRegistration,
  GrantTree,
  RecordedAct,
  RegisteredGrant,
  RevocationPreview,
  RevocationPreviewRequest,
} from './schema.ts'

const tag = 'grants'
const path = z.strictObject({ id: HexHash })

const READ_ERRORS: Errors = {
  forbidden: ['GRANT_NOT_YOURS'],
  notFound: ['GRANT_NOT_FOUND'],
  unavailable: ['MIRROR_STALE'],
}

const RELAY_ERRORS: Errors = {
  invalid: ['ACT_MALFORMED', 'ACT_UNEXPECTED', 'ACT_GRANT_MISMATCH'],
  conflict: ['STATEMENT_ID_TAKEN'],
  unverified: ['SIGNATURE_INVALID'],
  tooMany: ['ACTS_TOO_MANY', 'ACTS_BUSY', 'LEDGER_BUSY'],
  corrupt: ['LEDGER_STOPPED'],
  unavailable: [
    'RELAYING_OFF',
    'RELAY_CLOSED',
    'STORE_FULL',
    'CHAIN_UNREACHABLE',
    'CHAIN_TIMEOUT',
    'CHAIN_REFUSED',
    'CHAIN_CLOSED',
    'REGISTRIES_NOT_DEPLOYED',
  ],
}

export const preview: Documentation = {
  id: 'previewGrant',
  tag,
  summary: 'What a grant says, before it is signed',
  description:
    'Fills in what follows from the grant above and from the chain, and tells in words what would be ' +
    'signed, and all that speaks against it now. Nothing is kept. Who signs need not take the words ' +
    'of this node for it: they follow from `typedData` by the same code in the SDK.',
  request: { [JSON_TYPE]: shown(GrantPreviewRequest, () => examplesOfGrants().draft) },
  answers: {
    200: {
      description: 'What to sign, with EIP-712',
      content: { [JSON_TYPE]: shown(GrantPreview, () => examplesOfGrants().preview) },
    },
  },
  errors: together(BODY_ERRORS, {
    invalid: ['PREVIEW_MALFORMED', 'GRANT_DRAFT_INCOMPLETE'],
    unavailable: ['MIRROR_STALE'],
  }),
}

export const register: Documentation = {
  id: 'registerGrant',
  tag,
  summary: 'Record a signed grant on chain',
  description:
    'The signature is the authority: anyone may hand the act in, and the same again is the same. ' +
    'With `view`, the grantee finds here what it was given; a view that shows anything else is ' +
    'refused before anything is logged or sent.',
  parameters: { header: prefer },
  request: { [JSON_TYPE]: shown(GrantRegistration, () => examplesOfGrants().registration) },
  answers: {
    201: {
      description: ON_CHAIN,
      content: { [JSON_TYPE]: shown(RegisteredGrant, () => examplesOfGrants().registered) },
      headers: z.object({ Location: z.string().meta({ description: 'Path of the grant' }) }),
    },
    202: {
      description: ON_ITS_WAY,
      content: { [JSON_TYPE]: shown(RegisteredGrant, () => examplesOfGrants().onItsWay) },
      headers: z.object({ Location: z.string().meta({ description: 'Path of the grant' }) }),
    },
  },
  errors: together(
    BODY_ERRORS,
    RELAY_ERRORS,
    {
      invalid: ['SCOPE_OPENING_MISSING'],
      unverified: ['SCOPE_ROOTS_MISMATCH', 'SCOPE_OPENING_MISMATCH'],
    },
    refusedBy((code) => code.startsWith('GRANT')),
  ),
}

export const list: Documentation = {
  id: 'listGrants',
  tag,
  summary: 'Grants of a holder, to a grantee, or passed on from another, newest first',
  description:
    'Of a holder for its own accounts, to a grantee for the grantee itself; passed on, for whoever may ' +
    'read the grant above. Auditors may ask for any.',
  parameters: { query: GrantQuery },
  answers: {
    200: {
      description: 'A page',
      content: { [JSON_TYPE]: shown(GrantPage, () => ({ grants: [examplesOfGrants().summary] })) },
    },
  },
  errors: together(READ_ERRORS, { invalid: ['QUERY_MALFORMED', 'CURSOR_MALFORMED'] }),
}

export const get: Documentation = {
  id: 'getGrant',
  tag,
  summary: 'A grant, and how it stands now',
  description:
    'For accounts of its holder, whoever passed it on or received it, and auditors; so are its tree ' +
    'and its evidence.',
  parameters: { path },
  answers: {
    200: {
      description: 'The grant',
      content: { [JSON_TYPE]: shown(GrantDetail, () => examplesOfGrants().detail) },
    },
  },
  errors: READ_ERRORS,
}

export const tree: Documentation = {
  id: 'getGrantTree',
  tag,
  summary: 'A grant and all that was passed on from it',
  parameters: { path },
  answers: {
    200: {
      description: 'Each before those below it',
      content: {
        [JSON_TYPE]: shown(GrantTree, () => ({ grants: [examplesOfGrants().summary], unread: [] })),
      },
    },
  },
  errors: READ_ERRORS,
}

export const view: Documentation = {
  id: 'getGrantView',
  tag,
  summary: 'The items and purposes that a grantee was given',
  description: 'For the two between whom the grant was made.',
  parameters: { path },
  answers: {
    200: {
      description: 'Openings of the lists that `scope` commits to',
      content: { [JSON_TYPE]: shown(ScopeView, () => examplesOfGrants().view) },
    },
  },
  errors: together(READ_ERRORS, { notFound: ['GRANT_VIEW_NOT_KEPT'] }),
}

export const evidence: Documentation = {
  id: 'getGrantEvidence',
  tag,
  summary: 'Evidence of the act that granted, with its anchors once there are any',
  parameters: { path, query: waiting },
  answers: {
    200: {
      description: 'Evidence',
      content: {
        [EVIDENCE_MEDIA_TYPE]: shown(EvidenceDocument, () => examplesOfGrants().evidence),
      },
    },
  },
  errors: together(READ_ERRORS, {
    invalid: ['WAIT_UNKNOWN'],
    notFound: ['GRANT_TERMS_UNKNOWN'],
    unavailable: ['ANCHOR_TIMEOUT', 'ANCHORING_OFF'],
  }),
}

export const previewRevocation: Documentation = {
  id: 'previewRevocation',
  tag,
  summary: 'What a revocation says, before it is signed',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: RevocationPreviewRequest, example: {} } },
  answers: {
    200: {
      description: 'What to sign, with EIP-712',
      content: {
        [JSON_TYPE]: shown(RevocationPreview, () => examplesOfGrants().revocationPreview),
      },
    },
  },
  errors: together(BODY_ERRORS, READ_ERRORS, {
    invalid: ['PREVIEW_MALFORMED'],
    notFound: ['GRANT_TERMS_UNKNOWN'],
  }),
}

export const revoke: Documentation = {
  id: 'revokeGrant',
  tag,
  summary: 'End a grant for good, and with it all below',
  description:
    'By a signed `Revocation` of a grantor on its chain, or of an account of the holder.',
  parameters: { path, header: prefer },
  request: { [JSON_TYPE]: shown(ActRequest, () => ({ act: examplesOfGrants().revocation })) },
  answers: {
    201: {
      description: ON_CHAIN,
      content: { [JSON_TYPE]: shown(RecordedAct, () => examplesOfGrants().recorded) },
    },
    202: {
      description: ON_ITS_WAY,
      content: { [JSON_TYPE]: shown(RecordedAct, () => examplesOfGrants().recordedOnItsWay) },
    },
  },
  errors: together(
    BODY_ERRORS,
    RELAY_ERRORS,
    { notFound: ['GRANT_NOT_FOUND'] },
    refusedBy((code) => code.startsWith('GRANT_CHAIN') || code === 'NOT_REVOKER'),
    { forbidden: ['GRANT_PARENT_MISMATCH'] },
  ),
}

export const previewEpoch: Documentation = {
  id: 'previewEpoch',
  tag,
  summary: 'What it says to end all that an account granted, before it is signed',
  request: { [JSON_TYPE]: { schema: EpochPreviewRequest, example: {} } },
  answers: {
    200: {
      description: 'What to sign, with EIP-712',
      content: { [JSON_TYPE]: shown(EpochPreview, () => examplesOfGrants().epochPreview) },
    },
  },
  errors: together(BODY_ERRORS, {
    invalid: ['PREVIEW_MALFORMED'],
    unavailable: ['MIRROR_STALE'],
  }),
}

export const bumpEpoch: Documentation = {
  id: 'bumpEpoch',
  tag,
  summary: 'End all that an account or department granted so far',
  parameters: { header: prefer },
  request: { [JSON_TYPE]: shown(ActRequest, () => ({ act: examplesOfGrants().epochBump })) },
  answers: {
    201: {
      description: ON_CHAIN,
      content: { [JSON_TYPE]: shown(RecordedAct, () => examplesOfGrants().recorded) },
    },
    202: {
      description: ON_ITS_WAY,
      content: { [JSON_TYPE]: shown(RecordedAct, () => examplesOfGrants().recordedOnItsWay) },
    },
  },
  errors: together(
    BODY_ERRORS,
    RELAY_ERRORS,
    refusedBy((code) => code === 'EPOCH_OUT_OF_ORDER'),
  ),
}
