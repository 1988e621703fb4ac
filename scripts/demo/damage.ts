import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Changes one bit of what a node keeps of the content that `submit` hands in, behind its back: where the file ends that
 * grew by it.
 *
 * @param data folder of the node
 */
export async function damageWhatComes<T>(data: string, submit: () => Promise<T>): Promise<T> {
  const folder = join(data, 'contents')
  const before = await sizesIn(folder)
  const submitted = await submit()
  const after = await sizesIn(folder)
  const grown = [...after].filter(([path, size]) => size > (before.get(path) ?? 0))
  const [found, ...others] = grown
  if (found === undefined || others.length > 0)
    throw new TypeError(`the content lies in one file, not in ${grown.length}`)
  const [path, size] = found
  await flipLastBit(path, size)
  return submitted
}

async function sizesIn(folder: string): Promise<Map<string, number>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  return new Map(
    await Promise.all(files.map(async (path) => [path, (await stat(path)).size] as const)),
  )
}

async function flipLastBit(path: string, size: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, size - 1)
    byte[0] = (byte[0] ?? 0) ^ 1
    await file.write(byte, 0, 1, size - 1)
  } finally {
    await file.close()
  }
}
