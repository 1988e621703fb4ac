import { MaterialType } from '../../../node/core/catalogue/materialType.ts'
import { Matter } from '../../../node/core/catalogue/matter.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Candidate } from '../../../node/core/resolution/candidates.ts'
import type { HeldCertificate, HeldMaterial } from '../../../node/core/usability/holding.ts'
import type { Asking, FoundCandidates } from '../../../node/core/resolution/asking.ts'
import type { HeldGrant } from '../../../node/core/resolution/granted.ts'
import { resolve } from '../../../node/core/resolution/resolve.ts'
import type { FieldValue } from '../../../node/core/statements/parts.ts'
import { addressOf, hashOf } from '../../support/registryChain.ts'

/** 2023-08-05T10:00:00+08:00 */
export const NOW = 1_691_200_800
export const TODAY = '2023-08-05'
export const CASE = '001900000100001'
export const PROPERTY = '11100000MB03271699001'
export const LICENCE = '11100000MB0143028R001'
export const ID_CARD = '11100000000013127D001'

export const bureau = addressOf('market regulator')
export const [landlord, coOwner, tenant, agent, stranger] = [
  'landlord',
  'co-owner',
  'tenant',
  'agent',
  'stranger',
].map(hashOf) as [Hex, Hex, Hex, Hex, Hex]

const head = { version: 1, from: '2023-01-01', owner: bureau, duty: '住所登记' }
const field = (name: string, type = 'string', sensitivity = 'L1') => ({
  name,
  label: name,
  type,
  required: true,
  sensitivity,
})
const type = (
  code: string,
  validity: object,
  { fields = [] as object[], reusable = true, ...rest } = {},
) =>
  MaterialType.parse({
    kind: 'materialType',
    code,
    ...head,
    name: code,
    reusable,
    validity,
    retention: '30年',
    formats: ['pdf'],
    maxBytes: 1_000_000,
    sensitivity: 'L2',
    fields,
    ...rest,
  })
const certificateOf = (code: string, certificateType: string) =>
  type(code, { mode: 'CERTIFICATE' }, { certificateType } as object)

export const TYPES = [
  type(
    'FORM',
    { mode: 'SINGLE_USE' },
    {
      reusable: false,
      fields: [field('companyName'), field('newAddress'), field('signedAt', 'date')],
    },
  ),
  type(
    'RESOLUTION',
    { mode: 'DAYS', days: 180, since: 'resolvedAt' },
    { fields: [field('topic'), field('resolvedAt', 'date')] },
  ),
  type('ARTICLES', { mode: 'UNTIL_SUPERSEDED' }),
  type(
    'LEASE',
    { mode: 'UNTIL_DATE', field: 'leaseTo' },
    { fields: [field('lessor'), field('premises'), field('leaseTo', 'date')] },
  ),
  type('PROPERTY', { mode: 'CERTIFICATE' }, {
    certificateType: PROPERTY,
    issuer: head.owner,
  } as object),
  certificateOf('LICENCE_COPY', LICENCE),
  certificateOf('ID_COPY', ID_CARD),
  type('POA', { mode: 'UNTIL_DATE', field: 'validTo' }, { fields: [field('validTo', 'date')] }),
  type('PLEDGE', { mode: 'SINGLE_USE' }, { reusable: false }),
]

const required = (
  material: string,
  exemption: string,
  maxGrantDepth: number,
  { holder = 'APPLICANT', necessity = 'required' } = {},
) => ({ material, exemption, maxGrantDepth, holder, necessity })

export const MATTER = Matter.parse({
  kind: 'matter',
  code: 'CO_ADDR_CHANGE',
  ...head,
  name: '公司变更登记（住所变更）',
  level: 'DISTRICT',
  serviceTarget: 'ORGANISATION',
  crossRegion: false,
  workingDays: 3,
  materials: [
    required('FORM', 'mustSubmit', 0),
    required('RESOLUTION', 'reuse', 1),
    required('ARTICLES', 'reuse', 1),
    required('PROPERTY', 'certificatePull', 3, { holder: 'LANDLORD' }),
    required('LEASE', 'reuse', 2),
    required('LICENCE_COPY', 'certificatePull', 2),
    required('POA', 'mustSubmit', 0, { necessity: 'optional' }),
    required('ID_COPY', 'certificatePull', 1, { holder: 'AGENT', necessity: 'optional' }),
  ],
  rules: [
    {
      id: 'lessor-owns',
      text: '出租方是产权人',
      kind: 'oneOf',
      left: { material: 'LEASE', field: 'lessor' },
      right: { material: 'PROPERTY', field: 'owners' },
    },
    {
      id: 'location-applied',
      text: '坐落与申请住所一致',
      kind: 'equal',
      left: { material: 'PROPERTY', field: 'location' },
      right: { case: 'newAddress' },
    },
    {
      id: 'form-applied',
      text: '申请书与申请住所一致',
      kind: 'equal',
      left: { material: 'FORM', field: 'newAddress' },
      right: { case: 'newAddress' },
    },
  ],
  agency: { allowed: true, maxDepth: 1, kinds: ['111'], proof: 'POA' },
})

export const OTHER_MATTER = Matter.parse({
  ...MATTER,
  code: 'CO_SETUP',
  name: '公司设立登记',
  materials: [
    required('ARTICLES', 'reuse', 3),
    required('LEASE', 'mustSubmit', 0),
    required('PLEDGE', 'commitment', 0),
  ],
  rules: [],
  agency: { allowed: false },
})

let next = 100
export function material(
  of: string,
  {
    id = `m-${next}`,
    index = next++,
    at = '2023-06-01T02:00:00.000Z',
    holders = [tenant],
    submitter = 'permits',
    fields,
    caseCode,
    ...rest
  }: Partial<HeldMaterial> & Partial<Omit<NonNullable<HeldMaterial['material']>, 'type'>> = {},
): HeldMaterial {
  return {
    kind: 'material',
    index,
    at,
    material: {
      id,
      type: of,
      holders,
      submitter,
      ...(fields && { fields }),
      ...(caseCode && { caseCode }),
    },
    ...rest,
  }
}

export function certificate(of: string, changes: Partial<HeldCertificate> = {}): HeldCertificate {
  const index = next++
  return {
    kind: 'certificate',
    id: `certificate-${index}`,
    index,
    at: '2021-05-18T02:00:00.000Z',
    type: of,
    holders: [landlord],
    status: 0,
    validFrom: 1_621_267_200,
    ...changes,
  }
}

type Opened = NonNullable<HeldGrant['opened']>
export function grant(
  items: Opened['items'],
  { matter = 'CO_ADDR_CHANGE', ...changes }: Partial<HeldGrant> & { matter?: string } = {},
): HeldGrant {
  return {
    grant: hashOf(`grant ${next++}`),
    length: 1,
    left: Infinity,
    opened: { items, purposes: [{ matter, department: bureau }] },
    ...changes,
  }
}

export const found = (...items: Candidate[]): FoundCandidates => ({
  items,
  more: false,
})

/** A tenant that wants to move, and whatever a test says of it. */
export function asking(changes: Partial<Asking> = {}): Asking {
  return {
    matters: [MATTER],
    types: new Map(TYPES.map((one) => [one.code, one])),
    day: TODAY,
    time: NOW,
    caseCodes: new Set([CASE]),
    fields: { newAddress: '杨浦区示例路100号8层' },
    parties: { APPLICANT: [tenant], LANDLORD: [landlord] },
    department: bureau,
    region: '310110',
    candidates: new Map(),
    grants: new Map(),
    ...changes,
  }
}

export type Faces = Readonly<Record<string, { readonly [name: string]: FieldValue }>>

const mask = (value: FieldValue, sensitivity: string) =>
  sensitivity < 'L3' ? value : `masked ${sensitivity}`

/** With `faces` of certificates, by id; values are masked by their sensitivity's name. */
export function resolved(asked: Asking, faces: Faces = {}) {
  const fieldsOf = (candidate: Candidate) =>
    candidate.kind === 'material' ? candidate.material?.fields : faces[candidate.id]
  const resolution = resolve(asked, { fieldsOf, mask })
  const get = (code: string) => {
    const one = resolution.materials.find((each) => each.material === code)
    if (one === undefined) throw new Error(`${code} is not asked for`)
    return one
  }
  return { ...resolution, get }
}
