import { expect } from 'chai'
import { isLedgerError } from '../../node/core/errors.ts'
import { kindOfManifest, readManifest } from '../../node/imports/manifest.ts'
import type { ManifestKind } from '../../node/imports/manifest.ts'
import { typeFields } from '../../node/imports/fieldTexts.ts'
import type { ImportRecord } from '../../node/imports/record.ts'
import { submissionOf } from '../../node/imports/submission.ts'
import { codeOf } from '../support/codes.ts'
import { LEASE } from '../materials/support/bank.ts'

const SHA256 = 'ab'.repeat(32)
const FILE = { digest: `sha-256:${SHA256}`, size: 7, mediaType: 'application/pdf' }

async function read(text: string, kind: ManifestKind) {
  async function* lines() {
    yield text
      .split('\n')
      .map((line, i) => ({ number: i + 1, text: line === '(too long)' ? undefined : line }))
      .filter((line) => line.text !== '')
  }
  return (await Array.fromAsync(readManifest(lines(), kind))).flat()
}

const outcomes = async (text: string, kind: ManifestKind) =>
  (await read(text, kind)).map(({ number, record }) => [
    number,
    isLedgerError(record) ? (record.details['reason'] ?? record.code) : record.title,
  ])

describe('a manifest', () => {
  it('is told by the ending of its name', () => {
    const kinds = ['m.csv', 'M.CSV', 'm.ndjson', 'm.jsonl', 'm.xlsx'].map(kindOfManifest)
    expect(kinds).to.deep.equal(['csv', 'csv', 'ndjson', 'ndjson', undefined])
  })

  it('is a table, with fields, quotes, and nothing where a cell is empty', async () => {
    const [line] = await read(
      [
        'file,type,title,holder,receiptMode,fields.until,fields.rent,caseCode',
        'a/b.pdf,LEASE,"租赁合同, ""甲"" 乙",001:91310110MADEM0011Y,3,2030-12-31,1200,',
      ].join('\n'),
      'csv',
    )
    expect(line?.record).to.deep.equal({
      file: 'a/b.pdf',
      type: 'LEASE',
      title: '租赁合同, "甲" 乙',
      holder: { codeType: '001', code: '91310110MADEM0011Y' },
      receiptMode: 3,
      fields: { until: '2030-12-31', rent: '1200' },
    })
  })

  it('is a list of JSON, one record a line, with fields as they are', async () => {
    const record = {
      file: 'a.pdf',
      type: 'LEASE',
      fields: { rent: 12, open: true },
      sha256: SHA256.toUpperCase(),
    }
    const [line] = await read(JSON.stringify(record), 'ndjson')
    expect(line?.record).to.deep.equal({ ...record, sha256: `sha-256:${SHA256}` })
  })

  it('of a table loses a bad line in the middle and no other', async () => {
    const bad = [
      'b.pdf',
      '"b.pdf,T1,open',
      'b.pdf,T1,x,y',
      'b"c.pdf,"T1"x,y',
      'b.pdf,,no type',
      '(too long)',
    ]
    const text = ['file,type,title', 'a.pdf,T1,first', ...bad, '', 'z.pdf,T1,last'].join('\n')
    expect(await outcomes(text, 'csv')).to.deep.equal([
      [2, 'first'],
      [3, 'CSV_COLUMNS_DIFFER'],
      [4, 'CSV_QUOTE_NOT_CLOSED'],
      [5, 'CSV_COLUMNS_DIFFER'],
      [6, 'INVALID_OPENING_QUOTE'],
      [7, 'IMPORT_RECORD_MALFORMED'],
      [8, 'IMPORT_LINE_TOO_LONG'],
      [10, 'last'],
    ])
  })

  it('of JSON loses a bad line in the middle and no other', async () => {
    const text = [
      '{"type":"T1","title":"first"}',
      '{',
      '{"type":"T1","colour":"red"}',
      '{"type":"T1","type":"T2"}',
      '(too long)',
      '{"type":"T1","title":"last"}',
    ].join('\n')
    expect(await outcomes(text, 'ndjson')).to.deep.equal([
      [1, 'first'],
      [2, 'JSON_MALFORMED'],
      [3, 'IMPORT_RECORD_MALFORMED'],
      [4, 'JSON_DUPLICATE_KEY'],
      [5, 'IMPORT_LINE_TOO_LONG'],
      [6, 'last'],
    ])
  })

  for (const [what, columns, named] of [
    ['an unknown column', 'file,type,colour', ['colour']],
    ['a column twice', 'file,type,file', ['file']],
    ['fields as a whole', 'file,type,fields', ['fields']],
    ['no type', 'file,title', []],
    ['an open quote', '"file,type', []],
  ] as const) {
    it(`is refused for ${what} in its first line`, async () => {
      const refused = await read(`${columns}\na,b,c`, 'csv').catch((error: unknown) => error)
      if (!isLedgerError(refused)) throw refused
      expect(refused.code).to.equal('IMPORT_COLUMNS_MALFORMED')
      expect(refused.details['columns']).to.deep.equal(named)
    })
  }

  it('is refused where it is empty, and not where it lists nothing', async () => {
    const refused = await read('', 'csv').catch((error: unknown) => error)
    expect(isLedgerError(refused, 'IMPORT_COLUMNS_MALFORMED')).to.equal(true)
    expect(await read('file,type\n', 'csv')).to.deep.equal([])
  })
})

const typed = (fields: NonNullable<ImportRecord['fields']>) =>
  typeFields(
    { type: 'LEASE', fields },
    {
      ...LEASE,
      fields: [
        { name: 'rent', label: '月租金', type: 'number', required: false, sensitivity: 'L1' },
        { name: 'open', label: '营业', type: 'boolean', required: false, sensitivity: 'L1' },
        { name: 'rooms', label: '房间', type: 'array', required: false, sensitivity: 'L1' },
        { name: 'name', label: '名称', type: 'string', required: false, sensitivity: 'L1' },
      ],
    },
  ).fields

describe('a record of a table', () => {
  it('has fields as their type in the catalogue has them', () => {
    expect(typed({ rent: '1200', open: '是', rooms: '101;102； 103', name: '12' })).to.deep.equal({
      rent: 1200,
      open: true,
      rooms: ['101', '102', '103'],
      name: '12',
    })
  })

  it('keeps as a text what is none of its type, for the ledger to say', () => {
    const fields = { rent: '1200.50', open: 'perhaps', unknown: '7' }
    expect(typed(fields)).to.deep.equal(fields)
    for (const rent of ['01', '-0', '1e3', '9'.repeat(16)])
      expect(typed({ rent })).to.deep.equal({ rent })
    expect(typeFields({ type: 'X', fields }, undefined).fields).to.equal(fields)
  })
})

const refusalOf = (without: ImportRecord) =>
  codeOf(Promise.try(() => submissionOf(without, undefined, 'permits')))

describe('what is handed in for a record', () => {
  const record: ImportRecord = { type: 'T1', file: 'a.pdf', title: 'x' }

  it('has an id that follows from what it says and who says it', () => {
    const { id } = submissionOf(record, FILE, 'permits')
    expect(id).to.match(/^import-[A-Za-z0-9_-]{43}$/)
    expect(submissionOf({ ...record, file: 'elsewhere/a.pdf' }, FILE, 'permits').id).to.equal(id)
    const others = [
      submissionOf(record, FILE, 'taxes'),
      submissionOf({ ...record, title: 'y' }, FILE, 'permits'),
      submissionOf(record, { ...FILE, digest: `sha-256:${'cd'.repeat(32)}` }, 'permits'),
    ].map((submission) => submission.id)
    expect(new Set([id, ...others]).size).to.equal(4)
    expect(submissionOf({ ...record, id: 'mine' }, FILE, 'permits').id).to.equal('mine')
  })

  it('is of the file that the record means', async () => {
    const attempt = (changes: Partial<ImportRecord>, file = FILE) =>
      codeOf(Promise.try(() => submissionOf({ ...record, ...changes }, file, 'permits')))
    expect(await attempt({ sha256: `sha-256:${SHA256}`, size: 7 })).to.equal(undefined)
    expect(await attempt({ sha256: `sha-256:${'cd'.repeat(32)}` })).to.equal(
      'CONTENT_DIGEST_MISMATCH',
    )
    expect(await attempt({ size: 8 })).to.equal('CONTENT_SIZE_MISMATCH')
    expect(await attempt({}, { ...FILE, size: 0 })).to.equal('CONTENT_EMPTY')
  })

  it('stays where it is without a file, by digest and size', async () => {
    const elsewhere = { type: 'T1', sha256: `sha-256:${SHA256}`, size: 7, mediaType: 'image/png' }
    expect(submissionOf(elsewhere, undefined, 'permits').content).to.deep.equal({
      digests: [`sha-256:${SHA256}`],
      size: 7,
      mediaType: 'image/png',
      kept: 'department',
    })
    expect(await refusalOf({ type: 'T1', size: 7 })).to.equal('DIGEST_REQUIRED')
    expect(await refusalOf({ type: 'T1', sha256: `sha-256:${SHA256}` })).to.equal(
      'CONTENT_SIZE_REQUIRED',
    )
  })
})
