import { isLedgerError } from '../core/errors.ts'
import type { ErrorKind } from '../core/errors.ts'
import type { Holder } from '../core/statement.ts'
import type { BatchLine } from './benefits.ts'

/** Subjects that are looked at together: what is logged of them is one group of the log. */
const TOGETHER = 256

/** What stops a batch, for it would stop every line after; the rest is about one subject. */
const OF_ALL: ReadonlySet<ErrorKind> = new Set(['unavailable', 'corrupt', 'tooMany'])

/**
 * Does one thing for many subjects, and tells of each, in order.
 *
 * @throws whatever would befall all of them
 */
export async function* inBatches<Opened, Done>(
  subjects: Iterable<Holder> | AsyncIterable<Holder>,
  opened: Opened,
  step: (opened: Opened, subject: Holder) => Promise<Done>,
): AsyncGenerator<BatchLine<Done>, void> {
  const answer = async (subject: Holder): Promise<BatchLine<Done>> => {
    try {
      return { subject, done: await step(opened, subject) }
    } catch (error) {
      if (!isLedgerError(error) || OF_ALL.has(error.kind)) throw error
      const { code, details } = error
      return { subject, refused: { code, details } }
    }
  }
  for await (const group of groupsOf(subjects)) {
    const settled = await Promise.allSettled(group.map(answer))
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason
      yield one.value
    }
  }
}

async function* groupsOf(
  subjects: Iterable<Holder> | AsyncIterable<Holder>,
): AsyncGenerator<Holder[], void> {
  let group: Holder[] = []
  for await (const subject of subjects) {
    group.push(subject)
    if (group.length < TOGETHER) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
