/** What a use brings together 跨部门、跨层级、跨地区. */
export interface Crossing {
  readonly department: boolean
  readonly level: boolean
  readonly region: boolean
}

/**
 * Of a use by one department of what came from another, by their regions of 6 digits (GB/T 2260); undefined where
 * nobody said. What the holder itself handed in, or the department has from itself, crosses nothing.
 */
export function crossingOf(own: string | undefined, other: string | undefined): Crossing {
  if (own === undefined || other === undefined || own === other)
    return { department: true, level: false, region: false }
  return {
    department: true,
    level: levelOf(own) !== levelOf(other),
    region: !isWithin(own, other) && !isWithin(other, own),
  }
}

/**
 * GB/T 2260: how many digits say more than the province: of a province 0, a city below it 2, a district or county 4.
 */
function levelOf(region: string): number {
  if (region.endsWith('0000')) return 0
  return region.endsWith('00') ? 2 : 4
}

/** Whether the one region lies in the other: a district and its own city cross a level, and no border. */
function isWithin(region: string, larger: string): boolean {
  return region.startsWith(larger.slice(0, 2 + levelOf(larger)))
}
