/**
 * Whether a region is another, or lies in it.
 *
 * GB/T 2260: two digits each for province, city and district; 00 stands for all of them.
 */
export function isWithinRegion(region: string, whole: string): boolean {
  return region.startsWith(whole.replace(/(?:00)+$/, ''))
}
