import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { ClassicLevel } from 'classic-level'
import type { ChainedBatch, ChainedBatchWriteOptions, OpenOptions } from 'classic-level'

/**
 * Preloaded into a process, kills it as `kill -9` does: `DIES=<write> before` or `DIES=<write> during` at one of the writes
 * to its store, from 0; `DIES=<milliseconds>` so long after it opened the store. Where it lives on, it tells on descriptor 3
 * what it came through, as JSON.
 */
export interface Survived {
  /** To the store. */
  readonly writes: number
  /** Since the store was opened. */
  readonly milliseconds: number
}

const [at = '', moment] = (process.env['DIES'] ?? '').split(' ')
let writes = 0
let opened = 0

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Also while this thread is busy. */
function dieIn(milliseconds: number): void {
  const code = `
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds})
    process.kill(process.pid, 'SIGKILL')`
  new Worker(code, { eval: true }).unref()
}

function prepare(): void {
  const { prototype } = ClassicLevel
  const open = Reflect.get(prototype, 'open')
  const batch = Reflect.get(prototype, 'batch') as () => ChainedBatch<ClassicLevel, string, string>
  const dying = {
    async open(this: ClassicLevel, ...args: [OpenOptions]) {
      if (Number(at) > 0 && moment === undefined) dieIn(Number(at))
      opened = performance.now()
      return open.apply(this, args)
    },
    batch(this: ClassicLevel) {
      const chained = batch.call(this)
      const write = chained.write.bind(chained)
      const writing = async (options: ChainedBatchWriteOptions) => {
        const dies = writes++ === Number(at) ? moment : undefined
        if (dies === 'before') die()
        const written = write(options)
        if (dies === 'during') die()
        await written
      }
      return Object.assign(chained, { write: writing })
    },
  }
  Object.assign(prototype, dying)
  process.on('exit', () => {
    const survived: Survived = { writes, milliseconds: performance.now() - opened }
    writeSync(3, JSON.stringify(survived))
  })
}

if (process.env['DIES'] !== undefined) prepare()
