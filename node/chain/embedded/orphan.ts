import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'

/** Milliseconds that the last run's program may take to save its state. */
const PATIENCE = 20_000
const PAUSE = 10

const Note = z.strictObject({ pid: z.int().positive() })

/** Notes which process runs on this state, for the next start. */
export async function noteProcess(path: string, pid: number): Promise<void> {
  await writeFile(path, JSON.stringify({ pid }), { mode: 0o600 })
}

export async function forgetProcess(path: string): Promise<void> {
  await rm(path, { force: true })
}

/**
 * Waits until the last run's program has saved its state and ended, and ends it if it does not.
 *
 * @param state names the program's own state: a process without it on its command line has
 *   merely got the same id
 */
export async function endOrphan(path: string, state: string): Promise<void> {
  const note = await readNote(path)
  if (note === undefined) return
  const isOurs = async () => (await commandLine(note.pid)).includes(state)
  for (let waited = 0; await isOurs(); waited += PAUSE) {
    // Its life line has told it already, unless the machine has none.
    if (waited === 0) signal(note.pid, 'SIGTERM')
    if (waited >= PATIENCE) signal(note.pid, 'SIGKILL')
    await sleep(PAUSE)
  }
  await forgetProcess(path)
}

async function readNote(path: string): Promise<z.infer<typeof Note> | undefined> {
  try {
    return Note.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself.
  }
}

/** Empty when there is no such process. */
async function commandLine(pid: number): Promise<string> {
  try {
    process.kill(pid, 0)
  } catch {
    return ''
  }
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  }
  const [program, options] =
    process.platform === 'win32'
      ? ([
          'powershell',
          [
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
          ],
        ] as const)
      : (['ps', ['-ww', '-o', 'command=', '-p', String(pid)]] as const)
  return promisify(execFile)(program, [...options])
    .then(({ stdout }) => stdout)
    .catch(() => '')
}
