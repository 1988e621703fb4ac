// Writes the parts of the documents that follow from the code: `node test/docs/generate.ts`.
// A test compares them, so a page never lags behind.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { EXIT, EXIT_MEANINGS } from '../../api/cli/exitCodes.ts'
import { describeConfig } from '../../api/config.ts'
import { SENTENCES as PROBLEMS } from '../../api/http/problems.ts'
import { REFUSALS } from '../../node/core/acts/refusals.ts'
import { FINDINGS } from '../../node/ledger/audit/findings.ts'
import { SENTENCES as VERDICTS } from '../../node/core/verify/sentences.ts'
import type { ApiParts } from '../../api/http/createApi.ts'
import { startTestApi, TOKENS } from '../api/support/api.ts'
import type { TestApi } from '../api/support/api.ts'

export interface Part {
  readonly page: string
  readonly name: string
  /** Markdown. */
  readonly make: () => string | Promise<string>
}

/** Kinds of codes that no `new LedgerError` names beside its kind. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  invalid: [
    'QUERY_MALFORMED',
    'SIZE_MALFORMED',
    'SUBMISSION_MALFORMED',
    'ERASURE_MALFORMED',
    'DECISION_MALFORMED',
    'IMPORT_RECORD_MALFORMED',
    'STATEMENT_MALFORMED',
    'EVIDENCE_MALFORMED',
    'TRUST_MALFORMED',
    'PREVIEW_MALFORMED',
    'SCOPE_MALFORMED',
    'CATALOGUE_ENTRY_MALFORMED',
    'CATALOGUE_FILE_MALFORMED',
    'CERTIFICATE_FIELDS_MALFORMED',
    'CERTIFICATE_CHAIN_WRONG',
    'CERTIFICATE_INCOMPLETE',
    'CERTIFICATE_ISSUED_IN_FUTURE',
    'CERTIFICATE_VALIDITY_MISMATCH',
    'DISCLOSURE_MALFORMED',
    'DIGEST_MALFORMED',
    'DIGEST_ALGORITHM_UNKNOWN',
    'DIGEST_LENGTH_WRONG',
    'JSON_DUPLICATE_KEY',
    'JSON_NUMBER_NOT_INTEGER',
    'JSON_NAME_FORBIDDEN',
    'JSON_TOO_DEEP',
  ],
  tooLarge: ['BODY_TOO_LARGE', 'BATCH_TOO_LARGE', 'EVIDENCE_TOO_LARGE', 'DOCUMENT_TOO_LARGE'],
  unverified: [
    'PRESENTATION_ALTERED',
    'PRESENTATION_AUDIENCE_WRONG',
    'PRESENTATION_HOLDER_UNKNOWN',
    'PRESENTATION_KEY_BINDING_MISSING',
    'PRESENTATION_NONCE_MISSING',
    'PRESENTATION_NONCE_WRONG',
    'PRESENTATION_TOO_EARLY',
    'PRESENTATION_TOO_OLD',
    'MERKLE_INDEX_BEYOND_SIZE',
    'MERKLE_PROOF_TOO_LONG',
    'MERKLE_PROOF_TOO_SHORT',
    'MERKLE_ROOT_MISMATCH',
    'MERKLE_OLD_ROOT_MISMATCH',
    'MERKLE_SIZES_OUT_OF_ORDER',
  ],
  // As a use finds the material; `conflict` where somebody decides about it.
  forbidden: [
    'MATERIAL_QUARANTINED',
    'MATERIAL_REJECTED',
    'MATERIAL_SUPERSEDED',
    'MATERIAL_WITHDRAWN',
    'MATERIAL_EXPIRED',
    'MATERIAL_NOT_VALID_YET',
    'MATERIAL_UNDATED',
    'MATERIAL_CERTIFICATE_DECIDES',
    'MATERIAL_NOT_FROM_ISSUER',
    'CERTIFICATE_NOT_USABLE',
    'CERTIFICATE_SUPERSEDED',
    'CERTIFICATE_NOT_YET_VALID',
    'CERTIFICATE_EXPIRED',
  ],
  conflict: ['CASE_CODE_TAKEN', 'CASE_STAGE_TAKEN', 'MATERIAL_DECIDED'],
  unavailable: ['CHAIN_REFUSED', 'SEALING_ABORTED'],
  // Reasons in answers, and a warning: no errors of their own.
  '–': ['ANCHOR_LAG', 'CHAIN_STARTING', 'ORGANISATION_CODE_CHECK_CHARACTER_WRONG'],
}

export const PARTS: readonly Part[] = [
  { page: 'docs/formats.md', name: 'verdict-codes', make: verdictCodes },
  { page: 'docs/formats.md', name: 'problem-codes', make: problemCodes },
  { page: 'docs/operations.md', name: 'configuration', make: configuration },
  { page: 'docs/operations.md', name: 'roles', make: roles },
  { page: 'docs/operations.md', name: 'metrics', make: metrics },
  { page: 'docs/operations.md', name: 'exit-codes', make: exitCodes },
  { page: 'docs/operations.md', name: 'audit-codes', make: auditCodes },
]

/** The page with its parts as the code has them, formatted. */
export async function renderPage(page: string): Promise<string> {
  let text = readFileSync(page, 'utf8')
  for (const part of PARTS.filter((part) => part.page === page)) {
    const marked = new RegExp(
      `(<!-- begin ${part.name}: [^>]*-->\n)[^]*?(<!-- end ${part.name} -->)`,
    )
    if (!marked.test(text)) throw new Error(`${page} has no place for ${part.name}`)
    const body = await part.make()
    text = text.replace(marked, (_, begin: string, end: string) => `${begin}\n${body}\n\n${end}`)
  }
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' })
}

function verdictCodes(): string {
  const rows = Object.entries(VERDICTS).map(([code, { result, message, next }]) => [
    `\`${code}\``,
    result,
    message,
    next,
  ])
  return table(['code', 'result', 'message', 'next'], rows)
}

function problemCodes(): string {
  const kinds = thrownKinds()
  for (const [kind, codes] of Object.entries(KINDS))
    for (const code of codes) {
      const found = kinds.get(code) ?? new Set()
      // What is no error anywhere is a reason only.
      if (kind !== '–' || found.size === 0) kinds.set(code, found.add(kind))
    }
  const rows = Object.entries(PROBLEMS).map(([code, sentence]) => {
    const found = kinds.get(code)
    if (found === undefined) throw new Error(`say the kind of ${code} in KINDS`)
    return [`\`${code}\``, [...found].join(', '), sentence]
  })
  return table(['code', 'kind', 'what is wrong and what to do'], rows)
}

/** Kinds by code, wherever the source throws them side by side. */
function thrownKinds(): Map<string, Set<string>> {
  const kinds = new Map<string, Set<string>>()
  for (const file of globSync('{api,node}/**/*.ts'))
    for (const [, kind = '', code = ''] of readFileSync(file, 'utf8').matchAll(
      /LedgerError\(\s*'(\w+)',\s*'([A-Z0-9_]+)'/g,
    ))
      kinds.set(code, (kinds.get(code) ?? new Set()).add(kind))
  // What `parseBy` refuses by a code of its caller's.
  for (const file of globSync('{api,node}/**/*.ts'))
    for (const [, code = ''] of readFileSync(file, 'utf8').matchAll(/'([A-Z0-9_]+_MALFORMED)'/g))
      if (!kinds.has(code)) kinds.set(code, new Set(['invalid']))
  for (const { kind, code } of Object.values(REFUSALS))
    kinds.set(code, (kinds.get(code) ?? new Set()).add(kind))
  return kinds
}

function configuration(): string {
  const rows = describeConfig().map(({ name, meaning, byDefault }) => [
    `\`${name}\``,
    meaning,
    byDefault,
  ])
  return table(['variable', 'meaning', 'default'], rows)
}

/** As the OpenAPI document says it: who may do what. */
async function roles(): Promise<string> {
  const rows: string[][] = []
  await withTestApi(async (api) => {
    const { paths } = (await (await api.request('/openapi.json')).json()) as OpenApi
    for (const [path, operations] of Object.entries(paths))
      for (const [method, { summary, description }] of Object.entries(operations)) {
        const needed = /Needs a role: ([^.]*)\./.exec(description)?.[1] ?? 'none: public'
        rows.push([`\`${method.toUpperCase()} ${path}\``, summary, needed])
      }
  })
  return table(['operation', 'what it does', 'role'], rows)
}

interface OpenApi {
  readonly paths: Record<string, Record<string, { summary: string; description: string }>>
}

/** Of the ledger itself; those of Node.js beside them are known elsewhere. */
async function metrics(): Promise<string> {
  const rows: string[][] = []
  await withTestApi(async (api) => {
    const headers = { Authorization: `Bearer ${TOKENS.operator}` }
    // Labels show once there is something to count.
    await (await api.request('/healthz')).text()
    const text = await (await api.request('/metrics', { headers })).text()
    for (const [, name = '', help = '', kind = ''] of text.matchAll(
      /^# HELP (onceledger_\w+) (.*)\n# TYPE \w+ (\w+)$/gm,
    ))
      rows.push([`\`${name}\``, kind, labelsOf(name, text), help])
  })
  return table(
    ['metric', 'kind', 'by', 'meaning'],
    rows.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  )
}

function labelsOf(name: string, text: string): string {
  const [, labels = ''] = new RegExp(`^${name}(?:_bucket)?\\{(.*)\\}`, 'm').exec(text) ?? []
  const names = [...labels.matchAll(/(\w+)=/g)].map(([, label = '']) => label)
  return names.filter((label) => label !== 'le').join(', ')
}

/** Routes and figures of the registries, without any: nothing is asked of them here. */
const told = {
  chain: { registries: { chainId: 31337 } },
  mirror: { status: () => ({ age: 0, isFresh: true, events: 0, reorganisations: 0 }) },
  acts: { status: () => ({ waiting: 0, lost: 0, resent: 0 }) },
} as unknown as NonNullable<ApiParts['registries']>

async function withTestApi(use: (api: TestApi) => Promise<void>): Promise<void> {
  const api = await startTestApi({ registries: told })
  try {
    await use(api)
  } finally {
    await api.close()
  }
}

function exitCodes(): string {
  const rows = Object.entries(EXIT).map(([name, code]) => [
    String(code),
    EXIT_MEANINGS[name as keyof typeof EXIT],
  ])
  return table(['code', 'meaning'], rows)
}

function auditCodes(): string {
  const rows = Object.entries(FINDINGS).map(([code, { level, sentence }]) => [
    `\`${code}\``,
    level,
    sentence,
  ])
  return table(['code', 'level', 'what was found'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const page of new Set(PARTS.map(({ page }) => page)))
    writeFileSync(page, await renderPage(page))
