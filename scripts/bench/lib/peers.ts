import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** Loads a peer. Its types are not installed with the product: the caller names those it needs. */
export const requirePeer = createRequire(join(FOLDER, 'package.json')) as (name: string) => unknown

/** Installs the peers where they are missing or stale. */
export function installPeers(): void {
  const stamp = join(FOLDER, 'node_modules', '.onceledger-lock')
  const wanted = createHash('sha256')
    .update(readFileSync(join(FOLDER, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing what the bench compares with …')
  const [command, ...first] = npm()
  const { status, error } = spawnSync(command, [...first, 'ci', '--ignore-scripts'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    // The Node that runs the bench runs npm too.
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
  })
  if (status !== 0) throw new Error('the peers could not be installed', { cause: error })
  writeFileSync(stamp, wanted)
}

/** `npm run` says where its npm lies. */
function npm(): [string, ...string[]] {
  const script = process.env['npm_execpath']
  return script === undefined ? ['npm'] : [process.execPath, script]
}
