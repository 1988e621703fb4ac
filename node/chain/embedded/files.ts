import { randomBytes } from 'node:crypto'
import { access, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/**
 * What the embedded chain keeps in its folder.
 *
 * The program writes its state in place when it ends, so a crash may leave half of it. It therefore
 * writes `next.json`, which becomes `state.json` at the next start; the one before stays beside it
 * until that was read. Only the program knows whether it can read a state.
 */
export class ChainFiles {
  readonly state: string
  readonly next: string
  readonly process: string
  readonly #previous: string
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    this.state = join(folder, 'state.json')
    this.next = join(folder, 'next.json')
    this.#previous = join(folder, 'previous.json')
    this.process = join(folder, 'process.json')
  }

  /**
   * The key of an account on this chain, made at the first start; only its owner may read it. The operator anchors, the
   * relayer pays for the acts of others.
   */
  async keyOf(account: 'operator' | 'relayer'): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, `${account}.key`)
    try {
      return (await readFile(path, 'utf8')).trim()
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    // Any 32 bytes are a key, but for one case in 2^128.
    const key = `0x${randomBytes(32).toString('hex')}`
    await replaceFile(path, `${key}\n`)
    return key
  }

  /** Takes over what the last run left as it ended. */
  async adoptNext(): Promise<void> {
    if (!(await exists(this.next))) return
    if (await exists(this.state)) await rename(this.state, this.#previous)
    await rename(this.next, this.state)
  }

  hasState(): Promise<boolean> {
    return exists(this.state)
  }

  /** Takes it compressed, and never holds the whole in memory: it grows with the chain. */
  saveState(gzip: Uint8Array): Promise<void> {
    return replaceFile(this.state, Readable.from([gzip]).pipe(createGunzip()))
  }

  /**
   * Keeps a state that cannot be read for whoever wants to look at it, and answers whether an older one takes its
   * place.
   */
  async fallBack(): Promise<boolean> {
    await rename(this.state, join(this.#folder, 'unreadable.json'))
    if (!(await exists(this.#previous))) return false
    await rename(this.#previous, this.state)
    return true
  }
}

/** Durable and whole, or not at all; only its owner may read it. */
export async function replaceFile(path: string, content: string | Readable): Promise<void> {
  const temporary = `${path}.tmp`
  await writeFile(temporary, content, { mode: 0o600, flush: true })
  await rename(temporary, path)
  const folder = await open(dirname(path))
  // Windows has no such thing as syncing a folder.
  await folder.sync().catch(() => undefined)
  await folder.close()
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
