import type { Benefit, Condition } from '../catalogue/benefit.ts'
import type { Day } from '../catalogue/day.ts'
import { isMeantFor } from '../catalogue/target.ts'
import type { Holder } from '../statements/parts.ts'
import { judgeCondition } from './conditions.ts'
import type { ConditionResult, EvidenceFields } from './conditions.ts'
import type { BenefitFinding, EvidenceFinding } from './finding.ts'

/** One thing that a subject has of a material type. */
export interface EvidenceCandidate {
  readonly kind: 'certificate' | 'material'
  /** Statement id. */
  readonly id: string
  /** Why it does not count on the day; undefined where it does. */
  readonly because?: string
  /** As far as conditions read them. */
  readonly fields?: EvidenceFields
}

/** By material type, the newest first. */
export type EvidenceCandidates = ReadonlyMap<string, readonly EvidenceCandidate[]>

export interface CheckedFor {
  readonly benefit: Pick<Benefit, 'serviceTarget' | 'evidence' | 'conditions'>
  readonly subject: Holder
  readonly day: Day
}

/** What can be said before anything is looked at; undefined: the evidence has to be. */
export function judgeTarget({ benefit, subject }: CheckedFor): BenefitFinding | undefined {
  return isMeantFor(benefit.serviceTarget, subject)
    ? undefined
    : { qualifies: false, because: 'BENEFIT_TARGET_OTHER', evidence: [], conditions: [] }
}

/**
 * Whether a subject qualifies: evidence of every type is there and counts, and every condition holds. Where there is
 * more than one piece of a type, the newest that all conditions on that type hold for is taken: one has to show all of
 * it.
 */
export function judgeBenefit(checked: CheckedFor, candidates: EvidenceCandidates): BenefitFinding {
  const untargeted = judgeTarget(checked)
  if (untargeted !== undefined) return untargeted
  const { benefit } = checked
  const taken = new Map(
    benefit.evidence.map((material) => [
      material,
      choose(material, candidates.get(material) ?? [], checked),
    ]),
  )
  const evidence = benefit.evidence.map((material) =>
    present(material, taken.get(material), candidates.get(material)?.[0], benefit.conditions),
  )
  const conditions = benefit.conditions.map((condition) =>
    judge(condition, taken.get(placeOf(condition) ?? ''), checked),
  )
  const qualifies =
    evidence.every(({ standing }) => standing === 'valid') &&
    conditions.every((result) => result === 'pass')
  return { qualifies, evidence, conditions }
}

/** Names of the fields that conditions read of a material type. */
export function fieldsRead(conditions: readonly Condition[], material: string): string[] {
  const names = conditions.flatMap((condition) =>
    'left' in condition && condition.left.material === material ? [condition.left.field] : [],
  )
  return [...new Set(names)].toSorted()
}

function choose(
  material: string,
  found: readonly EvidenceCandidate[],
  checked: CheckedFor,
): EvidenceCandidate | undefined {
  const usable = found.filter(({ because }) => because === undefined)
  const own = checked.benefit.conditions.filter((condition) => placeOf(condition) === material)
  const shows = (candidate: EvidenceCandidate): boolean =>
    own.every((condition) => judge(condition, candidate, checked) === 'pass')
  return usable.find(shows) ?? usable[0]
}

function judge(
  condition: Condition,
  candidate: EvidenceCandidate | undefined,
  { subject, day }: CheckedFor,
): ConditionResult {
  return judgeCondition(condition, subject, day, candidate?.fields)
}

function present(
  material: string,
  taken: EvidenceCandidate | undefined,
  newest: EvidenceCandidate | undefined,
  conditions: readonly Condition[],
): EvidenceFinding {
  const seen = taken ?? newest
  if (seen === undefined)
    return { material, standing: 'missing', because: 'BENEFIT_EVIDENCE_MISSING' }
  const { kind, id, because } = seen
  const fields = taken === undefined ? [] : fieldsRead(conditions, material)
  return {
    material,
    standing: taken === undefined ? 'unusable' : 'valid',
    source: { kind, id },
    ...(fields.length > 0 && { fields }),
    ...(because !== undefined && { because }),
  }
}

function placeOf(condition: Condition): string | undefined {
  return 'left' in condition ? condition.left.material : undefined
}
