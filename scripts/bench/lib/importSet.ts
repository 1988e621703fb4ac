import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MaterialType } from '../../../node/core/catalogue/materialType.ts'

/** What every line of the set is. */
export const LEASE: MaterialType = {
  kind: 'materialType',
  code: 'LEASE',
  version: 1,
  from: '2020-01-01',
  owner: `0x${'11'.repeat(20)}`,
  duty: '房屋租赁登记备案',
  name: '房屋租赁合同',
  reusable: true,
  validity: { mode: 'UNTIL_DATE', field: 'until' },
  retention: '10年',
  formats: ['txt'],
  maxBytes: 1_000_000,
  sensitivity: 'L2',
  fields: [
    {
      name: 'tenant',
      label: '承租方',
      type: 'string',
      required: true,
      sensitivity: 'L3',
      check: 'citizenNumber',
    },
    { name: 'until', label: '租期至', type: 'date', required: true, sensitivity: 'L1' },
    { name: 'rent', label: '月租金', type: 'number', required: true, sensitivity: 'L2' },
  ],
}

export interface ImportSet {
  readonly folder: string
  readonly manifest: string
}

export interface ImportSetOptions {
  readonly lines: number
  /** Bytes of each content. */
  readonly size: number
  /** Materials of each holder. */
  readonly each?: number
}

/** Leases of made-up people: a folder of texts, and the table that lists them. */
export async function writeImportSet(
  folder: string,
  { lines, size, each = 4 }: ImportSetOptions,
): Promise<ImportSet> {
  const files = join(folder, 'files')
  const manifest = join(folder, 'manifest.csv')
  await mkdir(files, { recursive: true })
  const table = createWriteStream(manifest)
  table.write('file,type,title,holder,sha256,fields.tenant,fields.until,fields.rent\r\n')
  for (let i = 0; i < lines; i++) {
    const part = String(Math.floor(i / 1000)).padStart(4, '0')
    if (i % 1000 === 0) await mkdir(join(files, part))
    const name = `${part}/${i}.txt`
    const content = Buffer.from(`租赁合同 ${i}\n`.padEnd(size, '合同正文 0123456789\n')).subarray(
      0,
      size,
    )
    await writeFile(join(files, name), content)
    const tenant = citizenNumber(Math.floor(i / each))
    const sha256 = createHash('sha256').update(content).digest('hex')
    const row = [
      name,
      'LEASE',
      `租赁合同 ${i}`,
      `111:${tenant}`,
      sha256,
      tenant,
      '2035-12-31',
      1200 + (i % 900),
    ]
    if (!table.write(`${row.join(',')}\r\n`))
      await new Promise<void>((go) => table.once('drain', go))
  }
  await new Promise<void>((done) => table.end(done))
  return { folder: files, manifest }
}

/** GB 11643, of somebody who was born on 1990-03-15 or later, in no region there is. */
function citizenNumber(nth: number): string {
  const day = new Date(Date.UTC(1990, 2, 15) + (nth % 10_000) * 86_400_000)
  const born = day.toISOString().slice(0, 10).replaceAll('-', '')
  const body = `310199${born}${String(Math.floor(nth / 10_000)).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((all, weight, i) => all + weight * Number(body[i]), 0)
  return `${body}${'10X98765432'[sum % 11]}`
}
