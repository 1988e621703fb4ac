import { createInterface } from 'node:readline/promises'
import { misuse } from '../context.ts'

export interface Confirmation {
  readonly yes?: boolean
}

/**
 * Asks at the terminal whether to go on; anything but y or yes is no. Ends the command where the answer is no, or where
 * there is nobody to ask.
 */
export async function confirm(
  question: string,
  { yes }: Confirmation,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<void> {
  if (yes === true) return
  if (input.isTTY !== true)
    misuse(
      'There is no terminal to ask whether to sign: nothing was signed. --yes says so in advance.',
    )
  const editor = createInterface({ input, output })
  try {
    const answer = await Promise.race([
      editor.question(`${question} [y/N] `),
      // Ctrl-C and Ctrl-D.
      new Promise<string>((resolve) => editor.once('close', () => resolve(''))),
    ])
    if (!/^y(?:es)?$/i.test(answer.trim())) misuse('Nothing was signed.')
  } finally {
    editor.close()
  }
}
