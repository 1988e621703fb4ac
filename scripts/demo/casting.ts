import { accredit, issue, register } from './setting.ts'
import { holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { CERTIFICATES, DEPARTMENTS, HOLDERS } from './world.ts'
import type { CertificateKey, DepartmentKey, HolderKey } from './world.ts'

export interface Cast {
  /** Each after the department above it. */
  readonly departments?: readonly DepartmentKey[]
  readonly holders?: readonly HolderKey[]
  readonly certificates?: readonly CertificateKey[]
}

const CITIZEN = '111'

/** Whoever comes on: departments are accredited, holders registered, certificates issued. */
export async function introduce(
  stage: Stage,
  { departments = [], holders = [], certificates = [] }: Cast,
): Promise<void> {
  const { narrator } = stage
  for (const key of departments) {
    const { name, above } = DEPARTMENTS[key]
    const by = above === 'authority' ? '根机构' : DEPARTMENTS[above].name
    await narrator.step(
      {
        zh: `${by} 认可 ${name}`,
        en: `${key} is accredited by ${above}, and agrees by its own key`,
      },
      () => accredit(stage, key),
    )
  }
  for (const key of holders)
    await narrator.step(
      { zh: `登记持证主体 ${HOLDERS[key].name}`, en: `The registrar binds ${key}’s account` },
      () => register(stage, key, HOLDERS[key].codeType === CITIZEN ? 'city' : 'market'),
      () => `holder ${holderId(stage, key)}`,
    )
  for (const key of certificates)
    await narrator.step(
      {
        zh: `${stage.departments[CERTIFICATES[key].by].name} 颁发 ${CERTIFICATES[key].identifier}`,
        en: `${CERTIFICATES[key].by} issues the certificate ${key}: signed, logged, no transaction`,
      },
      () => issue(stage, key),
      ({ id }) => `certificate ${id}`,
    )
}
