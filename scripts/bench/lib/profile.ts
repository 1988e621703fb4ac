import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** As `node --cpu-prof` writes it; times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const NOT_WORK = new Set(['(idle)', '(root)'])

/** What `node` has to be started with, to leave profiles in the folder when it ends. */
export function profilingArgs(folder: string): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200']
}

/** The costliest functions of each thread, by what they cost themselves and by what they caused. */
export function formatProfiles(folder: string, most = 40): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .toSorted()
    .flatMap((name) => {
      const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile
      return [name, ...formatProfile(profile, most)]
    })
}

function formatProfile({ nodes, samples, timeDeltas }: CpuProfile, most: number): string[] {
  const nameOf = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]))
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((c) => [c, id])))
  const self = new Map<string, number>()
  const total = new Map<string, number>()
  let busy = 0
  for (const [position, sample] of samples.entries()) {
    const time = timeDeltas[position] ?? 0
    const own = nameOf.get(sample) ?? ''
    if (NOT_WORK.has(own)) continue
    busy += time
    add(self, own, time)
    // A function that calls itself counts once.
    const seen = new Set<string>()
    for (let at: number | undefined = sample; at !== undefined; at = parentOf.get(at))
      seen.add(nameOf.get(at) ?? '')
    for (const name of seen) add(total, name, time)
  }
  const list = (times: Map<string, number>) =>
    [...times]
      .filter(([name]) => !NOT_WORK.has(name))
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, time]) => `  ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`)
  return [
    ` busy ${(busy / 1e6).toFixed(2)} s; by what each costs itself:`,
    ...list(self),
    ' by what each causes:',
    ...list(total),
  ]
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time)
}

function describe(frame: CpuProfile['nodes'][number]['callFrame']): string {
  const { functionName, url, lineNumber } = frame
  if (url === '') return functionName || '(anonymous)'
  const path = url.startsWith('file:') ? fileURLToPath(url).replace(ROOT, '') : url
  return `${functionName || '(anonymous)'}  ${path}:${lineNumber + 1}`
}
