import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** GiB. */
  readonly memory: number
  /** File system type of the folder that the bench writes to. */
  readonly disk: string
  /** 4 KiB appended and made durable, by one writer, per second. */
  readonly fdatasyncs: number
  /** MB/s of a file of 256 MiB, written in pieces of 1 MiB and synced at the end. */
  readonly diskSpeed: number
  /** MB/s of one core, `createHash` over memory. */
  readonly sha256: number
  readonly node: string
  /** Processes that wanted to run in the last minute, before the bench began. */
  readonly load: number
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    disk: fileSystemOf(tmpdir()),
    fdatasyncs: Math.round(measureSyncs()),
    diskSpeed: Math.round(measureDisk()),
    sha256: Math.round(measureSha256()),
    node: process.version,
    load: loadavg()[0] ?? 0,
  }
}

export function formatMachine(machine: Machine): string {
  const { cpu, cores, memory, disk, fdatasyncs, diskSpeed, sha256, node, load } = machine
  return (
    `${cpu}, ${cores} cores, ${memory} GiB, ${disk} (${fdatasyncs} fdatasync/s, ${diskSpeed} MB/s), ` +
    `SHA-256 ${sha256} MB/s, Node ${node}, load before ${load.toFixed(1)}`
  )
}

/** MB/s of `createHash` in chunks of 1 MiB, as a stream would bring them. */
export function measureSha256(seconds = 0.5): number {
  const chunk = Buffer.alloc(2 ** 20, 1)
  const hasher = createHash('sha256')
  const started = performance.now()
  let bytes = 0
  while (performance.now() - started < seconds * 1000) {
    hasher.update(chunk)
    bytes += chunk.length
  }
  return bytes / 1000 / (performance.now() - started)
}

function measureSyncs(seconds = 0.5): number {
  return withScratchFile((descriptor) => {
    const block = Buffer.alloc(4096, 1)
    const started = performance.now()
    let syncs = 0
    for (; performance.now() - started < seconds * 1000; syncs++) {
      writeSync(descriptor, block)
      fdatasyncSync(descriptor)
    }
    return syncs / ((performance.now() - started) / 1000)
  })
}

/** MB/s at which the disk takes a file, up to its sync. */
export function measureDisk(mebibytes = 256): number {
  return withScratchFile((descriptor) => {
    const block = randomBytes(2 ** 20)
    const started = performance.now()
    for (let written = 0; written < mebibytes; written++) writeSync(descriptor, block)
    fdatasyncSync(descriptor)
    return (mebibytes * block.length) / 1000 / (performance.now() - started)
  })
}

function withScratchFile<Result>(run: (descriptor: number) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'once-bench-'))
  const descriptor = openSync(join(folder, 'scratch'), 'w')
  try {
    return run(descriptor)
  } finally {
    closeSync(descriptor)
    rmSync(folder, { recursive: true })
  }
}

/** On tmpfs a sync costs nothing: TMPDIR has to name a real disk. */
function fileSystemOf(folder: string): string {
  try {
    const [, type] = execFileSync('df', ['--output=fstype', folder], { encoding: 'utf8' }).split(
      '\n',
    )
    return type?.trim() ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
