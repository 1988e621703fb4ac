import type { Narrator } from './narrator.ts'
import type { DemoNode } from './node.ts'
import { accredit, enterAll, issue, register } from './setting.ts'
import { certificateOf, holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { changeStatus } from './statuses.ts'
import { CERTIFICATES, DEPARTMENTS, HOLDERS } from './world.ts'
import type { CertificateKey, DepartmentKey, HolderKey } from './world.ts'

/** Before both journeys: who is who. */
export async function prepare(node: DemoNode, narrator: Narrator): Promise<Stage> {
  narrator.chapter({
    zh: '序：谁是谁（人员、企业与编码均为虚构）',
    en: 'Prologue: who is who. Persons, companies and codes are made up.',
  })
  const stage = await narrator.step(
    { zh: '各方生成密钥并以账户登录', en: 'Everybody makes a key, and signs in by account' },
    () => enterAll(node, narrator),
    ({ names, origin, registries }) =>
      `${names.size} accounts, ledger ${origin}, chain ${registries.chainId}`,
  )
  for (const key of Object.keys(DEPARTMENTS) as DepartmentKey[]) {
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
  for (const key of Object.keys(HOLDERS) as HolderKey[])
    await narrator.step(
      { zh: `登记持证主体 ${HOLDERS[key].name}`, en: `The registrar binds ${key}’s account` },
      () => register(stage, key, 'market'),
      () => `holder ${holderId(stage, key)}`,
    )
  for (const key of [
    'property',
    'sharedProperty',
    'licence',
    'food',
  ] as const satisfies CertificateKey[])
    await narrator.step(
      {
        zh: `${stage.departments[CERTIFICATES[key].by].name} 颁发 ${CERTIFICATES[key].identifier}`,
        en: `${CERTIFICATES[key].by} issues the certificate ${key}: signed, logged, no transaction`,
      },
      () => issue(stage, key),
      ({ id }) => `certificate ${id}`,
    )
  const licence = certificateOf(stage, 'licence')
  await narrator.step(
    { zh: '营业执照因住所存疑暂扣（01→02）', en: 'The licence is suspended for an inquiry, 01→02' },
    () => changeStatus(stage, 'market', licence, '02'),
  )
  await narrator.step({ zh: '查清后恢复（02→01）', en: 'The inquiry ends well: 02→01' }, () =>
    changeStatus(stage, 'market', licence, '01'),
  )
  return stage
}
