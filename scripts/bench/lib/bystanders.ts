import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** What others may take of the machine, as a share of all cores, before a measurement is said to be disturbed. */
export const TOLERATED = 0.1
/** How long to wait for others to finish, in milliseconds. */
const PATIENCE = 5000
const LOOK = 400

/** CPU seconds that the whole machine has worked since it started. Linux only; elsewhere NaN. */
export function machineCpuTime(): number {
  try {
    const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
    const [, user, nice, system, , , irq, softirq, steal] = first.split(/\s+/).map(Number)
    return (
      [user, nice, system, irq, softirq, steal].reduce<number>((sum, n) => sum + (n ?? 0), 0) / 100
    )
  } catch {
    return NaN
  }
}

/** Waits until others leave the machine alone, or patience ends. */
export async function quiet(): Promise<void> {
  for (const until = performance.now() + PATIENCE; performance.now() < until;) {
    const before = machineCpuTime()
    await sleep(LOOK)
    const share = (machineCpuTime() - before) / (LOOK / 1000) / cpus().length
    if (!(share > TOLERATED)) return
  }
}

/** Share of the machine that others took while ours took `own` CPU seconds. */
export function shareOfOthers(machine: number, own: number, seconds: number): number {
  return Math.max(0, (machine - own) / seconds / cpus().length)
}
