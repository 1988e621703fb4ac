import { isLedgerError, LedgerError } from '../core/errors.ts'
import { HexHash } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { NamedHolder } from '../core/parties/namedHolder.ts'
import { parseBy } from '../core/schema.ts'
import { CaseParties, holdersAs } from '../core/statements/case.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { CaseOpening } from './cases.ts'

/** With the id of everybody who has a part in it. */
export type IdentifiedOpening = Omit<CaseOpening, 'applicant' | 'agents' | 'parties'> & {
  readonly applicant: Hex
  readonly agents?: Hex[]
  readonly parties?: CaseParties
}

/**
 * @throws LedgerError as `PartyDirectory.idOf`, with {role}
 * @throws LedgerError invalid/CASE_MALFORMED: a holder twice, by id and by code
 */
export async function identifyAll(
  { applicant, agents, parties, ...rest }: CaseOpening,
  directory: Pick<PartyDirectory, 'idOf'>,
): Promise<IdentifiedOpening> {
  const all = (role: string, named: readonly NamedHolder[]) =>
    Promise.all(named.map((one) => identify(role, one, directory)))
  return {
    ...rest,
    applicant: await identify('APPLICANT', applicant, directory),
    ...(agents && { agents: parseBy(holdersAs(HexHash), await all('AGENT', agents), MALFORMED) }),
    ...(parties && {
      parties: parseBy(CaseParties, await identifyParties(parties, all), MALFORMED),
    }),
  }
}

const MALFORMED = 'CASE_MALFORMED'

async function identifyParties(
  parties: NonNullable<CaseOpening['parties']>,
  all: (role: string, named: readonly NamedHolder[]) => Promise<Hex[]>,
): Promise<Record<string, Hex[]>> {
  const identified = Object.entries(parties).map(
    async ([role, named = []]) => [role, await all(role, named)] as const,
  )
  return Object.fromEntries(await Promise.all(identified))
}

async function identify(
  role: string,
  named: NamedHolder,
  directory: Pick<PartyDirectory, 'idOf'>,
): Promise<Hex> {
  try {
    return await directory.idOf(named)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const { kind, code, details } = error
    throw new LedgerError(kind, code, { ...details, role }, { cause: error })
  }
}
