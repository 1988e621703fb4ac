import { InvalidArgumentError } from 'commander'
import { HolderRole } from '../../../node/core/catalogue/matter.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { Considered } from '../../../node/core/resolution/document.ts'
import { parseHolder, splitAt } from '../signing/values.ts'

/** Whoever plays each part. */
export type NamedParties = Partial<Record<HolderRole, NamedHolder[]>>

/** `LANDLORD=0x…`, which may stand several times, also for the same part. */
export function collectParty(text: string, all: NamedParties = {}): NamedParties {
  const [name, holder = ''] = splitAt(text, '=')
  const role = HolderRole.safeParse(name).data
  if (role === undefined) throw new InvalidArgumentError('It is a part and a holder: LANDLORD=0x…')
  return { ...all, [role]: [...(all[role] ?? []), parseHolder(holder)] }
}

/** `newAddress=杨浦区示例路100号`: a text, by the name that the matter gives it. */
export function collectField(
  text: string,
  all: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [name, value] = splitAt(text, '=')
  if (!/^[A-Za-z]\w{0,63}$/.test(name) || value === undefined)
    throw new InvalidArgumentError('It is a name and a text: newAddress=…')
  return { ...all, [name]: value }
}

/** `LEASE:material:m-17`: what somebody has in hand. */
export function collectConsidered(text: string, all: readonly Considered[] = []): Considered[] {
  const [material, kind, id] = text.split(':')
  const { data } = Considered.safeParse({ material, kind, id })
  if (data === undefined)
    throw new InvalidArgumentError(
      'It is a required material, what kind of thing one has, and its id: LEASE:material:<id>',
    )
  return [...all, data]
}
