import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../../../package.json' with { type: 'json' }
import { formatProfiles, profilingArgs } from './profile.ts'
import { SUBMITTER, TOKEN } from './requests.ts'
import { startServer } from './server.ts'
import type { Server } from './server.ts'

const OURS = fileURLToPath(new URL('../../../api/main.ts', import.meta.url))
const PEERS = new URL('../peers/', import.meta.url)

/** The flags of `npm start`. */
export const FLAGS = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'))

export interface OursOptions {
  /** Of each content, as ONCE_DIGESTS names them; both unless given. */
  readonly digests?: string
  /** Leave CPU profiles there when it ends. */
  readonly profiles?: string
}

/** As `npm start` starts it, with a token that the bench knows; what is configured elsewhere does not count. */
export async function startOurs(
  folder: string,
  { digests, profiles }: OursOptions = {},
): Promise<Server> {
  if (profiles !== undefined) await mkdir(profiles, { recursive: true })
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('ONCE_'))
  const roles = ['operator', 'submitter', 'auditor']
  return startServer({
    command: process.execPath,
    args: [...FLAGS, ...(profiles === undefined ? [] : profilingArgs(profiles)), OURS],
    env: {
      ...Object.fromEntries(env),
      ONCE_PORT: '0',
      ONCE_DATA: folder,
      ONCE_TOKENS: JSON.stringify([{ name: SUBMITTER, roles, token: TOKEN }]),
      ...(digests !== undefined && { ONCE_DIGESTS: digests }),
    },
    urlIn: (line) => /^ *API +(http:[^,]+),/.exec(line)?.[1],
  })
}

export function startNaive(folder: string): Promise<Server> {
  return startPeer('naive.ts', folder, [])
}

/** What is left of ours when nothing is logged or proven: no server of its shape can be faster. */
export function startFloor(folder: string): Promise<Server> {
  return startPeer('floor.ts', folder, FLAGS)
}

/** What is left of ours when nothing is checked. */
export function startBareLedger(folder: string): Promise<Server> {
  return startPeer('bareLedger.ts', folder, FLAGS)
}

function startPeer(name: string, folder: string, flags: readonly string[]): Promise<Server> {
  return startServer({
    command: process.execPath,
    args: [...flags, fileURLToPath(new URL(name, PEERS)), folder],
    env: process.env,
    urlIn: (line) => /^http:\S+$/.exec(line)?.[0],
  })
}

/** Runs one load on a server of ours that is profiled, and says where the time went. */
export async function profileOurs(
  folder: string,
  load: (server: Server) => Promise<unknown>,
  { data = join(folder, 'profiled'), ...options }: OursOptions & { data?: string } = {},
): Promise<string[]> {
  const profiles = join(folder, 'profiles')
  const server = await startOurs(data, { ...options, profiles })
  try {
    await load(server)
  } finally {
    await server.stop()
  }
  return formatProfiles(profiles)
}
