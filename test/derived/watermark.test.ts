import { expect } from 'chai'
import fc from 'fast-check'
import { layPattern } from '../../node/derived/pdf/watermark.ts'
import type { Area } from '../../node/derived/pdf/watermark.ts'

/** Letters. */
const LENGTH = 34
const ORIGIN = { x: 0, y: 0 }

describe('the text over a page', () => {
  it('stands whole in the middle, on a page of any shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 15_000 }),
        fc.integer({ min: 10, max: 15_000 }),
        fc.integer({ min: 8, max: 120 }),
        (width, height, length) => {
          const { size, angle, places } = layPattern(length, { ...ORIGIN, width, height })
          const half = (length * size) / 2
          expect(2 * half * Math.cos(angle)).to.be.at.most(0.901 * width)
          expect(2 * half * Math.sin(angle)).to.be.at.most(height)
          expect(places).to.deep.include({ x: width / 2, y: height / 2 })
          expect(places.length).to.be.within(3, 200)
        },
      ),
    )
  })

  it('is never far from where somebody might cut, however wide or tall the page', () => {
    for (const [width, height] of [
      [842, 56],
      [842, 200],
      [842, 595],
      [595, 842],
      [300, 842],
      [15_000, 100],
      [100, 15_000],
    ] as const) {
      const area = { ...ORIGIN, width, height }
      const { size, angle } = layPattern(LENGTH, area)
      // A gap between two texts of a row, and two rows.
      const most = Math.max(0.1 * Math.max(width, height), 16 * size)
      for (let x = 0; x <= width; x += width / 20)
        for (let y = 0; y <= height; y += height / 20)
          expect(distanceTo(area, x, y), `${width}x${height} ${x},${y} ${angle}`).to.be.below(most)
    }
  })

  it('is large enough on a strip', () => {
    const { size } = layPattern(LENGTH, { ...ORIGIN, width: 842, height: 56 })
    expect(size).to.be.above(9)
  })

  it('begins where the area does', () => {
    const area = { width: 400, height: 300 }
    const moved = layPattern(LENGTH, { ...area, x: 10, y: 20 })
    const { places } = layPattern(LENGTH, { ...area, ...ORIGIN })
    expect(moved.places).to.deep.equal(places.map(({ x, y }) => ({ x: x + 10, y: y + 20 })))
  })
})

/** From a point to the line of the nearest text. */
function distanceTo(area: Area, x: number, y: number): number {
  const { size, angle, places } = layPattern(LENGTH, area)
  const half = (LENGTH * size) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const distances = places.map((place) => {
    const [dx, dy] = [x - place.x, y - place.y]
    const along = Math.max(0, Math.abs(dx * cos + dy * sin) - half)
    return Math.hypot(along, dy * cos - dx * sin)
  })
  return Math.min(...distances)
}
