import fc from 'fast-check'
import { ACT_TYPES, arbitraryAct, GRANT } from '../core/acts/support.ts'

// A statement of every kind but those of certificates and uses, with all that it may say.

const word = (byte: string) => `0x${byte.repeat(32)}`
const account = (byte: string) => `0x${byte.repeat(20)}`
const content = {
  digests: [`sha-256:${'ab'.repeat(32)}`],
  size: 3,
  mediaType: 'application/json',
  kept: 'here',
}
const registries = {
  chainId: 31337,
  parties: account('a1'),
  certificates: account('a2'),
  grants: account('a3'),
}
const decided = { material: 'licence', index: 7, reason: '有误', by: 'permits' }
const BESIDE: Readonly<Record<string, object>> = {
  Rekeying: { accountSignature: word('22') },
  Grant: { chain: [GRANT] },
  Revocation: { chain: [GRANT] },
  Use: { chain: [GRANT], granteeSignature: word('33') },
  Accreditation: { accountSignature: word('44') },
}

export const MATERIALS_AND_PARTIES: readonly object[] = [
  {
    kind: 'material.submitted',
    type: 'LEASE',
    content,
    submitter: 'permits',
    title: '租赁合同',
    holder: { codeType: '001', code: '91310110MADEM0011Y' },
    fields: { area: 120, rooms: ['1', '2'], shared: false },
    caseCode: '310110202300001',
    certificateIdentifier: '1.2.156.3005.2',
    supersedes: 'older',
    channel: 'counter',
    receiptMode: 3,
    reason: '原件',
    catalogue: { version: 2 },
    recognised: { certificateType: '11310110MBDEM0082K902', version: 3, region: '320500' },
    quarantine: { code: 'NAME_DIFFERS' },
  },
  { kind: 'material.withdrawn', ...decided },
  { kind: 'material.released', ...decided },
  { kind: 'material.rejected', ...decided },
  { kind: 'material.erased', ...decided, legalBasis: '第四十七条', supersedes: 'older' },
  {
    kind: 'department.described',
    department: account('b1'),
    name: '市场监督管理局',
    region: '310110',
    code: '11310110MBDEM0082K',
    by: account('b2'),
  },
  {
    kind: 'holder.registered',
    holder: word('c1'),
    salt: word('c2'),
    codeType: '001',
    code: '91310110MADEM0011Y',
    name: '示例公司',
    registrar: account('b1'),
  },
  { kind: 'grant.shown', grant: word('d1'), content },
]

export const ACTS: readonly object[] = ACT_TYPES.map((type) => {
  const [act] = fc.sample(arbitraryAct(type), { numRuns: 1, seed: 7 })
  const signed = { ...act, signature: word('11'), ...BESIDE[type] }
  return { kind: 'act.signed', registries, act: signed, note: '急', by: 'city' }
})

const head = { version: 2, from: '2024-02-29', owner: account('b1'), duty: '不动产登记' }

export const LEASE_TYPE = {
  kind: 'materialType',
  code: 'LEASE',
  ...head,
  name: '租赁合同',
  category: '合同',
  catalogueCode: 'M-7',
  source: 'APPLICANT',
  issuer: account('b2'),
  certificateType: '11100000000012135D001',
  reusable: true,
  validity: { mode: 'DAYS', days: 90, since: 'leaseFrom' },
  retention: '30年',
  formats: ['pdf', 'jpg'],
  maxBytes: 1_000_000,
  sensitivity: 'L2',
  fields: [
    { name: 'leaseFrom', label: '起', type: 'date', required: true, sensitivity: 'L1' },
    {
      name: 'tenant',
      label: '承租人',
      type: 'string',
      required: false,
      sensitivity: 'L3',
      pattern: '^9',
      enum: ['甲', '乙'],
      check: 'uscc',
    },
  ],
}

const ON_EVERY_FACE = [
  { name: 'certificateNumber', label: '编号', type: 'string', required: true, sensitivity: 'L4' },
  { name: 'issuerCode', label: '机关', type: 'string', required: true, sensitivity: 'L1' },
  { name: 'validFrom', label: '起', type: 'date', required: true, sensitivity: 'L1' },
  {
    name: 'validTo',
    label: '止',
    type: 'date',
    required: false,
    sensitivity: 'L1',
    longTerm: true,
  },
]

const PERMIT_TYPE = {
  kind: 'certificateType',
  ...head,
  code: '11310110MBDEM0082K902',
  name: '备案证',
  holderCodeType: '001',
  multiHolder: true,
  validity: { mode: 'YEARS', years: 3, options: [3, '长期'] },
  fields: ON_EVERY_FACE,
  industries: ['H'],
  recognised: [{ region: '320000', type: '11320000MBDEM0322P001' }],
}

export const LICENCE_MATTER = {
  kind: 'matter',
  code: 'LICENCE',
  ...head,
  name: '食品经营许可',
  type: '行政许可',
  level: 'DISTRICT',
  serviceTarget: 'BOTH',
  industries: ['F52', 'H621', 'H6210'],
  crossRegion: false,
  workingDays: 10,
  basicCode: '000131010000',
  implementationCode: 'A'.repeat(31),
  handlingItemCode: 'B'.repeat(33),
  benefit: 'SUBSIDY',
  materials: [
    {
      material: 'LEASE',
      necessity: 'required',
      holder: 'APPLICANT',
      exemption: 'reuse',
      maxGrantDepth: 3,
      plain: ['tenant'],
    },
    {
      material: 'DEED',
      necessity: 'later',
      holder: 'LANDLORD_OF_ALL',
      exemption: 'certificatePull',
      maxGrantDepth: 0,
    },
    {
      material: 'PLEDGE',
      necessity: 'required',
      holder: 'APPLICANT',
      exemption: 'commitment',
      maxGrantDepth: 0,
      undertaking: { text: '本人承诺：属实。', days: 30 },
    },
    {
      material: 'CARD',
      necessity: 'optional',
      holder: 'APPLICANT',
      exemption: 'dataCheck',
      maxGrantDepth: 1,
      questions: [
        { kind: 'validOn' },
        { kind: 'ageAtLeast', field: 'birthDate', years: 65 },
        { kind: 'is', field: 'place', value: '示例路' },
      ],
    },
  ],
  rules: [
    {
      id: 'same-place',
      text: '地址一致',
      kind: 'equal',
      left: { material: 'LEASE', field: 'place' },
      right: { material: 'DEED', field: 'location' },
    },
    {
      id: 'asked',
      text: '与申请一致',
      kind: 'oneOf',
      left: { material: 'DEED', field: 'location' },
      right: { case: 'place' },
    },
  ],
  agency: { allowed: true, maxDepth: 2, kinds: ['001', '111'], proof: 'LEASE' },
}

export const SUBSIDY = {
  kind: 'benefit',
  code: 'SUBSIDY',
  ...head,
  name: '高龄津贴',
  level: 'STREET',
  serviceTarget: 'PERSON',
  mode: 'CONFIRM',
  status: 'NEW',
  period: 'QUARTER',
  evidence: ['LEASE', 'DEED'],
  conditions: [
    { kind: 'ageAtLeast', text: '满八十', years: 80 },
    {
      kind: 'oneOf',
      text: '在本区',
      left: { material: 'LEASE', field: 'place' },
      values: ['甲', -3, true],
    },
    { kind: 'atLeast', text: '够大', left: { material: 'DEED', field: 'area' }, value: -5 },
  ],
  plain: [{ material: 'DEED', field: 'area' }],
}

const publish = (entry: object) => ({ kind: 'catalogue.published', entry, by: 'permits' })

export const CATALOGUE: readonly object[] = [
  PERMIT_TYPE,
  { ...PERMIT_TYPE, validity: { mode: 'ANNUAL_REVIEW' } },
  LEASE_TYPE,
  { ...LEASE_TYPE, validity: { mode: 'UNTIL_DATE', field: 'leaseFrom' } },
  { ...LEASE_TYPE, validity: { mode: 'CERTIFICATE' } },
  LICENCE_MATTER,
  { ...LICENCE_MATTER, agency: { allowed: false } },
  { kind: 'theme', code: 'OPENING', ...head, name: '开饭店一件事', matters: ['LICENCE', 'SIGN'] },
  SUBSIDY,
  {
    kind: 'system',
    code: 'ONE-NET',
    ...head,
    name: '一网通办',
    purpose: '受理',
    protection: 3,
    materials: ['LEASE'],
    matters: ['LICENCE'],
  },
].map(publish)

const code = '310110202300001'
const look = {
  benefit: { code: 'SUBSIDY', version: 2 },
  subject: { codeType: '111', code: '11010519491231002X' },
  period: '2023-Q3',
  day: '2023-08-05',
  by: account('b1'),
  officer: '王芳',
  batch: 'august',
  finding: {
    qualifies: true,
    because: 'BENEFIT_NOT_TARGETED',
    evidence: [
      {
        material: 'LEASE',
        standing: 'unusable',
        source: { kind: 'material', id: 'lease-2023' },
        fields: ['place'],
        because: 'MATERIAL_EXPIRED',
      },
    ],
    conditions: ['pass', 'unknown'],
  },
}
const { benefit, subject, period } = look
const whose = { benefit, subject, period }

export const REQUEST = {
  kind: 'request.made',
  case: code,
  holder: word('c1'),
  grantee: account('b1'),
  materials: ['LEASE'],
  items: [
    { material: 'lease-2023', fields: ['place', 'tenant'], plain: ['tenant'], may: 'copy' },
    { certificateType: '11100000000012135D001', fields: ['location'], may: 'read' },
  ],
  purposes: [{ matter: 'LICENCE', department: account('b1'), region: '310110' }],
  notAfter: 1_700_000_000,
  uses: 1,
  depth: 2,
  reason: '用于许可',
  expires: 1_690_000_000,
}

export const UNDERTAKING = {
  kind: 'undertaking.given',
  registries,
  undertaking: {
    holder: word('c1'),
    by: word('c2'),
    account: account('b3'),
    caseCode: code,
    matter: 'LICENCE',
    version: 2,
    material: 'LEASE',
    role: 'APPLICANT',
    text: '现承诺：已具备该材料。',
    due: '2023-09-01',
    audience: word('d2'),
  },
  signature: word('22'),
  acceptedBy: account('b1'),
}

export const CASES_AND_BENEFITS: readonly object[] = [
  {
    kind: 'case.opened',
    case: code,
    matter: { code: 'LICENCE', version: 2 },
    day: '2023-08-05',
    applicant: word('c1'),
    agents: [word('c2'), word('c3')],
    parties: { LANDLORD: [word('c4'), word('c5')] },
    channel: 'counter',
    theme: 'OPENING',
    bundle: code,
    fields: { place: '示例路', area: 120 },
    acceptedBy: account('b1'),
    decidedBy: account('b2'),
  },
  { kind: 'case.staged', case: code, stage: 'reviewed', by: account('b2'), note: '齐全' },
  { kind: 'case.staged', case: code, stage: 'decided', by: account('b2'), outcome: 'refused' },
  REQUEST,
  { kind: 'request.approved', request: 'request-1', by: account('b3'), grant: word('d1') },
  { kind: 'request.declined', request: 'request-1', by: account('b3'), reason: '不需要' },
  UNDERTAKING,
  { ...UNDERTAKING, undertaking: { ...UNDERTAKING.undertaking, due: '' } },
  {
    kind: 'undertaking.checked',
    undertaking: 'undertaking-1',
    result: 'broken',
    reason: '逾期未补交',
    officer: '王芳',
    by: account('b2'),
  },
  { kind: 'benefit.checked', ...look },
  {
    kind: 'benefit.confirmed',
    ...whose,
    confirmation: { way: 'account', holder: word('c1'), account: account('b3') },
  },
  {
    kind: 'benefit.confirmed',
    ...whose,
    confirmation: { way: 'department', by: account('b1'), officer: '王芳', reference: 'R-1' },
  },
  { kind: 'benefit.granted', ...look, confirmed: 'benefit-1' },
]

/** Wrong in what their members have to do with one another, or by the name of a member. */
export const WRONG: readonly (readonly [title: string, statement: object])[] = [
  ...(
    [
      ['two fields of one name', { fields: [...LEASE_TYPE.fields, LEASE_TYPE.fields[0]] }],
      ['validity by a field that is not there', { fields: [] }],
      [
        'validity by a field that is no date',
        { validity: { mode: 'DAYS', days: 1, since: 'tenant' } },
      ],
      [
        'validity by no certificate',
        { validity: { mode: 'CERTIFICATE' }, certificateType: undefined },
      ],
      ['a single use that is reusable', { validity: { mode: 'SINGLE_USE' } }],
      ['a day that is none', { from: '2023-02-29' }],
      ['a format twice', { formats: ['pdf', 'pdf'] }],
    ] as const
  ).map(([title, part]) => [title, publish({ ...LEASE_TYPE, ...part })] as const),
  ...(
    [
      [
        'a material asked for twice',
        { materials: [...LICENCE_MATTER.materials, LICENCE_MATTER.materials[0]] },
      ],
      [
        'an undertaking where the way is none',
        { materials: LICENCE_MATTER.materials.map((one) => ({ ...one, undertaking: {} })) },
      ],
      [
        'a data check without questions',
        { materials: [{ ...LICENCE_MATTER.materials[0], exemption: 'dataCheck' }], rules: [] },
      ],
      [
        'questions about what is shown',
        {
          materials: LICENCE_MATTER.materials.map((one) => ({
            ...one,
            questions: [{ kind: 'validOn' }],
          })),
        },
      ],
      [
        'plain fields of what is only checked',
        {
          materials: LICENCE_MATTER.materials.map((one) =>
            one.material === 'CARD' ? { ...one, plain: ['place'] } : one,
          ),
        },
      ],
      ['an industry twice', { industries: ['H62', 'H62'] }],
      ['no industry', { industries: [] }],
      ...['H6', 'H63', 'H60', 'U', 'h62', 'H62105', 'A00', 'T98'].map(
        (wrong) => [`an industry of ${wrong}`, { industries: [wrong] }] as const,
      ),
      ['a rule twice', { rules: [...LICENCE_MATTER.rules, LICENCE_MATTER.rules[0]] }],
      ['a rule about what is not asked for', { materials: [] }],
      [
        'a role with a gap',
        { materials: [{ ...LICENCE_MATTER.materials[0], holder: 'A__B' }], rules: [] },
      ],
    ] as const
  ).map(([title, part]) => [title, publish({ ...LICENCE_MATTER, ...part })] as const),
  ['a face without a number', publish({ ...PERMIT_TYPE, fields: ON_EVERY_FACE.slice(1) })],
  [
    'a field named like a claim',
    publish({ ...PERMIT_TYPE, fields: [...ON_EVERY_FACE, { ...ON_EVERY_FACE[0], name: 'iss' }] }),
  ],
  [
    'a region twice',
    publish({ ...PERMIT_TYPE, recognised: [1, 2].map(() => PERMIT_TYPE.recognised[0]) }),
  ],
  ['a certificate type of no code', publish({ ...PERMIT_TYPE, code: 'PERMIT' })],
  ['a condition about no evidence', publish({ ...SUBSIDY, evidence: ['DEED'] })],
  ['a field in clear of no evidence', publish({ ...SUBSIDY, evidence: ['LEASE'], conditions: [] })],
  [
    'an outcome of no decision',
    { kind: 'case.staged', case: code, stage: 'issued', by: account('b2'), outcome: 'granted' },
  ],
  [
    'a decision without outcome',
    { kind: 'case.staged', case: code, stage: 'decided', by: account('b2') },
  ],
  ...['APPLICANT', 'AGENT', 'landlord', 'X'.repeat(33)].map(
    (role) =>
      [
        `a party as ${role}`,
        { ...CASES_AND_BENEFITS[0], parties: { [role]: [word('c1')] } },
      ] as const,
  ),
  ['the same agent twice', { ...CASES_AND_BENEFITS[0], agents: [word('c2'), word('c2')] }],
  [
    'seventeen parts',
    {
      ...CASES_AND_BENEFITS[0],
      parties: Object.fromEntries(
        'ABCDEFGHIJKLMNOPQ'.split('').map((role) => [role, [word('c1')]]),
      ),
    },
  ],
  ['an item asked for twice', { ...REQUEST, items: [REQUEST.items[0], REQUEST.items[0]] }],
  [
    'a field in clear that is not asked for',
    { ...REQUEST, items: [{ ...REQUEST.items[0], fields: ['place'] }] },
  ],
  [
    'a grant without qualification',
    { kind: 'benefit.granted', ...look, finding: { ...look.finding, qualifies: false } },
  ],
  ...['2023-13', '2023-Q5', '2023-00', 'ONCE', '23'].map(
    (wrong) =>
      [`the period ${wrong}`, { kind: 'benefit.granted', ...look, period: wrong }] as const,
  ),
  ['a member by the name of one of JavaScript’s own', { ...REQUEST, constructor: 1 }],
]
