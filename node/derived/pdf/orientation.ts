/** Of a picture, as Exif 2.32 §4.6.4 numbers them: 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

const ORIENTATION = 0x0112
const SHORT = 3

/** How a camera was held; upright where a JPEG does not say so, or nonsense. */
export function orientationOf(jpeg: Uint8Array): Orientation {
  try {
    return readOrientation(new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)) ?? 1
  } catch (error) {
    // Something points beyond the end.
    if (error instanceof RangeError) return 1
    throw error
  }
}

function readOrientation(view: DataView): Orientation | undefined {
  // ITU-T T.81 §B.1.1.4: segments one after another, until the picture itself begins.
  for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda;) {
    const isExif = view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966
    const tiff = at + 10
    if (isExif)
      return readTiff(new DataView(view.buffer, view.byteOffset + tiff, view.byteLength - tiff))
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}

/** TIFF 6.0 §2: the first directory of a file in either byte order. */
function readTiff(view: DataView): Orientation | undefined {
  const little = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, little)
  const entries = view.getUint16(directory, little)
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12
    if (view.getUint16(at, little) !== ORIENTATION) continue
    const value = view.getUint16(at + 8, little)
    const isKnown = view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8
    return isKnown ? (value as Orientation) : undefined
  }
  return undefined
}
