import { OnceClient } from '../../api/client/index.ts'
import { readTokens } from '../../api/tokens.ts'
import type { Stage } from './stage.ts'

/** As whoever runs the node: its operator, and a way in for what comes from archives. */
export async function withOwnToken({ url, folder }: Stage): Promise<OnceClient> {
  const [credential] = (await readTokens(folder)) ?? []
  if (credential?.token === undefined)
    throw new TypeError('a node makes a token on its first start')
  return new OnceClient({ url, token: credential.token })
}
