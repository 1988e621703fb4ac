import { randomBytes } from 'node:crypto'
import { composeUse, composeUseOf } from '../../api/client/composeUse.ts'
import type { WantedUse } from '../../api/client/composeUse.ts'
import type { Masks } from '../../node/core/grants/scope.ts'
import type { Authorization, UseRequest } from '../../node/core/uses/documents.ts'
import type { Given } from './granting.ts'
import { certificateOf, signAloud } from './stage.ts'
import type { Stage } from './stage.ts'
import { CASE, CERTIFICATES, MATTERS, TYPES } from './world.ts'
import type { CertificateKey, DepartmentKey } from './world.ts'

/** A material of the bank, by its statement. */
export interface MaterialSubject {
  readonly id: string
  readonly type: string
}

/** What a department asks for. */
export interface Asking {
  readonly user: DepartmentKey
  readonly subject: CertificateKey | MaterialSubject
  /** None: the whole material. */
  readonly fields: readonly string[]
  readonly under: readonly Given[]
  readonly matter?: string
  readonly caseCode?: string
  readonly cause: string
  /** How often the last grant was used before. */
  readonly sequence?: number
  /** In place of those that allow it. */
  readonly masks?: Masks
}

/** A request as the department signs it, and each last grantee, too, where that is another. */
export async function compose(stage: Stage, asking: Asking): Promise<UseRequest> {
  const { user, under, cause, masks } = asking
  const { matter = MATTERS.addressChange.code, caseCode = CASE, sequence = 0 } = asking
  const department = stage.departments[user]
  const fields = [...asking.fields].toSorted()
  const { type, ...subject } = subjectOf(stage, asking)
  const salt = randomBytes(32).toString('hex')
  const context = { case: caseCode, matter, officer: '孙窗口', cause, salt }
  const authorizations: Authorization[] = []
  for (const { chain, view, grantee } of under) {
    const wanted: WantedUse = {
      subject: { ...subject, type },
      fields,
      manner: 'copy',
      context,
      origin: stage.origin,
      region: '310110',
      user: department.account,
      chain,
      view,
      sequence,
      notAfter: Math.floor(Date.now() / 1000) + 600,
    }
    const { use, openings } =
      masks === undefined
        ? composeUse(wanted, stage.registries)
        : composeUseOf(masks, wanted, stage.registries)
    const act = { type: 'Use', message: use } as const
    const { purpose, ...shown } = openings
    const scope = { ...shown, purposes: [purpose] }
    const grant = chain.at(-1)
    const around = { scope, ...(grant && { grant }) }
    const signature = await signAloud(stage, department, act, around)
    const granteeSignature =
      grantee === department ? undefined : await grantee.sign(act, stage.registries)
    authorizations.push({
      chain: [...chain],
      use,
      openings,
      signature,
      ...(granteeSignature && { granteeSignature }),
    })
  }
  return { subject, fields, manner: 'copy', context, authorizations }
}

function subjectOf(stage: Stage, { subject }: Asking) {
  if (typeof subject !== 'string') return { kind: 'material', ...subject } as const
  const { id } = certificateOf(stage, subject)
  return { kind: 'certificate', id, type: TYPES[CERTIFICATES[subject].type] } as const
}

export function send(stage: Stage, user: DepartmentKey, request: UseRequest) {
  return stage.departments[user].client.uses.request(request)
}

/** Composes, signs and sends. */
export async function pull(stage: Stage, asking: Asking) {
  return send(stage, asking.user, await compose(stage, asking))
}
