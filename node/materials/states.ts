import type { MaterialCode } from '../core/usability/usability.ts'
import type { Ended } from '../core/usability/material.ts'

/** How a material may stand. */
export const MATERIAL_STATES = [
  'current',
  'superseded',
  'withdrawn',
  'quarantined',
  'rejected',
  'erased',
] as const
export type MaterialState = (typeof MATERIAL_STATES)[number]

/** Whether a material may be used, and what stands in the way. */
export interface Standing {
  readonly state: MaterialState
  /** Id of the statement that ended its use: the newer material, the withdrawal, the rejection. */
  readonly by?: string
  /** RFC 3339, when that was logged. */
  readonly since?: string
  /** What is wrong with one in quarantine. */
  readonly code?: string
}

export const CURRENT: Standing = { state: 'current' }
export const ERASED: Standing = { state: 'erased' }

/** Why a material is not to be used, whatever its type says; undefined while it is current. */
const ENDED: Readonly<Record<MaterialState, MaterialCode | undefined>> = {
  current: undefined,
  superseded: 'MATERIAL_SUPERSEDED',
  withdrawn: 'MATERIAL_WITHDRAWN',
  quarantined: 'MATERIAL_QUARANTINED',
  rejected: 'MATERIAL_REJECTED',
  erased: 'MATERIAL_ERASED',
}

/** What usability goes by of how a material stands; undefined while it is current. */
export function endOf({ state, by, since }: Standing): Ended | undefined {
  const code = ENDED[state]
  if (code === undefined) return undefined
  return { code, ...(by !== undefined && { by }), ...(since !== undefined && { at: since }) }
}
