import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import type { CatalogueReader } from '../../node/catalogue/catalogue.ts'
import type { Certificates } from '../../node/certificates/certificates.ts'
import type { PartyDirectory } from '../../node/parties/directory.ts'
import { dayOf } from '../../node/core/catalogue/day.ts'
import type { Day } from '../../node/core/catalogue/day.ts'
import type { MaterialType } from '../../node/core/catalogue/materialType.ts'
import type { FieldValue } from '../../node/core/statements/parts.ts'
import { Subjects } from '../../node/uses/subjects.ts'
import type { FoundSubject } from '../../node/uses/subjects.ts'
import { codeOf } from '../support/codes.ts'
import { LEASE, openBank, openMemory, TENANT, TestTypes } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const HOLDER = `0x${'ab'.repeat(32)}` as const
const CASE = '310110202600001'
const SAID = { reason: 'looked at', by: 'permits' }

describe('a use of a material', () => {
  let bank: Bank
  let subjects: Subjects
  let types: TestTypes
  /** Today, as the bank has it. */
  let day: Day
  beforeEach(async () => {
    bank = await openBank(await openMemory())
    types = new TestTypes()
    day = dayOf(Date.now())
    subjects = new Subjects({
      certificates: {} as Certificates,
      materials: bank.materials,
      directory: { holdersWithCode: async () => [{ holder: HOLDER }] } as unknown as PartyDirectory,
      catalogue: types as Pick<CatalogueReader, 'find'>,
      dayOf: async () => '2026-11-23',
    })
  })
  afterEach(() => bank.close())

  /** For a case of today, on a day. */
  const requireUsable = (found: FoundSubject, on = day) =>
    subjects.requireUsable(found, CASE, {
      time: Date.parse(`${on}T12:00:00+08:00`) / 1000,
      caseCodes: new Set([CASE]),
    })
  const submit = async (rest = {}) =>
    (await bank.submit({ holder: TENANT, ...rest }, randomBytes(20))).id
  const refusal = (id: string) =>
    codeOf(subjects.find({ kind: 'material', id }, [HOLDER]).then((found) => requireUsable(found)))

  it('is possible while it is current, and after it was released', async () => {
    expect(await refusal(await submit())).to.equal(undefined)
    const held = await submit({ unsound: 'quarantine' })
    expect(await refusal(held)).to.equal('MATERIAL_QUARANTINED')
    await bank.materials.release(held, SAID)
    expect(await refusal(held)).to.equal(undefined)
  })

  it('is refused once it is rejected, withdrawn, superseded or erased', async () => {
    const rejected = await submit({ unsound: 'quarantine' })
    await bank.materials.reject(rejected, SAID)
    expect(await refusal(rejected)).to.equal('MATERIAL_REJECTED')
    const first = await submit()
    const second = await submit({ supersedes: first })
    expect(await refusal(first)).to.equal('MATERIAL_SUPERSEDED')
    await bank.materials.withdraw(second, SAID)
    expect(await refusal(second)).to.equal('MATERIAL_WITHDRAWN')
    await bank.materials.erase(second, { ...SAID, legalBasis: 'none' })
    expect(await refusal(second)).to.equal('MATERIAL_ERASED')
  })

  /** A material of a type with this validity, asked for on each of these days. */
  const onDays = async (
    validity: MaterialType['validity'],
    days: readonly string[],
    rest: { fields?: Record<string, FieldValue>; caseCode?: string } = {},
  ) => {
    types.publish({ ...LEASE, fields: [], certificateType: '11100000', validity })
    const id = await submit({ type: LEASE.code, ...rest })
    const found = await subjects.find({ kind: 'material', id }, [HOLDER])
    const codes = []
    for (const each of days) codes.push(await codeOf(requireUsable(found, each)))
    return codes
  }

  it('is refused before and after the days on which it counts', async () => {
    const until = { mode: 'UNTIL_DATE', field: 'until' } as const
    const fields = { until: '2026-12-31' }
    expect(await onDays(until, ['2026-12-31', '2027-01-01'], { fields })).to.deep.equal([
      undefined,
      'MATERIAL_EXPIRED',
    ])
    expect(await onDays(until, ['2026-12-31'])).to.deep.equal(['MATERIAL_UNDATED'])
    const year = { mode: 'DAYS', days: 365, since: 'examined' } as const
    const examined = { fields: { examined: '2026-01-10' } }
    expect(
      await onDays(year, ['2026-01-09', '2026-01-10', '2027-01-10', '2027-01-11'], examined),
    ).to.deep.equal(['MATERIAL_NOT_VALID_YET', undefined, undefined, 'MATERIAL_EXPIRED'])
  })

  it('is refused where the certificate itself decides, but for the case that the copy came in for', async () => {
    const certificate = { mode: 'CERTIFICATE' } as const
    const refused = ['MATERIAL_CERTIFICATE_DECIDES']
    expect(await onDays(certificate, [day])).to.deep.equal(refused)
    expect(await onDays(certificate, [day], { caseCode: CASE })).to.deep.equal([undefined])
    const other = '310110202600002'
    expect(await onDays(certificate, [day], { caseCode: other })).to.deep.equal(refused)
  })

  it('is possible at any time where nobody published its type', async () => {
    const id = await submit()
    const found = await subjects.find({ kind: 'material', id }, [HOLDER])
    expect(await codeOf(requireUsable(found, '2099-01-01'))).to.equal(undefined)
  })
})
