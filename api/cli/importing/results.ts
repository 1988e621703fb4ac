import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { LedgerError } from '../../../node/core/errors.ts'

const OUTCOMES = ['created', 'known', 'quarantined', 'failed'] as const
export type Outcome = (typeof OUTCOMES)[number]

const Head = z.strictObject({
  v: z.literal(1),
  /** Of the log that it was imported into. */
  origin: z.string(),
  submitter: z.string(),
})
type Head = z.infer<typeof Head>

const ImportResult = z.strictObject({
  /** In the manifest, from 1. */
  line: z.int(),
  /** Tells whether the line says the same. */
  row: z.string(),
  file: z.string().optional(),
  size: z.int().optional(),
  /** Milliseconds since 1970. */
  modified: z.number().optional(),
  outcome: z.enum(OUTCOMES),
  /** Statement id of the material. */
  id: z.string().optional(),
  /** Of its entry. */
  index: z.int().optional(),
  /** What is wrong with it. */
  code: z.string().optional(),
  message: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
/** What became of a line. */
export type ImportResult = z.infer<typeof ImportResult>

/** What is kept in memory of a line that was imported before. */
interface Done {
  readonly row: string
  readonly size: number | undefined
  readonly modified: number | undefined
  readonly outcome: Outcome
}

/** Characters that are written at once. */
const WRITE_LENGTH = 64 * 1024

/**
 * Results of an import, one line of JSON each; the last for a line of the manifest counts. An interrupted run goes on
 * from it. It only saves work: what is imported again is the same material.
 */
export class ImportResults {
  readonly #file: FileHandle
  readonly #done: ReadonlyMap<number, Done>
  #waiting: string[] = []
  #length = 0
  #writing: Promise<void> = Promise.resolve()

  private constructor(file: FileHandle, done: ReadonlyMap<number, Done>) {
    this.#file = file
    this.#done = done
  }

  /** @throws LedgerError conflict/IMPORT_RESULTS_OTHER: they are of another ledger or submitter */
  static async open(path: string, head: Omit<Head, 'v'>): Promise<ImportResults> {
    const file = await open(path, 'a+')
    try {
      const done = new Map<number, Done>()
      let isNew = true
      for await (const line of file.readLines({ start: 0, autoClose: false })) {
        if (isNew) requireSame(line, head, path)
        isNew = false
        const result = parseLine(line)
        if (result) done.set(result.line, doneOf(result))
      }
      // A run that was killed may have left half a line.
      const first = isNew ? `${JSON.stringify({ v: 1, ...head } satisfies Head)}\n` : '\n'
      await file.appendFile(first)
      return new ImportResults(file, done)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** What became of a line, if it says the same as when that was noted. */
  find(line: number, row: string): Done | undefined {
    const done = this.#done.get(line)
    return done?.row === row && done.outcome !== 'failed' ? done : undefined
  }

  async add(result: ImportResult): Promise<void> {
    const text = `${JSON.stringify(result)}\n`
    this.#waiting.push(text)
    this.#length += text.length
    if (this.#length >= WRITE_LENGTH) await this.flush()
  }

  flush(): Promise<void> {
    const text = this.#waiting.join('')
    this.#waiting = []
    this.#length = 0
    this.#writing = this.#writing.then(() => this.#file.appendFile(text))
    return this.#writing
  }

  async close(): Promise<void> {
    await this.flush()
    await this.#file.close()
  }
}

/** Names what a line says; 22 characters. */
export function rowOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

function requireSame(line: string, { origin, submitter }: Omit<Head, 'v'>, file: string): void {
  const { data: head } = Head.safeParse(parseJson(line))
  if (head === undefined) throw new LedgerError('conflict', 'IMPORT_RESULTS_OTHER', { file })
  if (head.origin !== origin || head.submitter !== submitter)
    throw new LedgerError('conflict', 'IMPORT_RESULTS_OTHER', { file, ...head })
}

function parseLine(line: string): ImportResult | undefined {
  return ImportResult.safeParse(parseJson(line)).data
}

/** Undefined for half a line: what it stood for is simply imported again. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function doneOf({ row, size, modified, outcome }: ImportResult): Done {
  return { row, size, modified, outcome }
}
