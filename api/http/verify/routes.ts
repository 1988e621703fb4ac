import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DIGEST_ALGORITHMS, digestAlgorithm, formatDigest } from '../../../node/core/digest.ts'
import type { DigestAlgorithm } from '../../../node/core/digest.ts'
import {
  EVIDENCE_LIMITS,
  EVIDENCE_MEDIA_TYPE,
  EvidenceDocument,
  parseEvidence,
} from '../../../node/core/evidence.ts'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import { parseMoment } from '../../../node/core/verify/moment.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { Verdict } from '../../../node/core/verdict.ts'
import type { FindChain } from '../../../node/core/verify/anchor.ts'
import type { GivenContent } from '../../../node/core/verify/content.ts'
import {
  verifyEvidenceText,
  verdictOnUnreadable,
} from '../../../node/core/verify/verifyEvidence.ts'
import { LONGEST_EXAMINED } from '../../../node/derived/copyExaminer.ts'
import type { CopyExaminer } from '../../../node/derived/copyExaminer.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import { readWhole } from '../body.ts'
import { requireDigest } from '../contentDigest.ts'
import { evidence, JSON_TYPE } from '../documentation.ts'
import examples from '../examples.json' with { type: 'json' }
import { parseMediaType } from '../headers.ts'
import { readMultipart } from '../multipart.ts'
import { sendJson } from '../respond.ts'
import type { Context, Route } from '../route.ts'

export interface VerifyParts {
  readonly ledger: Ledger
  /** The chains that this node anchors to, to be asked. */
  readonly findChain: FindChain
  /** Where this node reads parties, certificates and grants. */
  readonly registries?: Registries
  readonly examiner: Pick<CopyExaminer, 'examine'>
  /** Bytes of a content at most. */
  readonly maxContent: number
  /** Milliseconds since 1970: a derived copy at hand may be past its time. */
  readonly now: () => number
}

/** What a marked document comes as. */
const DOCUMENT_TYPES = ['application/pdf', 'application/zip']

const binary = z.string().meta({ override: { type: 'string', format: 'binary' } })

export function verifyRoutes(parts: VerifyParts): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/verify',
      documentation: {
        id: 'verifyEvidence',
        tag: 'evidence',
        summary: 'Check evidence, and the content if it comes along, or a marked document',
        description:
          'A marked document, PDF or ZIP, is sent as it is: its evidence lies in it. It passes only if it is, ' +
          `byte for byte, the one that was handed out; up to ${LONGEST_EXAMINED / 2 ** 20} MiB. ` +
          'Trusts this ledger and its chains, and asks them. Whoever does not trust this ledger ' +
          'verifies with a trust.json of their own: `once verify`.',
        parameters: {
          query: z.object({
            at: z.string().optional().meta({
              description:
                'How a certificate stood then: `2023-08-05`, the end of that day in China, or RFC 3339',
            }),
          }),
        },
        request: {
          ...evidence,
          [JSON_TYPE]: { schema: EvidenceDocument },
          'multipart/form-data': {
            schema: z.strictObject({ evidence: EvidenceDocument, content: binary }),
          },
          ...Object.fromEntries(DOCUMENT_TYPES.map((type) => [type, { schema: binary }])),
        },
        answers: {
          200: {
            description: 'The verdict, also on what is no evidence or marked document at all',
            content: { [JSON_TYPE]: { schema: Verdict, example: examples.verdict } },
          },
        },
        errors: {
          invalid: [
            'BODY_EMPTY',
            'MOMENT_MALFORMED',
            'MEDIA_TYPE_UNSUPPORTED',
            'MEDIA_TYPE_MALFORMED',
            'MULTIPART_MALFORMED',
            'MULTIPART_PART_MISSING',
            'MULTIPART_PART_UNEXPECTED',
            'UPLOAD_ABORTED',
            'CONTENT_ENCODING_UNSUPPORTED',
            'CONTENT_DIGEST_MALFORMED',
            'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED',
            'CONTENT_DIGEST_MISMATCH',
          ],
          tooLarge: ['EVIDENCE_TOO_LARGE', 'CONTENT_TOO_LARGE', 'DOCUMENT_TOO_LARGE'],
          unavailable: ['DOCUMENTS_BUSY'],
        },
      },
      async handle(ctx) {
        const at = momentOf(ctx)
        sendJson(ctx, 200, await answer(ctx, parts, at), { 'Cache-Control': 'no-store' })
      },
    },
  ]
}

async function answer(ctx: Context, parts: VerifyParts, at: number | undefined): Promise<Verdict> {
  let question: Question
  try {
    question = await receiveQuestion(ctx, parts)
  } catch (error) {
    // What anybody asks about is answered, and be it that there is nothing to check.
    if (isLedgerError(error, 'DERIVED_COPY_MALFORMED')) return verdictOnUnreadable(error)
    throw error
  }
  const { evidence, content } = question
  return verifyEvidenceText(evidence, ownTrust(parts), {
    findChain: parts.findChain,
    ...(at !== undefined && { at }),
    now: Math.floor(parts.now() / 1000),
    ...(content && { content }),
  })
}

function momentOf({ query }: Context): number | undefined {
  const { at } = query
  if (at === undefined) return undefined
  return parseMoment(typeof at === 'string' ? at : '')
}

interface Question {
  readonly evidence: Uint8Array
  readonly content?: GivenContent
}

async function receiveQuestion(
  ctx: Context,
  { maxContent, examiner }: Pick<VerifyParts, 'maxContent' | 'examiner'>,
): Promise<Question> {
  const { req, res } = ctx
  const type = parseMediaType(req.headers['content-type'])
  const receive = async (maxBytes: number, code: string) => {
    const body = await readWhole(req, res, maxBytes, code)
    if (body.length === 0) throw new LedgerError('invalid', 'BODY_EMPTY')
    requireDigest(req, body)
    return body
  }
  if (type === 'multipart/form-data') {
    const { first, second } = await readMultipart(req, res, {
      first: { name: 'evidence', maxBytes: EVIDENCE_LIMITS.bytes, code: 'EVIDENCE_TOO_LARGE' },
      second: { name: 'content', maxBytes: maxContent, code: 'CONTENT_TOO_LARGE' },
    })
    return { evidence: first, content: await digest(second.chunks, statedAlgorithms(first)) }
  }
  if (DOCUMENT_TYPES.includes(type ?? ''))
    return examiner.examine(() => receive(LONGEST_EXAMINED, 'DOCUMENT_TOO_LARGE'))
  if (type !== 'application/json' && type !== EVIDENCE_MEDIA_TYPE)
    throw new LedgerError('invalid', 'MEDIA_TYPE_UNSUPPORTED', {
      supported: [
        EVIDENCE_MEDIA_TYPE,
        'application/json',
        'multipart/form-data',
        ...DOCUMENT_TYPES,
      ],
    })
  return { evidence: await receive(EVIDENCE_LIMITS.bytes, 'EVIDENCE_TOO_LARGE') }
}

const HASH_NAMES = { 'sha-256': 'sha256', sm3: 'sm3' } as const

/** Anyone may ask: nothing is computed that the verdict does not need. */
function statedAlgorithms(evidence: Uint8Array): DigestAlgorithm[] {
  try {
    const { statement } = parseEvidence(evidence)
    const stated = 'content' in statement ? statement.content.digests : []
    return DIGEST_ALGORITHMS.filter((name) => stated.map(digestAlgorithm).includes(name))
  } catch (error) {
    // The verdict will say so.
    if (isLedgerError(error)) return []
    throw error
  }
}

async function digest(
  chunks: AsyncIterable<Uint8Array>,
  algorithms: readonly DigestAlgorithm[],
): Promise<GivenContent> {
  const hashers = algorithms.map((algorithm) => ({
    algorithm,
    hasher: createHash(HASH_NAMES[algorithm]),
  }))
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    for (const { hasher } of hashers) hasher.update(chunk)
  }
  return {
    size,
    digests: hashers.map(({ algorithm, hasher }) => formatDigest(algorithm, hasher.digest())),
  }
}

/** What this node itself believes: its log, and its chains as it sees them now. */
function ownTrust({ ledger, registries }: VerifyParts): Trust {
  return {
    log: { origin: ledger.origin, key: parseVerifierKey(ledger.logKey) },
    witnesses: { quorum: 0, keys: [] },
    chains: ledger.status().chains.flatMap(({ log }) => (log ? [{ ...log, blocks: [] }] : [])),
    ...(registries && { registries }),
  }
}
