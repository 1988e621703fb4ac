import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { OnceClient } from '../../api/client/index.ts'
import { Wallet } from 'ethers'
import { parseEvidence } from '../../node/core/evidence.ts'
import { TENANT } from '../materials/support/bank.ts'
import { Desk } from './support/desk.ts'
import { jsonLines } from './support/once.ts'
import type { OnceResult } from './support/once.ts'

const KEYS = { counter: `0x${'82'.repeat(32)}`, tenant: `0x${'83'.repeat(32)}` }
const PLAN = { type: 'PLAN', title: '平面图', holder: TENANT, caseCode: '001900000200001' }

const ok = (result: OnceResult) => {
  expect(result.code, result.stderr).to.equal(0)
  return result
}

/** A node with a window that hands in, and a holder that looks. */
describe('once material list, show and content', function () {
  this.timeout(120_000)
  let desk: Desk<keyof typeof KEYS>
  let id: string

  const run = (...args: string[]) => desk.run(...args)
  const by = async (key: string, ...args: string[]) => ok(await run(...args, '--key', key))

  before(async () => {
    desk = await Desk.open(KEYS)
    const { accounts, node } = desk
    const roles = ['--role', 'registrar', '--role', 'user', '--account-key', 'counter']
    const who = ['--name', '综合窗口', '--region', '310110', '--yes']
    await by('authority', 'party', 'accredit', accounts.counter, ...roles, ...who)
    const holder = ['--code-type', TENANT.codeType, '--code', TENANT.code, '--name', '示例商贸']
    const bound = ['--account', accounts.tenant, '--yes']
    await by('counter', 'party', 'holder', 'register', ...holder, ...bound)
    const [mine] = jsonLines(await by('tenant', '--json', 'party', 'holder', 'mine'))
    id = String(mine?.['id'])
    const client = new OnceClient({ url: node.url })
    await client.signIn(new Wallet(KEYS.counter))
    const content = Buffer.from('plan')
    const described = { ...PLAN, channel: 'counter', receiptMode: 3 } as const
    await client.submit({ ...described, id: 'plan-1' }, content)
    await client.submit({ ...described, id: 'plan-2', supersedes: 'plan-1' }, content)
    await client.signOut()
  })
  after(() => desk?.close())

  it('lists to a holder what it has, and narrows it', async () => {
    const listed = jsonLines(await by('tenant', '--json', 'material', 'list'))
    expect(listed.map(({ id }) => id)).to.deep.equal(['plan-2', 'plan-1'])
    const old = await by('tenant', 'material', 'list', '--state', 'superseded', '--type', 'PLAN')
    expect(old.stdout).to.match(/^plan-1 .*superseded +PLAN +平面图 +case 001900000200001\n$/)
    const none = await by('tenant', 'material', 'list', '--handed-in')
    expect([none.stdout, none.stderr]).to.deep.equal(['', 'There is none.\n'])
  })

  it('lists to a department what it handed in', async () => {
    const listed = jsonLines(await by('counter', '--json', 'material', 'list'))
    expect(listed.map(({ id }) => id)).to.deep.equal(['plan-2', 'plan-1'])
  })

  it('tells of a holder’s file what is there, what can be used, and that there is no more', async () => {
    const file = (...args: string[]) => by('tenant', 'party', 'holder', 'portfolio', id, ...args)
    const { stdout } = await file()
    expect(stdout).to.match(/^materials\n  plan-2  PLAN  平面图  usable\n  plan-1  PLAN  平面图/)
    expect(stdout).to.match(/MATERIAL_SUPERSEDED  by plan-2  on \d{4}-\d\d-\d\d\n/)
    expect(stdout).to.match(/\ncertificates: none\ngrants: none\n$/)
    const [first] = jsonLines(await file('--of', 'materials', '--limit', '1', '--json'))
    const { next } = { ...first }['materials'] as { next: string }
    const more = await file('--of', 'materials', '--limit', '1')
    expect(more.stdout).to.include(`\n  more: --of materials --cursor ${next}\n`)
    const rest = await file('--of', 'materials', '--cursor', next)
    expect(rest.stdout).to.match(/^materials\n  plan-1 .*\n$/)
    expect((await file('--industry', 'H62')).stdout).to.equal(
      'materials: none\ncertificates: none\n',
    )
    const refused = await run(
      'party',
      'holder',
      'portfolio',
      id,
      '--industry',
      'X',
      '--key',
      'tenant',
    )
    expect(refused.stderr).to.include('INDUSTRY_UNKNOWN')
  })

  it('tells who handed it in, for which case, and by which way it came', async () => {
    const { stdout } = await by('tenant', 'material', 'show', 'plan-2')
    expect(stdout).to.match(/^from +综合窗口 \(department 0x[0-9a-f]{40}\)$/m)
    expect(stdout).to.match(/^case +001900000200001$/m)
    expect(stdout).to.match(/^channel +counter$/m)
    expect(stdout).not.to.match(/^(doubt|copy of|region)/m)
    expect(stdout).to.match(/^receipt +3, counter$/m)
    expect(stdout).to.match(/^replaces +plan-1$/m)
  })

  it('fetches content and evidence for the holder', async () => {
    await by('tenant', 'material', 'content', 'plan-2', '-o', 'plan.pdf')
    expect(await readFile(desk.at('plan.pdf'), 'utf8')).to.equal('plan')
    const { stdout } = await by('tenant', 'evidence', 'plan-2')
    expect(parseEvidence(stdout).statement).to.include({ id: 'plan-2', title: PLAN.title })
  })
})
