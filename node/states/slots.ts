import type { Hex } from '../core/ethereum/hex.ts'
import {
  accountCountSlot,
  accountSlot,
  bindingSlot,
  departmentSlot,
  epochSlot,
  grantStateSlot,
  statusPageSlot,
  typeSlot,
} from '../core/ethereum/slots.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { Authorization } from '../core/uses/documents.ts'
import type { Slots } from './stateProofs.ts'

/** What the mirror tells of a department, as far as its slots depend on it. */
export interface DepartmentPaths {
  /** Undefined for the authority, and for what is no department. */
  accreditorOf(department: Hex): Hex | undefined
  /** How often it changed its account. */
  rekeyingsOf(department: Hex): number
}

/** Slots that decide a use: see `SlotWorld`. `ids` of the grants of each authorization, root first. */
export function slotsOfUse(
  authorizations: readonly Authorization[],
  ids: readonly (readonly Hex[])[],
  certificate: { readonly id: Hex; readonly changes: number } | undefined,
  registries: Registries,
  paths: DepartmentPaths,
): Slots {
  const parties = new Set<Hex>()
  const grants = new Set<Hex>()
  for (const [i, { chain, use }] of authorizations.entries()) {
    for (const grant of ids[i] ?? []) grants.add(grantStateSlot(grant))
    for (const { grantor } of chain) grants.add(epochSlot(grantor))
    const [root, last] = [chain[0], chain.at(-1)]
    if (root) parties.add(bindingSlot(root.holder, root.grantor))
    for (const slot of accreditationSlots(use.user, undefined, paths)) parties.add(slot)
    if (last && last.grantee !== use.user)
      for (const slot of accountSlots(last.grantee, paths)) parties.add(slot)
  }
  return new Map([
    [registries.grants, [...grants]],
    [registries.parties, [...parties]],
    ...(certificate ? [[registries.certificates, statusSlots(certificate)] as const] : []),
  ])
}

/** Slots that decide who may issue a certificate of a type. */
export function slotsOfIssuer(
  issuer: Hex,
  certificateType: Hex,
  registries: Registries,
  paths: DepartmentPaths,
): Slots {
  return new Map([[registries.parties, accreditationSlots(issuer, certificateType, paths)]])
}

/** Slots that tell how a certificate stands. */
export function slotsOfStatus(
  certificate: { readonly id: Hex; readonly changes: number },
  registries: Registries,
): Slots {
  return new Map([[registries.certificates, statusSlots(certificate)]])
}

/** The slot that tells whether an account speaks for a holder. */
export function slotsOfBinding(holder: Hex, account: Hex, registries: Registries): Slots {
  return new Map([[registries.parties, [bindingSlot(holder, account)]]])
}

function statusSlots({ id, changes }: { readonly id: Hex; readonly changes: number }): Hex[] {
  const PER_PAGE = 4
  const pages = Math.max(1, Math.ceil(changes / PER_PAGE))
  return Array.from({ length: pages }, (_, page) => statusPageSlot(id, page))
}

/** From the department up to the authority, with the types on the way, and the account it acts by. */
function accreditationSlots(
  department: Hex,
  certificateType: Hex | undefined,
  paths: DepartmentPaths,
): Hex[] {
  const slots = accountSlots(department, paths)
  for (let at: Hex | undefined = department; at !== undefined; at = paths.accreditorOf(at)) {
    slots.push(departmentSlot(at))
    if (certificateType !== undefined) slots.push(typeSlot(at, certificateType))
  }
  return [...new Set(slots)]
}

function accountSlots(account: Hex, paths: DepartmentPaths): Hex[] {
  const rekeyings = paths.rekeyingsOf(account)
  const slots = [departmentSlot(account)]
  if (rekeyings > 0) slots.push(accountCountSlot(account), accountSlot(account, rekeyings - 1))
  return slots
}

/** Paths as a mirror of the chain tells them. */
export function pathsBy(departments: {
  find(
    department: Hex,
  ): { readonly accreditor: Hex | undefined; readonly rekeyings: number } | undefined
}): DepartmentPaths {
  return {
    accreditorOf: (department) => departments.find(department)?.accreditor,
    rekeyingsOf: (department) => departments.find(department)?.rekeyings ?? 0,
  }
}
