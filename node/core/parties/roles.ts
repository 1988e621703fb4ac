/** In the order of the contract's enum: a department's right is bit `1 << index`. */
export const ROLES = ['operator', 'issuer', 'registrar', 'user', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** The right to issue every certificate type, as of PartyRegistry. */
export const EVERY_TYPE = 1 << 5

export function rightTo(role: Role): number {
  return 1 << ROLES.indexOf(role)
}
