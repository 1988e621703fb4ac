import { InvalidArgumentError } from 'commander'

/** `anchored`, or `anchored:30` for 30 seconds at most. */
export function parseWait(text: string): boolean | number {
  const [, seconds] = /^anchored(?::(\d{1,5}))?$/.exec(text) ?? []
  if (seconds !== undefined) return Number(seconds)
  if (text !== 'anchored') throw new InvalidArgumentError('It is anchored, or anchored:<seconds>.')
  return true
}
