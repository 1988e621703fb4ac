import { isLedgerError } from '../errors.ts'
import type { Evidence } from '../evidence.ts'
import { grantIdOf } from '../grants/rules.ts'
import type { Registries } from '../parties/registries.ts'
import type { StateProof } from '../stateProof.ts'
import type { UseReleased } from '../statements/use.ts'
import type { Trust } from '../trust.ts'
import { makeCheck } from '../verdict.ts'
import type { Check, CheckName } from '../verdict.ts'
import type { FindChain } from './anchor.ts'
import { checkIssuer, checkStatus } from './certificate.ts'
import type { Finding } from './certificate.ts'
import { beforeUse, checkGrantChain, isCounted } from './grant.ts'
import { openCertificate } from './opened.ts'
import type { OpenedCertificate } from './opened.ts'
import { openProvenState } from './provenState.ts'
import type { SlotWorld } from './slotWorld.ts'
import { checkUse } from './use.ts'

/** A certificate is proven to be rightly issued in a state at most so many seconds from the time of its entry. */
const NEAR = 24 * 60 * 60

export interface StatementOptions {
  readonly findChain: FindChain
  /** Seconds since 1970. */
  readonly at?: number
}

/** The checks `issuer`, `status`, `grant` (one for each hop) and `use`, as far as they apply to the statement. */
export async function checkStatement(
  evidence: Evidence,
  trust: Trust,
  options: StatementOptions,
): Promise<Check[]> {
  const { statement } = evidence
  const isUse = statement.kind === 'use.released'
  const opened = attemptFinding(() => openCertificate(evidence))
  if ('code' in opened) {
    const broken = makeCheck('issuer', opened.code, opened.details)
    return [broken, skip('status'), skip('grant'), isUse ? skip('use') : notApplicable('use')]
  }
  const certificate = opened.value
  const state = (of: StateProof['of']) => openState(evidence, of, trust, options.findChain)
  return [
    ...(certificate === undefined
      ? [notApplicable('issuer'), notApplicable('status')]
      : await checkCertificate(certificate, state, isUse, options.at)),
    ...(isUse
      ? await checkUsing(statement, certificate, state, evidence, trust)
      : [notApplicable('grant'), notApplicable('use')]),
  ]
}

type State = { readonly world: SlotWorld; readonly registries: Registries } | Finding
type FindState = (of: StateProof['of']) => Promise<State>

async function checkCertificate(
  certificate: OpenedCertificate,
  state: FindState,
  isUse: boolean,
  at: number | undefined,
): Promise<Check[]> {
  const issue = await state('issue')
  const standing = await state(isUse ? 'use' : 'status')
  return [
    checkBy('issuer', issue, ({ world }) =>
      Math.abs(world.time - certificate.at) > NEAR
        ? { code: 'ISSUER_PROVEN_AT_OTHER_TIME', details: { asOf: world.time } }
        : checkIssuer(certificate, world),
    ),
    checkBy('status', standing, ({ world }) => checkStatus(certificate, world, at)),
  ]
}

async function checkUsing(
  statement: UseReleased,
  certificate: OpenedCertificate | undefined,
  state: FindState,
  { states }: Evidence,
  trust: Trust,
): Promise<Check[]> {
  const found = await state('use')
  if ('code' in found) return [makeCheck('grant', found.code, found.details), skip('use')]
  const { world, registries } = found
  const block = states?.find(({ of }) => of === 'use')?.blockHash
  const checks = statement.authorizations.flatMap((authorization) => {
    const ids = authorization.chain.map((grant) => grantIdOf(grant, registries))
    const last = ids.at(-1)
    const counted = last !== undefined && isCounted(authorization, last, world, registries)
    // What no block counted was judged by the newest block and the clock: the receipt says which.
    if (!counted && block !== statement.decision.block.hash)
      return [makeCheck('grant', 'USE_STATE_OF_OTHER_BLOCK')]
    const then = counted ? world : world.at(statement.decision.at)
    return checkGrantChain(
      authorization,
      beforeUse(authorization, ids, then, registries),
      registries,
    )
  })
  return [
    ...checks,
    checkBy('use', found, () => ({
      code: sameRegistries(statement.registries, registries)
        ? checkUse(
            statement,
            certificate,
            world.at(statement.decision.at),
            registries,
            trust.log.origin,
          )
        : 'USE_REGISTRIES_UNTRUSTED',
    })),
  ]
}

async function openState(
  { states = [] }: Evidence,
  of: StateProof['of'],
  trust: Trust,
  findChain: FindChain,
): Promise<State> {
  const { registries } = trust
  if (registries === undefined) return { code: 'REGISTRIES_NOT_TRUSTED' }
  const proof = states.find((state) => state.of === of)
  if (proof === undefined) return { code: 'STATE_ABSENT', details: { of } }
  try {
    return { world: await openProvenState(proof, registries, trust, findChain), registries }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return { code: error.code, details: { ...error.details, of } }
  }
}

function checkBy(
  check: CheckName,
  state: State,
  step: (state: Exclude<State, Finding>) => Finding,
): Check {
  if ('code' in state) return makeCheck(check, state.code, state.details)
  const found = attemptFinding(() => step(state))
  return 'code' in found
    ? makeCheck(check, found.code, found.details)
    : makeCheck(check, found.value.code, found.value.details)
}

function attemptFinding<T>(step: () => T): { readonly value: T } | Finding {
  try {
    return { value: step() }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return { code: error.code, details: error.details }
  }
}

const skip = (check: CheckName) => makeCheck(check, 'NOT_REACHED')
const notApplicable = (check: CheckName) =>
  makeCheck(check, `${check.toUpperCase()}_NOT_APPLICABLE`)

function sameRegistries(a: Registries, b: Registries): boolean {
  return (
    a.chainId === b.chainId &&
    a.parties === b.parties &&
    a.certificates === b.certificates &&
    a.grants === b.grants
  )
}
