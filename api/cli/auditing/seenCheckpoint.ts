import { readFile } from 'node:fs/promises'
import { verifyCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import type { Checkpoint, LogTrust } from '../../../node/core/tlog/checkpoint.ts'
import { attempt } from '../../../node/core/verify/codes.ts'
import { replaceFile } from '../output.ts'

/**
 * The last checkpoint that an auditor found sound, kept beside the trust file as the log signed it.
 * A log that no longer holds it was rewritten, whatever it says of itself.
 */
export class SeenCheckpoint {
  readonly #path: string
  readonly #log: LogTrust

  constructor(trustPath: string, log: LogTrust) {
    this.#path = trustPath.replace(/(\.json)?$/, '.checkpoint')
    this.#log = log
  }

  /** Undefined where none was seen. One of another log, or altered, counts for nothing. */
  async read(): Promise<Checkpoint | undefined> {
    const note = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return note === undefined ? undefined : attempt(() => verifyCheckpoint(note, this.#log))
  }

  async write(note: string): Promise<void> {
    await replaceFile(this.#path, note)
  }
}
