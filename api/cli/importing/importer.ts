import { openAsBlob } from 'node:fs'
import type { MaterialType } from '../../../node/core/catalogue/materialType.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { MaterialSubmission } from '../../../node/core/statement.ts'
import { typeFields } from '../../../node/imports/fieldTexts.ts'
import type { ImportRecord } from '../../../node/imports/record.ts'
import type { ManifestLine } from '../../../node/imports/manifest.ts'
import { submissionOf } from '../../../node/imports/submission.ts'
import type { BatchItem, BatchResult, OnceClient } from '../../client/index.ts'
import { findMaterialType } from '../cataloguing/materialType.ts'
import { explain } from '../explain.ts'
import { rowOf } from './results.ts'
import type { ImportResult, ImportResults } from './results.ts'
import type { SourceFile, SourceFolder } from './source.ts'
import type { ImportTally } from './tally.ts'

export interface ImporterParts {
  readonly client: OnceClient
  /** Name of the authenticated principal. */
  readonly submitter: string
  readonly folder: SourceFolder
  readonly results: ImportResults
  readonly tally: ImportTally
  /** Fields of the manifest are texts, to be read as their types have them. */
  readonly isTable: boolean
  readonly stop: AbortSignal
}

/** Files that are read at once. */
const READ_AHEAD = 32
/** Large files that are under way at once. */
const LARGE_AT_ONCE = 4

/** What is known of a line before its result. */
interface Pending {
  readonly line: Pick<ImportResult, 'line' | 'row' | 'file' | 'size' | 'modified'>
  readonly submission: MaterialSubmission & { readonly id: string }
  readonly file: SourceFile | undefined
}

/**
 * Imports the lines of a manifest: small files many at a time, large ones beside them. What takes the place of another
 * that is on its way waits for that.
 */
export class Importer {
  readonly #parts: ImporterParts
  readonly #types = new Map<string, Promise<MaterialType | undefined>>()
  /** In the batch that is under way, in its order. */
  #sent: Pending[] = []
  readonly #large = new Set<Promise<void>>()
  /** Ids of all that is under way. */
  readonly #underway = new Set<string>()
  /** Why a large one ended the import. */
  #failure: { readonly error: unknown } | undefined
  /** Waits for what it takes the place of. */
  #held: Pending | undefined
  #isEnded = false

  constructor(parts: ImporterParts) {
    this.#parts = parts
  }

  /** @throws LedgerError unavailable/LEDGER_UNREACHABLE and whatever else the ledger refuses altogether */
  async run(lines: AsyncIterable<readonly ManifestLine[]>): Promise<void> {
    const { client, stop } = this.#parts
    const pending = this.#prepareAll(lines)
    try {
      while (!this.#isEnded && !stop.aborted) {
        const items = this.#batch(pending)
        for await (const result of client.submitBatch(items, { evidence: false, signal: stop }))
          await this.#note(result)
        await this.#settleLarge()
      }
    } finally {
      await Promise.allSettled(this.#large)
      await pending.return()
    }
  }

  /** Until the end, or until something has to wait for what is under way. */
  async *#batch(pending: AsyncGenerator<Pending, void>): AsyncGenerator<BatchItem, void> {
    const { stop } = this.#parts
    while (!stop.aborted && this.#failure === undefined) {
      const next = this.#held ?? (await this.#next(pending))
      this.#held = undefined
      if (next === undefined) return
      const { submission, file } = next
      if (this.#underway.has(submission.supersedes ?? '') || this.#underway.has(submission.id)) {
        this.#held = next
        return
      }
      this.#underway.add(submission.id)
      if (file !== undefined && file.bytes === undefined) await this.#sendLarge(next, file)
      else {
        this.#sent.push(next)
        yield file?.bytes === undefined ? submission : { submission, content: file.bytes }
      }
    }
  }

  async #next(pending: AsyncGenerator<Pending, void>): Promise<Pending | undefined> {
    const next = await pending.next()
    if (!next.done) return next.value
    this.#isEnded = true
    return undefined
  }

  async #sendLarge(pending: Pending, { path }: SourceFile): Promise<void> {
    while (this.#large.size >= LARGE_AT_ONCE) await Promise.race(this.#large)
    const { submission, line } = pending
    const { client, stop } = this.#parts
    const sending = openAsBlob(path)
      .then((blob) => client.submit(submission, blob, { signal: stop }))
      .then(async ({ created, evidence }) => {
        const { statement, index } = readEvidence(evidence)
        const { quarantine } = statement
        await this.#noteTaken(pending, { created, index, quarantine: quarantine?.code })
      })
      .catch(async (error: unknown) => {
        if (!isLedgerError(error) || error.kind === 'unavailable') this.#failure ??= { error }
        else await this.#fail(line, error)
      })
      .finally(() => {
        this.#underway.delete(submission.id)
        this.#large.delete(sending)
      })
    this.#large.add(sending)
  }

  /** @throws what ended the import */
  async #settleLarge(): Promise<void> {
    await Promise.all(this.#large)
    if (this.#failure !== undefined) throw this.#failure.error
  }

  async #note(result: BatchResult): Promise<void> {
    const pending = this.#sent.shift()
    if (pending === undefined) throw new TypeError('more results than were asked for')
    this.#underway.delete(pending.submission.id)
    if ('error' in result) await this.#fail(pending.line, result.error)
    else await this.#noteTaken(pending, result)
  }

  #noteTaken({ line, submission }: Pending, { created, index, quarantine }: Taken): Promise<void> {
    const outcome = quarantine === undefined ? (created ? 'created' : 'known') : 'quarantined'
    return this.#add({
      ...line,
      outcome,
      id: submission.id,
      ...(index !== undefined && { index }),
      ...(quarantine !== undefined && { code: quarantine }),
    })
  }

  #fail(line: Pending['line'], error: unknown): Promise<void> {
    const { code, message, details } = explain(error)
    return this.#add({ ...line, outcome: 'failed', code, message, ...(details && { details }) })
  }

  async #add(result: ImportResult): Promise<void> {
    this.#parts.tally.count(result)
    await this.#parts.results.add(result)
  }

  async *#prepareAll(lines: AsyncIterable<readonly ManifestLine[]>): AsyncGenerator<Pending, void> {
    for await (const some of lines) {
      for (let from = 0; from < some.length; from += READ_AHEAD) {
        const group = some.slice(from, from + READ_AHEAD)
        for (const pending of await Promise.all(group.map((line) => this.#prepare(line))))
          if (pending !== undefined) yield pending
      }
    }
  }

  /** Undefined where there is nothing to send, which has been noted. */
  async #prepare({ number, text, record }: ManifestLine): Promise<Pending | undefined> {
    const { results, tally, folder, submitter, isTable } = this.#parts
    const row = rowOf(text)
    const name = isLedgerError(record) ? undefined : record.file
    const line = { line: number, row, ...(name !== undefined && { file: name }) }
    try {
      if (isLedgerError(record)) throw record
      const done = results.find(number, row)
      if (done !== undefined && (await this.#isUnchanged(name, done))) {
        tally.skip()
        return undefined
      }
      const file = name === undefined ? undefined : await folder.read(name)
      const typed = isTable ? typeFields(record, await this.#typeOf(record)) : record
      const submission = submissionOf(typed, file, submitter)
      const state = file && { size: file.size, modified: file.modified }
      return { line: { ...line, ...state }, submission, file }
    } catch (error) {
      if (!isLedgerError(error) || error.kind === 'unavailable') throw error
      await this.#fail(line, error)
      return undefined
    }
  }

  async #isUnchanged(
    name: string | undefined,
    done: { readonly size: number | undefined; readonly modified: number | undefined },
  ): Promise<boolean> {
    if (name === undefined) return true
    const { size, modified } = await this.#parts.folder.stat(name)
    return size === done.size && modified === done.modified
  }

  /** Asked once for each type. */
  async #typeOf({ type, fields }: ImportRecord): Promise<MaterialType | undefined> {
    if (fields === undefined) return undefined
    const known = this.#types.get(type) ?? findMaterialType(this.#parts.client.catalogue, type)
    this.#types.set(type, known)
    return known
  }
}

interface Taken {
  readonly created: boolean
  readonly index: number | undefined
  /** What is wrong with it, as a code. */
  readonly quarantine?: string | undefined
}

/** As far as it is needed here; whoever relies on evidence verifies it. */
function readEvidence(text: string): {
  readonly statement: { readonly quarantine?: { readonly code: string } }
  readonly index: number | undefined
} {
  const { statement, proof = '' } = JSON.parse(text) as {
    statement: { quarantine?: { code: string } }
    proof?: string
  }
  const index = /^index (\d+)$/m.exec(proof)?.[1]
  return { statement, index: index === undefined ? undefined : Number(index) }
}
