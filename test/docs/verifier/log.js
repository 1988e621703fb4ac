import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { demand, fromBase64, fromHex, refuse, sha256, utf8 } from './bytes.js'

export function readProof(text) {
  const form =
    /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]+)\n)?index (0|[1-9][0-9]*)\n((?:[^\n]+\n)*)\n([^]+)$/
  const code = 'TLOG_PROOF_MALFORMED'
  const [, extra, index, lines, checkpoint] = form.exec(text) ?? refuse(code)
  if (extra !== undefined) fromBase64(extra, code)
  const hashes = lines
    .split('\n')
    .slice(0, -1)
    .map((line) => fromBase64(line, code))
  demand(Number.isSafeInteger(Number(index)), code)
  demand(hashes.length <= 63 && hashes.every(({ length }) => length === 32), code)
  return { extra, index: Number(index), hashes, checkpoint }
}

const isText = (text) =>
  text.endsWith('\n') &&
  text.isWellFormed() &&
  ![...text].some((character) => character < ' ' && character !== '\n')
const isKeyName = (name) => name !== '' && !/[+\p{White_Space}]/u.test(name)

export function readNote(note) {
  const code = 'NOTE_MALFORMED'
  const end = note.lastIndexOf('\n\n')
  demand(end >= 0 && isText(note), code)
  const lines = note
    .slice(end + 2)
    .split('\n')
    .slice(0, -1)
  demand(lines.length >= 1 && lines.length <= 100, code)
  const signatures = lines.map((line) => {
    const [, name, base64] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? refuse(code)
    const bytes = fromBase64(base64, code)
    demand(isKeyName(name) && bytes.length >= 5, code)
    return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) }
  })
  return { text: note.slice(0, end + 1), signatures }
}

export function readCheckpoint(text) {
  const lines = text.split('\n').slice(0, -1)
  const [origin, size, base64] = lines
  demand(lines.length >= 3 && lines.every((line) => line !== ''), 'CHECKPOINT_MALFORMED')
  const root = fromBase64(base64, 'CHECKPOINT_MALFORMED')
  demand(root.length === 32, 'CHECKPOINT_MALFORMED')
  const plain = /^(?:0|[1-9][0-9]*)$/.test(size) && Number.isSafeInteger(Number(size))
  demand(plain, 'CHECKPOINT_SIZE_MALFORMED')
  return { origin, size: Number(size), root }
}

export function readKey(vkey) {
  const [, name, id, base64] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(vkey) ?? refuse('VKEY_MALFORMED')
  const bytes = fromBase64(base64, 'VKEY_MALFORMED')
  const computed = sha256(utf8(name), Buffer.of(0x0a), bytes).subarray(0, 4)
  demand(bytes.length === 33 && computed.toString('hex') === id, 'VKEY_MALFORMED')
  return { name, id: computed, type: bytes[0], key: bytes.subarray(1) }
}

const IDENTITY = Buffer.from([1, ...Buffer.alloc(31)])
const SPKI = fromHex('302a300506032b6570032100')

function isSignature(key, message, signature) {
  if (signature.length !== 64 || signature.subarray(0, 32).equals(IDENTITY)) return false
  const spki = Buffer.concat([SPKI, key])
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  return verifySignature(null, message, publicKey, signature)
}

export const isLogSignature = (key, text, signature) => isSignature(key, utf8(text), signature)

export function isCosignature(key, text, signature) {
  if (signature.length !== 8 + 64) return false
  const seconds = signature.readBigUInt64BE()
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) return false
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`)
  return isSignature(key, message, signature.subarray(8))
}

/** True if the key signed, false if it did not. */
export function hasSigned({ text, signatures }, { name, id, key }, isValid, code) {
  const own = signatures.filter((line) => line.name === name && line.id.equals(id))
  demand(
    own.every(({ signature }) => isValid(key, text, signature)),
    code,
  )
  return own.length > 0
}
