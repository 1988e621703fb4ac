import { pipeline } from 'node:stream/promises'
import { FileDraft } from './fileDraft.ts'

/** A text for others to read: to the file, or to stdout where there is none or it is `-`. */
export async function writeOutput(path: string | undefined, text: string): Promise<void> {
  await writeExactly(path, `${text}\n`)
}

/** As `writeOutput`, byte by byte: for what has a digest. */
export async function writeExactly(path: string | undefined, text: string): Promise<void> {
  if (path === undefined || path === '-') process.stdout.write(text)
  else await replaceFile(path, text)
}

/** As `writeExactly`, piece by piece: for what may be large. */
export async function writeStream(
  path: string | undefined,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (path === undefined || path === '-') {
    await pipeline(pieces, process.stdout, { end: false })
    return
  }
  const draft = await FileDraft.open(path, 0o666)
  try {
    for await (const piece of pieces) await draft.write(piece)
    await draft.keep()
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/**
 * A reader, and a crash, see the old file or the new one, never half of either.
 *
 * @param mode of the file, as for chmod
 */
export async function replaceFile(path: string, text: string, mode = 0o666): Promise<void> {
  const draft = await FileDraft.open(path, mode)
  try {
    await draft.write(Buffer.from(text))
    await draft.keep()
  } catch (error) {
    await draft.discard()
    throw error
  }
}
