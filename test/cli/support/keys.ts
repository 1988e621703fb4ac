import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeKeyFile } from '../../../api/cli/keys/keyFile.ts'
import { sealKey } from '../../../api/cli/keys/keystore.ts'

export const PASSPHRASE = 'correct horse battery'

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
      accounts[name] = (await writeKeyFile(name, await sealKey(key, PASSPHRASE))).address
  } finally {
    if (before === undefined) delete process.env['ONCE_KEYS']
    else process.env['ONCE_KEYS'] = before
  }
  return accounts as Record<Name | 'authority', `0x${string}`>
}
