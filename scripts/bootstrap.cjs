// Installs the dependencies with Node 24 when node_modules is missing or stale.
// Runs on any Node >= 18, before anything is installed, so it uses nothing but Node.
'use strict'
const { createHash } = require('node:crypto')
const { spawnSync } = require('node:child_process')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const modules = path.join(root, 'node_modules')
const stamp = path.join(modules, '.onceledger-lock')
// The lock file alone decides what is installed; its digest tells whether node_modules is stale.
const wanted = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex')

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) process.exit(0)

console.log(
  `Installing dependencies (node_modules is ${existsSync(modules) ? 'stale' : 'missing'}) …`,
)
// npm under an older Node skips optional packages that need 22 or later, so Node 24 runs it.
const windows = process.platform === 'win32'
const result = spawnSync('npx', ['-y', '-p', 'node@24', 'npm', 'ci', '--no-fund', '--no-audit'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  shell: windows,
  env: { ...process.env, NODE_ENV: '', npm_config_omit: '' },
})
if (result.status !== 0) {
  console.error(
    'The installation failed: see the lines above. Check the network, then run the same command again.',
  )
  process.exit(result.status || 1)
}
writeFileSync(stamp, wanted)
console.log('Dependencies are installed.')
