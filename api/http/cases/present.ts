import type { CaseRecord } from '../../../node/cases/cases.ts'
import { nextStage } from '../../../node/core/cases/stages.ts'
import type { Reused } from '../../../node/reuse/reuse.ts'
import { presentProblem } from '../errors.ts'
import type { Case, ReusedMaterials } from './schema.ts'

export function presentCase({ index, at, statement, stages }: CaseRecord): Case {
  const { v: _, id: __, kind: ___, ...opened } = statement
  const next = nextStage(stages.map((logged) => logged.statement))
  return {
    ...opened,
    index,
    at,
    stages: stages.map((logged) => {
      const { stage, by, outcome, note } = logged.statement
      return {
        stage,
        index: logged.index,
        at: logged.at,
        by,
        ...(outcome && { outcome }),
        ...(note !== undefined && { note }),
      }
    }),
    ...(next && { next }),
  }
}

export function presentReused(reused: Reused): ReusedMaterials['materials'][number] {
  const { material } = reused
  if ('refused' in reused)
    return { material, result: 'refused', problem: presentProblem(reused.refused) }
  const { use, index, created, answers, crossing } = reused
  const told = answers === undefined ? {} : { answers: [...answers] }
  return { material, result: 'released', use, index, created, ...told, crossing: { ...crossing } }
}
