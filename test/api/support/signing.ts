import { Wallet } from 'ethers'
import type { Challenge, NewSession } from '../../../api/http/session/schema.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { TestApi } from './api.ts'
import { postJson } from './http.ts'

/** As acts and statements spell an account. */
export function addressOf({ address }: { readonly address: string }): Hex {
  return address.toLowerCase() as Hex
}

export async function challenge(
  api: TestApi,
  wallet: { readonly address: string },
): Promise<string> {
  const response = await postJson(api, '/v1/session/challenge', { address: addressOf(wallet) })
  return ((await response.json()) as Challenge).message
}

export function postSignIn(api: TestApi, message: string, signature: string): Promise<Response> {
  return postJson(api, '/v1/session', { message, signature })
}

/** Signs a new account in, or the one given. */
export async function signIn(
  api: TestApi,
  wallet: Pick<Wallet, 'address' | 'signMessage'> = Wallet.createRandom(),
): Promise<NewSession> {
  const message = await challenge(api, wallet)
  const response = await postSignIn(api, message, await wallet.signMessage(message))
  return (await response.json()) as NewSession
}

/** A request with the token of a session. */
export function ask(
  api: TestApi,
  { token }: { readonly token: string },
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('Authorization', `Bearer ${token}`)
  return api.request(path, { ...init, headers })
}
