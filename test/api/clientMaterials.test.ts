import { expect } from 'chai'
import { OnceClient } from '../../api/client/index.ts'
import type { BatchItem, BatchResult } from '../../api/client/index.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { codeOf } from '../support/codes.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { digestsOnly } from './support/http.ts'

const SUBMISSION: MaterialSubmission = { type: 'T1', content: { mediaType: 'text/plain' } }
/** One character is wrong. */
const DOUBTFUL: MaterialSubmission = {
  ...SUBMISSION,
  holder: { codeType: '001', code: '91310110MADEM002XA' },
  unsound: 'quarantine',
}
const bytes = (text: string) => new TextEncoder().encode(text)

describe('the client, for materials', () => {
  let api: TestApi
  let client: OnceClient
  before(async () => {
    api = await startTestApi()
    client = new OnceClient({ url: api.url, token: TOKENS.submitter })
  })
  after(() => api.close())

  const results = (items: readonly BatchItem[]): Promise<BatchResult[]> =>
    Array.fromAsync(client.submitBatch(items, { evidence: false }))

  it('hands many in with their contents, and some by their digests among them', async () => {
    const items = [
      { submission: { ...SUBMISSION, id: 'b-1' }, content: bytes('first\n') },
      digestsOnly('elsewhere', { id: 'b-2' }) as MaterialSubmission,
      { submission: { ...SUBMISSION, id: 'b-3', type: '' }, content: bytes('bad') },
      { submission: { ...DOUBTFUL, id: 'b-4' }, content: bytes('last') },
    ]
    const found = await results(items)
    expect(
      found.map((result) => ('error' in result ? result.error.code : result.created)),
    ).to.deep.equal([true, true, 'SUBMISSION_MALFORMED', true])
    expect(found[3]).to.deep.include({ id: 'b-4', quarantine: 'USCC_CHECK_CHARACTER_WRONG' })
    expect(String(await api.contentOf('b-1'))).to.equal('first\n')
    expect(String(await api.contentOf('b-4'))).to.equal('last')
    const again = await results([items[0] as BatchItem])
    expect(again[0]).to.deep.include({ id: 'b-1', created: false })
  })

  it('hands more in than one request takes', async () => {
    const items = Array.from({ length: 130 }, (_, i) => ({
      submission: { ...SUBMISSION, id: `m-${i}` },
      content: Uint8Array.from(Buffer.alloc(100_000, i)),
    }))
    const found = await results(items)
    expect(found.map(({ id }) => id)).to.deep.equal(items.map(({ submission }) => submission.id))
    expect((await api.contentOf('m-129')).equals(Buffer.alloc(100_000, 129))).to.equal(true)
  })

  it('shows the quarantine, releases, rejects and withdraws', async () => {
    await results(
      ['q-1', 'q-2'].map((id) => ({ submission: { ...DOUBTFUL, id }, content: bytes(id) })),
    )
    const held = await Array.fromAsync(client.quarantine.list())
    expect(held.map(({ id }) => id)).to.include.members(['q-1', 'q-2'])
    const reason = { reason: 'looked at' }
    const { created, evidence } = await client.quarantine.release('q-1', reason)
    expect(created).to.equal(true)
    expect(parseEvidence(evidence).statement).to.include({ kind: 'material.released' })
    await client.quarantine.reject('q-2', reason)
    expect(await codeOf(client.quarantine.release('q-2', reason))).to.equal('MATERIAL_DECIDED')
    expect((await client.withdraw('q-1', reason)).created).to.equal(true)
    expect((await client.material('q-1')).standing.state).to.equal('withdrawn')
    expect((await client.material('q-2')).standing.state).to.equal('rejected')
  })
})
