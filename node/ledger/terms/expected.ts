import type { Statement } from '../../core/statement.ts'
import { caseIdOf } from '../../core/statements/case.ts'
import { quarantineIdOf, sharedNameOf } from '../../core/statements/material.ts'
import type { MaterialSubmitted } from '../../core/statements/material.ts'
import { foundBy } from '../../core/terms/foundBy.ts'
import { ownerTerm } from '../../core/terms/materials.ts'
import type { FoundBy } from '../../core/terms/term.ts'
import type { TermIndex } from '../../store/terms.ts'
import type { LoggedReader, LoggedStatement } from './logged.ts'

export interface ExpectingParts {
  readonly reader: Pick<LoggedReader, 'withId'>
  readonly terms: Pick<TermIndex, 'findNewest'>
}

/**
 * What a statement has to be found by after all that was logged since. Undefined where that cannot be told, for another
 * statement that it follows from cannot be read.
 */
export async function expectedOf(
  logged: LoggedStatement,
  { reader, terms }: ExpectingParts,
): Promise<FoundBy | undefined> {
  const { statement, commitment } = logged
  switch (statement.kind) {
    case 'material.submitted': {
      const isUndecided = await waits(statement, reader)
      const holdsContent = logged.hasLocation || (await isOwner(logged.index, statement, terms))
      return foundBy(statement, { holdsContent, isUndecided })
    }
    case 'certificate.issued':
      return foundBy(statement, { commitment })
    case 'undertaking.given': {
      const opened = await find(caseIdOf(statement.undertaking.caseCode), 'case.opened', reader)
      return opened && foundBy(statement, { opened })
    }
    case 'undertaking.checked': {
      const given = await find(statement.undertaking, 'undertaking.given', reader)
      return given && foundBy(statement, { given })
    }
    default:
      return foundBy(statement)
  }
}

async function waits(
  { id, quarantine }: MaterialSubmitted,
  reader: ExpectingParts['reader'],
): Promise<boolean> {
  if (quarantine === undefined) return false
  const decision = (await reader.withId(quarantineIdOf(id)))?.statement
  return decision?.kind !== 'material.released' && decision?.kind !== 'material.rejected'
}

/** Without a location it goes by the bytes of another one, unless others go by its own, which are gone. */
async function isOwner(
  index: number,
  statement: MaterialSubmitted,
  terms: ExpectingParts['terms'],
): Promise<boolean> {
  const name = sharedNameOf(statement)
  if (name === undefined) return false
  const [owner] = await terms.findNewest([ownerTerm(name)])
  return owner === index
}

async function find<Kind extends Statement['kind']>(
  id: string,
  kind: Kind,
  reader: ExpectingParts['reader'],
): Promise<Extract<Statement, { readonly kind: Kind }> | undefined> {
  const found = (await reader.withId(id))?.statement
  return found?.kind === kind ? (found as Extract<Statement, { readonly kind: Kind }>) : undefined
}
