import { readFile } from 'node:fs/promises'
import { misuse } from '../context.ts'
import { askSecret } from './prompt.ts'

export interface PassphraseChoice {
  readonly passphraseFile?: string
}

const SHORTEST = 8

/** Of a key that exists: from the file that was named, ONCE_PASSPHRASE, or the terminal. */
export async function readPassphrase({ passphraseFile }: PassphraseChoice): Promise<string> {
  return (await givenPassphrase(passphraseFile)) ?? askSecret('Passphrase: ')
}

/** Of a key that is being made: at the terminal it is asked for twice. */
export async function choosePassphrase({ passphraseFile }: PassphraseChoice): Promise<string> {
  const given = await givenPassphrase(passphraseFile)
  const passphrase = given ?? (await askSecret('New passphrase: '))
  if (passphrase.length < SHORTEST)
    misuse(`The passphrase is shorter than ${SHORTEST} characters: choose a longer one.`)
  if (given === undefined && (await askSecret('Once more: ')) !== passphrase)
    misuse('The two are not the same: nothing was made.')
  return passphrase
}

/** Undefined: to be asked for. Never from an argument, which every user of the machine can read. */
async function givenPassphrase(file: string | undefined): Promise<string | undefined> {
  if (file !== undefined) return (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  const { ONCE_PASSPHRASE: fromEnvironment = '' } = process.env
  if (fromEnvironment !== '') return fromEnvironment
  if (process.stdin.isTTY) return undefined
  return misuse(
    'There is no terminal to ask for the passphrase: set ONCE_PASSPHRASE, or name a file with --passphrase-file.',
  )
}
