import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Writable } from 'node:stream'
import { LedgerError } from '../../core/errors.ts'
import { findAnvil } from './binary.ts'

/** Milliseconds to get ready, and to write the state while ending. */
const PATIENCE = 20_000

/**
 * The life line is a pipe that the system closes when this process ends, in whatever way; the
 * shell's reader then tells the program to end, which saves its state. A line through it means
 * that the program is gone already. `exec` keeps the program the direct child, with its signals.
 */
const LIFE_LINE = '(read -r _ <&3 || kill -TERM $$) & exec "$@" 3<&-'

export interface AnvilProcess {
  readonly pid: number
  readonly port: number
  /** Resolves when it ends, with what it said about the cause. */
  readonly ended: Promise<string>
  /** Saves the state and ends. */
  stop(): Promise<void>
}

/** Runs the program on 127.0.0.1 until `stop`, or until this process ends. */
export function runAnvil(port: number, options: readonly string[]): AnvilProcess {
  const command = [findAnvil(), '--host', '127.0.0.1', '--port', String(port), ...options]
  const child = spawnTied(command)
  const { pid } = child
  // Without a shell or a program there is no process id, and this tells the same again.
  child.on('error', () => undefined)
  if (pid === undefined) throw new LedgerError('unavailable', 'EMBEDDED_CHAIN_FAILED')
  const ended = readEnd(child)
  return {
    pid,
    port,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
      await ended
      clearTimeout(killer)
    },
  }
}

/** A port that is free now. Another program may take it first: whoever uses it must be ready to try again. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function spawnTied(command: readonly string[]): ChildProcess {
  const [program = '', ...rest] = command
  if (process.platform === 'win32') {
    return spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true })
  }
  return spawn('/bin/sh', ['-c', LIFE_LINE, 'sh', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches this process alone, which ends the chain last.
    detached: true,
    // Nothing of ours, and no setting of the program's own.
    env: {},
  })
}

async function readEnd(child: ChildProcess): Promise<string> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-2000)
  })
  const lifeLine = child.stdio[3] as Writable | null | undefined
  // The reader may have gone first.
  lifeLine?.on('error', () => undefined)
  await once(child, 'exit')
  lifeLine?.end('\n')
  return said.trim()
}
