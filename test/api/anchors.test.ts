import { expect } from 'chai'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { digestsOnly, postJson } from './support/http.ts'

interface Page {
  readonly anchors: readonly { readonly size: number }[]
  readonly next?: string
}

const sizes = ({ anchors }: Page) => anchors.map(({ size }) => size)

describe('anchors', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
    for (let i = 0; i < 5; i++) {
      await postJson(api, '/v1/materials', digestsOnly(`a${i}`))
      await api.anchoring.anchor()
    }
  })
  after(() => api.close())

  const page = async (query: string): Promise<Page> => {
    return (await (await fetch(`${api.url}/v1/anchors${query}`)).json()) as Page
  }

  it('come largest first, a page at a time', async () => {
    const first = await page('?limit=2')
    expect(sizes(first)).to.deep.equal([5, 4])
    const second = await page(`?limit=2&cursor=${first.next}`)
    expect(sizes(second)).to.deep.equal([3, 2])
    const third = await page(`?limit=2&cursor=${second.next}`)
    expect(sizes(third)).to.deep.equal([1])
    expect(third).not.to.have.property('next')
  })

  it('of one size say where they stand', async () => {
    const response = await fetch(`${api.url}/v1/anchors/3`)
    const { size, anchors } = (await response.json()) as Page & { size: number }
    expect(size).to.equal(3)
    expect(anchors).to.have.length(1)
    expect(anchors[0]).to.deep.include({
      chain: 'test',
      chainId: 31337,
      state: 'confirmed',
      provable: false,
      queuedAt: '2023-11-14T22:13:20.000Z',
      confirmedAt: '2023-11-14T22:13:21.000Z',
    })
    // What was tried and at what price is the operator's business.
    expect(anchors[0]).not.to.have.any.keys('attempts', 'target', 'v')
  })
})
