import type { Hex } from '../ethereum/hex.ts'

/** The department whose name this is, of those that statements say who did something. */
export function departmentNamed(submitter: string): Hex | undefined {
  const [, address] = /^department (0x[0-9a-f]{40})$/.exec(submitter) ?? []
  return address === undefined ? undefined : (address as Hex)
}
