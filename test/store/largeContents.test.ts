import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { LedgerError } from '../../node/core/errors.ts'
import type { ContentStore, ContentWriter } from '../../node/store/contentStore.ts'
import { ingestLarge } from '../../node/store/contents/ingest.ts'
import type { Ingested } from '../../node/store/contents/ingest.ts'
import { inPieces } from '../../node/store/contents/pieces.ts'
import { readContent } from '../../node/store/contents/read.ts'
import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import { MemoryContentStore } from '../../node/store/memory/memoryContentStore.ts'
import { CHUNK_LENGTH, seal, sealedLength } from '../../node/store/sealing/seal.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { flipBit } from './damage.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const PIECE_LENGTH = 2 * CHUNK_LENGTH
const MiB = 2 ** 20

async function* inChunksOf(content: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < content.length; i += length) yield content.subarray(i, i + length)
}

async function* aborted(): AsyncGenerator<Uint8Array> {
  yield randomBytes(5 * MiB)
  throw new LedgerError('invalid', 'UPLOAD_ABORTED')
}

const full = () => Promise.reject(new LedgerError('unavailable', 'STORE_FULL'))

/** A store whose disk is full when a content comes to this step. */
function failingAt(step: 'write' | 'keep', store: ContentStore): ContentStore {
  const begin = async (): Promise<ContentWriter> => {
    const writer = await store.begin()
    const sound: ContentWriter = {
      write: (chunk) => writer.write(chunk),
      keep: () => writer.keep(),
      abort: () => writer.abort(),
    }
    return { ...sound, [step]: full }
  }
  return new Proxy(store, { get: (_, name) => (name === 'begin' ? begin : undefined) })
}

const digestOf = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex')

describe('large contents', () => {
  const folder = temporaryFolder()
  let store: ContentStore

  beforeEach(async () => {
    store = await FileContentStore.open(folder.path)
  })

  afterEach(() => store.close())

  const dataKey = randomBytes(32)

  function ingest(
    source: AsyncIterable<Uint8Array>,
    contents = store,
    limit = 2 ** 40,
  ): Promise<Ingested> {
    return ingestLarge(source, { dataKey, digests: ['sha-256', 'sm3'], limit, contents })
  }

  for (const [length, chunk] of [
    [0, 1],
    [1, 1],
    [CHUNK_LENGTH, 1000],
    [PIECE_LENGTH - 1, 65_536],
    [PIECE_LENGTH, 65_536],
    [PIECE_LENGTH + 1, 100_003],
    [9 * MiB + 77, 5 * MiB],
  ] as const)
    it(`come back as the ${length} bytes that came in, with their digests`, async () => {
      const content = randomBytes(length)
      const { digests, size, location } = await ingest(inChunksOf(content, chunk))
      expect(size).to.equal(length)
      expect(digests).to.deep.equal([
        `sha-256:${digestOf('sha256', content)}`,
        `sm3:${digestOf('sm3', content)}`,
      ])
      expect(location.length).to.equal(sealedLength(length))
      await store.settle(location)
      expect((await buffer(readContent(store, location, dataKey))).equals(content)).to.equal(true)
      // The same format as a small content: only where it lies differs.
      const sealed = Buffer.from(await store.readAll(location))
      expect(sealed.equals(seal(dataKey, 'content', content))).to.equal(true)
    })

  it('are read in any range, as slices of the whole', async () => {
    const content = randomBytes(3 * CHUNK_LENGTH + 999)
    const memory = new MemoryContentStore()
    const { location } = await ingest(inChunksOf(content, MiB), memory)
    const position = fc.oneof(
      fc.integer({ min: 0, max: content.length - 1 }),
      fc.constantFrom(0, CHUNK_LENGTH - 1, CHUNK_LENGTH, 3 * CHUNK_LENGTH, content.length - 1),
    )
    await fc.assert(
      fc.asyncProperty(position, position, async (a, b) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) }
        const read = await buffer(readContent(memory, location, dataKey, range))
        expect(read.equals(content.subarray(range.start, range.end + 1))).to.equal(true)
      }),
      { numRuns: 40 },
    )
    for (const range of [
      { start: -1, end: 0 },
      { start: 5, end: 4 },
      { start: 0, end: content.length },
    ])
      expect(() => readContent(memory, location, dataKey, range)).to.throw(TypeError)
  })

  it('may come in side by side', async () => {
    const contents = Array.from({ length: 6 }, (_, i) => randomBytes(MiB + i))
    const ingested = await Promise.all(
      contents.map((content, i) => ingest(inChunksOf(content, 10_000 * (i + 1)))),
    )
    for (const [i, { digests, location }] of ingested.entries()) {
      const content = contents[i] as Buffer
      expect(digests[0]).to.equal(`sha-256:${digestOf('sha256', content)}`)
      expect((await buffer(readContent(store, location, dataKey))).equals(content)).to.equal(true)
    }
  })

  it('are refused as soon as they pass the limit, and leave nothing behind', async () => {
    let given = 0
    let closed = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          given += 100_000
          yield randomBytes(100_000)
        }
      } finally {
        closed = true
      }
    }
    expect(await codeOf(ingest(endless(), store, 3 * MiB))).to.equal('CONTENT_TOO_LARGE')
    expect(given).to.be.within(3 * MiB, 3 * MiB + 100_000)
    expect(closed).to.equal(true)
    expect(readdirSync(join(folder.path, 'incoming'))).to.deep.equal([])
  })

  it('may be exactly as long as the limit', async () => {
    const { size } = await ingest(inChunksOf(randomBytes(MiB), 50_000), store, MiB)
    expect(size).to.equal(MiB)
  })

  it('leave nothing behind when their source fails', async () => {
    expect(await codeOf(ingest(aborted()))).to.equal('UPLOAD_ABORTED')
    expect(readdirSync(join(folder.path, 'incoming'))).to.deep.equal([])
  })

  it('leave nothing behind when the disk is full', async () => {
    for (const step of ['write', 'keep'] as const) {
      const contents = failingAt(step, store)
      const ingesting = ingest(inChunksOf(randomBytes(6 * MiB), MiB), contents)
      expect(await codeOf(ingesting)).to.equal('STORE_FULL')
      expect(readdirSync(join(folder.path, 'incoming'))).to.deep.equal([])
    }
  })

  it('are not handed out where they were altered or cut', async () => {
    const content = randomBytes(2 * CHUNK_LENGTH)
    const { location } = await ingest(inChunksOf(content, MiB))
    const path = join(folder.path, 'incoming', location.name)
    flipBit(path, 0.75, 2)
    const first = { start: 0, end: CHUNK_LENGTH - 1 }
    const sound = await buffer(readContent(store, location, dataKey, first))
    expect(sound.equals(content.subarray(0, CHUNK_LENGTH))).to.equal(true)
    expect(await codeOf(buffer(readContent(store, location, dataKey)))).to.equal('SEAL_BROKEN')
    truncateSync(path, location.length - 1)
    expect(await codeOf(buffer(readContent(store, location, dataKey)))).to.equal('CONTENT_MISSING')
    const cut = { ...location, length: sealedLength(CHUNK_LENGTH) }
    expect(await codeOf(buffer(readContent(store, cut, dataKey)))).to.equal('SEAL_BROKEN')
    const impossible = { ...location, length: 5 }
    expect(await codeOf(() => readContent(store, impossible, dataKey))).to.equal('SEAL_BROKEN')
  })

  it('are cut into pieces of one length, whatever length they come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (chunks, length) => {
          async function* source(): AsyncGenerator<Uint8Array> {
            yield* chunks
          }
          const whole = Buffer.concat(chunks)
          const pieces = await Array.fromAsync(inPieces(source(), length))
          expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(whole)).to.equal(true)
          expect(pieces).to.have.length(Math.max(1, Math.ceil(whole.length / length)))
          for (const [i, { bytes, last }] of pieces.entries()) {
            expect(last).to.equal(i === pieces.length - 1)
            if (!last) expect(bytes).to.have.length(length)
          }
        },
      ),
    )
  })
})
