import { z } from 'zod'
import {
  Accreditation,
  Rekeying,
  StandingChange,
  TypesChange,
} from '../../../node/core/acts/acts.ts'
import { SignedAct } from '../../../node/core/acts/acts.ts'
import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import { ROLES } from '../../../node/core/parties/roles.ts'
import { DepartmentDescribed } from '../../../node/core/statements/party.ts'
import { limit, mirrorCursor, moment, next, place, seconds } from '../registered/schema.ts'

const role = z.enum(ROLES)

/** What people call a department; the chain knows its address alone. */
export const DepartmentDescription = DepartmentDescribed.pick({
  name: true,
  region: true,
  code: true,
}).meta({ id: 'DepartmentDescription' })
export type DepartmentDescription = z.infer<typeof DepartmentDescription>

export const Department = z
  .strictObject({
    address: HexAddress,
    ...DepartmentDescription.partial().shape,
    accreditor: HexAddress.optional().meta({ description: 'Absent for the authority' }),
    account: HexAddress.meta({ description: 'By which it acts' }),
    rights: z.array(role).meta({ description: 'Its own; those above it may lack them by now' }),
    everyType: z.boolean().meta({ description: 'Certificates of every type' }),
    types: z.array(z.string()).meta({ description: 'Certificate types permitted by name' }),
    standing: z.enum(['good', 'suspended', 'withdrawn']),
    notBefore: seconds,
    notAfter: seconds,
    accredited: place,
    inForce: z
      .strictObject({
        at: seconds,
        is: z.boolean().meta({ description: 'It and each above it' }),
        roles: z.array(role).meta({ description: 'That it and each above it have' }),
        account: HexAddress,
      })
      .meta({ description: 'How it stands at a moment' }),
  })
  .meta({ id: 'Department' })
export type Department = z.infer<typeof Department>

export const DepartmentPage = z
  .strictObject({ departments: z.array(Department), next })
  .meta({ id: 'DepartmentPage' })
export type DepartmentPage = z.infer<typeof DepartmentPage>

export const Departments = z
  .strictObject({ authority: Department, departments: z.array(Department), next })
  .meta({ id: 'Departments' })
export type Departments = z.infer<typeof Departments>

export const DepartmentQuery = z.strictObject({ at: moment })
export const BelowQuery = z.strictObject({ limit, cursor: mirrorCursor })

export const DepartmentRequest = z
  .strictObject({
    act: SignedAct,
    description: DepartmentDescription.optional().meta({
      description: 'Who it is; from the department that accredits it',
    }),
  })
  .meta({ id: 'DepartmentRequest' })
export type DepartmentRequest = z.infer<typeof DepartmentRequest>

const filled = { accreditor: true, nonce: true } as const
const accreditor = HexAddress.optional().meta({
  description: 'The department that acts; the caller unless given',
})

/** Without its nonce, which is filled in from the chain. */
export const DepartmentPreviewRequest = z
  .strictObject({
    act: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('Accreditation'),
        message: Accreditation.omit(filled).extend({ accreditor }),
      }),
      z.strictObject({
        type: z.literal('TypesChange'),
        message: TypesChange.omit(filled).extend({ accreditor }),
      }),
      z.strictObject({
        type: z.literal('StandingChange'),
        message: StandingChange.omit(filled).extend({ accreditor }),
      }),
      z.strictObject({
        type: z.literal('Rekeying'),
        message: Rekeying.omit(filled).extend({ accreditor }),
      }),
    ]),
  })
  .meta({ id: 'DepartmentPreviewRequest' })
export type DepartmentPreviewRequest = z.infer<typeof DepartmentPreviewRequest>
