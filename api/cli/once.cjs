#!/usr/bin/env node
// Runs the command line with the Node that the project brings along, whichever Node started this file.
// Written for any Node from 18 on, so it is CommonJS and uses nothing but Node.
'use strict'
const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const { constants } = require('node:os')
const path = require('node:path')

const USAGE = 2
const root = path.join(__dirname, '..', '..')
const executable = process.platform === 'win32' ? 'node.exe' : 'node'
const node = path.join(root, 'node_modules', 'node', 'bin', executable)

if (!existsSync(node)) {
  const bootstrap = path.join(root, 'scripts', 'bootstrap.cjs')
  console.error(`The dependencies are not installed. Run \`npm start\` once, or: node ${bootstrap}`)
  process.exit(USAGE)
}

// Those of `npm start`: Node lets its heap grow by the memory of the machine, of which a ledger needs little, and collects
// garbage in four threads, which take each other's turns where there are two cores.
const flags = process.argv[2] === 'start' ? flagsOfStart() : []
const args = [...flags, path.join(__dirname, 'main.ts'), ...process.argv.slice(2)]
// Halves the time of a start. It lies with the code, where only who may change the code can write.
const cache = path.join(root, 'node_modules', '.cache', 'once')
const child = spawn(node, args, {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: cache, ...process.env },
})

// Ctrl-C in a terminal reaches the child by itself, and twice would mean impatience.
const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal)
  })
}
child.on('error', (error) => {
  console.error(`Node could not be started: ${error.message}`)
  process.exit(USAGE)
})
child.on('exit', (code, signal) => {
  // As a shell reports a process that a signal ended.
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0))
})

function flagsOfStart() {
  const { scripts } = require(path.join(root, 'package.json'))
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}
