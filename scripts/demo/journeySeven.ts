import { randomBytes } from 'node:crypto'
import { certificateTypeWord } from '../../node/core/acts/certificateType.ts'
import { DAY, now, outlive } from './clock.ts'
import { give, told } from './granting.ts'
import type { Given } from './granting.ts'
import { certificateOf, holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { changeStatus, forceStatus, proposeStatus, statusOf } from './statuses.ts'
import { pull } from './using.ts'
import type { Asking } from './using.ts'
import { MATTERS, TYPES } from './world.ts'

const FIELDS = ['operator', 'permitNo', 'premises', 'validTo']

/** What the journey leaves for those who check it. */
export interface RevokedLicence {
  /** Of a use while it was valid. */
  readonly use: string
  /** Seconds since 1970: after the use, before the revocation. */
  readonly valid: number
  /** A moment after it. */
  readonly revoked: number
}

/** Journey 7: a licence is revoked; what was right before stays provable. */
export async function revokedLicence(stage: Stage): Promise<RevokedLicence> {
  const { narrator, departments, holders } = stage
  const food = certificateOf(stage, 'food')
  narrator.chapter({ zh: '场景七：证照吊销', en: 'Journey 7: a revoked licence' })
  const soon = await narrator.step(
    {
      zh: '餐饮企业授权卫健委查看食品经营许可证，只给几秒',
      en: 'The restaurant grants the health department its food permit, for a few seconds only',
    },
    () => grantFood(stage, now() + SHORT),
    told,
  )
  const lasting = await narrator.step(
    { zh: '并另行授权三十天', en: 'And another one, for thirty days' },
    () => grantFood(stage, now() + 30 * DAY),
    told,
  )
  const asking: Asking = {
    user: 'health',
    subject: 'food',
    fields: FIELDS,
    under: [lasting],
    matter: MATTERS.foodPermit.code,
    cause: '日常监督检查',
  }
  const brief = await narrator.step(
    { zh: '卫健委调证，加注件随授权一同到期', en: 'A pull, whose copy ends with the grant' },
    () => pull(stage, { ...asking, under: [soon] }),
    ({ id }) => `use ${id}`,
  )
  const { id: use } = await narrator.step(
    { zh: '再次调证，许可证此时有效（01）', en: 'Another pull, while the permit is valid (01)' },
    () => pull(stage, asking),
    ({ id }) => `use ${id}`,
  )
  const valid = now()
  await nextSecond(valid)

  await narrator.refused(
    {
      zh: '别的部门来吊销：不是它颁发的，看也看不到',
      en: 'Another department would revoke it, which it did not issue and cannot even look up',
    },
    'CERTIFICATE_NOT_YOURS',
    () => proposeStatus(stage, 'health', food, '07'),
  )
  await anotherDepartment(stage)
  await narrator.step(
    { zh: '市场监管局吊销许可证（01→07）', en: 'The market regulator revokes the permit, 01→07' },
    () => changeStatus(stage, 'market', food, '07'),
  )
  const revoked = now()
  await narrator.found(
    {
      zh: '吊销立即可见：发证部门与持证企业看到的都是 07',
      en: 'It shows at once, to the issuer and to the holder',
    },
    '07 unusable, 07 unusable',
    async () => {
      const { code, usable } = await holders.restaurant.client.certificates.status(food.id)
      const own = `${code} ${usable ? 'usable' : 'unusable'}`
      return `${await statusOf(stage, 'market', food)}, ${own}`
    },
  )
  await narrator.found(
    { zh: '问过去的时刻，仍答有效', en: 'Asked about the moment before, it answers valid' },
    '01 usable',
    () => statusOf(stage, 'market', food, new Date(valid * 1000).toISOString().replace('.000', '')),
  )
  await narrator.refused(
    { zh: '吊销之后再调证', en: 'A pull after the revocation' },
    'CERTIFICATE_NOT_USABLE',
    () => pull(stage, asking),
  )
  const fresh = await narrator.step(
    {
      zh: '企业再给一份新授权：授权按证照类型，可以登记',
      en: 'The restaurant grants anew: a grant names a type of certificate, so it is recorded',
    },
    () => grantFood(stage, now() + 30 * DAY),
    told,
  )
  await narrator.refused(
    { zh: '……但凭它调不到已吊销的证照', en: '… but nothing comes of it: the permit is revoked' },
    'CERTIFICATE_NOT_USABLE',
    () => pull(stage, { ...asking, under: [fresh] }),
  )
  await narrator.refused(
    { zh: '吊销后想恢复有效（07→01）', en: 'The issuer would take it back, 07→01' },
    'CERTIFICATE_STATUS_CHANGE_REFUSED',
    () => proposeStatus(stage, 'market', food, '01'),
  )
  await takeBack(stage)
  await narrator.step({ zh: '等到短期授权截止', en: 'The short grant comes to its end' }, () =>
    outlive(soon),
  )
  await narrator.refused(
    { zh: '过期的加注件', en: 'A derived copy past its expiry' },
    'DERIVED_COPY_EXPIRED',
    () => departments.health.client.uses.copy(brief.id),
  )
  await everythingSeen(stage)
  return { use, valid, revoked }
}

/** Seconds; the chain’s clock may run ahead by some. */
const SHORT = 10

function grantFood(stage: Stage, until: number): Promise<Given> {
  const { holders, departments } = stage
  const seed = randomBytes(32).toString('hex')
  return give(
    stage,
    holders.restaurant,
    departments.health,
    { items: [0], purposes: [0], until, depth: 0, uses: 0 },
    {
      holder: holderId(stage, 'restaurant'),
      grantor: holders.restaurant.account,
      document: {
        v: 1,
        seed,
        items: [{ certificateType: TYPES.food, fields: FIELDS, may: 'copy' }],
        purposes: [{ matter: MATTERS.foodPermit.code }],
      },
    },
  )
}

/** It signs with its own key that the issuer revoked it. */
async function anotherDepartment(stage: Stage): Promise<void> {
  const { narrator, departments, registries } = stage
  const food = certificateOf(stage, 'food')
  const message = {
    issuer: departments.market.account,
    certificateType: certificateTypeWord(TYPES.food),
    serial: food.serial,
    status: 7,
    sequence: 0,
  }
  await narrator.refused(
    {
      zh: '它冒用发证部门的名义，用自己的密钥签署吊销',
      en: 'It signs with its own key, in the name of the issuer',
    },
    'SIGNATURE_INVALID',
    async () => {
      const act = { type: 'StatusChange', message } as const
      const signature = await departments.health.sign(act, registries)
      await forceStatus(stage, 'health', food, { ...act, signature })
    },
  )
}

/** The ledger would not propose it: the issuer writes it itself, and the contract refuses. */
async function takeBack(stage: Stage): Promise<void> {
  const { narrator, departments, registries } = stage
  const food = certificateOf(stage, 'food')
  const message = {
    issuer: departments.market.account,
    certificateType: certificateTypeWord(TYPES.food),
    serial: food.serial,
    status: 1,
    sequence: 1,
  }
  await narrator.refused(
    {
      zh: '它绕过提示自行签署：合约拒绝',
      en: 'It writes and signs that itself: the contract refuses',
    },
    'STATUS_CHANGE_REFUSED',
    async () => {
      const act = { type: 'StatusChange', message } as const
      const signature = await departments.market.sign(act, registries)
      await forceStatus(stage, 'market', food, { ...act, signature })
    },
  )
}

async function everythingSeen(stage: Stage): Promise<void> {
  const { narrator, holders } = stage
  const { id } = certificateOf(stage, 'food')
  await narrator.found(
    {
      zh: '企业看得到许可证的每一次使用与拒绝',
      en: 'The restaurant sees every use of its permit and every refusal',
    },
    'released 2, refused 2',
    async () => {
      const found = { released: 0, refused: 0 }
      const holder = holderId(stage, 'restaurant')
      for await (const { result, subject } of holders.restaurant.client.uses.list({ holder }))
        if (subject.id === id) found[result]++
      return `released ${found.released}, refused ${found.refused}`
    },
  )
}

async function nextSecond(after: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, (after + 2) * 1000 - Date.now()))
}
