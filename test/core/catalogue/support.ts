import { LedgerError } from '../../../node/core/errors.ts'
import type { EntryOf } from '../../../node/core/catalogue/entry.ts'
import type { TypeField } from '../../../node/core/catalogue/typeField.ts'

export const OWNER = `0x${'11'.repeat(20)}` as const

const head = { version: 1, from: '2023-01-01', owner: OWNER, duty: '市场主体登记' }

export function materialType(
  changes: Partial<EntryOf<'materialType'>> = {},
): EntryOf<'materialType'> {
  return {
    kind: 'materialType',
    code: 'LEASE',
    ...head,
    name: '房屋租赁合同',
    reusable: true,
    validity: { mode: 'LONG_TERM' },
    retention: '30年',
    formats: ['pdf'],
    maxBytes: 1_000_000,
    sensitivity: 'L2',
    fields: [],
    ...changes,
  }
}

export function certificateType(
  changes: Partial<EntryOf<'certificateType'>> = {},
): EntryOf<'certificateType'> {
  return {
    kind: 'certificateType',
    ...head,
    code: '11310110MBDEM0082K902',
    name: '小餐饮备案证',
    holderCodeType: '001',
    multiHolder: false,
    validity: { mode: 'YEARS', years: 3 },
    fields: [
      field('certificateNumber'),
      field('issuerCode'),
      field('validFrom', 'date'),
      field('validTo', 'date', { required: false }),
      field('premises'),
    ],
    ...changes,
  }
}

export function field(
  name: string,
  type: TypeField['type'] = 'string',
  rest: Partial<TypeField> = {},
): TypeField {
  return { name, label: name, type, required: true, sensitivity: 'L1', ...rest }
}

export function matter(changes: Partial<EntryOf<'matter'>> = {}): EntryOf<'matter'> {
  return {
    kind: 'matter',
    code: 'CO_ADDR_CHANGE',
    ...head,
    name: '公司变更登记（住所变更）',
    level: 'DISTRICT',
    serviceTarget: 'ORGANISATION',
    crossRegion: false,
    materials: [],
    rules: [],
    agency: { allowed: false },
    ...changes,
  }
}

export function required(
  material: string,
  rest: Partial<EntryOf<'matter'>['materials'][number]> = {},
): EntryOf<'matter'>['materials'][number] {
  return {
    material,
    necessity: 'required',
    holder: 'APPLICANT',
    exemption: 'reuse',
    maxGrantDepth: 1,
    ...rest,
  }
}

export function theme(matters: string[], code = 'OPEN_SHOP'): EntryOf<'theme'> {
  return { kind: 'theme', code, ...head, name: '开饭店一件事', matters }
}

export function benefit(changes: Partial<EntryOf<'benefit'>> = {}): EntryOf<'benefit'> {
  return {
    kind: 'benefit',
    code: 'BENEFIT_01',
    ...head,
    name: '配套资金拨付',
    level: 'DISTRICT',
    serviceTarget: 'ORGANISATION',
    mode: 'DIRECT',
    period: 'YEAR',
    evidence: [],
    conditions: [],
    ...changes,
  }
}

export function system(changes: Partial<EntryOf<'system'>> = {}): EntryOf<'system'> {
  return {
    kind: 'system',
    code: 'REGISTRATION',
    ...head,
    name: '登记系统',
    purpose: '办理登记',
    protection: 3,
    materials: [],
    matters: [],
    ...changes,
  }
}

/** What a call throws; undefined when it throws nothing. */
export function errorOf(call: () => unknown): LedgerError | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
}

export const codesOf = (call: () => unknown) => errorOf(call)?.code

/** Pointers of what a schema does not take. */
export function issuesOf(call: () => unknown): string[] {
  const issues = errorOf(call)?.details['issues'] as { readonly pointer: string }[] | undefined
  return (issues ?? []).map(({ pointer }) => pointer)
}
