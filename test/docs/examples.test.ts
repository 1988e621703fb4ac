import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { answerRequests, serveCase } from '../../examples/reuse.ts'
import { CaseTown, DEED, PLAN } from '../scenarios/support/caseTown.ts'

describe('the example of a counter and of an enterprise', function () {
  this.timeout(180_000)
  let t: CaseTown
  before(async () => {
    t = await CaseTown.found()
  })
  after(() => t.close())

  it('stands in the README as it is', () => {
    const code = readFileSync('examples/reuse.ts', 'utf8').replaceAll("'../", "'./")
    expect(readFileSync('README.md', 'utf8')).to.include(`\`\`\`ts\n${code}\`\`\``)
  })

  it('asks, grants, and uses all that a case takes', async () => {
    const { url } = t.site.serving
    const code = await t.openCase()
    expect(await serveCase(url, t.market.wallet, code)).to.deep.equal([])
    const questions: string[] = []
    for (const { wallet, holder } of [t.town.landlord, t.applicant])
      await answerRequests(url, wallet, holder, (question) => questions.push(question) > 0)
    expect(questions).to.have.length(2)
    for (const question of questions) expect(question).to.include(code)
    const outcomes = await serveCase(url, t.market.wallet, code)
    expect(outcomes.map((one) => [one.material, 'error' in one])).to.deep.equal([
      [DEED, false],
      [PLAN, false],
    ])
  })

  it('uses nothing of a holder who declines', async () => {
    const { url } = t.site.serving
    const code = await t.openCase()
    await serveCase(url, t.market.wallet, code)
    for (const { wallet, holder } of [t.town.landlord, t.applicant])
      await answerRequests(url, wallet, holder, () => false)
    expect(await serveCase(url, t.market.wallet, code)).to.deep.equal([])
  })
})
