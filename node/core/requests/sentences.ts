import * as chinese from '../acts/chinese.ts'
import * as english from '../acts/english.ts'
import type { Vocabulary } from '../acts/phrases.ts'
import type { RequestMade } from '../statements/request.ts'

type Asked = Omit<RequestMade, 'v' | 'id' | 'kind'>

/** Names of accounts, departments and holders, of materials, matters and certificate types. */
export type RequestWords = Partial<Pick<Vocabulary, 'names' | 'called'>>

/**
 * What somebody asks of a holder, in one sentence: from whom, what, for what, until when, and by when to answer.
 *
 * @param around what stands beside the ids, never in their place
 */
export function describeRequest(
  asked: Asked,
  { names = new Map(), called }: RequestWords = {},
): { zh: string; en: string } {
  const words: Vocabulary = { names, called, items: new Map(), purposes: new Map() }
  return { zh: inChinese(asked, words), en: inEnglish(asked, words) }
}

function inChinese(asked: Asked, words: Vocabulary): string {
  const { grantee, holder, items, purposes, notAfter, uses, depth, reason, expires } = asked
  const { partyOf, itemOf, purposeOf, timeOf, typeset } = chinese
  return typeset(
    [
      `${partyOf(grantee, words)} 因办件 ${asked.case} 向持证主体 ${partyOf(holder, words)} 申请授权，使用${items.map((one) => itemOf(one, words)).join('；')}`,
      `用于${purposes.map((one) => purposeOf(one, words)).join('；')}`,
      `至北京时间 ${timeOf(notAfter)} 止`,
      uses === 0 ? '不限使用次数' : `合计最多使用 ${uses} 次`,
      depth === 0 ? '不得转授' : `最多可再转授 ${depth} 级`,
      `请于北京时间 ${timeOf(expires)} 之前（含）答复`,
      ...(reason === undefined ? [] : [`对方所述事由：${printable(reason)}`]),
    ].join('，') + '。',
  )
}

function inEnglish(asked: Asked, words: Vocabulary): string {
  const { grantee, holder, items, purposes, notAfter, uses, depth, reason, expires } = asked
  const { partyOf, itemOf, purposeOf, timeOf } = english
  const levels = `level${depth === 1 ? '' : 's'}`
  return `${[
    `${partyOf(grantee, words)} asks holder ${partyOf(holder, words)} for a grant, for case ${asked.case}, of ${items.map((one) => itemOf(one, words)).join('; ')}`,
    `for ${purposes.map((one) => purposeOf(one, words)).join('; ')}`,
    `until ${timeOf(notAfter)}`,
    uses === 0 ? 'any number of times' : `at most ${uses === 1 ? 'once' : `${uses} times`} in all`,
    depth === 0 ? 'not to be passed on' : `to be passed on over at most ${depth} further ${levels}`,
    `to be answered by ${timeOf(expires)}`,
    ...(reason === undefined ? [] : [`because, as it says: ${printable(reason)}`]),
  ].join(', ')}.`
}

/**
 * Comes last, and without what could turn or break the line: whoever asks wrote it, and the rest follows from the
 * terms.
 */
function printable(reason: string): string {
  return reason.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
}
