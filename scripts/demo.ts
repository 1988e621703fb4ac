// Plays journeys through a ledger of its own: real keys, a real chain, HTTP. Ends with 0 when all ends as it is told.
import { findJourneys } from './demo/journeys.ts'
import { Narrator } from './demo/narrator.ts'
import { startDemoNode } from './demo/node.ts'
import type { DemoNode } from './demo/node.ts'
import { prepare } from './demo/prologue.ts'

const INTERRUPTED = 130
const FAILED = 1
const MISUSED = 2

const { journeys, unknown } = findJourneys(process.argv.slice(2))
if (unknown.length > 0) {
  console.error(`There is no journey ${unknown.join(', ')}. Say which: npm run demo -- 2`)
  process.exit(MISUSED)
}
const begun = performance.now()
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())

const narrator = new Narrator((line) => console.log(line))
let node: DemoNode | undefined
try {
  node = await startDemoNode(stop.signal)
  const stage = await prepare(node, narrator)
  for (const play of journeys) await play(stage)
  const { steps, refusals, wrong } = narrator.summary
  const seconds = Math.round((performance.now() - begun) / 1000)
  const counted = `${steps} steps, ${refusals} of them refusals, in ${seconds} s`
  console.log(
    wrong.length === 0
      ? `\n共 ${steps} 步，其中 ${refusals} 步应被拒绝，全部如所述。\nAll as told: ${counted}.`
      : `\nNOT as told: ${wrong.length} of ${counted}.\n${wrong.map((what) => `  ${what}`).join('\n')}`,
  )
  if (wrong.length > 0) process.exitCode = FAILED
} catch (error) {
  // Once the node is stopped, whatever was under way fails.
  if (!stop.signal.aborted) console.error(error)
  process.exitCode = FAILED
} finally {
  await node?.close()
}
if (stop.signal.aborted) process.exitCode = INTERRUPTED
