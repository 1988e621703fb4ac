import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encryptKeystoreJson, Wallet } from 'ethers'
import { writeKeyFile } from '../../../api/cli/keys/keyFile.ts'

export const PASSPHRASE = 'correct horse battery'
/**
 * A guess costs nothing: each command that signs would spend half a second on it. test/cli/key.test.ts has the usual.
 */
const COST = { N: 1024, r: 8, p: 1 }

/** The text of a key file, as another program may have made it. */
export function sealCheaply(privateKey: string): Promise<string> {
  const { address } = new Wallet(privateKey)
  return encryptKeystoreJson({ address, privateKey }, PASSPHRASE, { scrypt: COST })
}

/** Makes key files by these names in a folder, and that of the `authority` of a node; answers the accounts. */
export async function keepKeys<Name extends string>(
  folder: string,
  dataFolder: string,
  keys: Readonly<Record<Name, string>>,
): Promise<Record<Name | 'authority', `0x${string}`>> {
  const authority = JSON.parse(await readFile(join(dataFolder, 'authority.json'), 'utf8')) as {
    privateKey: string
  }
  const accounts: Record<string, string> = {}
  const before = process.env['ONCE_KEYS']
  process.env['ONCE_KEYS'] = folder
  try {
    for (const [name, key] of Object.entries<string>({ ...keys, authority: authority.privateKey }))
      accounts[name] = (await writeKeyFile(name, await sealCheaply(key))).address
  } finally {
    if (before === undefined) delete process.env['ONCE_KEYS']
    else process.env['ONCE_KEYS'] = before
  }
  return accounts as Record<Name | 'authority', `0x${string}`>
}
