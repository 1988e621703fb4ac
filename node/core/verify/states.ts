import type { Evidence } from '../evidence.ts'
import type { Registries } from '../parties/registries.ts'
import type { StateProof } from '../stateProof.ts'
import type { Trust } from '../trust.ts'
import type { FindChain } from './anchor.ts'
import { findingOf } from './finding.ts'
import type { Finding } from './finding.ts'
import { openProvenState } from './provenState.ts'
import type { ProvenState } from './provenState.ts'

/** A proven state with the registries that the verifier trusts, or why there is none. */
export type State = { readonly proven: ProvenState; readonly registries: Registries } | Finding

/** The state that answers a question. */
export type FindState = (of: StateProof['of']) => State

/** Opens every state that the evidence carries, each once. */
export async function openStates(
  { states = [] }: Evidence,
  trust: Trust,
  findChain: FindChain,
): Promise<FindState> {
  const { registries } = trust
  if (registries === undefined) return () => ({ code: 'REGISTRIES_NOT_TRUSTED' })
  const opened = new Map<StateProof['of'], State>()
  for (const proof of states) {
    const { of } = proof
    try {
      opened.set(of, {
        proven: await openProvenState(proof, registries, trust, findChain),
        registries,
      })
    } catch (error) {
      const { code, details } = findingOf(error)
      opened.set(of, { code, details: { ...details, of } })
    }
  }
  return (of) => opened.get(of) ?? { code: 'STATE_ABSENT', details: { of } }
}
