import { hash } from 'node:crypto'
import { keccak256 as keccakHex } from 'ethers'

export class Refusal extends Error {}

export const refuse = (code) => {
  throw new Refusal(code)
}
export const demand = (holds, code) => {
  if (!holds) refuse(code)
}
/** What a step gives, or undefined where it refuses. */
export const attempt = (step) => {
  try {
    return step()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

export const sha256 = (...parts) => hash('sha256', Buffer.concat(parts), 'buffer')
export const keccak = (bytes) => fromHex(keccakHex(bytes).slice(2))
export const fromHex = (text) => Buffer.from(text, 'hex')
export const from0x = (text) => fromHex(text.slice(2))
export const utf8 = (text) => Buffer.from(text, 'utf8')
const number64 = (value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
export const uint256 = (value) => Buffer.concat([Buffer.alloc(24), number64(value)])
export const fromBase64 = (text, code) => {
  const bytes = Buffer.from(text, 'base64')
  demand(text !== '' && bytes.toString('base64') === text, code)
  return bytes
}
