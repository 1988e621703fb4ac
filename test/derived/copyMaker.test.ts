import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { PDFDocument } from '@cantoo/pdf-lib'
import { expect } from 'chai'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import type { DrawnDocument } from '../../node/core/statements/use.ts'
import type { CopyMaker, Mark, Source } from '../../node/derived/copyMaker.ts'
import { readAttachments } from '../../node/derived/pdf/attachments.ts'
import { LONGEST_MARKED, WorkingCopyMaker } from '../../node/derived/workingCopyMaker.ts'
import { codeOf } from '../support/codes.ts'
import { COPY, FILES, makeBomb, makePdf, MARK, sha256, signPdf } from './support/samples.ts'

const sourceOf = (bytes: Uint8Array, mediaType = 'application/pdf'): Source => ({
  content: Readable.from([bytes.subarray(0, 10), bytes.subarray(10)], { objectMode: false }),
  size: bytes.length,
  mediaType,
})

describe('a copy maker', function () {
  this.timeout(60_000)
  let maker: CopyMaker
  before(() => {
    maker = new WorkingCopyMaker()
  })
  after(() => maker.close())

  const make = async (bytes: Uint8Array, mediaType?: string, by = maker) => {
    const drawn = await by.draw(sourceOf(bytes, mediaType), MARK)
    const { body, ...copy } = await by.make(sourceOf(bytes, mediaType), MARK, FILES, drawn)
    return { ...copy, bytes: await buffer(body) }
  }

  it('marks a PDF', async () => {
    const { bytes, ...copy } = await make(await makePdf())
    const fileName = `${MARK.use}.pdf`
    expect(copy).to.deep.equal({ form: 'marked', mediaType: 'application/pdf', fileName })
    expect(await readAttachments(bytes)).to.have.length(2)
  })

  it('puts what may not change into a cover', async () => {
    const { bytes, form, because } = await make(signPdf().bytes)
    expect({ form, because }).to.deep.equal({ form: 'covered', because: 'signed' })
    expect(await readAttachments(bytes)).to.have.length(3)
  })

  it('hands out what the receipt says, and nothing that is drawn otherwise or in another form', async () => {
    const original = await makePdf()
    const drawn = await maker.draw(sourceOf(original), MARK)
    if (drawn === undefined) throw new TypeError('a PDF is drawn on')
    const other = { ...MARK, officer: '别人' }
    const orders: [Mark, DrawnDocument | undefined][] = [
      [MARK, { ...drawn, digests: [`sha-256:${'0'.repeat(64)}`] }],
      [MARK, { ...drawn, size: drawn.size + 1 }],
      [MARK, { ...drawn, because: 'heavy' }],
      [MARK, undefined],
      [other, drawn],
    ]
    for (const [mark, stated] of orders) {
      const source = sourceOf(original)
      expect(await codeOf(maker.make(source, mark, FILES, stated))).to.equal(
        'DERIVED_COPY_NOT_REPEATED',
      )
      expect(source.content.destroyed).to.equal(true)
    }
    const { body } = await maker.make(sourceOf(original), MARK, FILES, drawn)
    const { size, digests } = drawn
    expect(`sha-256:${sha256((await buffer(body)).subarray(0, size))}`).to.equal(digests[0])
  })

  it('draws nothing on what travels beside, and reads none of it', async () => {
    const source = sourceOf(Buffer.from('plan'.repeat(10)), 'application/ofd')
    expect(await maker.draw(source, MARK)).to.equal(undefined)
    expect(source.content.destroyed).to.equal(true)
  })

  it('puts what nothing is drawn on beside its copy, byte for byte', async () => {
    const ofd = Buffer.from('PK\u0003\u0004 not looked into')
    const { bytes, ...copy } = await make(ofd, 'application/ofd')
    expect(copy).to.deep.equal({
      form: 'beside',
      because: 'format',
      mediaType: 'application/zip',
      fileName: `${MARK.use}.zip`,
    })
    const files = unzipSync(bytes)
    expect(Object.keys(files)).to.deep.equal([
      'mark.txt',
      'copy.json',
      'evidence.json',
      'original.ofd',
    ])
    expect(Buffer.from(files['original.ofd'] ?? []).equals(ofd)).to.equal(true)
    expect(Buffer.from(files[COPY.fileName] ?? []).equals(COPY.bytes)).to.equal(true)
    const text = Buffer.from(files['mark.txt'] ?? []).toString()
    expect(text).to.include('使用部门：青浦区市场监督管理局').and.include(`使用编号：${MARK.use}`)
  })

  it('names an original of an unknown type', async () => {
    const { bytes } = await make(Buffer.from('x'.repeat(20)), 'application/x-nobody-knows')
    expect(Object.keys(unzipSync(bytes))).to.include('original.bin')
  })

  it('passes a long original through without holding it', async () => {
    const size = LONGEST_MARKED + 1
    let read = 0
    const content = Readable.from(
      (function* () {
        for (let left = size; left > 0; left -= 2 ** 20) {
          read += 1
          yield Buffer.alloc(Math.min(left, 2 ** 20))
        }
      })(),
      { objectMode: false },
    )
    const source = { content, size, mediaType: 'application/pdf' }
    const { form, because, body } = await maker.make(source, MARK, FILES, undefined)
    expect({ form, because }).to.deep.equal({ form: 'beside', because: 'heavy' })
    expect(read).to.equal(0)
    let length = 0
    let most = 0
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length
      most = Math.max(most, read * 2 ** 20 - length)
    }
    expect(length).to.be.greaterThan(size)
    expect(most).to.be.lessThan(8 * 2 ** 20)
  })

  it('lets go of an original whose copy nobody reads to its end, or at all', async () => {
    for (const isBegun of [true, false]) {
      const source = sourceOf(Buffer.alloc(100), 'text/plain')
      const closed = new Promise((resolve) => source.content.once('close', resolve))
      const { body } = await maker.make(source, MARK, FILES, undefined)
      if (isBegun) await once(body, 'readable')
      body.destroy()
      await closed
      expect(source.content.readableEnded).to.equal(false)
    }
  })

  it('tells who reads a copy that its original broke off', async () => {
    const content = new Readable({ read: () => {} })
    const source = { content, size: 100, mediaType: 'text/plain' }
    const { body } = await maker.make(source, MARK, FILES, undefined)
    content.destroy(new Error('disk gone'))
    const error: unknown = await buffer(body).catch((thrown: unknown) => thrown)
    expect(error).to.include({ message: 'disk gone' })
  })

  it('refuses an original that an archive cannot hold', async () => {
    const source = { ...sourceOf(Buffer.alloc(20), 'text/plain'), size: 2 ** 32 }
    expect(await codeOf(maker.make(source, MARK, FILES, undefined))).to.equal(
      'DERIVED_COPY_TOO_LARGE',
    )
    expect(source.content.destroyed).to.equal(true)
  })

  it('leaves the event loop free while it works', async () => {
    const original = await makePdf(Array.from({ length: 200 }, () => ({})))
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    await make(original)
    clearInterval(timer)
    // What is made in this thread takes a handful of them, however long it takes.
    expect(turns).to.be.greaterThan(20)
  })

  it('serves many at a time, one after another, each with its own', async () => {
    const originals = await Promise.all(
      [1, 2, 3, 4].map((n) => makePdf(Array.from({ length: n }, () => ({})))),
    )
    const copies = await Promise.all(originals.map((bytes) => make(bytes)))
    const counts = copies.map(async ({ bytes }) => (await PDFDocument.load(bytes)).getPageCount())
    expect(await Promise.all(counts)).to.deep.equal([1, 2, 3, 4])
  })

  it('says that it is busy rather than keep ever more waiting', async () => {
    const busy = new WorkingCopyMaker({ waiting: 1 })
    const original = await makePdf()
    const codes = await Promise.all(
      [1, 2, 3].map(() => codeOf(make(original, 'application/pdf', busy))),
    )
    expect(codes).to.deep.equal([undefined, undefined, 'DERIVED_COPIES_BUSY'])
    expect(await codeOf(make(original, 'application/pdf', busy))).to.equal(undefined)
    await busy.close()
  })

  it('ends what unpacks to more memory than a copy may take, and goes on', async () => {
    const careful = new WorkingCopyMaker({ memory: 128 * 1024 * 1024 })
    const bomb = await makeBomb(600)
    expect(bomb.length).to.be.lessThan(100_000)
    const { form, because, bytes } = await make(bomb, 'application/pdf', careful)
    expect({ form, because }).to.deep.equal({ form: 'covered', because: 'heavy' })
    const original = (await readAttachments(bytes)).at(-1)
    expect(Buffer.from(original?.bytes ?? []).equals(bomb)).to.equal(true)
    expect((await make(await makePdf(), 'application/pdf', careful)).form).to.equal('marked')
    await careful.close()
  })

  it('makes nothing any more once it is closed', async () => {
    const closing = new WorkingCopyMaker()
    const original = await makePdf()
    const under = codeOf(make(original, 'application/pdf', closing))
    await closing.close()
    expect(await under).to.equal('DERIVED_COPIES_BUSY')
    expect(await codeOf(make(original, 'application/pdf', closing))).to.equal('DERIVED_COPIES_BUSY')
  })

  it('fails where there is not even time for a cover, and works again afterwards', async () => {
    const hasty = new WorkingCopyMaker({ time: 1 })
    expect(await codeOf(make(await makePdf(), 'application/pdf', hasty))).to.equal(
      'DERIVED_COPIES_BUSY',
    )
    await hasty.close()
  })

  it('makes a copy of whatever a PDF was turned into', async () => {
    const original = await makePdf([{}, { turned: 90 }])
    const signed = signPdf().bytes
    const plain = signed.toString('latin1').replaceAll('ByteRange', 'ByteSpace')
    const seeds = [original, signed, Buffer.from(plain, 'latin1')]
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      remove: fc.nat({ max: 40 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc
          .constantFrom(
            '<<',
            '>>',
            '[',
            ']',
            '(',
            'stream\n',
            'endobj',
            '1 0 R',
            '/Kids',
            '%',
            '-1',
            '1e99',
          )
          .map((text) => Buffer.from(text)),
      ),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (seed, changes) => {
          const mutant = changes.reduce<Uint8Array>((bytes, { at, remove, put }) => {
            const from = Math.floor(at * bytes.length)
            return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + remove)])
          }, seed)
          const { form, bytes } = await make(mutant)
          const attachments = await readAttachments(bytes)
          expect(Buffer.from(attachments[0]?.bytes ?? []).equals(COPY.bytes)).to.equal(true)
          if (form === 'covered')
            expect(Buffer.from(attachments[2]?.bytes ?? []).equals(mutant)).to.equal(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})
