import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoreSizes } from './http/ledgerMetrics.ts'

/** Looking at every file takes a while when there are many: one look serves for so long, in milliseconds. */
const KEPT = 60_000

/** Bytes in each folder of the data folder. */
export function measureStores(dataFolder: string, now: () => number): StoreSizes {
  let kept: { readonly at: number; readonly sizes: ReturnType<StoreSizes> } | undefined
  return () => {
    if (kept === undefined || now() - kept.at > KEPT)
      kept = { at: now(), sizes: measure(dataFolder) }
    return kept.sizes
  }
}

async function measure(dataFolder: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {}
  for (const entry of await readdir(dataFolder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    sizes[entry.name] = await sizeOf(join(dataFolder, entry.name))
  }
  return sizes
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    // A file may be gone by now: segments are rewritten, journals compacted.
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined)
    bytes += found?.size ?? 0
  }
  return bytes
}
