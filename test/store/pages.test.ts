import { expect } from 'chai'
import { sift } from '../../node/store/pages.ts'

/** 1000 to 1, in pages of up to 10. */
async function read(limit: number, before = 1001) {
  const first = before - 1
  const items = Array.from({ length: Math.min(limit, 10, first) }, (_, i) => first - i)
  const last = items.at(-1) ?? 1
  return { items, ...(last > 1 && { next: last }) }
}

const isThird = (n: number) => n % 3 === 0

describe('a page of what is shown of a list', () => {
  it('is filled from as many pages as it takes, and goes on where it ended', async () => {
    const first = await sift({ limit: 4 }, read, isThird)
    expect(first).to.deep.equal({ items: [999, 996, 993, 990], next: 990 })
    const second = await sift({ limit: 2, next: first.next }, read, isThird)
    expect(second).to.deep.equal({ items: [987, 984], next: 984 })
  })

  it('is the last where the list ends', async () => {
    expect(await sift({ limit: 5, next: 4 }, read, () => true)).to.deep.equal({ items: [3, 2, 1] })
    expect(await sift({ limit: 5, next: 4 }, read, () => false)).to.deep.equal({ items: [] })
  })

  it('is short, or empty, where so much was left out that no more is looked at', async () => {
    let lookedAt = 0
    const counted = async (limit: number, before?: number) => {
      const page = await read(limit, before)
      lookedAt += page.items.length
      return page
    }
    const page = await sift({ limit: 8 }, counted, (n) => n < 100)
    expect(page).to.deep.equal({ items: [], next: 1001 - lookedAt })
    expect(lookedAt).to.equal(256)
  })
})
