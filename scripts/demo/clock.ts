import type { Given } from './granting.ts'

export const DAY = 24 * 60 * 60

/** Seconds since 1970. */
export const now = (): number => Math.floor(Date.now() / 1000)

/** Until a grant is over. */
export async function outlive({ chain }: Given): Promise<void> {
  const end = Math.min(...chain.map(({ notAfter }) => notAfter)) + 1
  const left = end * 1000 - Date.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}
