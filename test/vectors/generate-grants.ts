// Writes grants.json: `node test/vectors/generate-grants.ts`. The file is kept; a test compares.
import { writeFileSync } from 'node:fs'
import { judge } from '../reference/grants.ts'
import { changesOf } from './grantChanges.ts'
import { goodQuestions, PARTIES, PLACE } from './grantShapes.ts'
import { changesBetween, type GrantShape, type GrantVectors } from './grantVectors.ts'

const FILE = new URL('grants.json', import.meta.url)

export function grantVectors(): GrantVectors {
  return {
    description:
      'Chains of grants, and whether their last grant may be registered, used as `use` says and revoked by `revoker`, where `world` is what the chain says at its `time`. Each vector is the good question of its shape with `changes` made: values by JSON pointer. An answer is either the account that has to sign, null where nothing is left to sign, or the code of the first refusal with its details. In Solidity the same refusal is the error of that name in CamelCase: GRANT_EXPIRED {hop: 1} is GrantExpired(1). What is in no list of the world is all zero there. All departments are accredited from `authority`.',
    source:
      'test/vectors/generate-grants.ts over test/reference/grants.ts. Ids are EIP-712 digests, made by ethers. Addresses are the last 20 bytes of keccak256 of a name.',
    chainId: PLACE.chainId,
    grants: PLACE.contract,
    parties: PARTIES,
    authority: PLACE.authority,
    shapes: goodQuestions.map(({ shape, good }) => ({
      shape,
      good,
      vectors: [{ case: 'good', changed: good }, ...changesOf(good)].map(
        ({ case: name, changed }) => ({
          case: name,
          changes: changesBetween(good, changed),
          ...judge(changed, PLACE),
        }),
      ),
    })),
  }
}

export function formatGrantVectors({ shapes, ...head }: GrantVectors): string {
  const text = JSON.stringify(head, undefined, 1).slice(0, -2)
  return `${text},\n "shapes": [\n${shapes.map(formatShape).join(',\n')}\n ]\n}\n`
}

function formatShape({ shape, good, vectors }: GrantShape): string {
  const lines = vectors.map((vector) => `   ${JSON.stringify(vector)}`).join(',\n')
  return `  {\n   "shape": ${JSON.stringify(shape)},\n   "good": ${JSON.stringify(good)},\n   "vectors": [\n${lines}\n   ]\n  }`
}

if (import.meta.main) writeFileSync(FILE, formatGrantVectors(grantVectors()))
