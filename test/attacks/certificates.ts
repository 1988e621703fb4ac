import { expect } from 'chai'
import type { SignedAct } from '../../node/core/acts/acts.ts'
import { signer } from '../../node/core/certificates/es256k.ts'
import { presentCertificate } from '../../node/core/certificates/presentation.ts'
import { certificateTypeWord } from '../../node/core/acts/certificateType.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { PROPERTY } from '../certificates/support/papers.ts'
import { RIGHTS } from '../scenarios/support/town.ts'
import { newKey } from './support/assault.ts'
import type { Assault, Player } from './support/assault.ts'

export function attacksByCertificates(get: () => Assault): void {
  let a: Assault
  /** May issue certificates, of no type that is named. */
  let other: Player

  before(async () => {
    a = get()
    other = await a.town.accredit(a.town.city, RIGHTS.issuer, {
      name: '别的发证机关（示例）',
      region: '310000',
    })
  })

  async function serialOf(id: string): Promise<Hex> {
    return (await a.town.bureau.client.certificates.get(id)).serial
  }

  async function statusChange(
    { address }: Player,
    serial: Hex,
    [status, sequence]: readonly [number, number],
    by: Player,
  ): Promise<SignedAct> {
    const certificateType = certificateTypeWord(PROPERTY)
    const message = { issuer: address, certificateType, serial, status, sequence }
    const act = { type: 'StatusChange', message } as const
    return { ...act, signature: await a.town.sign(act, by) }
  }

  it('of a type that its issuer is not accredited for is refused', async () => {
    const credential = await a.town.paper(other)
    await a.refuses(other, '/v1/certificates', { credential }, [403, 'NOT_ACCREDITED'])
  })

  it('by an account that acts for no department is refused', async () => {
    const credential = await a.town.paper(a.town.tenant)
    const { tenant, bureau } = a.town
    await a.refuses(tenant, '/v1/certificates', { credential }, [403, 'ROLE_MISSING'])
    await a.refuses(bureau, '/v1/certificates', { credential }, [403, 'NOT_ACCREDITED'])
  })

  it('never comes back from 07', async () => {
    const { bureau } = a.town
    const { id } = await a.town.issue()
    await a.town.changeStatus(id, '07')
    const back = await statusChange(bureau, await serialOf(id), [1, 1], bureau)
    const path = `/v1/certificates/${id}/status`
    await a.refuses(bureau, path, { act: back }, [409, 'STATUS_CHANGE_REFUSED'])
    await a.refuses(bureau, `${path}/preview`, { status: '01' }, [
      409,
      'CERTIFICATE_STATUS_CHANGE_REFUSED',
    ])
    expect((await bureau.client.certificates.status(id)).code).to.equal('07')
  })

  it('that nobody knows has no status, and gets none', async () => {
    const { bureau } = a.town
    const path = '/v1/certificates/unknown/status'
    const { status, code } = await a.get(bureau, path)
    expect([status, code]).to.deep.equal([404, 'CERTIFICATE_NOT_FOUND'])
    const act = await statusChange(bureau, newKey(), [7, 0], bureau)
    await a.refuses(bureau, path, { act }, [404, 'CERTIFICATE_NOT_FOUND'])
    await a.refuses(bureau, `/v1/certificates/${a.certificate}/status`, { act }, [
      400,
      'ACT_CERTIFICATE_MISMATCH',
    ])
  })

  it('of one issuer takes no status from another, signed by either', async () => {
    const { bureau } = a.town
    const { id } = await a.town.issue()
    const serial = await serialOf(id)
    const path = `/v1/certificates/${id}/status`
    const own = await statusChange(other, serial, [7, 0], other)
    await a.refuses(other, path, { act: own }, [400, 'ACT_CERTIFICATE_MISMATCH'])
    const forged = await statusChange(bureau, serial, [7, 0], other)
    await a.refuses(other, path, { act: forged }, [422, 'SIGNATURE_INVALID'])
    // On chain it would be that of another certificate: there is none.
    const { acts } = a.registries
    const refused = await acts.submit(own).catch((error: unknown) => error)
    expect(refused).to.deep.include({ code: 'NOT_ACCREDITED', kind: 'forbidden' })
    expect((await bureau.client.certificates.status(id)).code).to.equal('01')
  })

  it('that says 99 and not what for is refused', async () => {
    const { bureau } = a.town
    const { id } = await a.town.issue()
    const act = await statusChange(bureau, await serialOf(id), [99, 0], bureau)
    const path = `/v1/certificates/${id}/status`
    const refusal = [400, 'CERTIFICATE_STATUS_TEXT_MISSING'] as const
    await a.refuses(bureau, path, { act }, refusal)
    await a.refuses(bureau, path, { act, note: '   ' }, [400, 'ACT_MALFORMED'])
    const unknown = await statusChange(bureau, await serialOf(id), [42, 0], bureau)
    await a.refuses(bureau, path, { act: unknown }, [400, 'CERTIFICATE_STATUS_UNKNOWN'])
  })

  it('that is presented without a nonce, or for another, shows nothing', async () => {
    const { landlord } = a.town
    const sdJwt = await landlord.client.certificates.credential(a.certificate, ['location'])
    const presentation = await presentCertificate(sdJwt, {
      sign: signer(Buffer.from(landlord.wallet.privateKey.slice(2), 'hex')),
      nonce: 'drawn for this',
      audience: 'counter',
      now: Math.floor(Date.now() / 1000),
    })
    const before = await a.trace()
    const asked = { presentation, nonce: 'drawn for this', audience: 'counter' }
    const path = '/v1/certificates/presentation'
    const verdictOf = async (changes: Partial<typeof asked>) => {
      const { status, text } = await a.post(undefined, path, { ...asked, ...changes })
      expect(status, text).to.equal(200)
      return JSON.parse(text) as {
        result: string
        shown?: unknown
        checks: { code: string }[]
      }
    }
    expect(await verdictOf({})).to.include({ result: 'pass' })
    for (const [changes, code] of [
      [{ nonce: '' }, 'PRESENTATION_NONCE_MISSING'],
      [{ nonce: 'another' }, 'PRESENTATION_NONCE_WRONG'],
      [{ audience: 'elsewhere' }, 'PRESENTATION_AUDIENCE_WRONG'],
      [{ presentation: sdJwt }, 'PRESENTATION_KEY_BINDING_MISSING'],
    ] as const) {
      const { result, shown, checks } = await verdictOf(changes)
      expect([result, shown, checks[0]?.code]).to.deep.equal(['fail', undefined, code])
    }
    const { nonce: _, ...unasked } = asked
    const without = await a.post(undefined, path, unasked)
    expect([without.status, without.code]).to.deep.equal([400, 'PRESENTATION_MALFORMED'])
    expect(await a.trace()).to.deep.equal(before)
  })
}
