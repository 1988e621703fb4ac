import type { CaseRecord } from '../../../node/cases/cases.ts'
import { nextStage } from '../../../node/core/cases/stages.ts'
import type { Case } from './schema.ts'

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
