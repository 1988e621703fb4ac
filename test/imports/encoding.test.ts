import { expect } from 'chai'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { inspectText } from '../../node/imports/encoding.ts'
import { readLines } from '../../node/imports/lines.ts'
import { isLedgerError } from '../../node/core/errors.ts'

const TEXT = [
  'file,type,title,holder',
  'a.pdf,LEASE,食品经营许可证 营业场所证明,001:91310110MADEM002XN',
  'b.pdf,LEASE,上海市杨浦区示例路100号,111:310199199003150014',
  '',
].join('\n')
const utf8 = Buffer.from(TEXT)
const gb18030 = iconv.encode(TEXT, 'gb18030')
/** Read in the wrong encoding, and saved as UTF-8. */
const taken = (bytes: Uint8Array, encoding: string) =>
  Buffer.from(new TextDecoder(encoding).decode(bytes))

async function* inChunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const inspect = (bytes: Uint8Array, length = 7) =>
  inspectText(inChunks(bytes, length)).catch((error: unknown) => {
    if (!isLedgerError(error)) throw error
    return { code: error.code, ...error.details }
  })

describe('the encoding of a text', () => {
  for (const [what, bytes, encoding, lines] of [
    ['UTF-8', utf8, 'utf-8', 3],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`), 'utf-8', 3],
    ['GB 18030', gb18030, 'gb18030', 3],
    ['ASCII without a last line end', Buffer.from('a,b\n1,2'), 'utf-8', 2],
    [
      'characters of GB 18030 with four bytes',
      iconv.encode('𠮷野家和㐀㐁\n', 'gb18030'),
      'gb18030',
      1,
    ],
    [
      'rare and traditional characters',
      Buffer.from('𠮷野家 㐀㐁 繁體中文測試 資料庫\n'),
      'utf-8',
      1,
    ],
    ['other scripts', Buffer.from('Müller, Ünïcödé éàü, Ελλάδα, Москва\n'), 'utf-8', 1],
    ['nothing at all', Buffer.alloc(0), 'utf-8', 0],
  ] as const) {
    it(`is found: ${what}`, async () => {
      for (const length of [1, 7, 10_000])
        expect(await inspect(bytes, length)).to.deep.equal({ encoding, lines })
    })
  }

  for (const [what, bytes] of [
    ['UTF-8 that was taken for GB 18030', taken(utf8, 'gb18030')],
    ['UTF-8 that was taken for Latin', taken(utf8, 'windows-1252')],
    ['GB 18030 that was taken for Latin', Buffer.from(iconv.decode(gb18030, 'latin1'))],
    ['GB 18030 that was taken for UTF-8', taken(gb18030, 'utf-8')],
    [
      'what replaced what could not be read, taken for GB 18030',
      Buffer.from(TEXT.replace('食品', '锟斤拷')),
    ],
  ] as const) {
    it(`is refused, with its line: ${what}`, async () => {
      expect(await inspect(bytes, 10_000)).to.deep.equal({ code: 'TEXT_GARBLED', line: 2 })
    })
  }

  it('is refused for UTF-8 of which some bytes were lost, though GB 18030 has them all', async () => {
    // An even number of bytes is left between commas, which GB 18030 reads as characters.
    const damaged = Buffer.from('题目,食品经营许可证明\n')
    const cut = Buffer.concat([damaged.subarray(0, 8), damaged.subarray(10)])
    expect(new TextDecoder('gb18030', { fatal: true }).decode(cut)).to.be.a('string')
    expect(await inspect(cut, 10_000)).to.deep.equal({ code: 'TEXT_GARBLED' })
  })

  for (const [what, bytes] of [
    ['UTF-16', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['GB 18030 with a byte that it does not have', Buffer.concat([gb18030, Buffer.of(0xff)])],
    ['Latin-1', iconv.encode('Müller, éàü\n', 'latin1')],
    ['bytes of no text', Buffer.of(0xff, 0xfe, 0x80, 0x81, 0x0a)],
  ] as const) {
    it(`is refused: ${what}`, async () => {
      expect(await inspect(bytes)).to.deep.equal({ code: 'TEXT_ENCODING_UNKNOWN' })
    })
  }
})

/** What stands in cells of tables; no two of them beside each other. */
const CELLS =
  '图 地址 证 法人 名称 租金 面积 日期 编号 是 否 男 女 路 号 合同 执照 平面图 甲方 乙方 承租人 食品 经营 许可'
const cells = fc.uniqueArray(fc.constantFrom(...CELLS.split(' ')), { minLength: 6 })
const tableOf = (words: readonly string[]) =>
  ['file,type,title', ...words.map((word, i) => `${i}.pdf,T1,${word}`), ''].join('\n')

const GARBLINGS = [
  ['UTF-8 that was taken for Latin', (text: string) => taken(Buffer.from(text), 'windows-1252')],
  [
    'GB 18030 that was taken for Latin',
    (text: string) => Buffer.from(iconv.decode(iconv.encode(text, 'gb18030'), 'latin1')),
  ],
] as const

/** As names and words of Europe are: at most two letters with accents beside each other, in capitals or not. */
const word = fc
  .stringMatching(/^(?:[bdfgklmnrst][aeiouàáâãäåæèéêëìíîïòóôõöøùúûüýÿ]{1,2}){1,3}$/)
  .chain((text) => fc.constantFrom(text, text.toUpperCase(), `¿${text[1]?.toUpperCase()}?`))
const DECORATIONS = [
  'x',
  '«x»',
  'x…”',
  '“x”',
  '5 m² x',
  '½ x',
  '±5 °C, x',
  'x¹',
  '§ 3 x',
  'x – x',
] as const
const accented = fc
  .tuple(word, fc.constantFrom(...DECORATIONS))
  .map(([text, decoration]) => decoration.replaceAll('x', text))

describe('a table of short cells', () => {
  for (const [what, garble] of GARBLINGS) {
    it(`is refused by all of them together: ${what}`, async () => {
      const garbled = garble(tableOf(['a plan', '图', '地址', '地址']))
      expect(await inspect(garbled, 10_000)).to.deep.equal({ code: 'TEXT_GARBLED', line: 3 })
      await fc.assert(
        fc.asyncProperty(cells, async (all) => {
          expect(await inspect(garble(tableOf(all)), 10_000)).to.include({ code: 'TEXT_GARBLED' })
        }),
      )
    })
  }

  it('is refused where characters of three bytes were read two by two', async () => {
    // Of an odd number of them something is left that is no character.
    const garbled = taken(Buffer.from(tableOf(['地址', '法人', '面积'])), 'gb18030')
    expect(String(garbled)).to.include('鍦板潃').and.not.include('\uFFFD')
    expect(await inspect(garbled, 10_000)).to.deep.equal({ code: 'TEXT_GARBLED', line: 2 })
  })

  it('stays what it is in both encodings', async () => {
    await fc.assert(
      fc.asyncProperty(cells, async (all) => {
        const text = tableOf(all)
        const lines = all.length + 1
        expect(await inspect(Buffer.from(text))).to.deep.equal({ encoding: 'utf-8', lines })
        const gb = await inspect(iconv.encode(text, 'gb18030'))
        expect(gb).to.deep.equal({ encoding: 'gb18030', lines })
      }),
    )
  })

  it('stays what it is with accents, however short and few', async () => {
    for (const text of [
      'Sää, Töölö, Pää',
      'créée, réélu',
      'SÄÄ, PÄÄ, ÄÄNI',
      '¿Él? ¿Último? ¿África?',
      'Óðinn',
      'Å², m²·K',
      'KÊ¹, ¿Æ?, ¿É?',
      '20 W/(m²·K), 30 W/(m²·K), 40 W/(m²·K)',
    ])
      expect(await inspect(Buffer.from(text), 10_000)).to.deep.equal({
        encoding: 'utf-8',
        lines: 1,
      })
    await fc.assert(
      fc.asyncProperty(fc.array(accented, { minLength: 1, maxLength: 30 }), async (all) => {
        const found = await inspect(Buffer.from(tableOf(all)), 10_000)
        expect(found).to.deep.equal({ encoding: 'utf-8', lines: all.length + 1 })
      }),
      { numRuns: 2_000 },
    )
  })
})

const linesOf = async (bytes: Uint8Array, length: number, encoding: 'utf-8' | 'gb18030') =>
  (await Array.fromAsync(readLines(inChunks(bytes, length), encoding))).flat()

describe('the lines of a text', () => {
  it('are the same however the text is cut, in both encodings', async () => {
    const line = fc.stringMatching(/^[a-z食品经营许可证, "]{0,20}$/)
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 40 }), async (all, length) => {
        const text = all.join('\r\n')
        const expected = all
          .map((one, i) => ({ number: i + 1, text: one }))
          .filter((one) => one.text !== '')
        expect(await linesOf(Buffer.from(text), length, 'utf-8')).to.deep.equal(expected)
        const gb = iconv.encode(text, 'gb18030')
        expect(await linesOf(gb, length, 'gb18030')).to.deep.equal(expected)
      }),
    )
  })

  it('have no byte order mark, and none that is too long', async () => {
    const text = `\uFEFFfirst\n${'x'.repeat(70_000)}\nlast`
    expect(await linesOf(Buffer.from(text), 1_000, 'utf-8')).to.deep.equal([
      { number: 1, text: 'first' },
      { number: 2, text: undefined },
      { number: 3, text: 'last' },
    ])
  })
})
