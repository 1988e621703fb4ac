import type { Act, ActType, SignedAct } from '../../../node/core/acts/acts.ts'
import { describeAct } from '../../../node/core/acts/sentences.ts'
import { typedDataOf } from '../../../node/core/acts/typedData.ts'
import type { Acts, SubmittedAct } from '../../../node/acts/acts.ts'
import type { RegistryChain } from '../../../node/chain/registries.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import { minedSignal } from '../grants/waiting.ts'
import { principalOf } from '../route.ts'
import type { Context } from '../route.ts'
import type { ActPreview } from './schema.ts'

export interface ActParts {
  readonly acts: Pick<Acts, 'submit'>
  readonly chain: Pick<RegistryChain, 'registries' | 'nonceOf'>
  readonly directory: PartyDirectory
  /** Milliseconds that an answer waits for the chain unless the request says. */
  readonly wait: number
}

type SignedActOf<Type extends ActType> = Extract<SignedAct, { type: Type }>

/** @throws LedgerError invalid/ACT_UNEXPECTED {expected} */
export function requireActOf<Type extends ActType>(
  act: SignedAct,
  ...expected: readonly Type[]
): SignedActOf<Type> {
  if (!(expected as readonly string[]).includes(act.type))
    throw new LedgerError('invalid', 'ACT_UNEXPECTED', { expected })
  return act as SignedActOf<Type>
}

/** Hands an act in for the caller, and waits for the chain unless the caller prefers not to. */
export async function submitAct<Signed extends SignedAct>(
  ctx: Context,
  act: Signed,
  { acts, wait }: ActParts,
  note?: string,
): Promise<SubmittedAct & { readonly act: Signed }> {
  const signal = minedSignal(ctx, wait)
  const submitted = await acts.submit(act, {
    by: principalOf(ctx).name,
    ...(note !== undefined && { note }),
    ...(signal && { wait: signal }),
  })
  return { ...submitted, act }
}

/**
 * What is to be signed, in words as well.
 *
 * @param named whoever stands in the sentence, departments by their public names
 * @param names of others
 */
export async function previewAct<A extends Act>(
  act: A,
  signers: readonly Hex[],
  named: readonly Hex[],
  { chain: { registries }, directory }: Pick<ActParts, 'chain' | 'directory'>,
  names: ReadonlyMap<Hex, string> = new Map(),
): Promise<ActPreview<A>> {
  const departments = await Promise.all(
    named.map(async (party) => {
      const name = (await directory.departmentOf(party))?.name
      return name === undefined ? [] : [[party, name] as const]
    }),
  )
  const { types, ...typedData } = typedDataOf(act, registries)
  return {
    typedData: {
      ...typedData,
      types: Object.fromEntries(
        Object.entries(types).map(([name, fields]) => [
          name,
          fields.map((field) => ({ ...field })),
        ]),
      ),
    },
    sentence: describeAct(act, { registries, names: new Map([...departments.flat(), ...names]) }),
    signers: [...signers],
  }
}
