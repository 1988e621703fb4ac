import type { Hex } from '../ethereum/hex.ts'
import type { UseChecked, UseReceipt } from '../statements/check.ts'
import type { Spared, UseRefused, UseReleased } from '../statements/use.ts'
import { useIdsOf } from '../uses/signatures.ts'
import { spentTerm as spentMaterialTerm } from './materials.ts'
import type { FoundBy, Term } from './term.ts'

/** Its holders, the department and its case find it; so does any request with a use that this one spent. */
export function foundRelease(statement: UseReleased): FoundBy {
  const { holders, subject, user } = statement
  return {
    leads: [
      ...holders.map(holderTerm),
      userTerm(user),
      receiptTerm(statement),
      ...sparedTerms(statement),
      ...spentTerms(statement),
    ],
    // Whether it serves once or more often: its type may change.
    newest: subject.kind === 'material' ? [spentMaterialTerm(subject.id)] : [],
    blocks: [],
  }
}

/** A refusal leaves what the chain had counted already to another request. */
export function foundRefusal(statement: UseRefused): FoundBy {
  const { counted = [], holders, user } = statement
  const unspent = new Set(counted.map(({ use }) => use))
  return {
    leads: [...holders.map(holderTerm), userTerm(user), ...spentTerms(statement, unspent)],
    newest: [],
    blocks: [],
  }
}

/** Answers to questions spend nothing of a material. */
export function foundCheck(statement: UseChecked): FoundBy {
  const { holders, user } = statement
  return {
    leads: [
      ...holders.map(checkHolderTerm),
      checkUserTerm(user),
      receiptTerm(statement),
      ...sparedTerms(statement),
      ...spentTerms(statement),
    ],
    newest: [],
    blocks: [],
  }
}

export function holderTerm(holder: Hex): Term {
  return { kind: 'use.holder', value: holder }
}

export function userTerm(user: Hex): Term {
  return { kind: 'use.user', value: user }
}

export function checkHolderTerm(holder: Hex): Term {
  return { kind: 'check.holder', value: holder }
}

export function checkUserTerm(user: Hex): Term {
  return { kind: 'check.user', value: user }
}

/** Finds what a department was given for a case. */
export function receiptTerm({
  user,
  context,
}: Pick<UseReceipt, 'user'> & { readonly context: Pick<UseReceipt['context'], 'case'> }): Term {
  return { kind: 'use.case', value: `${context.case} ${user}` }
}

/** Finds the use by which a case was spared a material. */
export function sparedTerm({ case: code }: { readonly case: string }, spared: Spared): Term {
  return { kind: 'use.spared', value: `${code} ${spared.holder ?? ''} ${spared.material}` }
}

function sparedTerms({ context, spares }: UseReceipt): Term[] {
  return spares === undefined ? [] : [sparedTerm(context, spares)]
}

/** Finds what answered a signed use. */
export function spentTerm(use: Hex): Term {
  return { kind: 'use.spent', value: use }
}

function spentTerms(
  statement: Pick<UseReleased, 'authorizations' | 'registries'>,
  unspent: ReadonlySet<Hex> = new Set(),
): Term[] {
  return useIdsOf(statement, statement.registries)
    .filter((use) => !unspent.has(use))
    .map(spentTerm)
}
