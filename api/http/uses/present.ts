import { grantIdOf } from '../../../node/core/grants/rules.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import type { UsePreview as Preview, UseRecord } from '../../../node/uses/uses.ts'
import { presentReason } from '../grants/present.ts'
import { SENTENCES } from '../problems.ts'
import type { Use, UsePreview } from './schema.ts'

/** What stands in a list; the evidence has all of it. */
export async function presentUse(
  { id, index, at, statement }: UseRecord,
  directory: Pick<PartyDirectory, 'departmentOf'>,
): Promise<Use> {
  const { subject, holders, user, fields, manner, authorizations, registries } = statement
  const { salt: _, ...context } = statement.context
  const userName = (await directory.departmentOf(user))?.name
  const isReleased = statement.kind === 'use.released'
  return {
    id,
    index,
    at,
    result: isReleased ? 'released' : 'refused',
    subject: {
      kind: subject.kind,
      id: subject.id,
      ...('type' in subject && { type: subject.type }),
    },
    holders,
    user,
    ...(userName !== undefined && { userName }),
    fields,
    manner,
    context,
    grants: authorizations.map(({ chain }) => chain.map((grant) => grantIdOf(grant, registries))),
    ...(isReleased
      ? { counted: statement.counted, expires: statement.expires }
      : { because: becauseOf(statement) }),
  }
}

export function presentPreview({ acts, reasons }: Preview): UsePreview {
  return {
    acts: acts.map(({ typedData, sentence, signer, granteeSigner, isCounted }) => ({
      typedData: {
        ...typedData,
        types: Object.fromEntries(
          Object.entries(typedData.types).map(([name, fields]) => [
            name,
            fields.map((field) => ({ ...field })),
          ]),
        ),
      },
      sentence,
      signers: granteeSigner === undefined ? [signer] : [signer, granteeSigner],
      counted: isCounted,
    })),
    reasons: reasons.map(presentReason),
  }
}

function becauseOf({ code, hop }: { code: string; hop?: number | undefined }) {
  return { code, detail: SENTENCES[code] ?? '', ...(hop !== undefined && { hop }) }
}
