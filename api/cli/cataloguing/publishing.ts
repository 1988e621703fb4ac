import type { CatalogueEntry } from '../../../node/core/catalogue/entry.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { ErrorKind } from '../../../node/core/errors.ts'
import type { CatalogueClient } from '../../client/index.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { explain } from '../explain.ts'

/** What lies with the entry, so that the next one may well go through. */
const OF_THE_ENTRY: ReadonlySet<ErrorKind> = new Set(['invalid', 'forbidden', 'conflict'])

/** Publishes one after the other and tells what became of each; a run that is repeated goes on where it stopped. */
export async function publishAll(
  context: Context,
  entries: readonly CatalogueEntry[],
  client: CatalogueClient,
): Promise<void> {
  const counts = { published: 0, present: 0, refused: 0 }
  for (const entry of entries) {
    const result = await publishOne(context, entry, client)
    counts[result]++
  }
  const { published, present, refused } = counts
  context.say(`${published} published, ${present} were there already, ${refused} refused.`)
  if (refused > 0) process.exitCode = EXIT.found
}

async function publishOne(
  context: Context,
  entry: CatalogueEntry,
  client: CatalogueClient,
): Promise<'published' | 'present' | 'refused'> {
  const { kind, code, version } = entry
  const name = `${kind} ${code} ${version}`
  try {
    const { created } = await client.publish(entry)
    const result = created ? 'published' : 'present'
    context.result(
      { kind, code, version, result },
      `${created ? 'published' : 'was there'}  ${name}`,
    )
    return result
  } catch (error) {
    if (!isLedgerError(error) || !OF_THE_ENTRY.has(error.kind)) throw error
    const { code: refusal, message, details } = explain(error)
    const problem = { code: refusal, message, ...(details && { details }) }
    context.result(
      { kind, code, version, result: 'refused', problem },
      `refused    ${name}: ${message} (${refusal})`,
    )
    return 'refused'
  }
}
