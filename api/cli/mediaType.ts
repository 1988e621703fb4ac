import { extname } from 'node:path'
import { lookup } from 'mime-types'

/** 版式文件 (GB/T 33190), for which no media type is registered. */
const MEDIA_TYPES: Readonly<Record<string, string>> = { '.ofd': 'application/ofd' }

/** Media type of a file by its name; `application/octet-stream` where the name tells nothing. */
export function mediaTypeOf(path: string): string {
  return lookup(path) || (MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream')
}
