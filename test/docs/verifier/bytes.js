import { hash } from 'node:crypto'
import { keccak256 as keccakHex, SigningKey } from 'ethers'

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
export const to0x = (bytes) => `0x${bytes.toString('hex')}`
export const utf8 = (text) => Buffer.from(text, 'utf8')
const number64 = (value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
export const uint256 = (value) => Buffer.concat([Buffer.alloc(24), number64(value)])
/** Any number, address or word, on the right of 32 bytes. */
export const word = (value) => fromHex(BigInt(value).toString(16).padStart(64, '0'))
export const toBase64Url = (bytes) => bytes.toString('base64url')
export const fromBase64Url = (text, code) => {
  const bytes = Buffer.from(text, 'base64url')
  demand(toBase64Url(bytes) === text, code)
  return bytes
}
export const fromBase64 = (text, code) => {
  const bytes = Buffer.from(text, 'base64')
  demand(text !== '' && bytes.toString('base64') === text, code)
  return bytes
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Account of the key that made a signature r ‖ s ‖ v over a digest; undefined where none did. */
export function recover(digest, signature) {
  demand(signature.length === 65 && [27, 28].includes(signature[64]), 'SIGNATURE_MALFORMED')
  const [r, s] = [0, 32].map((at) => BigInt(to0x(signature.subarray(at, at + 32))))
  demand(0n < r && r < ORDER && 0n < s && 2n * s < ORDER, 'SIGNATURE_MALFORMED')
  try {
    const key = SigningKey.recoverPublicKey(digest, to0x(signature))
    return to0x(keccak(from0x(key).subarray(1)).subarray(12))
  } catch {
    return undefined
  }
}
