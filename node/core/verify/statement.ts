import type { Evidence } from '../evidence.ts'
import { isReceipt } from '../statements/check.ts'
import type { UseReceipt } from '../statements/check.ts'
import type { Trust } from '../trust.ts'
import { makeCheck } from '../verdict.ts'
import type { Check, CheckName } from '../verdict.ts'
import type { FindChain } from './anchor.ts'
import { checkIssuer, checkStatus } from './certificate.ts'
import { attemptFinding, checkBy } from './finding.ts'
import type { Finding } from './finding.ts'
import { checkGrants } from './grant.ts'
import { openCertificate } from './opened.ts'
import type { OpenedCertificate } from './opened.ts'
import { NEAR } from './provenState.ts'
import { openStates } from './states.ts'
import type { FindState, State } from './states.ts'
import { checkUndertaking } from './undertaking.ts'
import { checkUse } from './use.ts'
import type { Logged } from './use.ts'

export interface StatementOptions {
  readonly findChain: FindChain
  /** Seconds since 1970. */
  readonly at?: number
}

/** The checks `issuer`, `status`, `grant` (one for each hop) and `use`, as far as they apply to the statement. */
export async function checkStatement(
  evidence: Evidence,
  trust: Trust,
  { findChain, at }: StatementOptions,
): Promise<Check[]> {
  const { statement } = evidence
  if (statement.kind === 'use.refused')
    return [...notApplicable('issuer', 'status', 'grant'), makeCheck('use', 'USE_REFUSED')]
  if (statement.kind === 'undertaking.given') {
    const states = await openStates(evidence, trust, findChain)
    return [
      checkIn('issuer', states('sign'), (state) =>
        checkUndertaking(statement, state, loggedIn(evidence, trust)),
      ),
      ...notApplicable('status', 'grant', 'use'),
    ]
  }
  if (statement.kind !== 'certificate.issued' && !isReceipt(statement))
    return notApplicable('issuer', 'status', 'grant', 'use')
  const opened = attemptFinding(() => openCertificate(evidence))
  const isUse = isReceipt(statement)
  if ('code' in opened)
    return [
      makeCheck('issuer', opened.code, opened.details),
      skip('status'),
      ...(isUse ? [skip('grant'), skip('use')] : notApplicable('grant', 'use')),
    ]
  const states = await openStates(evidence, trust, findChain)
  return isUse
    ? checkReceipt(statement, opened.value, states, loggedIn(evidence, trust), at)
    : [...checkCertificate(opened.value, states, at), ...notApplicable('grant', 'use')]
}

function checkCertificate(
  certificate: OpenedCertificate | undefined,
  states: FindState,
  at: number | undefined,
): Check[] {
  if (certificate === undefined) return notApplicable('issuer', 'status')
  return [
    checkIn('issuer', states('issue'), (state) => checkIssuer(certificate, state)),
    checkIn('status', states('status'), ({ proven }) =>
      // Unless somebody asks about a time: how it stood last, as far as is proven.
      checkStatus(certificate, proven, { at: at ?? Math.max(proven.until, certificate.at) }),
    ),
  ]
}

function checkReceipt(
  receipt: UseReceipt,
  certificate: OpenedCertificate | undefined,
  states: FindState,
  logged: Logged,
  at: number | undefined,
): Check[] {
  const used = states('use')
  const issued =
    certificate === undefined
      ? notApplicable('issuer', 'status')
      : [
          checkIn('issuer', states('issue'), (state) => checkIssuer(certificate, state)),
          checkIn('status', used, ({ proven }) =>
            // Unless somebody asks about a time: how it stood when it was used.
            at === undefined
              ? checkStatus(certificate, proven, { at: receipt.decision.at, slack: NEAR })
              : checkStatus(certificate, proven, { at }),
          ),
        ]
  if ('code' in used) return [...issued, makeCheck('grant', used.code, used.details), skip('use')]
  const { proven, registries } = used
  return [
    ...issued,
    ...checkGrants(receipt, proven, registries),
    checkBy('use', () => ({
      code: checkUse(receipt, certificate, proven.world, registries, logged),
    })),
  ]
}

function loggedIn({ entry }: Evidence, { log }: Trust): Logged {
  return { origin: log.origin, loggedAt: Math.floor(Date.parse(entry.at) / 1000) }
}

function checkIn(
  check: CheckName,
  state: State,
  step: (state: Exclude<State, Finding>) => Finding,
): Check {
  return 'code' in state
    ? makeCheck(check, state.code, state.details)
    : checkBy(check, () => step(state))
}

const skip = (check: CheckName) => makeCheck(check, 'NOT_REACHED')
const notApplicable = (...checks: CheckName[]) =>
  checks.map((check) => makeCheck(check, `${check.toUpperCase()}_NOT_APPLICABLE`))
