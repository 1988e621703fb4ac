import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OnceClient } from '../../api/client/index.ts'
import { readTokens } from '../../api/tokens.ts'

export interface ResultLine {
  readonly line: number
  readonly file?: string
  readonly outcome: string
  readonly id?: string
  readonly index?: number
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The last result of each line, by its number, without what differs from run to run. */
export async function resultsIn(path: string): Promise<Map<number, ResultLine>> {
  const results = new Map<number, ResultLine>()
  for (const text of (await readFile(path, 'utf8')).split('\n')) {
    if (!text.startsWith('{"line"')) continue
    try {
      const result = JSON.parse(text) as ResultLine
      results.set(result.line, result)
    } catch {
      // Half a line, of a run that was killed.
    }
  }
  return new Map([...results].toSorted(([a], [b]) => a - b))
}

export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}

/** With the token of the data folder, which may do everything. */
export async function clientOf(url: string, dataFolder: string): Promise<OnceClient> {
  const [credential] = (await readTokens(dataFolder)) ?? []
  return new OnceClient({ url, token: credential?.token ?? '' })
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
