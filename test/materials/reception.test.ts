import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { LedgerError } from '../../node/core/errors.ts'
import { Reception } from '../../node/materials/reception.ts'
import type { Placed } from '../../node/materials/reception.ts'
import type { Location } from '../../node/store/contentStore.ts'
import { MemoryContentStore } from '../../node/store/memory/memoryContentStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'

const SMALL = 5_000
const LARGE = 300_000
const OPTIONS = { digests: ['sha-256'], maxContent: 2 ** 20 } as const

/** Gives back all that no entry refers to. */
async function reclaim(contents: MemoryContentStore): Promise<number> {
  const { segments } = await contents.reclaim(
    async function* () {},
    async () => {},
  )
  return segments
}

describe('reception', () => {
  let contents: MemoryContentStore
  let reception: Reception

  beforeEach(() => {
    contents = new MemoryContentStore({ segmentLimit: 1_000 })
    reception = new Reception(contents, OPTIONS)
  })

  afterEach(() => reception.close())

  const receive = (bytes: Uint8Array) => reception.receive(chunksOf(bytes), [])

  for (const [what, length] of Object.entries({ small: SMALL, large: LARGE })) {
    it(`has the bytes of a ${what} content in their place before it is logged`, async () => {
      const bytes = randomBytes(length)
      const received = await receive(bytes)
      const logged = await received.log(async ({ location, dataKey }) => {
        expect(await readWhole(reception, location, dataKey)).to.deep.equal(bytes)
        // Another comes after it, and the first may not move: nobody knows yet where it lies.
        await contents.putGroup([randomBytes(10)])
        expect(await reclaim(contents)).to.equal(0)
        return { created: true, index: 7 }
      })
      expect(logged).to.deep.equal({ created: true, index: 7 })
      expect(await listOf(contents.listFiles())).to.have.length(what === 'large' ? 1 : 0)
      expect(await reclaim(contents)).to.equal(what === 'large' ? 0 : 1)
    })

    it(`leaves nothing of a ${what} content that was logged before`, async () => {
      const placed = await placedBy(receive(randomBytes(length)), async () => ({ created: false }))
      await expectGone(placed.location)
    })

    it(`leaves nothing of a ${what} content whose entry is refused, and says why`, async () => {
      const refusal = new LedgerError('tooMany', 'LEDGER_BUSY', { waiting: 1 })
      const placed = await placedBy(receive(randomBytes(length)), () => Promise.reject(refusal))
      expect(placed.code).to.equal('LEDGER_BUSY')
      await expectGone(placed.location)
    })
  }

  it('leaves nothing of a content that nobody wants logged', async () => {
    await (await receive(randomBytes(LARGE))).discard()
    await (await receive(randomBytes(SMALL))).discard()
    expect(await listOf(contents.listFiles())).to.deep.equal([])
    await contents.putGroup([randomBytes(10)])
    expect(await reclaim(contents)).to.equal(0)
  })

  async function expectGone(location: Location) {
    await contents.putGroup([randomBytes(10)])
    await reclaim(contents)
    const code =
      location.in === 'segment' ? await codeOf(contents.readAll(location)) : 'CONTENT_MISSING'
    expect(code).to.equal('CONTENT_MISSING')
    expect(await listOf(contents.listFiles())).to.deep.equal([])
  }
})

/** Where it lay when it was to be logged, and what came of that. */
async function placedBy(
  receiving: ReturnType<Reception['receive']>,
  append: () => Promise<{ readonly created: boolean }>,
): Promise<{ location: Location; code: string | undefined }> {
  const received = await receiving
  let placed: Placed | undefined
  const code = await codeOf(
    received.log((at) => {
      placed = at
      return append()
    }),
  )
  if (placed === undefined) throw new TypeError('it was not placed')
  return { location: placed.location, code }
}

async function readWhole(reception: Reception, location: Location, dataKey: Uint8Array) {
  return Buffer.concat(await listOf(await reception.read(location, dataKey)))
}

async function* chunksOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

async function listOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}
