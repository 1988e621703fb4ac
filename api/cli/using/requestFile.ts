import { UseRequest } from '../../../node/core/uses/documents.ts'
import { parseBy } from '../../../node/core/schema.ts'
import * as z from 'zod'
import { Registries } from '../../../node/core/parties/registries.ts'
import { misuse } from '../context.ts'
import { readJsonFile } from '../granting/scopeFile.ts'
import { replaceFile } from '../output.ts'

/** A use that grantees agreed to, on its way to the department: its own signature is still missing. */
const PreparedUse = z.strictObject({
  v: z.literal(1),
  registries: Registries,
  ...UseRequest.omit({ authorizations: true }).shape,
  authorizations: z
    .array(UseRequest.shape.authorizations.unwrap().omit({ signature: true }))
    .min(1)
    .max(8),
})
export type PreparedUse = z.infer<typeof PreparedUse>

/** @throws LedgerError invalid/USE_MALFORMED, JSON_* {file} */
export async function readPrepared(path: string): Promise<PreparedUse> {
  return parseBy(PreparedUse, await readJsonFile(path), 'USE_MALFORMED')
}

/** Only its reader may use it, and it names case and officer: for its owner and the department alone. */
export async function writePrepared(path: string, use: PreparedUse): Promise<void> {
  await replaceFile(path, `${JSON.stringify(use, undefined, 2)}\n`, 0o600)
}

export function requireRegistries(prepared: PreparedUse, registries: Registries): void {
  if (JSON.stringify(prepared.registries) !== JSON.stringify(registries))
    misuse('This was prepared for another chain or other registries.')
}
