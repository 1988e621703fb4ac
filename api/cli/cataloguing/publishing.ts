import type { CatalogueOutcome } from '../../client/index.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { explain, formatExplained, presentRefusal } from '../explain.ts'

/** Tells what became of each entry, as it is published, and of all. */
export async function tellPublished(
  context: Context,
  outcomes: AsyncIterable<CatalogueOutcome>,
): Promise<void> {
  const counts = { published: 0, present: 0, refused: 0 }
  for await (const outcome of outcomes) counts[tell(context, outcome)]++
  const { published, present, refused } = counts
  context.say(`${published} published, ${present} were there already, ${refused} refused.`)
  if (refused > 0) process.exitCode = EXIT.found
}

function tell(
  context: Context,
  { kind, code, version, ...became }: CatalogueOutcome,
): 'published' | 'present' | 'refused' {
  const name = `${kind} ${code} ${version}`
  if ('error' in became) {
    const said = { kind, code, version, ...presentRefusal(became.error) }
    context.result(said, `refused    ${name}: ${formatExplained(explain(became.error))}`)
    return 'refused'
  }
  const result = became.created ? 'published' : 'present'
  const said = became.created ? 'published' : 'was there'
  context.result({ kind, code, version, result }, `${said}  ${name}`)
  return result
}
