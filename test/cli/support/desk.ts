import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { keepKeys, PASSPHRASE } from './keys.ts'
import { startOnce } from './node.ts'
import type { StartedNode } from './node.ts'
import { jsonLines, once } from './once.ts'
import type { OnceResult } from './once.ts'

/** Where somebody types `once`: a folder with keys, and a node of its own that listens. */
export class Desk<Name extends string> {
  readonly folder: string
  node: StartedNode
  /** By the names of their keys. */
  readonly accounts: Readonly<Record<Name | 'authority', `0x${string}`>>

  private constructor(
    folder: string,
    node: StartedNode,
    accounts: Readonly<Record<Name | 'authority', `0x${string}`>>,
  ) {
    this.folder = folder
    this.node = node
    this.accounts = accounts
  }

  /** @param keys private ones, of use nowhere else; that of the authority lies there, too */
  static async open<Name extends string>(keys: Readonly<Record<Name, string>>) {
    const folder = await mkdtemp(join(tmpdir(), 'once-desk-'))
    const node = await startOnce(join(folder, 'data'))
    try {
      const accounts = await keepKeys(join(folder, 'keys'), join(folder, 'data'), keys)
      return new Desk<Name>(folder, node, accounts)
    } catch (error) {
      await node.stop()
      throw error
    }
  }

  /** A path in the folder. */
  at(...names: string[]): string {
    return join(this.folder, ...names)
  }

  readonly run = (...args: readonly string[]): Promise<OnceResult> => this.runWith({}, ...args)

  readonly runWith = (
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<OnceResult> =>
    once(args, {
      cwd: this.folder,
      env: {
        HOME: this.folder,
        ONCE_URL: this.node.url,
        ONCE_DATA: this.at('data'),
        ONCE_KEYS: this.at('keys'),
        ONCE_PASSPHRASE: PASSPHRASE,
        ...env,
      },
    })

  /** With results as JSON. */
  readonly by = (key: Name | 'authority', ...args: readonly string[]): Promise<OnceResult> =>
    this.run('--json', ...args, '--key', key)

  /** Without being asked whether to sign. */
  readonly signedBy = (key: Name | 'authority', ...args: readonly string[]): Promise<OnceResult> =>
    this.by(key, ...args, '--yes')

  /** Starts the node again, which was stopped. */
  async restart(): Promise<void> {
    this.node = await startOnce(this.at('data'))
  }

  async close(): Promise<void> {
    await this.node.stop()
    await rm(this.folder, { recursive: true })
  }
}

/** The first line of JSON that a command gave, which went well. */
export function only(result: OnceResult): Record<string, unknown> {
  expect(result.code, result.stderr).to.equal(0)
  const [line] = jsonLines(result)
  return line as Record<string, unknown>
}
