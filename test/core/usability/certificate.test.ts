import { expect } from 'chai'
import { usabilityOfCertificate } from '../../../node/core/usability/certificate.ts'
import type { CertificateFacts } from '../../../node/core/usability/certificate.ts'
import { refusalOf } from '../../../node/core/usability/usability.ts'

/** 2023-08-05T10:00:00+08:00 */
const NOW = 1_691_200_800
const DAY = 86_400

const judge = (changes: Partial<CertificateFacts> = {}, time = NOW) =>
  usabilityOfCertificate(
    { at: '2021-05-18T02:00:00.000Z', status: 0, validFrom: 1_621_267_200, ...changes },
    time,
  )
const stopped = (why: object) => ({ usable: false, why })

describe('a certificate', () => {
  it('counts while it is 01, by the chain or because nobody said otherwise', () => {
    for (const status of [0, 1]) expect(judge({ status })).to.deep.equal({ usable: true })
    for (const [status, certificateStatus] of [
      [2, '02'],
      [7, '07'],
      [99, '99'],
    ] as const)
      expect(judge({ status })).to.deep.equal(
        stopped({ code: 'CERTIFICATE_NOT_USABLE', certificateStatus }),
      )
  })

  it('counts no more once another one took its place', () => {
    const superseded = { id: 'newer', at: '2023-08-01T00:00:00.000Z' }
    expect(judge({ superseded })).to.deep.equal(
      stopped({ code: 'CERTIFICATE_SUPERSEDED', by: 'newer', on: '2023-08-01' }),
    )
  })

  it('counts from its first second on, up to the one in which it ends', () => {
    const validTo = NOW + DAY
    expect(judge({ validTo })).to.deep.equal({ usable: true, until: '2023-08-06' })
    expect(judge({ validTo }, validTo)).to.deep.equal(
      stopped({ code: 'CERTIFICATE_EXPIRED', on: '2023-08-06' }),
    )
    expect(judge({ validFrom: NOW + DAY })).to.deep.equal(
      stopped({ code: 'CERTIFICATE_NOT_YET_VALID', from: '2023-08-06' }),
    )
  })

  it('counts at no moment before it was logged, whatever is written on it', () => {
    const at = '2023-08-05T02:00:00.900Z'
    expect(judge({ at })).to.deep.equal({ usable: true })
    expect(judge({ at }, NOW - 1)).to.deep.equal(
      stopped({ code: 'CERTIFICATE_NOT_YET_VALID', from: '2023-08-05' }),
    )
  })

  it('is refused with what is known of it', () => {
    const found = judge({ status: 7 })
    const refusal = found.usable ? expect.fail() : refusalOf('certificate-1', found.why)
    expect(refusal).to.include({ kind: 'forbidden', code: 'CERTIFICATE_NOT_USABLE' })
    expect(refusal.details).to.deep.equal({ id: 'certificate-1', certificateStatus: '07' })
    expect(refusalOf('m', { code: 'MATERIAL_ERASED' }).kind).to.equal('notFound')
    expect(refusalOf('m', { code: 'MATERIAL_SINGLE_USE_SPENT' }).kind).to.equal('conflict')
  })
})
