import { expect } from 'chai'
import type { CertificateRecord } from '../../node/certificates/certificates.ts'
import { CERTIFICATE_TYPES } from '../../node/core/certificates/included.ts'
import { isCertified } from '../../node/holdings/certified.ts'
import { LICENCE, newHolder, PROPERTY, withCheckCharacter } from '../certificates/support/papers.ts'
import { testStatement } from '../support/log.ts'

const ID_CARD = '11100000000013127D001'
const HERE = '11310110MBDEM0082K'
const SUZHOU = '11320500MBDEM0322P'
const NUMBER = '20230000000000000777'

const identifier = (type: string, issuer: string, serial: string, version = '001') =>
  withCheckCharacter(`1.2.156.3005.2.${type}.${issuer}.${serial}.${version}`)

const copyOf = (certificateType: string, serial: string, certificateNumber = serial) => ({
  ...testStatement('copy', 'COPY'),
  certificateIdentifier: identifier(certificateType, SUZHOU, serial),
  fields: { certificateNumber },
  recognised: { certificateType, version: 1, region: '320500' },
})

describe('a copy of a certificate', () => {
  const holder = newHolder()
  /** Issued here to the holder, the newest first, one a page. */
  const issued = (...identifiers: string[]) => ({
    catalogue: { find: () => undefined },
    certificates: {
      async ofHolder(of: string, { before = identifiers.length }: { before?: number }) {
        const found = of === holder ? identifiers[before - 1] : undefined
        if (found === undefined) return { items: [] }
        const statement = { type: found.split('.')[5], identifier: found }
        const record = { at: '2023-08-05T02:00:00.000Z', statement } as CertificateRecord
        return { items: [record], ...(before > 1 && { next: before - 1 }) }
      },
    },
  })

  it('gives way to the certificate of the same number, whoever gave which version of it', async () => {
    const own = identifier(LICENCE, HERE, NUMBER, '002')
    const other = identifier(LICENCE, HERE, '20230000000000000778')
    const copy = copyOf(LICENCE, NUMBER)
    expect(await isCertified(issued(own, other), copy, [newHolder(), holder])).to.equal(true)
    expect(await isCertified(issued(own), copy, [newHolder()])).to.equal(false)
  })

  it('stays beside another certificate of the type, and one of another type', async () => {
    const copy = copyOf(LICENCE, NUMBER)
    const other = identifier(LICENCE, HERE, '20230000000000000778')
    expect(await isCertified(issued(other), copy, [holder])).to.equal(false)
    const property = identifier(PROPERTY, HERE, NUMBER)
    expect(await isCertified(issued(property), copy, [holder])).to.equal(false)
  })

  it('gives way to any where the number is the holder’s own, for a holder has one', async () => {
    const card = identifier(ID_CARD, HERE, '20230000000000000001')
    const copy = copyOf(ID_CARD, '31019919550608002143')
    expect(await isCertified(issued(card), copy, [holder])).to.equal(true)
  })

  it('goes by the type as it was published when the certificate was issued', async () => {
    const [type] = CERTIFICATE_TYPES.filter(({ code }) => code === LICENCE)
    const fields = type?.fields.map((field) =>
      field.name === 'certificateNumber' ? { ...field, sensitivity: 'L3' } : field,
    )
    const found: unknown = { ...type, fields }
    const catalogue = {
      find: (_: string, __: string, day: string) =>
        (day === '2023-08-05' ? found : undefined) as undefined,
    }
    const other = identifier(LICENCE, HERE, '20230000000000000778')
    const parts = { ...issued(other), catalogue }
    expect(await isCertified(parts, copyOf(LICENCE, NUMBER), [holder])).to.equal(true)
  })

  it('finds its number on its face where its identifier has another', async () => {
    const own = identifier(LICENCE, HERE, NUMBER)
    const copy = copyOf(LICENCE, '20230000000000000001', NUMBER)
    expect(await isCertified(issued(own), copy, [holder])).to.equal(true)
  })

  it('that was not recognised is none here', async () => {
    const { recognised: _, ...copy } = copyOf(LICENCE, NUMBER)
    const own = identifier(LICENCE, HERE, NUMBER)
    expect(await isCertified(issued(own), copy, [holder])).to.equal(false)
  })
})
