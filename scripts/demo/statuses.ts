import type { Act } from '../../node/core/acts/acts.ts'
import type { StatusCode } from '../../node/core/certificates/status.ts'
import { signAloud } from './stage.ts'
import type { IssuedCertificate, Stage } from './stage.ts'
import type { DepartmentKey } from './world.ts'

type StatusChange = Extract<Act, { type: 'StatusChange' }>

/** What a department would sign to change a status. */
export async function proposeStatus(
  { departments }: Stage,
  by: DepartmentKey,
  { id }: IssuedCertificate,
  code: StatusCode,
): Promise<StatusChange> {
  const { typedData } = await departments[by].client.certificates.previewStatus(id, code)
  return { type: 'StatusChange', message: typedData.message } as unknown as StatusChange
}

export async function changeStatus(
  stage: Stage,
  by: DepartmentKey,
  certificate: IssuedCertificate,
  code: StatusCode,
): Promise<void> {
  const act = await proposeStatus(stage, by, certificate, code)
  const signature = await signAloud(stage, stage.departments[by], act)
  await forceStatus(stage, by, certificate, { ...act, signature })
}

/** Hands a change in, whatever it is. */
export function forceStatus(
  { departments }: Stage,
  by: DepartmentKey,
  { id }: IssuedCertificate,
  act: StatusChange & { readonly signature: `0x${string}` },
): Promise<unknown> {
  return departments[by].client.certificates.changeStatus(id, act)
}

/** As a person would say it. @param at RFC 3339 */
export async function statusOf(
  { departments }: Stage,
  by: DepartmentKey,
  { id }: IssuedCertificate,
  at?: string,
): Promise<string> {
  const { code, usable } = await departments[by].client.certificates.status(id, at)
  return `${code} ${usable ? 'usable' : 'unusable'}`
}
