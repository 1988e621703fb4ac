/** One line of the bench's table: what was measured, beside what it is compared with. */
export interface Row {
  readonly what: string
  /** Of both figures. */
  readonly unit: string
  readonly ours: number
  readonly peer?: { readonly name: string; readonly value: number }
  /** Which of two figures is the better one; the ratio says how many times better ours is. */
  readonly better: 'higher' | 'lower'
  readonly target?: Target
}

export interface Target {
  readonly text: string
  readonly met: boolean
  /** What stops it, measured, where it is not met. */
  readonly limit?: string
}

export interface Findings {
  readonly rows: readonly Row[]
  /** Sentences to print below the table. */
  readonly notes: readonly string[]
}

export interface BenchCase {
  readonly name: string
  /** One line: what is measured, and how. */
  readonly summary: string
  run(options: BenchOptions): Promise<Findings>
}

export interface BenchOptions {
  /** Profile the servers' CPU and print where it went. Slows them: such figures are no figures. */
  readonly profile: boolean
  /** Materials of others, among which those of one holder are looked for. */
  readonly bank: number
  /** For what lasts: one line of progress. */
  readonly say: (line: string) => void
}

export function ratioOf({ ours, peer, better }: Row): number | undefined {
  if (peer === undefined) return undefined
  return better === 'higher' ? ours / peer.value : peer.value / ours
}

export function atLeast(value: number, floor: number, text: string, limit?: string): Target {
  return toTarget(value >= floor, `≥ ${text}`, limit)
}

export function below(value: number, ceiling: number, text: string, limit?: string): Target {
  return toTarget(value < ceiling, `< ${text}`, limit)
}

export function atMost(value: number, ceiling: number, text: string, limit?: string): Target {
  return toTarget(value <= ceiling, `≤ ${text}`, limit)
}

function toTarget(met: boolean, text: string, limit: string | undefined): Target {
  return { text, met, ...(!met && limit !== undefined && { limit }) }
}
