import { expect } from 'chai'
import { AbiCoder, Interface, keccak256 } from 'ethers'
import artifact from '../../../node/chain/artifacts/CheckpointRegistry.json' with { type: 'json' }
import { findFreePort, runAnvil } from '../../../node/chain/embedded/anvil.ts'
import type { AnvilProcess } from '../../../node/chain/embedded/anvil.ts'
import { decodeHeader, encodeHeader } from '../../../node/core/ethereum/header.ts'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { checkpointRootSlot } from '../../../node/core/ethereum/registry.ts'
import { proveTransaction } from '../../../node/core/ethereum/transactions.ts'
import { verifyEvidence } from '../../../node/core/verify/verifyEvidence.ts'
import { faults } from './codeOf.ts'
import { makeEvidence, ORIGIN, rootOf, SIZE, trustIn } from './sample.ts'
import type { ProvenAnchor } from './sample.ts'

interface Receipt {
  readonly contractAddress: Hex
  readonly blockHash: Hex
  readonly blockNumber: Hex
  readonly transactionHash: Hex
  readonly transactionIndex: Hex
  readonly status: Hex
}

describe('an anchor on a real chain', () => {
  for (const hardfork of ['london', 'osaka']) {
    describe(`of ${hardfork} rules`, () => {
      let anvil: AnvilProcess
      let url: string

      before(async () => {
        const port = await findFreePort()
        anvil = runAnvil(port, ['--silent', '--hardfork', hardfork])
        url = `http://127.0.0.1:${port}`
        await ready(url)
      })

      after(() => anvil.stop())

      it('is proven from storage to block hash, and only for its own root', async () => {
        const anchor = await anchorOn(url)
        const evidence = await makeEvidence({ anchors: [anchor] })
        expect((await verifyEvidence(evidence, trustIn([anchor]))).result).to.equal('pass')

        const other = await makeEvidence({ anchors: [await anchorOn(url, rootOf(SIZE + 1))] })
        expect(faults(await verifyEvidence(other, trustIn(other.anchors)))).to.deep.equal({
          anchor: 'ANCHOR_ROOT_MISMATCH',
        })
      })
    })
  }
})

/** Deploys the registry, opens the log and anchors a root at the sample's size. */
async function anchorOn(url: string, root = rootOf(SIZE)): Promise<ProvenAnchor> {
  const contract = new Interface(artifact.abi)
  const [from] = (await rpc(url, 'eth_accounts', [])) as [Hex]
  const send = async (call: { to?: Hex; data: string }) => {
    const hash = await rpc(url, 'eth_sendTransaction', [{ from, gas: '0x500000', ...call }])
    const receipt = await until(
      async () => (await rpc(url, 'eth_getTransactionReceipt', [hash])) as Receipt | null,
    )
    expect(receipt.status).to.equal('0x1')
    return receipt
  }
  const { contractAddress: registry } = await send({ data: artifact.bytecode })
  await send({ to: registry, data: contract.encodeFunctionData('createLog', [ORIGIN]) })
  const logId = keccak256(
    AbiCoder.defaultAbiCoder().encode(['address', 'string'], [from, ORIGIN]),
  ) as Hex
  const anchored = await send({
    to: registry,
    data: contract.encodeFunctionData('anchor', [logId, SIZE, root, []]),
  })

  const block = (await rpc(url, 'eth_getBlockByHash', [anchored.blockHash, false])) as Record<
    string,
    unknown
  > & { transactions: Hex[] }
  const header = encodeHeader(block) ?? expect.fail('the header does not hash to its block')
  const raw = await Promise.all(
    block.transactions.map((_, index) =>
      rpc(url, 'eth_getRawTransactionByBlockHashAndIndex', [
        anchored.blockHash,
        `0x${index.toString(16)}`,
      ]),
    ),
  )
  const { transactionsRoot } = decodeHeader(header)
  const transactionProof =
    (await proveTransaction(
      transactionsRoot,
      raw.map((bytes) => decode0x(bytes as Hex)),
      Number(anchored.transactionIndex),
    )) ?? expect.fail('the transactions do not give the block’s root')

  const slot = encode0x(checkpointRootSlot(decode0x(logId), SIZE))
  const { accountProof, storageProof } = (await rpc(url, 'eth_getProof', [
    registry,
    [slot],
    anchored.blockNumber,
  ])) as { accountProof: Hex[]; storageProof: [{ value: Hex; proof: Hex[] }] }
  expect(BigInt(storageProof[0].value)).to.equal(BigInt(encode0x(root)))

  return {
    chainId: Number(await rpc(url, 'eth_chainId', [])),
    registry,
    logId,
    transaction: anchored.transactionHash,
    blockNumber: Number(anchored.blockNumber),
    blockHash: anchored.blockHash,
    header: encode0x(header),
    accountProof,
    storageProof: storageProof[0].proof,
    transactionProof: {
      index: transactionProof.index,
      nodes: transactionProof.proof.map(encode0x),
    },
  }
}

async function rpc(url: string, method: string, params: unknown[]): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await answer.json()) as { result?: unknown; error?: unknown }
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
  return result
}

async function ready(url: string): Promise<void> {
  await until(() => rpc(url, 'eth_chainId', []).catch(() => null))
}

/** The suite's timeout bounds the asking. */
async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => void setTimeout(resolve, 10))
  }
}
