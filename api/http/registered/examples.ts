import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import { describeAct } from '../../../node/core/acts/sentences.ts'
import { typedDataOf } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import examples from '../examples.json' with { type: 'json' }

/** What the documentation shows, made by the code that answers. */

export const address = (digit: string): Hex => `0x${digit.repeat(40)}`
export const word = (digit: string): Hex => `0x${digit.repeat(64)}`
export const signature: Hex = `0x${'5'.repeat(128)}1b`

export const registries = {
  chainId: 31337,
  parties: address('a'),
  certificates: address('b'),
  grants: address('c'),
}

const { evidence } = examples

const at = { time: 1_767_200_000, block: 12, transaction: word('e') }
export const place = at

export const recorded = {
  statement: 'act-3T7bCWqIVZWpJ3vJUz3nRVfgxHW2ThmVMVX0zGUe3hU',
  index: 3,
  state: 'mined',
  transaction: at.transaction,
  block: { number: at.block, hash: word('f') },
  evidence,
}

export function signed<Type extends Act['type']>(
  act: Extract<Act, { type: Type }>,
): Extract<SignedAct, { type: Type }> {
  return { ...act, signature } as unknown as Extract<SignedAct, { type: Type }>
}

export function previewOf(act: Act, signers: readonly Hex[]) {
  return {
    typedData: typedDataOf(act, registries),
    sentence: describeAct(act, { registries }),
    signers,
  }
}
