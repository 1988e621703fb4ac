import { mkdtemp, writeFile, copyFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chainOf, draftGrant } from '../../api/client/index.ts'
import type { ReuseOutcome } from '../../api/client/index.ts'
import type { GrantProposal, Resolution } from '../../node/core/resolution/document.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { isLimited } from '../../node/core/uses/documents.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import type { Given } from './granting.ts'
import { trustPath } from './setting.ts'
import { holderId, signAloud } from './stage.ts'
import type { Stage } from './stage.ts'
import { compose } from './using.ts'
import type { Asking } from './using.ts'
import { CERTIFICATES } from './world.ts'
import type { CertificateKey, DepartmentKey, HolderKey } from './world.ts'

/** A department asks a holder, in the words of the resolution. */
export async function request(
  { departments }: Stage,
  by: DepartmentKey,
  caseCode: string,
  { draft, ...asked }: GrantProposal,
): Promise<string> {
  const { notAfter, uses, depth } = draft
  const { requests } = departments[by].client
  const wanted = { ...asked, case: caseCode, notAfter, uses, depth }
  return (await requests.make(wanted)).id
}

/** The holder reads what it is asked, and signs just that. */
export async function approve(stage: Stage, by: HolderKey, id: string): Promise<Hex> {
  const { narrator, holders, registries } = stage
  const { client, account } = holders[by]
  const { sentence, items, purposes, grantee, notAfter, uses, depth } =
    await client.requests.get(id)
  narrator.note(sentence.zh)
  narrator.note(sentence.en)
  const { grant, chain, view } = await draftGrant(
    client.grants,
    { to: grantee, items: 'all', purposes: 'all', until: notAfter, uses, depth },
    {
      holder: holderId(stage, by),
      grantor: account,
      document: { v: 1, seed: randomBytes(32).toString('hex'), items, purposes },
    },
    registries,
  )
  const act = { type: 'Grant', message: grant } as const
  const signature = await signAloud(stage, holders[by], act, { scope: view })
  const signed = { ...act, signature, chain: [...chain] }
  return (await client.requests.approve(id, signed, view)).grant
}

/** A use of each material that is ready, signed by the department: it gets all that it takes from the ledger. */
export async function signReady(
  stage: Stage,
  { materials }: Resolution,
  asking: Pick<Asking, 'user' | 'matter' | 'caseCode' | 'cause'>,
): Promise<{ material: string; request: UseRequest }[]> {
  const used = new Map<Hex, number>()
  const signed: { material: string; request: UseRequest }[] = []
  for (const { material, state, candidate } of materials) {
    if (state !== 'ready' || candidate?.use === undefined) continue
    const [by] = candidate.grants
    if (by === undefined) throw new TypeError('what is ready is granted')
    const sequence = used.get(by.grant) ?? 0
    const under = await receive(stage, asking.user, by.grant)
    if (isLimited(under)) used.set(by.grant, sequence + 1)
    const subject =
      candidate.kind === 'material'
        ? { id: candidate.id, type: material }
        : certificateWith(stage, candidate.id)
    const { fields } = candidate.use
    signed.push({
      material,
      request: await compose(stage, { ...asking, subject, fields, under: [under], sequence }),
    })
  }
  return signed
}

/** A grant as its grantee finds it on the ledger. */
async function receive(stage: Stage, by: DepartmentKey, id: Hex): Promise<Given> {
  const grantee = stage.departments[by]
  const { grants } = grantee.client
  const [chain, view] = await Promise.all([chainOf(grants, id, stage.registries), grants.view(id)])
  return { id, chain, view, grantee }
}

function certificateWith({ certificates }: Stage, id: string): CertificateKey {
  for (const key of Object.keys(CERTIFICATES) as CertificateKey[])
    if (certificates.get(key)?.id === id) return key
  throw new TypeError(`nobody in this story issued ${id}`)
}

/** @throws LedgerError what the only one was refused with */
export function requireReleased([one]: readonly ReuseOutcome[]): void {
  if (one !== undefined && 'error' in one) throw one.error
}

/** The marked document, and what it takes to check it, in a folder that stays. */
export async function keepDocument(
  stage: Stage,
  by: DepartmentKey,
  use: string,
): Promise<{ readonly document: string; readonly trust: string }> {
  const { uses } = stage.departments[by].client
  const { bytes, mediaType } = await uses.document(use, { anchored: true })
  if (mediaType !== 'application/pdf') throw new TypeError(`a plan comes as PDF, not ${mediaType}`)
  const folder = await mkdtemp(join(tmpdir(), 'once-demo-kept-'))
  const kept = { document: join(folder, 'plan.pdf'), trust: join(folder, 'trust.json') }
  await writeFile(kept.document, bytes)
  await copyFile(trustPath(stage), kept.trust)
  return kept
}
