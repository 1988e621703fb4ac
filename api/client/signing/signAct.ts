import type { Signable } from '../../../node/core/acts/acts.ts'
import { structOf } from '../../../node/core/acts/structs.ts'
import { domainOf } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { Signer } from '../signer.ts'

/**
 * EIP-712, of the very act and for these registries, whatever a ledger proposed.
 *
 * @throws what the signer throws
 */
export async function signAct(
  act: Signable,
  signer: Pick<Signer, 'signTypedData'>,
  registries: Registries,
): Promise<Hex> {
  const types = { [act.type]: structOf(act.type).fields.map(({ name, type }) => ({ name, type })) }
  const signature = await signer.signTypedData(domainOf(act.type, registries), types, {
    ...act.message,
  })
  return signature.toLowerCase() as Hex
}

/** The account of a key, as everything here spells it. */
export function accountOf({ address }: Pick<Signer, 'address'>): Hex {
  return address.toLowerCase() as Hex
}
