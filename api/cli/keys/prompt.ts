import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { misuse } from '../context.ts'

/** Asks at the terminal, and shows nothing of the answer. */
export async function askSecret(
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  // The line editor works as everywhere, Ctrl-U and backspace included, and draws into nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const editor = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  output.write(question)
  const answer = await new Promise<string | undefined>((resolve) => {
    editor.once('line', resolve)
    // Ctrl-C and Ctrl-D.
    editor.once('close', () => resolve(undefined))
  })
  editor.close()
  output.write('\n')
  return answer ?? misuse('Nothing was entered.')
}
