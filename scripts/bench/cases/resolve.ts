import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import {
  agent,
  bureau,
  CASE,
  CaseScene,
  landlord,
  tenant,
} from '../../../test/cases/support/scene.ts'
import { ID_CARD, LICENCE, PROPERTY } from '../../../test/core/resolution/scene.ts'
import { below } from '../lib/case.ts'
import type { BenchCase, Findings } from '../lib/case.ts'
import { formatNumber } from '../lib/report.ts'
import { median, quantile } from '../lib/stats.ts'

/** Materials of the holder whose case it is. */
const OWN = 1_000
const AT_ONCE = 2_000
const ROUNDS = 500
const WARMING = 20

export const resolve: BenchCase = {
  name: 'resolve',
  summary: `what a case needs: 8 materials, a holder with ${formatNumber(OWN)}, a bank of --bank`,
  async run({ say, bank }) {
    const folder = mkdtempSync(join(tmpdir(), 'onceledger-bench-'))
    const scene = await CaseScene.open(() => LevelKeyValueStore.open(join(folder, 'ledger')))
    try {
      return await measure(scene, bank, say)
    } finally {
      await scene.close()
      rmSync(folder, { recursive: true })
    }
  },
}

async function measure(
  scene: CaseScene,
  bank: number,
  say: (line: string) => void,
): Promise<Findings> {
  await scene.openCase({ agents: [agent] })
  const half = Math.floor(bank / 2)
  // What the holder has lies between what others have, as it would.
  await fill(scene, 0, half, say)
  await fillOwn(scene)
  await fill(scene, half, bank, say)
  say('resolving without grants')
  const asked = await time(() => scene.resolutions.ofCase(CASE, bureau))
  await grantAll(scene)
  say('resolving with every grant')
  const ready = await time(() => scene.resolutions.ofCase(CASE, bureau))
  const { materials } = await scene.resolutions.ofCase(CASE, bureau)
  const states = materials.map(({ material, state }) => `${material} ${state}`)
  return {
    rows: [
      ...rows('nothing granted', asked),
      ...rows('everything granted, faces read and rules judged', ready),
    ],
    notes: [
      `in process, one after the other, ${ROUNDS} times each; ${scene.grants.ledger.size.toLocaleString('en')} entries`,
      `${materials.reduce((sum, { rejected }) => sum + rejected.length, 0)} candidates were not taken, each with its reason`,
      states.join(', '),
    ],
  }
}

function rows(what: string, latencies: readonly number[]) {
  const p99 = quantile(latencies, 0.99)
  const unit = 'ms'
  const better = 'lower' as const
  return [
    { what: `${what}, p50`, unit, ours: median(latencies), better },
    { what: `${what}, p99`, unit, ours: p99, better, target: below(p99, 50, '50 ms') },
  ]
}

async function time(run: () => Promise<unknown>): Promise<number[]> {
  const latencies: number[] = []
  for (let round = -WARMING; round < ROUNDS; round++) {
    const began = performance.now()
    await run()
    if (round >= 0) latencies.push(performance.now() - began)
  }
  return latencies
}

const TYPES = ['RESOLUTION', 'ARTICLES', 'LEASE', 'POA', 'FORM', 'PLEDGE', 'OTHER', 'MORE']

function fieldsOf(type: string, day: string) {
  if (type === 'RESOLUTION') return { topic: '迁址', resolvedAt: day }
  if (type === 'LEASE')
    return { lessor: '上海业主（示例）有限公司', premises: '示例路', leaseTo: day }
  return { validTo: day, companyName: '示例' }
}

async function fill(
  scene: CaseScene,
  from: number,
  to: number,
  say: (line: string) => void,
): Promise<void> {
  for (let next = from; next < to; next += AT_ONCE) {
    const count = Math.min(AT_ONCE, to - next)
    await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const number = next + i
        const type = TYPES[number % TYPES.length] ?? ''
        return scene.deposit(`m${number}`, type, {
          holder: { codeType: '099', code: `H${Math.floor(number / 20)}` },
          fields: fieldsOf(type, '2023-09-01'),
        })
      }),
    )
    if ((next / AT_ONCE) % 50 === 0) say(`${formatNumber(next)} materials of others`)
  }
}

/** An eighth of each type, the newest half of what can expire expired. */
async function fillOwn(scene: CaseScene): Promise<void> {
  await Promise.all(
    Array.from({ length: OWN }, (_, i) => {
      const type = TYPES[i % TYPES.length] ?? ''
      const day = i > OWN - 100 ? '2022-01-01' : '2023-11-01'
      const isOver = type === 'LEASE' || type === 'POA'
      return scene.deposit(`own-${i}`, type, {
        fields: fieldsOf(type, isOver && day > '2023' ? '2026-08-05' : day),
      })
    }),
  )
  await scene.issue(PROPERTY, [landlord])
  for (let i = 0; i < 10; i++) await scene.issue(LICENCE, [tenant])
  await scene.issue(ID_CARD, [agent], {
    fields: {
      name: '李代',
      idNumber: '310199199003150014',
      birthDate: '1990-03-15',
      address: '示例路',
      validTo: '2038-01-01',
    },
  })
}

async function grantAll(scene: CaseScene): Promise<void> {
  const { requests } = await scene.resolutions.ofCase(CASE, bureau)
  const wallets = new Map([
    [landlord, scene.grants.landlord],
    [tenant, scene.grants.tenant],
    [agent, scene.grants.agent],
  ])
  for (const request of requests) {
    const wallet = wallets.get(request.holder)
    if (wallet !== undefined) await scene.accept(wallet, request)
  }
}
