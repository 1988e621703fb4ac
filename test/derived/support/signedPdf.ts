import { createHash, verify, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A page that was signed with OpenSSL, byte for byte: see test/vectors/generate-signed-pdf.ts. */
export const SIGNED_PDF: Buffer = readFileSync(new URL('../../vectors/signed.pdf', import.meta.url))

/** Object identifiers in DER. */
const MESSAGE_DIGEST = '06092a864886f70d010904'
const SEQUENCE = 0x30
const SET = 0x31
const OCTETS = 0x04
const FIRST = 0xa0

/**
 * Whether the signature in a PDF covers all of the file but itself, and holds: ISO 32000-2 §12.8.3.3 and RFC 5652 §5.4,
 * for one signer with RSA, SHA-256 and signed attributes. Whose certificate it is, is not asked.
 */
export function holdsSignature(pdf: Buffer): boolean {
  const [, numbers = ''] = /\/ByteRange\s*\[([\d ]+)\]/.exec(pdf.toString('latin1')) ?? []
  const [start, from = 0, to = 0, length = 0] = numbers.trim().split(/ +/).map(Number)
  if (start !== 0 || to + length !== pdf.length) return false
  const signed = Buffer.concat([pdf.subarray(0, from), pdf.subarray(to)])
  const cms = Buffer.from(pdf.toString('latin1', from + 1, to - 1), 'hex')

  const signedData = only(only(only([read(cms)], SEQUENCE).parts(), FIRST).parts(), SEQUENCE)
  const certificate = only(only(signedData.parts(), FIRST).parts(), SEQUENCE)
  const signer = only((signedData.parts().at(-1) as Element).parts(), SEQUENCE)
  const attributes = only(signer.parts(), FIRST)
  const digest = attributes.parts().find(({ bytes }) => bytes.includes(MESSAGE_DIGEST, 2, 'hex'))
  const stated = only(only(digest?.parts() ?? [], SET).parts(), OCTETS).content
  // §5.4: signed as the SET that they are, not by the tag that stands there.
  const message = Buffer.concat([Buffer.of(SET), attributes.bytes.subarray(1)])
  const { publicKey } = new X509Certificate(certificate.bytes)
  return (
    createHash('sha256').update(signed).digest().equals(stated) &&
    verify('sha256', message, publicKey, only(signer.parts(), OCTETS).content)
  )
}

/** X.690 §8.1, with lengths of up to two bytes. */
interface Element {
  readonly tag: number
  readonly bytes: Buffer
  readonly content: Buffer
  parts(): Element[]
}

function read(bytes: Buffer, at = 0): Element {
  const short = bytes.readUInt8(at + 1)
  const octets = short < 0x80 ? 0 : short - 0x80
  const length = octets === 0 ? short : bytes.readUIntBE(at + 2, octets)
  const begin = at + 2 + octets
  const content = bytes.subarray(begin, begin + length)
  return {
    tag: bytes.readUInt8(at),
    bytes: bytes.subarray(at, begin + length),
    content,
    parts() {
      const parts: Element[] = []
      for (let next = 0; next < content.length; next += parts.at(-1)?.bytes.length ?? 0)
        parts.push(read(content, next))
      return parts
    },
  }
}

function only(elements: readonly Element[], tag: number): Element {
  const [found, ...others] = elements.filter((element) => element.tag === tag)
  if (found === undefined || others.length > 0) throw new TypeError('one of each')
  return found
}
