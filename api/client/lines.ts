/** JSON values of a newline-delimited body, as they come. */
export async function* readJsonLines(body: ReadableStream<Uint8Array> | null): AsyncGenerator {
  if (body === null) return
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = body.getReader()
  let held = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const lines = (
        held + (done ? decoder.decode() : decoder.decode(value, { stream: true }))
      ).split('\n')
      held = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield JSON.parse(line)
      if (done) break
    }
    if (held !== '') yield JSON.parse(held)
  } finally {
    await reader.cancel()
  }
}
