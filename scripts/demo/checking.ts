import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestFile } from '../../api/cli/digestFile.ts'
import { parseTrust } from '../../node/core/trust.ts'
import type { Trust } from '../../node/core/trust.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'
import type { VerifyOptions } from '../../node/core/verify/verifyEvidence.ts'
import type { Verdict } from '../../node/core/verdict.ts'
import { examineCopy } from '../../node/derived/examineCopy.ts'
import { alter, ALTERATIONS } from './alterations.ts'
import type { FirstUse } from './journeyOne.ts'
import type { RevokedLicence } from './journeySeven.ts'
import { trustPath } from './setting.ts'
import type { Stage } from './stage.ts'
import type { DepartmentKey } from './world.ts'

/** What somebody elsewhere has: two files, and what they decided to believe. Nothing is asked of anybody. */
interface Files {
  readonly evidence: string
  readonly copy: string
  readonly trust: Trust
}

export async function checkOffline(stage: Stage, { use }: FirstUse): Promise<void> {
  const { narrator } = stage
  narrator.chapter({
    zh: '离线验证：只有证据、加注件和 trust.json，不问任何服务器',
    en: 'Offline: with evidence, copy and trust.json alone; no server is asked',
  })
  const files = await narrator.step(
    { zh: '取回证据（已锚定）与加注件', en: 'Fetch the anchored evidence, and the copy' },
    () => fetchFiles(stage, 'market', use),
    ({ evidence }) => `${Math.ceil(evidence.length / 1024)} KiB`,
  )
  const verdict = await verify(files, files.evidence)
  for (const check of verdict.checks) narrator.note(formatCheck(check))
  await narrator.found(
    {
      zh: '全部检查通过：发证、状态、三级授权逐级、使用',
      en: 'Every check passes: issuer, status, each grant of the chain, use',
    },
    'pass',
    async () => verdict.result,
  )
  narrator.chapter({ zh: '篡改证据：每一处都指名道姓', en: 'Altered evidence fails by name' })
  for (const alteration of ALTERATIONS)
    await narrator.found(alteration.words, alteration.code, async () =>
      failureOf(await verify(files, alter(files.evidence, alteration))),
    )
  await narrator.found(
    { zh: '加注件改一个字', en: 'One character of the copy' },
    'content CONTENT_DIGEST_MISMATCH',
    async () => {
      const forged = join(stage.folder, 'forged.json')
      await writeFile(forged, (await readFile(files.copy, 'utf8')).replace('100', '900'))
      return failureOf(await verify({ ...files, copy: forged }, files.evidence))
    },
  )
}

export async function checkPast(stage: Stage, licence: RevokedLicence): Promise<void> {
  const { narrator } = stage
  const { use, valid, revoked } = licence
  narrator.chapter({
    zh: '问过去的一天：verify --at',
    en: 'Asked about a moment of the past: verify --at',
  })
  const files = await narrator.step(
    { zh: '取回吊销之前那次使用的证据', en: 'Fetch the evidence of the use before the revocation' },
    () => fetchFiles(stage, 'health', use),
  )
  await narrator.found(
    { zh: '使用时有效：旧证据仍然成立', en: 'Valid when it was used: the old evidence stands' },
    'pass',
    async () => (await verify(files, files.evidence)).result,
  )
  const certificate = await issuedEvidence(stage)
  const statusAt = async (at: number) => {
    const verdict = await verifyEvidenceText(certificate, files.trust, { at })
    return verdict.checks.find(({ check }) => check === 'status')?.code ?? 'none'
  }
  await narrator.found(
    {
      zh: `许可证的证据，问吊销之前（${formatMoment(valid)}）：有效`,
      en: 'Evidence of the permit itself, asked about the moment before: valid',
    },
    'STATUS_VALID',
    () => statusAt(valid),
  )
  await narrator.found(
    {
      zh: `同一证据，问吊销之后（${formatMoment(revoked)}）：已不可用`,
      en: 'The same, asked about the moment after: not usable',
    },
    'STATUS_NOT_VALID',
    () => statusAt(revoked),
  )
}

/** What whoever checks here decided to believe. */
export async function readTrust(stage: Stage): Promise<Trust> {
  return parseTrust(await readFile(trustPath(stage)))
}

async function fetchFiles(stage: Stage, by: DepartmentKey, use: string): Promise<Files> {
  const { uses } = stage.departments[by].client
  const copy = join(stage.folder, `${use}.copy.json`)
  await writeFile(copy, await uses.copy(use))
  const evidence = await uses.evidence(use, { anchored: true })
  return { evidence, copy, trust: await readTrust(stage) }
}

/** A marked document, by itself: evidence and derived copy lie in it. */
export async function verifyDocument(stage: Stage, path: string): Promise<string> {
  const examined = await examineCopy(await readFile(path))
  if (examined === undefined) throw new TypeError('a marked document is a PDF or a ZIP')
  const { evidence, content } = examined
  return failureOf(await verifyEvidenceText(evidence, await readTrust(stage), { content }))
}

async function issuedEvidence({ departments, certificates }: Stage): Promise<string> {
  const id = certificates.get('food')?.id ?? ''
  return departments.market.client.certificates.evidence(id, { anchored: true })
}

async function verify(
  { copy, trust }: Files,
  evidence: string,
  options: VerifyOptions = {},
): Promise<Verdict> {
  return verifyEvidenceText(evidence, trust, { content: await digestFile(copy), ...options })
}

/** The first check that does not pass, and why. */
function failureOf({ checks }: Verdict): string {
  const found = checks.find(({ result }) => result === 'fail' || result === 'unknown')
  return found === undefined ? 'pass' : `${found.check} ${found.code}`
}

function formatCheck({ check, result, message, details }: Verdict['checks'][number]): string {
  const hop = details?.['hop']
  const where = typeof hop === 'number' ? ` (hop ${hop + 1})` : ''
  return `${result.padEnd(7)}  ${check.padEnd(10)}  ${message}${where}`
}

function formatMoment(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
