import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Registries } from '../../node/core/parties/registries.ts'
import type { Act } from '../../node/core/acts/acts.ts'
import { describeAct } from '../../node/core/acts/sentences.ts'
import type { Surroundings } from '../../node/core/acts/sentences.ts'
import type { Narrator } from './narrator.ts'
import type { Player } from './player.ts'
import type { CertificateKey, DelegateKey, DepartmentKey, HolderKey } from './world.ts'

/** Who is there, and where. */
export interface Stage {
  readonly url: string
  /** The data folder of the node: its authority's key and its trust.json lie there. */
  readonly folder: string
  /** Origin of the log. */
  readonly origin: string
  readonly registries: Registries
  readonly narrator: Narrator
  readonly authority: Player
  readonly departments: Readonly<Record<DepartmentKey, Player>>
  readonly holders: Readonly<Record<HolderKey, Player>>
  readonly delegates: Readonly<Record<DelegateKey, Player>>
  /** Ids of holders, and what everybody is called; filled as the story goes. */
  readonly holderIds: Map<HolderKey, Hex>
  readonly names: Map<Hex, string>
  readonly certificates: Map<CertificateKey, IssuedCertificate>
}

export interface IssuedCertificate {
  /** Of the statement. */
  readonly id: string
  readonly serial: Hex
}

export function holderId({ holderIds }: Stage, key: HolderKey): Hex {
  const id = holderIds.get(key)
  if (id === undefined) throw new TypeError(`${key} is not registered yet`)
  return id
}

export function certificateOf({ certificates }: Stage, key: CertificateKey): IssuedCertificate {
  const found = certificates.get(key)
  if (found === undefined) throw new TypeError(`${key} is not issued yet`)
  return found
}

/** Signs an act after telling what it says. */
export async function signAloud(
  { narrator, registries, names }: Stage,
  player: Player,
  act: Act,
  around: Omit<Surroundings, 'registries' | 'names'> = {},
): Promise<Hex> {
  narrator.signed(describeAct(act, { ...around, registries, names }))
  return player.sign(act, registries)
}
