// Buffer's own encodings are an order of magnitude faster than JavaScript; its leniency is undone
// by encoding again and comparing.

export function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** `text` is known to be hex. Copied: Buffer's `slice` and pooled memory must not leak out. */
export function hexToBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}

export function bytesToBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

export function base64ToBytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined
}
