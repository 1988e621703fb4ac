import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { styleText } from 'node:util'
import { OnceClient } from '../client/index.ts'
import { Transport } from '../client/transport.ts'
import { isLoopback } from '../http/session/origin.ts'
import { readTokens } from '../tokens.ts'
import { EXIT } from './exitCodes.ts'

export interface GlobalOptions {
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
}

const DEFAULT_URL = 'http://127.0.0.1:8080'
const DEFAULT_DATA = './data'

/** What every command needs: where the ledger is, who asks, and where to write. */
export class Context {
  readonly url: string
  /** Not the usual address: somebody chose it. */
  readonly urlIsGiven: boolean
  readonly json: boolean
  /** The data folder of a node on this machine. */
  readonly dataFolder: string
  /** Typed, not of the environment or a data folder. */
  readonly tokenIsGiven: boolean
  readonly #token: string | undefined

  constructor(options: GlobalOptions, env: NodeJS.ProcessEnv = process.env) {
    const url = options.url ?? given(env['ONCE_URL'])
    this.url = parseUrl(url ?? DEFAULT_URL)
    this.urlIsGiven = url !== undefined
    this.json = options.json ?? false
    this.dataFolder = given(env['ONCE_DATA']) ?? DEFAULT_DATA
    this.tokenIsGiven = options.token !== undefined
    this.#token = options.token ?? given(env['ONCE_TOKEN'])
  }

  static of(command: Command): Context {
    return new Context(command.optsWithGlobals<GlobalOptions>())
  }

  /** @param tries of one request at most; a few unless given */
  async client(tries?: number): Promise<OnceClient> {
    return new OnceClient(await this.#clientOptions(tries))
  }

  async transport(tries?: number): Promise<Transport> {
    return new Transport(await this.#clientOptions(tries))
  }

  async #clientOptions(tries?: number) {
    const token = this.#token ?? (await this.#localToken())
    return {
      url: this.url,
      ...(token !== undefined && { token }),
      ...(tries !== undefined && { tries }),
    }
  }

  /** A node on this machine keeps its token where whoever may read the folder finds it; it goes to no other. */
  async #localToken(): Promise<string | undefined> {
    if (!isLoopback(new URL(this.url).hostname)) return undefined
    const credentials = await readTokens(this.dataFolder).catch(() => undefined)
    return credentials?.find(({ token }) => token !== undefined)?.token
  }

  /** The result: to stdout, as a line of JSON where that was asked for. */
  result(value: unknown, human: string): void {
    process.stdout.write(`${this.json ? JSON.stringify(value) : human}\n`)
  }

  /** Each of a list as it comes, and that there is none, where there is none. */
  async results<T>(
    list: AsyncIterable<T>,
    format: (one: T) => string | Promise<string>,
    none = 'There is none.',
  ): Promise<void> {
    let isEmpty = true
    for await (const one of list) {
      isEmpty = false
      this.result(one, await format(one))
    }
    if (isEmpty) this.say(none)
  }

  /** For the person at the terminal: to stderr, and nothing of it where JSON was asked for. */
  say(text: string): void {
    if (!this.json) process.stderr.write(`${text}\n`)
  }
}

/** Ends the command: what was typed is wrong. */
export function misuse(message: string): never {
  throw new CommanderError(EXIT.usage, 'once.misuse', message)
}

/** Colours a text for stdout, where stdout is a terminal. */
export function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    misuse(`${text} is no http or https address`)
  }
  return text.replace(/\/+$/, '')
}
