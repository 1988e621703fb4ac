import { introduce } from './casting.ts'
import type { Narrator } from './narrator.ts'
import type { DemoNode } from './node.ts'
import { enterAll } from './setting.ts'
import { certificateOf } from './stage.ts'
import type { Stage } from './stage.ts'
import { changeStatus } from './statuses.ts'

/** Before each journey: who is who. */
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
  await introduce(stage, {
    departments: ['city', 'registry', 'market', 'health', 'counter'],
    holders: ['landlord', 'coOwner', 'tenant', 'restaurant'],
    certificates: ['sharedProperty', 'property', 'licence', 'food'],
  })
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
