import { InvalidArgumentError } from 'commander'
import { HolderRole } from '../../../node/core/catalogue/matter.ts'
import { Considered } from '../../../node/core/resolution/document.ts'

/** By the part that they play, each as `Named`. */
export type NamedParties<Named> = Partial<Record<HolderRole, Named[]>>

/** `LANDLORD=0x…`, which may stand several times, also for the same part. */
export function collectParty<Named>(
  parse: (holder: string) => Named,
): (text: string, all?: NamedParties<Named>) => NamedParties<Named> {
  return (text, all = {}) => {
    const [name, holder = ''] = split(text, '=')
    const role = HolderRole.safeParse(name).data
    if (role === undefined)
      throw new InvalidArgumentError('It is a part and a holder: LANDLORD=0x…')
    return { ...all, [role]: [...(all[role] ?? []), parse(holder)] }
  }
}

/** `newAddress=杨浦区示例路100号`: a text, by the name that the matter gives it. */
export function collectField(
  text: string,
  all: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [name, value] = split(text, '=')
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

function split(text: string, at: string): [string, string?] {
  const place = text.indexOf(at)
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)]
}
