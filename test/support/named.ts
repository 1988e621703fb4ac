import { expect } from 'chai'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** A file below `test`, and words of it that name the test. */
export type Named = readonly [file: string, words: string]

const ROOT = join(import.meta.dirname, '..')
const IMPORT = /^(?:import|export|\}).* from '(\.[^']+\.ts)'$/gm
const SKIPPED = /\b(?:describe|it)\.skip\(|\bx(?:it|describe)\(/

const texts = new Map<string, string>()

function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(ROOT, file), 'utf8')
  texts.set(file, text)
  return text
}

/** What runs: the files of tests, and all below `test` that they import. */
let running: ReadonlySet<string> | undefined

function findRunning(): ReadonlySet<string> {
  const found = new Set(globSync('**/*.test.ts', { cwd: ROOT }))
  for (const file of found)
    for (const [, target = ''] of textOf(file).matchAll(IMPORT)) {
      const imported = normalize(join(dirname(file), target))
      if (!imported.startsWith('..')) found.add(imported)
    }
  return found
}

/** That the tests that somebody names are there, and run. */
export function requireTests(named: readonly Named[]): void {
  running ??= findRunning()
  expect(named).to.have.length.above(0)
  for (const [file, words] of named) {
    expect(running.has(file), `no test runs ${file}`).to.equal(true)
    const text = textOf(file)
    expect(text.includes(words), `${file} has no test of: ${words}`).to.equal(true)
    expect(SKIPPED.test(text), `${file} skips some of its tests`).to.equal(false)
  }
}
