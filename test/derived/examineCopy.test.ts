import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import fc from 'fast-check'
import { formatEvidence } from '../../node/core/evidence.ts'
import type { DrawnDocument } from '../../node/core/statements/use.ts'
import { encodeDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import { archive } from '../../node/derived/archive.ts'
import { composeCopy } from '../../node/derived/composeCopy.ts'
import { CopyExaminer } from '../../node/derived/copyExaminer.ts'
import { digestsOf } from '../../node/derived/digests.ts'
import { examineCopy } from '../../node/derived/examineCopy.ts'
import { attachmentsOf } from '../../node/derived/names.ts'
import { appendFiles } from '../../node/derived/pdf/attachments.ts'
import { makeWorld } from '../core/verify/world.ts'
import { codeOf } from '../support/codes.ts'
import { makeBomb, makePdf, MARK, signPdf } from './support/samples.ts'

/** As the ledger hands it out, with a receipt that names its pages. */
async function handOut(original: Uint8Array) {
  const mediaType = 'application/pdf'
  const {
    bytes: drawn,
    digests,
    because,
  } = await composeCopy({
    bytes: original,
    mediaType,
    mark: MARK,
  })
  const document = { digests: [...digests], size: drawn.length, ...(because && { because }) }
  const { copy, evidence } = await filesFor(original, document)
  const inside = because && { mediaType, bytes: original }
  return {
    copy,
    evidence,
    drawn,
    bytes: appendFiles(drawn, attachmentsOf({ copy, evidence }, inside)),
  }
}

async function filesFor(
  original: Uint8Array,
  document?: DrawnDocument,
  mediaType = 'application/pdf',
) {
  const material = { digests: digestsOf(original), size: original.length, mediaType }
  const of = { kind: 'material', id: 'm-1' } as const
  const copy = encodeDerivedCopy({
    v: 1,
    kind: 'derivedCopy',
    of,
    mark: MARK,
    fields: {},
    material,
  })
  const { used } = await makeWorld({ receipt: () => (document ? { document } : {}) })
  return { copy, evidence: Buffer.from(formatEvidence(used)) }
}

function isEqual(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.join() === other.join()
}

async function markedIn(bytes: Uint8Array) {
  return (await examineCopy(bytes))?.content.marked
}

describe('a document that is examined', function () {
  this.timeout(30_000)

  it('is the same again where it was put together from its pages and its files', async () => {
    const { bytes, drawn, copy, evidence } = await handOut(await makePdf([{}, {}]))
    const examined = await examineCopy(bytes)
    expect(Buffer.from(examined?.evidence ?? []).equals(evidence)).to.equal(true)
    expect(examined?.content).to.deep.include({ size: copy.length, digests: digestsOf(copy) })
    expect(examined?.content.marked).to.deep.include({
      isWhole: true,
      given: undefined,
      drawn: { size: drawn.length, digests: digestsOf(drawn) },
    })
  })

  it('holds its original where it is a cover or an archive', async () => {
    const original = signPdf().bytes
    const given = { size: original.length, digests: digestsOf(original) }
    const { bytes } = await handOut(original)
    expect(await markedIn(bytes)).to.deep.include({ isWhole: true, given })
    const files = await filesFor(original, undefined, 'application/ofd')
    const content = Readable.from([original], { objectMode: false })
    const zip = await buffer(archive({ fileName: 'original.ofd', content }, MARK, files))
    expect(await markedIn(zip)).to.deep.include({ isWhole: true, given, drawn: undefined })
  })

  it('is an archive of the same bytes in every zone', async () => {
    const files = await filesFor(Buffer.from('plan'), undefined, 'application/ofd')
    const content = Readable.from([Buffer.from('plan')], { objectMode: false })
    const zip = await buffer(archive({ fileName: 'original.ofd', content }, MARK, files))
    // Noon of 5 August 2023, as MS-DOS writes it.
    expect(zip.readUInt32LE(10).toString(16)).to.equal('57056000')
    const zone = process.env['TZ']
    try {
      for (const other of ['America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Berlin']) {
        process.env['TZ'] = other
        expect(await markedIn(zip), other).to.include({ isWhole: true })
      }
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })

  it('is never the same with one byte altered, put in or taken out', async () => {
    const { bytes, drawn, copy, evidence } = await handOut(await makePdf())
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat({ max: 2 }),
      put: fc.uint8Array({ maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, remove, put }) => {
        const from = Math.floor(at * bytes.length)
        const rest = bytes.subarray(from + remove)
        const altered = Buffer.concat([bytes.subarray(0, from), put, rest])
        fc.pre(!altered.equals(bytes))
        const found = await examineCopy(altered).catch(() => undefined)
        const { isWhole = false, drawn: pages } = found?.content.marked ?? {}
        // What else there is in it is compared with what the log has.
        const isLogged =
          isEqual(pages?.digests, digestsOf(drawn)) &&
          isEqual(found?.content.digests, digestsOf(copy)) &&
          Buffer.from(found?.evidence ?? []).equals(evidence)
        expect(isWhole && isLogged).to.equal(false)
      }),
      { numRuns: 60 },
    )
  })

  it('is not whole where it has no evidence that names its pages', async () => {
    const { drawn } = await handOut(await makePdf())
    for (const evidence of [Buffer.from('{"v":1}'), (await filesFor(drawn)).evidence]) {
      const { copy } = await filesFor(drawn)
      const bytes = appendFiles(drawn, attachmentsOf({ copy, evidence }))
      expect(await markedIn(bytes)).to.deep.include({ isWhole: false, drawn: undefined })
    }
  })

  it('is malformed where its copy is none', async () => {
    const { drawn, evidence } = await handOut(await makePdf())
    for (const copy of ['{', '{"v":1}', '{"a":1,"a":1}']) {
      const bytes = appendFiles(drawn, attachmentsOf({ copy: Buffer.from(copy), evidence }))
      expect(await codeOf(examineCopy(bytes))).to.equal('DERIVED_COPY_MALFORMED')
    }
  })
})

const breakOff = () => Promise.reject(new TypeError('broke off'))

describe('an examiner of documents', function () {
  this.timeout(60_000)

  it('finds what there is, in another thread', async () => {
    const examiner = new CopyExaminer()
    const { bytes } = await handOut(await makePdf())
    const { content } = await examiner.examine(async () => bytes)
    expect(content.marked).to.include({ isWhole: true })
    for (const none of [Buffer.from('{"v":1}'), await makePdf(), bytes.subarray(0, 1000)])
      expect(await codeOf(examiner.examine(async () => none))).to.equal('DERIVED_COPY_MALFORMED')
    await examiner.close()
  })

  it('takes no more at a time than there is room for, and asks for no bytes of the others', async () => {
    const examiner = new CopyExaminer()
    const { bytes } = await handOut(await makePdf())
    const arriving = Promise.withResolvers<Uint8Array>()
    let asked = 0
    const read = () => {
      asked += 1
      return arriving.promise
    }
    const codes = [1, 2, 3, 4, 5].map(() => codeOf(examiner.examine(read)))
    expect(await codes[4]).to.equal('DOCUMENTS_BUSY')
    expect(asked).to.equal(4)
    arriving.resolve(bytes)
    expect(await Promise.all(codes.slice(0, 4))).to.deep.equal(Array(4).fill(undefined))
    expect(await codeOf(examiner.examine(read))).to.equal(undefined)
    await examiner.close()
  })

  it('ends what takes too much, and goes on', async () => {
    const examiner = new CopyExaminer({ memory: 128 * 1024 * 1024 })
    const bomb = await makeBomb(600)
    expect(await codeOf(examiner.examine(async () => bomb))).to.equal('DOCUMENTS_BUSY')
    const { bytes } = await handOut(await makePdf())
    expect(await codeOf(examiner.examine(async () => bytes))).to.equal(undefined)
    await examiner.close()
  })

  it('has room again after one that broke off', async () => {
    const examiner = new CopyExaminer()
    for (let count = 0; count < 10; count++)
      await examiner
        .examine(breakOff)
        .catch((error: unknown) => expect(error).to.include({ message: 'broke off' }))
    const { bytes } = await handOut(await makePdf())
    expect(await codeOf(examiner.examine(async () => bytes))).to.equal(undefined)
    await examiner.close()
  })
})
