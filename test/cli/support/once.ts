import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const LAUNCHER = fileURLToPath(new URL('../../../api/cli/once.cjs', import.meta.url))

export interface OnceOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array
  /** Called once the process runs. */
  readonly started?: (child: ChildProcess) => void
}

export interface OnceResult {
  /** Exit code. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `once` as a person does, in an environment that knows nothing of a ledger. */
export async function once(
  args: readonly string[],
  { cwd, env, stdin, started }: OnceOptions = {},
): Promise<OnceResult> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd,
    env: { ...withoutSettings(), ...env },
    stdio: 'pipe',
  })
  started?.(child)
  child.stdin.end(stdin)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => {
      child.once('exit', resolve)
    }),
  ])
  return { code, stdout, stderr }
}

/** The lines of JSON that a command gave. */
export function jsonLines({ stdout }: OnceResult): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Makes every connection of a process fail. */
export const NO_NETWORK: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    "import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('offline') }",
  )}`,
}

function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ONCE_')),
  )
}
