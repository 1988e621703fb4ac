import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../api/main.ts', import.meta.url))

/** A node with a chain of its own, in a folder that goes when it does. */
export interface DemoNode {
  readonly url: string
  readonly folder: string
  close(): Promise<void>
}

/**
 * @param stop ends the node, also before it is ready
 * @throws Error with what it printed, when it ends before it is ready
 */
export async function startDemoNode(stop: AbortSignal): Promise<DemoNode> {
  const folder = await mkdtemp(join(tmpdir(), 'once-demo-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...withoutSettings(),
      ONCE_DATA: folder,
      ONCE_PORT: '0',
      ONCE_ANCHOR_INTERVAL: '300ms',
      ONCE_LOG_LEVEL: 'silent',
    },
    // Of its own group: Ctrl-C reaches the demo alone, which then stops the node in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const end = () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  }
  stop.addEventListener('abort', end)
  const close = async () => {
    // Asked twice, it would not end in order.
    if (!stop.aborted) end()
    await exited
    await remove()
  }
  let output = ''
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const url = /API +(http:\S+?),/.exec(output)?.[1]
        if (url !== undefined && output.includes('Ready.')) resolve(url)
      })
    child.once('exit', () => reject(new Error(`the node ended:\n${output}`)))
  })
  try {
    return { url: await ready, folder, close }
  } catch (error) {
    await close()
    throw error
  }
}

function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ONCE_')),
  )
}
