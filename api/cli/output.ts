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
