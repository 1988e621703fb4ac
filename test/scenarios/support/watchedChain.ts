import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Transaction } from 'ethers'
import type { Hex } from '../../../node/core/ethereum/hex.ts'

/** A chain's API with somebody in between, who sees what is sent before whoever sent it has an answer. */
export interface WatchedChain {
  readonly url: string
  /** Before the answer to each of its transactions passes on; unless told otherwise, nobody watches. */
  onMined: (sender: Hex, transaction: Hex) => Promise<void>
  close(): Promise<void>
}

/** @param url of a chain that makes a block for each transaction */
export async function watchChain(url: string): Promise<WatchedChain> {
  const watched = { onMined: async () => {} } as { onMined: WatchedChain['onMined'] }
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request)
    const asked = fetch(url, { method: 'POST', headers: JSON_TYPE, body })
    const answer = await (await asked).text()
    for (const sent of sentIn(body)) {
      await untilMined(url, sent.hash)
      await watched.onMined(sent.from, sent.hash)
    }
    response.writeHead(200, JSON_TYPE).end(answer)
  }
  const server = createServer((request, response) => {
    // Whoever asked may be gone by now.
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(watched, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  })
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}

function sentIn(body: string): { readonly from: Hex; readonly hash: Hex }[] {
  const calls = [JSON.parse(body) as Call | Call[]].flat()
  return calls
    .filter(({ method }) => method === 'eth_sendRawTransaction')
    .map(({ params: [raw] }) => {
      const { from, hash } = Transaction.from(raw as string)
      return { from: from?.toLowerCase() as Hex, hash: hash as Hex }
    })
}

/** The block is made right after the answer, if not before. */
async function untilMined(url: string, transaction: Hex): Promise<void> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'eth_getTransactionReceipt',
    params: [transaction],
  })
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers: JSON_TYPE, body })
    const { result } = (await response.json()) as { result: unknown }
    if (result !== null) return
  }
}
