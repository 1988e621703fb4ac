import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { LAUNCHER } from './once.ts'

/** A node as `once start` runs it. */
export interface StartedNode {
  readonly url: string
  /** JSON-RPC of its chain. */
  readonly rpc: string
  /** Everything it printed. */
  output(): string
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>
}

export async function startOnce(dataFolder: string): Promise<StartedNode> {
  const child = spawn(process.execPath, [LAUNCHER, 'start'], {
    env: {
      ...process.env,
      ONCE_DATA: dataFolder,
      ONCE_PORT: '0',
      ONCE_ANCHOR_INTERVAL: '200ms',
      ONCE_LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit') as Promise<[code: number | null]>
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
        if (output.includes('Ready.')) resolve()
      })
    }
    child.once('exit', () => reject(new Error(`the node ended:\n${output}`)))
  })
  await ready
  const found = (pattern: RegExp) => pattern.exec(output)?.[1] ?? ''
  return {
    url: found(/API +(http:\S+?),/),
    rpc: `http://${found(/chain +\S+ at (\S+)/)}`,
    output: () => output,
    async stop() {
      child.kill('SIGINT')
      return (await exited)[0]
    },
  }
}
