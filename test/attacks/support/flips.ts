import fc from 'fast-check'
import type { Leaf } from '../../core/evidence/leaves.ts'

/** One byte of hexadecimal text, one bit of a number, or one character of other text is another. */
export function flipsOf(leaf: Leaf): fc.Arbitrary<Leaf> {
  if (typeof leaf === 'boolean') return fc.constant(!leaf)
  if (typeof leaf === 'number') return fc.nat(29).map((bit) => leaf ^ (1 << bit))
  if (!isHex(leaf)) return fc.nat(Math.max(0, leaf.length - 1)).map((at) => flipCharacter(leaf, at))
  const mask = fc.integer({ min: 1, max: 255 })
  return fc.tuple(fc.nat(leaf.length / 2 - 2), mask).map(([at, bits]) => flipByte(leaf, at, bits))
}

/** The least of these. */
export function flip(leaf: Leaf): Leaf {
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf === 'number') return leaf ^ 1
  return isHex(leaf) ? flipByte(leaf, leaf.length / 2 - 2, 1) : flipCharacter(leaf, leaf.length - 1)
}

const isHex = (text: string) => /^0x([0-9a-f]{2})+$/.test(text)

function flipByte(hex: string, at: number, bits: number): string {
  const start = 2 + 2 * at
  const byte = Number.parseInt(hex.slice(start, start + 2), 16) ^ bits
  return hex.slice(0, start) + byte.toString(16).padStart(2, '0') + hex.slice(start + 2)
}

/** Another of the same kind, so that it is refused for what it says and not for its form. */
function flipCharacter(text: string, at: number): string {
  const here = text.charAt(at)
  const other = /\d/.test(here) ? String((Number(here) + 1) % 10) : here === 'a' ? 'b' : 'a'
  return text.slice(0, at) + other + text.slice(at + 1)
}
