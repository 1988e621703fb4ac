import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { getCertificateType } from '../../node/core/certificates/included.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { draftOf, LICENCE, PROPERTY, withCheckCharacter } from '../certificates/support/papers.ts'
import { materialType, OWNER } from '../core/catalogue/support.ts'
import { LANDLORD, openBank, openMemory } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const SERIAL = '20210000000000012345'
const SUZHOU = '11320500MBDEM0322P'
const CHENGDU = '11510100MBDEM0322P'
/** What a province calls its own property certificates. */
const THERE = '11320000MBDEM0322P001'

const identifierOf = (type: string, issuer: string, serial = SERIAL) =>
  withCheckCharacter(`1.2.156.3005.2.${type}.${issuer}.${serial}.001`)
const faceOf = (issuerCode: string) => ({
  ...draftOf(PROPERTY, OWNER).fields,
  certificateNumber: SERIAL,
  issuerCode,
})

const copy = (changes: Partial<MaterialSubmission> = {}): Partial<MaterialSubmission> => ({
  type: 'DEED_COPY',
  holder: LANDLORD,
  certificateIdentifier: identifierOf(THERE, SUZHOU),
  fields: faceOf(SUZHOU),
  ...changes,
})

describe('a copy of a certificate of elsewhere', () => {
  let bank: Bank
  beforeEach(async () => {
    bank = await openBank(await openMemory())
    bank.types.publish(
      materialType({
        code: 'DEED_COPY',
        certificateType: PROPERTY,
        validity: { mode: 'CERTIFICATE' },
        source: 'GOVERNMENT',
        issuer: OWNER,
      }),
    )
    bank.types.publishCertificateType({
      ...getCertificateType(PROPERTY),
      kind: 'certificateType',
      version: 4,
      from: '2023-01-01',
      owner: OWNER,
      duty: '不动产登记',
      recognised: [
        { region: '310000', type: PROPERTY },
        { region: '320000', type: THERE },
      ],
    })
  })
  afterEach(() => bank.close())

  const submit = (changes: Partial<MaterialSubmission> = {}) =>
    bank.submit(copy(changes), randomBytes(20))
  const stated = async (changes: Partial<MaterialSubmission> = {}) => {
    const { statement } = await bank.materials.get((await submit(changes)).id)
    return statement
  }
  const refusal = async (changes: Partial<MaterialSubmission>) => {
    try {
      await submit(changes)
      return undefined
    } catch (error) {
      if (!isLedgerError(error)) throw error
      const { pointer: _, ...details } = error.details
      return { code: error.code, ...details }
    }
  }

  it('says as what it was recognised, by which version, and of which region it is', async () => {
    expect((await stated())?.recognised).to.deep.equal({
      certificateType: PROPERTY,
      version: 4,
      region: '320500',
    })
    const own = {
      certificateIdentifier: identifierOf(PROPERTY, '12310000MBDEM0293B'),
      fields: faceOf('12310000MBDEM0293B'),
    }
    expect((await stated(own))?.recognised?.region).to.equal('310000')
  })

  it('is recognised as nothing without what stands on it', async () => {
    const { fields: _, ...bare } = copy()
    const { id } = await bank.submit(bare, randomBytes(20))
    const { statement } = await bank.materials.get(id)
    expect(statement).not.to.have.any.keys('recognised', 'quarantine')
  })

  for (const [what, identifier, region, certificateType] of [
    ['the type of another province', identifierOf(THERE, CHENGDU), '510100', THERE],
    ['a type that the region has not', identifierOf(PROPERTY, SUZHOU), '320500', PROPERTY],
    ['another certificate', identifierOf(LICENCE, SUZHOU), '320500', LICENCE],
    ['an issuer of no region', identifierOf(THERE, 'X1'), undefined, THERE],
  ] as const)
    it(`of ${what} is refused, or quarantined where that is asked for`, async () => {
      const code = 'CERTIFICATE_TYPE_NOT_RECOGNISED'
      const asked = { certificateIdentifier: identifier }
      expect(await refusal(asked)).to.deep.equal({
        code,
        certificateType,
        ...(region !== undefined && { region }),
      })
      // What stands on it is as they write it there.
      const { id, quarantine } = await submit({
        ...asked,
        fields: { owner: '甲' },
        unsound: 'quarantine',
      })
      expect(quarantine).to.deep.equal({ code })
      await bank.materials.release(id, { reason: '已核', by: 'permits' })
      const { statement } = await bank.materials.get(id)
      expect(statement).not.to.have.property('recognised')
    })

  it('with a wrong check character goes into quarantine', async () => {
    const wrong = identifierOf(THERE, SUZHOU).replace(SERIAL, '20210000000000012346')
    const { quarantine } = await submit({ certificateIdentifier: wrong, unsound: 'quarantine' })
    expect(quarantine?.code).to.equal('CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG')
  })

  it('says everything that the type has, and names the same issuer and number', async () => {
    const some = Object.fromEntries(
      Object.entries(faceOf(SUZHOU)).filter(([name]) => name !== 'owners'),
    )
    expect(await refusal({ fields: some, unsound: 'quarantine' })).to.have.property(
      'code',
      'MATERIAL_FIELDS_INVALID',
    )
    for (const [fields, part] of [
      [faceOf('12310000MBDEM0293B'), 'issuer'],
      [{ ...faceOf(SUZHOU), certificateNumber: '1' }, 'serial'],
    ] as const)
      expect(await refusal({ fields })).to.deep.equal({
        code: 'CERTIFICATE_IDENTIFIER_MISMATCH',
        part,
      })
  })
})
