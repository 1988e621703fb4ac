import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a child sends when it is done: its result, and the most memory it held. */
export interface Measured<Result> {
  readonly result: Result
  /** Resident bytes at their peak, Node itself included. */
  readonly peakMemory: number
}

/** A fresh process: neither its heap nor its compiled code knows what ran before. */
export async function measureInChild<Result>(
  script: URL,
  args: readonly string[],
  { seconds = 600, execArgv = [] }: { seconds?: number; execArgv?: readonly string[] } = {},
): Promise<Measured<Result>> {
  const child = fork(fileURLToPath(script), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
    serialization: 'advanced',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  })
  let measured: Measured<Result> | undefined
  child.once('message', (message) => {
    measured = message as Measured<Result>
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve([code, signal]))
  })
  if (code !== 0 || measured === undefined)
    throw new Error(`${script.pathname} ${args.join(' ')} ended with ${signal ?? code}`)
  return measured
}

/** In the child: hands the result to the parent, and lets go of it. */
export function hand(result: unknown): void {
  const peakMemory = process.resourceUsage().maxRSS * 1024
  process.send?.({ result, peakMemory }, () => process.disconnect())
}
