import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { addressOf, hashOf } from '../../../test/support/registryChain.ts'
import type { EventBody, ScriptedRegistryChain } from '../../../test/support/registryChain.ts'

const NOBODY: Hex = `0x${'0'.repeat(40)}`
const NO_PARENT: Hex = `0x${'0'.repeat(64)}`
const RIGHTS = 63
const DEPARTMENT = addressOf('bureau')
const HOLDERS = 10_000
const CERTIFICATES = 20_000

/**
 * A city's traffic: of ten events after the departments and the bindings, six register grants, in chains of up to three
 * hops, two count uses and two change statuses.
 */
export function makeHistory(
  chain: ScriptedRegistryChain,
  count: number,
  perBlock: number,
): { readonly grants: readonly Hex[]; readonly department: Hex } {
  const grants: Hex[] = []
  const events = [...begin()]
  for (let i = 0; events.length < count; i++) events.push(traffic(i, grants))
  for (let at = 0; at < count; at += perBlock) chain.mine(...events.slice(at, at + perBlock))
  return { grants, department: DEPARTMENT }
}

function* begin(): Generator<EventBody> {
  const window = { notBefore: 0, notAfter: 2 ** 40 - 1 }
  const [authority, city] = [addressOf('authority'), addressOf('city')]
  for (const [department, accreditor] of [
    [authority, NOBODY],
    [city, authority],
    [DEPARTMENT, city],
  ] as const)
    yield { type: 'DepartmentAccredited', department, accreditor, rights: RIGHTS, ...window }
  for (let i = 0; i < HOLDERS; i++) {
    const account = addressOf(`account ${i}`)
    yield { type: 'AccountBound', holder: hashOf(`holder ${i}`), account, registrar: city }
  }
}

function traffic(i: number, grants: Hex[]): EventBody {
  if (i % 10 < 6) return register(grants)
  if (i % 10 < 8) return use(i, grants)
  const certificate = hashOf(`certificate ${i % CERTIFICATES}`)
  return { type: 'StatusChanged', issuer: DEPARTMENT, certificate, status: i % 20 < 9 ? 2 : 1 }
}

function register(grants: Hex[]): EventBody {
  const n = grants.length
  const hop = n % 3
  const holder = hashOf(`holder ${Math.floor(n / 3) % HOLDERS}`)
  const grant = hashOf(`grant ${n}`)
  const parent = hop === 0 ? NO_PARENT : (grants.at(-1) as Hex)
  grants.push(grant)
  const [grantor, grantee] = [addressOf(`person ${n}`), addressOf(`person ${n + 1}`)]
  return { type: 'GrantRegistered', grant, holder, parent, grantor, grantee }
}

/** Of the last hop of some chain, long ago or just now. */
function use(i: number, grants: readonly Hex[]): EventBody {
  const chains = Math.floor(grants.length / 3)
  const grant = grants[((i * 7_919) % chains) * 3 + 2] as Hex
  const holder = hashOf(`holder ${i % HOLDERS}`)
  const useId = hashOf(`use ${i}`)
  return { type: 'GrantUsed', grant, holder, user: DEPARTMENT, useId, sequence: i, counted: 7 }
}
