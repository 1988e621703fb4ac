import { opendir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

/** A file to hand in. */
export interface FoundFile {
  readonly path: string
  /** Names it within the run, wherever that starts: relative to the folder that was given. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
}

export const EVIDENCE_SUFFIX = '.evidence.json'

/**
 * The files that were named, and those in the folders that were named, in the order of their names.
 * Hidden files, links and evidence are passed over in folders.
 */
export async function* findFiles(paths: readonly string[]): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) yield* findInFolder(path, path)
    else yield await found(path, basename(path))
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory()
}

async function* findInFolder(folder: string, root: string): AsyncGenerator<FoundFile> {
  const entries: { name: string; isFolder: boolean }[] = []
  for await (const entry of await opendir(folder)) {
    const isFolder = entry.isDirectory()
    if (entry.name.startsWith('.') || !(isFolder || entry.isFile())) continue
    if (!entry.name.endsWith(EVIDENCE_SUFFIX)) entries.push({ name: entry.name, isFolder })
  }
  for (const { name, isFolder } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, name)
    if (isFolder) yield* findInFolder(path, root)
    else yield await found(path, relative(root, path))
  }
}

async function found(path: string, name: string): Promise<FoundFile> {
  const { size, mtimeMs } = await stat(path)
  return { path, name, size, modified: mtimeMs }
}
