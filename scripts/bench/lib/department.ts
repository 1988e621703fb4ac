import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { OnceClient } from '../../../api/client/index.ts'
import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import { typedDataOf } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { rightTo } from '../../../node/core/parties/roles.ts'

/** Has the development authority of a node accredit a department, which may own entries of its catalogue. */
export async function accreditDepartment(url: string, dataFolder: string): Promise<Hex> {
  const { privateKey } = JSON.parse(await readFile(join(dataFolder, 'authority.json'), 'utf8')) as {
    privateKey: string
  }
  const [authority, department] = [new Wallet(privateKey), new Wallet(`0x${'71'.repeat(32)}`)]
  const client = new OnceClient({ url })
  const { registries } = await client.account(authority)
  const address = department.address.toLowerCase() as Hex
  const message = { department: address, rights: rightTo('user'), notBefore: 0, notAfter: FOREVER }
  const { typedData } = await client.departments.preview({ type: 'Accreditation', message })
  const act = { type: 'Accreditation', message: typedData.message } as unknown as Act
  const { domain, types, message: signed } = typedDataOf(act, registries)
  const { EIP712Domain: _, ...own } = types
  const fields = Object.fromEntries(Object.entries(own).map(([name, list]) => [name, [...list]]))
  const sign = (wallet: Wallet) => wallet.signTypedData({ ...domain }, fields, { ...signed })
  const [signature, accountSignature] = await Promise.all([sign(authority), sign(department)])
  await client.departments.act({ ...act, signature, accountSignature } as SignedAct, {
    description: { name: '测试（示例）局', region: '310110' },
  })
  await client.signOut()
  return address
}

/** Seconds since 1970. */
const FOREVER = 2 ** 40 - 1
