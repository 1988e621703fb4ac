import { formatTime } from '../../../node/core/acts/phrases.ts'
import type { Holder } from '../../http/holders/schema.ts'

export function formatHolder({
  id,
  registrar,
  masked,
  name,
  codeType,
  code,
  accounts,
}: Holder): string {
  const who =
    name === undefined
      ? 'registered elsewhere'
      : `${name} (${codeType} ${code})${masked ? ', shown in part' : ''}`
  return [
    `${id}  ${who}`,
    `  registrar  ${registrar}`,
    ...accounts.map(({ account, bound, periods }) => {
      const { from, until } = periods.at(-1) ?? {}
      const since = from === undefined ? '' : `  since ${formatTime(from, 8)}`
      const end = until === undefined ? '' : `, until ${formatTime(until, 8)}`
      return `  account    ${account}  ${bound ? 'bound' : 'released'}${since}${end}`
    }),
  ].join('\n')
}
