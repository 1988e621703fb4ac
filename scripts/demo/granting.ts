import { draftGrant } from '../../api/client/index.ts'
import type { Giving, Source } from '../../api/client/index.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import type { ScopeView } from '../../node/core/grants/scope.ts'
import type { Player } from './player.ts'
import { signAloud } from './stage.ts'
import type { Stage } from './stage.ts'

/** A grant on chain, as its grantee has it. */
export interface Given {
  readonly id: Hex
  /** From the root down. */
  readonly chain: readonly Grant[]
  readonly view: ScopeView
  readonly grantee: Player
}

/** Grants, or passes on: shown in words, signed, recorded on chain. */
export async function give(
  stage: Stage,
  grantor: Player,
  grantee: Player,
  terms: Omit<Giving, 'to'>,
  source: Source,
): Promise<Given> {
  const { grants } = grantor.client
  const giving = { ...terms, to: grantee.account }
  const { grant, chain, view } = await draftGrant(grants, giving, source, stage.registries)
  const act = { type: 'Grant', message: grant } as const
  const signature = await signAloud(stage, grantor, act, { scope: view })
  const registered = await grants.register({ ...act, signature, chain: [...chain] }, { view })
  return { id: registered.grant, chain, view, grantee }
}

export function passOn(
  stage: Stage,
  above: Given,
  grantee: Player,
  terms: Omit<Giving, 'to'>,
): Promise<Given> {
  return give(stage, above.grantee, grantee, terms, above)
}

/** Signs a grant that nobody would take, and hands it in all the same. */
export async function force(stage: Stage, grantor: Player, above: Given, grant: Grant) {
  const act = { type: 'Grant', message: grant } as const
  const signature = await grantor.sign(act, stage.registries)
  return grantor.client.grants.register({ ...act, signature, chain: [...above.chain, grant] })
}

export async function revoke(stage: Stage, revoker: Player, { id, chain }: Given): Promise<void> {
  const message = { grant: id, revoker: revoker.account }
  const act = { type: 'Revocation', message } as const
  const grant = chain.at(-1)
  const signature = await signAloud(stage, revoker, act, grant ? { grant } : {})
  await revoker.client.grants.revoke(id, { ...act, signature, chain: [...chain] })
}

/** As its step ends. */
export function told({ id }: Given): string {
  return `grant ${id}`
}
