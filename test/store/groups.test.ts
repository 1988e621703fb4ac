import { expect } from 'chai'
import type { SegmentLocation } from '../../node/store/contentStore.ts'
import { ContentGroups } from '../../node/store/contents/groups.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { codeOf } from '../behaviors/codeOf.ts'

/** Takes groups and writes each when it is told to. */
class Disk {
  readonly groups: number[][] = []
  readonly #ends: { resolve: (result: SegmentLocation[]) => void; reject: (e: unknown) => void }[] =
    []
  #began: (() => void) | undefined

  putGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    this.groups.push(contents.map(([first = 0]) => first))
    return new Promise((resolve, reject) => {
      this.#ends.push({ resolve, reject })
      this.#began?.()
    })
  }

  /** Resolves when the group of that number is under way. */
  async until(number: number): Promise<void> {
    while (this.groups.length <= number)
      await new Promise<void>((resolve) => {
        this.#began = resolve
      })
  }

  end(group: number): void {
    const offsets = this.groups[group] ?? []
    this.#ends[group]?.resolve(
      offsets.map((offset) => ({ in: 'segment', segment: group, offset, length: 1 })),
    )
  }

  fail(group: number): void {
    this.#ends[group]?.reject(new LedgerError('unavailable', 'STORE_FULL'))
  }
}

const put = (groups: ContentGroups, ...numbers: number[]) =>
  numbers.map((number) => groups.put(Uint8Array.of(number)))

describe('groups of contents', () => {
  it('are those that came while the one before was written', async () => {
    const disk = new Disk()
    const groups = new ContentGroups(disk)
    const first = put(groups, 1, 2)
    await disk.until(0)
    const second = put(groups, 3, 4, 5)
    expect(disk.groups).to.deep.equal([[1, 2]])
    disk.end(0)
    await disk.until(1)
    disk.end(1)
    expect(disk.groups).to.deep.equal([
      [1, 2],
      [3, 4, 5],
    ])
    const locations = await Promise.all([...first, ...second])
    expect(locations.map(({ segment, offset }) => [segment, offset])).to.deep.equal([
      [0, 1],
      [0, 2],
      [1, 3],
      [1, 4],
      [1, 5],
    ])
  })

  it('share a failure, and the next one is written all the same', async () => {
    const disk = new Disk()
    const groups = new ContentGroups(disk)
    const [one, two] = put(groups, 1, 2) as [Promise<unknown>, Promise<unknown>]
    const codes = Promise.all([codeOf(one), codeOf(two)])
    await disk.until(0)
    const [three] = put(groups, 3) as [Promise<SegmentLocation>]
    disk.fail(0)
    expect(await codes).to.deep.equal(['STORE_FULL', 'STORE_FULL'])
    await disk.until(1)
    disk.end(1)
    expect((await three).offset).to.equal(3)
  })

  it('hold so many at most', async () => {
    const disk = new Disk()
    const groups = new ContentGroups(disk)
    const all = put(groups, ...Array<number>(300).fill(7))
    await disk.until(0)
    disk.end(0)
    await disk.until(1)
    disk.end(1)
    await Promise.all(all)
    expect(disk.groups.map(({ length }) => length)).to.deep.equal([256, 44])
  })
})
