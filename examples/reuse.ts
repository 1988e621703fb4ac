import { OnceClient, requestOf } from '../api/client/index.ts'
import type { ReuseOutcome, Signer } from '../api/client/index.ts'
import type { Hex } from '../node/core/ethereum/hex.ts'

/** A counter: asks for the grants that a case lacks, and uses all that is there. The key may be an ethers Wallet. */
export async function serveCase(url: string, key: Signer, code: string): Promise<ReuseOutcome[]> {
  const office = await new OnceClient({ url }).account(key)
  const { cases, requests } = office.client
  const { requests: missing } = await cases.resolve(code)
  for (const proposal of missing) await requests.make(requestOf(proposal, code))
  // Of each material its receipt, or why it was refused.
  return office.reuse(code, { officer: '孙窗口', cause: '住所变更' })
}

/** An enterprise: reads what it is asked, and grants just that, or declines. */
export async function answerRequests(
  url: string,
  key: Signer,
  holder: Hex,
  agrees: (question: string) => boolean,
): Promise<void> {
  const enterprise = await new OnceClient({ url }).account(key)
  for await (const { id, state } of enterprise.client.requests.list({ holder }))
    if (state === 'pending')
      await enterprise.answerRequest(id, ({ sentence }) =>
        agrees(sentence.zh) ? { grant: 'all' } : { decline: '不同意' },
      )
}
