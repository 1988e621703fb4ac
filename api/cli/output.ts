import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'

/** A text for others to read: to the file, or to stdout where there is none or it is `-`. */
export async function writeOutput(path: string | undefined, text: string): Promise<void> {
  if (path === undefined || path === '-') process.stdout.write(`${text}\n`)
  else await replaceFile(path, `${text}\n`)
}

/** A reader, and a crash, see the old file or the new one, never half of either. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
