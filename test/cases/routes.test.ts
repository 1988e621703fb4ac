import { expect } from 'chai'
import * as examples from '../../api/http/cases/examples.ts'
import { Case, CasePage } from '../../api/http/cases/schema.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { CaseOpening, CaseStaging } from '../../node/cases/cases.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { Resolution } from '../../node/core/resolution/document.ts'
import { ResolutionRequest } from '../../node/resolution/resolutions.ts'
import { TOKENS } from '../api/support/api.ts'
import { addressOf } from '../chain/support/registryScene.ts'
import { MATTER, PROPERTY } from '../core/resolution/scene.ts'
import { AUTHORITY } from '../mirror/scene.ts'
import { sessionOf, startCaseApi } from './support/api.ts'
import type { CaseApi } from './support/api.ts'
import {
  agent,
  bureau,
  CASE,
  counter,
  foreign,
  landlord,
  secondAgent,
  tenant,
  ward,
} from './support/scene.ts'

const answer = async (response: Response) => {
  const { code } = (await response.clone().json()) as { code?: string }
  return `${response.status}${code === undefined ? '' : ` ${code}`}`
}

describe('cases over HTTP', () => {
  let api: CaseApi
  const [atCounter, atBureau, elsewhere] = [counter, bureau, foreign].map((one) => sessionOf(one))
  let [asTenant, asLandlord, asAgent] = ['', '', '']

  before(async () => {
    api = await startCaseApi()
    const { tenant: lessee, landlord: owner, agent: person } = api.scene.grants
    ;[asTenant, asLandlord, asAgent] = [lessee, owner, person].map((one) =>
      sessionOf(addressOf(one), 'holder'),
    ) as [string, string, string]
    const opened = await api.post('/v1/cases', opening(), atCounter ?? '')
    expect(opened.status).to.equal(201)
    expect(opened.headers.get('Location')).to.equal(`/v1/cases/${CASE}`)
  })
  after(() => api.close())

  const opening = (changes: object = {}) => ({
    ...api.scene.opening({ agents: [agent] }),
    ...changes,
  })
  const got = async (path: string, token = '') => answer(await api.get(path, token))
  const posted = async (path: string, body: unknown, token = '') =>
    answer(await api.post(path, body, token))

  it('are opened by a department, which states that it accepts', async () => {
    const again = await api.post('/v1/cases', opening(), atCounter ?? '')
    expect(again.status).to.equal(200)
    const { statement } = parseEvidence(Buffer.from(await again.arrayBuffer()))
    expect(statement).to.deep.include({ acceptedBy: counter, decidedBy: bureau })
    expect(await posted('/v1/cases', opening(), atBureau)).to.equal('409 CASE_CODE_TAKEN')
  })

  for (const [what, token, refused] of [
    ['a token', TOKENS.operator, '403 ACCOUNT_NEEDED'],
    ['a holder', sessionOf(bureau, 'holder'), '403 ROLE_MISSING'],
    ['a department that uses nothing', sessionOf(bureau, 'auditor'), '403 ROLE_MISSING'],
    ['nobody', 'nobody-knows-this-token', '401 TOKEN_UNKNOWN'],
  ] as const)
    it(`are not opened by ${what}`, async () => {
      expect(await posted('/v1/cases', opening(), token)).to.equal(refused)
    })

  for (const [what, changes, refused] of [
    ['a code of 14 digits', { case: '00190000010000' }, '400 CASE_MALFORMED'],
    ['a channel that is none', { channel: 'pigeon' }, '400 CASE_MALFORMED'],
    ['an accepting department of its choice', { acceptedBy: foreign }, '400 CASE_MALFORMED'],
    ['an applicant among the parties', { parties: { APPLICANT: [tenant] } }, '400 CASE_MALFORMED'],
    ['a day that is none', { day: '2023-02-30' }, '400 CASE_MALFORMED'],
    ['an unknown matter', { matter: { code: 'NOTHING' } }, '404 CATALOGUE_UNKNOWN'],
    ['a day before the matter', { day: '2022-12-31' }, '404 CATALOGUE_NOT_IN_FORCE'],
    ['an agent too deep', { agents: [agent, secondAgent] }, '403 AGENT_TOO_DEEP'],
    [
      'another version',
      { matter: { code: MATTER.code, version: 7 } },
      '409 CASE_MATTER_VERSION_OTHER',
    ],
  ] as const)
    it(`are not opened with ${what}`, async () => {
      const asked = opening({ case: '001900000100007', ...changes })
      expect(await posted('/v1/cases', asked, atCounter)).to.equal(refused)
    })

  it('are read by their parties, handlers and those above, and by nobody else', async () => {
    const path = `/v1/cases/${CASE}`
    for (const token of [asTenant, asAgent, atCounter, atBureau, sessionOf(AUTHORITY, 'auditor')])
      expect(await got(path, token)).to.equal('200')
    for (const token of [asLandlord, elsewhere, sessionOf(ward)])
      expect(await got(path, token)).to.equal('403 CASE_NOT_YOURS')
    expect(await got('/v1/cases/001900000199999', asTenant)).to.equal('404 CASE_NOT_FOUND')
    expect(await got(`${path}/evidence`, asLandlord)).to.equal('403 CASE_NOT_YOURS')
  })

  it('come to their stages by those who handle them, with evidence', async () => {
    const path = `/v1/cases/${CASE}/stages`
    expect(await posted(path, { stage: 'accepted' }, elsewhere)).to.equal('403 CASE_NOT_YOURS')
    expect(await posted(path, { stage: 'accepted' }, asTenant)).to.equal('403 ROLE_MISSING')
    expect(await posted(path, { stage: 'accepted' }, sessionOf(AUTHORITY))).to.equal(
      '403 CASE_NOT_YOURS',
    )
    expect(await posted(path, { stage: 'reviewed' }, atBureau)).to.equal(
      '409 CASE_STAGE_OUT_OF_ORDER',
    )
    expect(await posted(path, { stage: 'decided' }, atBureau)).to.equal('400 CASE_STAGE_MALFORMED')
    const accepted = await api.post(path, { stage: 'accepted', note: '齐全' }, atCounter ?? '')
    expect(accepted.status).to.equal(201)
    const evidence = await api.get(accepted.headers.get('Location') ?? '', asTenant)
    const { statement } = parseEvidence(Buffer.from(await evidence.arrayBuffer()))
    expect(statement).to.include({ kind: 'case.staged', stage: 'accepted', by: counter })
    const { stages, next } = Case.parse(await (await api.get(`/v1/cases/${CASE}`, asTenant)).json())
    expect(stages.map(({ stage, note }) => [stage, note])).to.deep.equal([['accepted', '齐全']])
    expect(next).to.equal('reviewed')
  })

  it('are listed to those they concern', async () => {
    const listed = await api.get(`/v1/cases?holder=${tenant}`, asTenant)
    expect(CasePage.parse(await listed.json()).cases.map((one) => one.case)).to.deep.equal([CASE])
    expect(await got(`/v1/cases?holder=${tenant}`, asLandlord)).to.equal('403 CASE_NOT_YOURS')
    expect(await got(`/v1/cases?department=${bureau}`, atBureau)).to.equal('200')
    expect(await got(`/v1/cases?department=${bureau}`, elsewhere)).to.equal('403 CASE_NOT_YOURS')
    expect(await got('/v1/cases', asTenant)).to.equal('400 QUERY_MALFORMED')
  })

  it('are resolved for those who handle them', async () => {
    await api.scene.issue(PROPERTY, [landlord])
    const path = `/v1/cases/${CASE}/resolve`
    const { requests } = Resolution.parse(await (await api.post(path, {}, atBureau ?? '')).json())
    expect(requests.map(({ holder }) => holder)).to.deep.equal([landlord])
    expect(await posted(path, {}, elsewhere)).to.equal('403 CASE_NOT_YOURS')
    for (const token of [asTenant, asAgent]) expect(await posted(path, {}, token)).to.equal('200')
    expect(await posted(path, {}, asLandlord)).to.equal('403 DEPARTMENT_NEEDED')
    expect(await posted(path, { fields: { newAddress: '别处' } }, asAgent)).to.equal(
      '403 CASE_NOT_YOURS',
    )
    expect(await posted(path, { consider: [{ id: 'x' }] }, atBureau)).to.equal(
      '400 RESOLUTION_MALFORMED',
    )
  })

  it('are resolved before there is one, for a department, or for whoever would apply', async () => {
    const asked = { matter: MATTER.code, applicant: tenant }
    for (const token of [atBureau, asTenant])
      expect(await posted('/v1/resolutions', asked, token)).to.equal('200')
    expect(await posted('/v1/resolutions', asked, asLandlord)).to.equal('403 CASE_NOT_YOURS')
    const represented = { ...asked, agents: [agent] }
    expect(await posted('/v1/resolutions', represented, asAgent)).to.equal('200')
    expect(await posted('/v1/resolutions', asked, asAgent)).to.equal('403 CASE_NOT_YOURS')
    expect(await posted('/v1/resolutions', { applicant: tenant }, atBureau)).to.equal(
      '400 RESOLUTION_MALFORMED',
    )
    expect(await posted('/v1/resolutions', { ...asked, theme: 'OPEN_OFFICE' }, atBureau)).to.equal(
      '400 RESOLUTION_MALFORMED',
    )
  })

  it('stand beside checks, which are for whoever asked and whoever holds', async () => {
    expect(await posted('/v1/checks', { questions: [] }, atBureau)).to.equal('400 CHECK_MALFORMED')
    expect(await posted('/v1/checks', {}, asTenant)).to.equal('403 ROLE_MISSING')
    expect(await got(`/v1/checks?user=${bureau}`, atBureau)).to.equal('200')
    expect(await got(`/v1/checks?user=${bureau}`, elsewhere)).to.equal('403 USE_NOT_YOURS')
    expect(await got(`/v1/checks?holder=${landlord}`, asLandlord)).to.equal('200')
    expect(await got(`/v1/checks?holder=${landlord}`, asTenant)).to.equal('403 USE_NOT_YOURS')
    expect(await got('/v1/checks/use-none', atBureau)).to.equal('404 USE_NOT_FOUND')
    expect(await got('/v1/checks', atBureau)).to.equal('400 QUERY_MALFORMED')
  })

  it('are documented by examples that their schemas take, and a sentence for each code', () => {
    expect(CaseOpening.parse(examples.opening)).to.deep.equal(examples.opening)
    expect(CaseStaging.parse(examples.staging)).to.deep.equal(examples.staging)
    expect(Case.parse(examples.found)).to.deep.equal(examples.found)
    expect(ResolutionRequest.parse(examples.request)).to.deep.equal(examples.request)
    expect(Resolution.parse(examples.resolution)).to.deep.equal(examples.resolution)
    const codes = JSON.stringify(api.document).matchAll(/- `([A-Z_]+)`/g)
    for (const [, code = ''] of codes) expect(SENTENCES, code).to.have.property(code)
  })
})
