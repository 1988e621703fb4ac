import { Use } from '../../../node/core/acts/acts.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { GrantDocument } from '../../../node/core/grants/grant.ts'
import {
  grantingAccount,
  revokingAccount,
  verifyRegistration,
  verifyRevocation,
  verifyUse,
} from '../../../node/core/grants/rules.ts'
import { Registries } from '../../../node/core/parties/registries.ts'
import type { Judgement, Outcome, Question } from '../../reference/grants.ts'
import { ListedWorld } from './plainWorld.ts'
import { refusalOf } from './support.ts'

/** The core's own answers to a question, in the form of the reference's. */
export function judgeByCore(question: Question, registries: Registries, authority: Hex): Judgement {
  const chain = question.chain.map((grant) => GrantDocument.parse(grant))
  const use = Use.parse(question.use)
  const revoker = question.revoker as Hex
  const world = new ListedWorld(question.world, authority)
  return {
    register: outcomeOf(
      () => verifyRegistration(chain, world, registries),
      (ids) => {
        const isRegistered = world.stateOf(ids.at(-1)!).registeredAt !== 0
        return isRegistered ? null : grantingAccount(chain.at(-1)!, world)
      },
    ),
    use: outcomeOf(
      () => verifyUse(chain, use, world, registries),
      () => world.accountOf(use.user),
    ),
    revoke: outcomeOf(
      () => verifyRevocation(chain, revoker, world, registries),
      () => revokingAccount(chain, revoker, world),
    ),
  }
}

function outcomeOf(verify: () => Hex[], signerOf: (ids: Hex[]) => string | null): Outcome {
  let ids: Hex[] = []
  const refusal = refusalOf(() => (ids = verify()))
  if (!refusal) return { signer: signerOf(ids) }
  return { refused: refusal.code, details: refusal.details as Record<string, string | number> }
}

export function registriesOf(vectors: {
  chainId: number
  parties: string
  grants: string
}): Registries {
  const { chainId, parties, grants } = vectors
  return Registries.parse({ chainId, parties, grants, certificates: parties })
}
