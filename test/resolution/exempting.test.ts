import { expect } from 'chai'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { LedgerMaterials } from '../../node/materials/ledgerMaterials.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../node/store/terms.ts'
import { codeOf } from '../support/codes.ts'
import { TEST_MASTER_KEY } from '../support/log.ts'
import { bureau, CASE, CaseScene, counter, foreign } from '../cases/support/scene.ts'

describe('a material that is handed in for a case', () => {
  let s: CaseScene
  let materials: LedgerMaterials

  beforeEach(async () => {
    const store = new MemoryKeyValueStore()
    s = await CaseScene.open(async () => store)
    const { ledger, reception } = s.grants
    materials = new LedgerMaterials({
      ledger,
      reception,
      terms: new TermIndex(store, await KeyRing.open(store, TEST_MASTER_KEY)),
      now: () => s.grants.time * 1000,
      requireForCase: async (upload) => {
        await s.caseRules.requireHandIn(upload.caseCode, upload.submitter)
        await s.resolutions.requireReason(upload)
      },
    })
    await s.openCase()
  })
  afterEach(() => s.close())

  const submit = (id: string, changes: Partial<MaterialSubmission> = {}, submitter = 'counter') => {
    const content = { mediaType: 'text/plain' }
    const submission = { id, type: 'ARTICLES', caseCode: CASE, content, ...changes }
    return materials.submit({ submission, content: Buffer.from(id), submitter })
  }

  it('is taken while there is nothing else to take', async () => {
    expect((await submit('first')).created).to.equal(true)
  })

  it('needs a reason where it could be exempted, which goes on record', async () => {
    await s.deposit('articles', 'ARTICLES')
    expect(await codeOf(submit('again'))).to.equal('MATERIAL_EXEMPTED')
    const { index } = await submit('again', { reason: '章程已修订' })
    const { statement } = await s.grants.ledger.openStatement(index)
    expect(statement).to.include({ id: 'again', caseCode: CASE, reason: '章程已修订' })
  })

  it('comes from who handles the case, while it is open, and tells nobody else what lies here', async () => {
    await s.deposit('articles', 'ARTICLES')
    const { size } = s.grants.ledger
    const strange = await codeOf(submit('strange', {}, `department ${foreign}`))
    expect(strange).to.equal('CASE_NOT_YOURS')
    expect(s.grants.ledger.size).to.equal(size)
    const reason = { reason: '章程已修订' }
    await submit('accepting', reason, `department ${counter}`)
    await submit('deciding', reason, `department ${bureau}`)
    await s.cases.stage(CASE, { stage: 'accepted' }, counter)
    await s.cases.stage(CASE, { stage: 'reviewed' }, bureau)
    await s.cases.stage(CASE, { stage: 'decided', outcome: 'granted' }, bureau)
    expect(await codeOf(submit('late', reason, `department ${counter}`))).to.equal('CASE_DECIDED')
  })

  it('needs none for another case, or for none', async () => {
    await s.deposit('articles', 'ARTICLES')
    expect(await codeOf(submit('other', { caseCode: '001900000109999' }))).to.equal(undefined)
    const { caseCode: _, ...without } = { caseCode: CASE, type: 'ARTICLES' }
    const submission = { id: 'none', content: { mediaType: 'text/plain' }, ...without }
    const content = Buffer.from('none')
    expect(await codeOf(materials.submit({ submission, content, submitter: 'counter' }))).to.equal(
      undefined,
    )
  })
})
