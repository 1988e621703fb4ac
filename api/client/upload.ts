import { encodeBase64, utf8 } from '../../node/core/bytes.ts'
import { canonicalize } from '../../node/core/json.ts'
import type { ContentSubmission } from '../http/materials/schema.ts'
import type { Call } from './transport.ts'

/** Bytes, a file, or a stream, which can be sent once only. */
export type Content = Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>

/** Contents up to here are digested in memory before they are sent. */
const DIGESTED_BYTES = 32 * 1024 * 1024
/** Servers in between often take no longer headers than 8 KiB. */
const HEADER_BYTES = 4 * 1024

type Upload = Pick<Call, 'headers' | 'body' | 'isRepeatable'>

/**
 * The request that hands in a content: as the body itself where its digest is known or cheaply found,
 * else as a form.
 */
export async function uploadOf(submission: ContentSubmission, content: Content): Promise<Upload> {
  const statement = canonicalize(submission)
  const isStated = submission.content?.digests !== undefined
  const digest = isStated ? undefined : await digestOf(content)
  if ((isStated || digest !== undefined) && statement.length <= HEADER_BYTES) {
    const type = submission.content?.mediaType ?? typeOf(content)
    return {
      headers: {
        'Content-Type': type,
        'Once-Statement': `:${encodeBase64(utf8(statement))}:`,
        ...(digest !== undefined && { 'Content-Digest': `sha-256=:${encodeBase64(digest)}:` }),
      },
      body: () => content,
      isRepeatable: !(content instanceof ReadableStream),
    }
  }
  return content instanceof ReadableStream
    ? streamedForm(statement, content)
    : { body: () => form(statement, content) }
}

async function digestOf(content: Content): Promise<Uint8Array | undefined> {
  if (content instanceof ReadableStream) return undefined
  const size = content instanceof Blob ? content.size : content.length
  if (size > DIGESTED_BYTES) return undefined
  const bytes = content instanceof Blob ? await content.arrayBuffer() : content
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

function typeOf(content: Content): string {
  const type = content instanceof Blob ? content.type : ''
  return type === '' ? 'application/octet-stream' : type
}

function form(statement: string, content: Uint8Array<ArrayBuffer> | Blob): FormData {
  const data = new FormData()
  data.append('statement', statement)
  data.append('content', content instanceof Blob ? content : new Blob([content]))
  return data
}

/** RFC 7578, of a stream: FormData takes none. */
function streamedForm(statement: string, content: ReadableStream<Uint8Array>): Upload {
  const boundary = `once-${crypto.randomUUID()}`
  const before = utf8(
    `--${boundary}\r\nContent-Disposition: form-data; name="statement"\r\n\r\n${statement}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="content"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  )
  const after = utf8(`\r\n--${boundary}--\r\n`)
  const framed = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(before),
    flush: (controller) => controller.enqueue(after),
  })
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: () => content.pipeThrough(framed),
    isRepeatable: false,
  }
}
