import type { Hex } from '../ethereum/hex.ts'
import type { RequestMade } from '../statements/request.ts'
import type { FoundBy, Term } from './term.ts'

export function foundRequest({ holder, grantee, case: code }: RequestMade): FoundBy {
  return {
    leads: [holderTerm(holder), granteeTerm(grantee), caseTerm(code)],
    newest: [],
    blocks: [],
  }
}

export function holderTerm(holder: Hex): Term {
  return { kind: 'request.holder', value: holder }
}

export function granteeTerm(grantee: Hex): Term {
  return { kind: 'request.grantee', value: grantee }
}

export function caseTerm(code: string): Term {
  return { kind: 'request.case', value: code }
}
