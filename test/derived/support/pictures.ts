import { crc32, deflateSync } from 'node:zlib'

/** Two pixels, black and white. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAABAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABsQAAAHAQAAAAAAAAAAAAAAAAABAgQFNXOy/9oACAEBAAA/AHIuraYo5If/2Q==',
  'base64',
)

/** @param orientation as Exif numbers them; without one there is no Exif */
export function makeJpeg(orientation?: number, order: 'big' | 'little' = 'big'): Buffer {
  if (orientation === undefined) return JPEG
  const tiff = Buffer.from(
    order === 'big'
      ? '4d4d002a00000008000201000003000000010000000001120003000000010000000000000000'
      : '49492a0008000000020000010300010000000000000012010300010000000000000000000000',
    'hex',
  )
  if (order === 'big') tiff.writeUInt16BE(orientation, 30)
  else tiff.writeUInt16LE(orientation, 30)
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([JPEG.subarray(0, 2), head, exif, JPEG.subarray(2)])
}

/** Grey, eight bits; `claimed` measures may be others than those of its data. */
export function makePng(width: number, height: number, claimed = { width, height }): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(claimed.width, 0)
  header.writeUInt32BE(claimed.height, 4)
  header[8] = 8
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.of()),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  data.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8)
  return bytes
}
