import { Readable } from 'node:stream'
import { Zip, ZipPassThrough } from 'fflate'
import { utf8 } from '../core/bytes.ts'
import { dayOf } from '../core/catalogue/day.ts'
import { describeMark } from './markText.ts'
import type { Mark } from './markText.ts'
import { attachmentsOf } from './names.ts'
import type { CopyFiles } from './names.ts'

/** What ZIP counts in 32 bits, less than it could hold with some room for what stands beside the original. */
export const LONGEST_ARCHIVE = 0xf000_0000

/**
 * A ZIP of the untouched original, what belongs to it, and the mark as text for people. Nothing is compressed, and no
 * more than a piece of it is in memory. The same for the same parts, wherever it is made.
 */
export function archive(
  original: { readonly fileName: string; readonly content: Readable },
  mark: Mark,
  files: CopyFiles,
): Readable {
  const body = Readable.from(write(original, mark, files), { objectMode: false })
  // A generator that nobody ever asked for anything is not told that it is over.
  return body.once('close', () => original.content.destroy())
}

async function* write(
  original: { readonly fileName: string; readonly content: Readable },
  mark: Mark,
  files: CopyFiles,
): AsyncGenerator<Uint8Array> {
  const day = noonOf(mark.at)
  const pieces: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    pieces.push(piece)
  })
  const add = (fileName: string) => {
    const file = new ZipPassThrough(fileName)
    file.mtime = day
    zip.add(file)
    return file
  }
  const sayings = describeMark(mark).rows.map(([label, value]) => `${label}：${value}\n`)
  add('mark.txt').push(utf8(`加注件\n\n${sayings.join('')}`), true)
  for (const { fileName, bytes } of attachmentsOf(files)) add(fileName).push(bytes, true)
  const file = add(original.fileName)
  for await (const piece of original.content as AsyncIterable<Uint8Array>) {
    file.push(piece)
    yield* pieces.splice(0)
  }
  file.push(new Uint8Array(), true)
  zip.end()
  yield* pieces.splice(0)
}

/**
 * ZIP has times of day without a zone, and the library takes those of the machine: noon of the day in China is
 * everywhere.
 */
function noonOf(time: number): Date {
  const [year = 1980, month = 1, day = 1] = dayOf(time * 1000)
    .split('-')
    .map(Number)
  return new Date(year, month - 1, day, 12)
}
