import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OnceClient } from '../../api/client/index.ts'
import type { Act, SignedAct } from '../../node/core/acts/acts.ts'
import { signer } from '../../node/core/certificates/es256k.ts'
import { presentCertificate } from '../../node/core/certificates/presentation.ts'
import { decode0x } from '../../node/core/ethereum/hex.ts'
import { holderIdOf } from '../../node/core/parties/holder.ts'
import { certificateTypeWord } from '../../node/core/acts/certificateType.ts'
import { parseTrust } from '../../node/core/trust.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'
import { PROPERTY } from '../certificates/support/papers.ts'
import { codeOf } from '../support/codes.ts'
import { askFor, Chain, FOREVER, playerOf, requestOf, RIGHTS, Site, Town } from './support/town.ts'
import type { Player } from './support/town.ts'

describe('the life of a certificate, and of those around it', () => {
  let site: Site
  let town: Town
  let property: { id: string; credential: string }
  let anybody: OnceClient

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    property = await town.issue()
    anybody = new OnceClient({ url: site.serving.url, tries: 1 })
  })
  after(() => site.close())

  async function verdictOf(evidence: string) {
    const trust = parseTrust(await readFile(join(site.folder, 'trust.json')))
    const { result, checks } = await verifyEvidenceText(evidence, trust)
    return { result, codes: checks.map(({ code }) => code) }
  }

  describe('departments', () => {
    it('are public: rights by name, description, and whether they are in force', async () => {
      const { address } = town.bureau
      const department = await anybody.departments.get(address)
      expect(department).to.deep.include({
        name: '不动产登记中心（示例）',
        region: '310000',
        accreditor: town.city.address,
        rights: ['issuer', 'registrar'],
        types: [PROPERTY],
        standing: 'good',
      })
      expect(department.inForce).to.deep.include({
        is: true,
        roles: ['issuer', 'registrar'],
        account: address,
      })
      expect((await anybody.departments.get(address, '2020-01-01')).inForce.is).to.equal(false)
    })

    it('are found from the authority down', async () => {
      const authority = await anybody.departments.authority()
      expect(authority.address).to.equal(town.authority.address)
      const [city] = await Array.fromAsync(anybody.departments.list())
      expect(city?.address).to.equal(town.city.address)
      const below = await Array.fromAsync(anybody.departments.list(town.city.address))
      expect(below.map(({ address }) => address)).to.include(town.market.address)
    })

    it('are described by the one above alone', async () => {
      const { market, city, bureau } = town
      const description = { name: '改名后的市场局（示例）', region: '310110' }
      for (const { client } of [market, bureau])
        expect(await codeOf(client.departments.describe(market.address, description))).to.equal(
          'DEPARTMENT_NOT_BELOW',
        )
      await city.client.departments.describe(market.address, description)
      expect((await anybody.departments.get(market.address)).name).to.equal(description.name)
      await town.authority.client.departments.describe(town.authority.address, {
        name: '授权机关（示例）',
        region: '310000',
      })
      expect((await anybody.departments.authority()).name).to.equal('授权机关（示例）')
    })

    it('give no more than they have, and act with the next nonce', async () => {
      const made = await playerOf(site)
      const message = {
        department: made.address,
        rights: RIGHTS.issuer,
        notBefore: 0,
        notAfter: FOREVER,
      }
      const act = await town.proposed(town.market, { type: 'Accreditation', message })
      const signature = await town.sign(act, town.market)
      const accountSignature = await town.sign(act, made)
      const handIn = town.market.client.departments.act({
        ...act,
        signature,
        accountSignature,
      } as SignedAct)
      expect(await codeOf(handIn)).to.equal('RIGHTS_WIDENED')
    })

    it('are suspended with all below them, at once', async () => {
      const district = await town.accredit(town.city, RIGHTS.user, {
        name: '区（示例）',
        region: '310110',
      })
      await town.stand(town.city, district, 1)
      expect((await anybody.departments.get(district.address)).inForce.is).to.equal(false)
      expect((await district.client.whoAmI()).roles).to.deep.equal([])
      await town.stand(town.city, district, 0)
      expect((await district.client.whoAmI()).roles).to.deep.equal(['user'])
    })

    it('are unknown elsewhere', async () => {
      const nobody = (await playerOf(site)).address
      expect(await codeOf(anybody.departments.get(nobody))).to.equal('DEPARTMENT_UNKNOWN')
    })
  })

  describe('holders', () => {
    it('are known to themselves and their registrar, and masked for other departments', async () => {
      const { landlord, bureau, market, tenant, city } = town
      for (const { client } of [landlord, bureau, city]) {
        const holder = await client.holders.get(landlord.holder)
        expect(holder).to.deep.include({ masked: false, name: '上海业主（示例）有限公司' })
      }
      const seen = await market.client.holders.get(landlord.holder)
      expect(seen).to.deep.include({ masked: true, name: '上**********司' })
      expect(await codeOf(tenant.client.holders.get(landlord.holder))).to.equal('HOLDER_NOT_YOURS')
      expect((await landlord.client.holders.mine()).holders.map(({ id }) => id)).to.deep.equal([
        landlord.holder,
      ])
    })

    it('are found by their codes by themselves and by those who sign for them', async () => {
      const { landlord, bureau, market, tenant } = town
      const { client: another } = await town.register('别人（示例）')
      for (const { client } of [landlord, bureau])
        expect(await client.holders.idOf(landlord.code)).to.equal(landlord.holder)
      expect(await codeOf(another.holders.idOf(landlord.code))).to.equal('HOLDER_CODE_UNKNOWN')
      for (const { client } of [tenant, market])
        expect(await codeOf(client.holders.idOf(landlord.code))).to.equal('ROLE_MISSING')
      const nobody = { codeType: '099', code: 'NOBODY' } as const
      expect(await codeOf(bureau.client.holders.idOf(nobody))).to.equal('HOLDER_CODE_UNKNOWN')
      const mistyped = { codeType: '001', code: '91310110MADEM00111' } as const
      expect(await codeOf(bureau.client.holders.idOf(mistyped))).to.equal(
        'USCC_CHECK_CHARACTER_WRONG',
      )
    })

    it('are registered by registrars, under the id that salt and code give', async () => {
      const { bureau, market } = town
      const account = (await playerOf(site)).address
      const code = { codeType: '099', code: 'A1' } as const
      const registration = { salt: `0x${randomBytes(32).toString('hex')}`, ...code } as const
      expect(await codeOf(market.client.holders.preview(registration, account))).to.equal(
        'ROLE_MISSING',
      )
      const { typedData } = await bureau.client.holders.preview(registration, account)
      const act = { type: 'HolderBinding', message: typedData.message } as unknown as Act
      const signed = { ...act, signature: await town.sign(act, bureau) } as SignedAct
      const other = { ...registration, code: 'A2', name: '甲' }
      expect(await codeOf(bureau.client.holders.register(signed, other))).to.equal(
        'HOLDER_ID_MISMATCH',
      )
      const { state } = await bureau.client.holders.register(signed, {
        ...registration,
        name: '甲',
      })
      expect(state).to.be.oneOf(['mined', 'final'])
      // The same once more is the same.
      const again = await bureau.client.holders.register(signed, { ...registration, name: '甲' })
      expect(again.state).to.be.oneOf(['mined', 'final'])
    })

    it('get no second id of the registrar that knows them, which tells the one they have', async () => {
      const { bureau, landlord } = town
      const { holders } = bureau.client
      const salt = `0x${randomBytes(32).toString('hex')}` as const
      const registration = { salt, ...landlord.code }
      const refusal = await holders.preview(registration, landlord.address).catch((error) => error)
      expect(refusal).to.include({ kind: 'conflict', code: 'HOLDER_REGISTERED_ALREADY' })
      expect(refusal.details).to.include({ holder: landlord.holder })
      // Nor where nobody asked what to sign.
      const holder = holderIdOf(decode0x(salt), landlord.code.codeType, landlord.code.code)
      const message = { registrar: bureau.address, holder, account: landlord.address, nonce: 1_000 }
      const act = { type: 'HolderBinding', message } as const
      const signed = { ...act, signature: await town.sign(act, bureau) } as SignedAct
      const named = { ...registration, name: '再登记' }
      expect(await codeOf(holders.register(signed, named))).to.equal('HOLDER_REGISTERED_ALREADY')
    })

    it('lose an account with all that it granted', async () => {
      const { bureau } = town
      const owner = await town.register('遗失密钥者（示例）')
      const next = await playerOf(site)
      const { holders } = bureau.client
      const binding = await holders.previewBinding(owner.holder, next.address)
      const bind = { type: 'HolderBinding', message: binding.typedData.message } as unknown as Act
      await holders.bind(owner.holder, {
        ...bind,
        signature: await town.sign(bind, bureau),
      } as SignedAct)
      const chain = await new Chain(town).grant(owner, town.agent)
      const release = await holders.previewRelease(owner.holder, owner.address, true)
      const act = { type: 'HolderRelease', message: release.typedData.message } as unknown as Act
      await holders.release(owner.holder, {
        ...act,
        signature: await town.sign(act, bureau),
      } as SignedAct)
      const { accounts } = await next.client.holders.get(owner.holder)
      expect(accounts.map(({ bound }) => bound)).to.deep.equal([false, true])
      expect(accounts[0]?.grantsEndedAt).to.be.a('number')

      const { id } = await town.issue([owner.holder])
      const asked = askFor(id)
      const authorization = await chain.authorize(town.market, asked, { grantee: town.agent })
      const request = requestOf(asked, authorization)
      expect(await codeOf(town.market.client.uses.request(request))).to.equal('GRANTOR_ENDED')
    })
  })

  describe('certificates', () => {
    it('are shown to who issued and who holds them', async () => {
      const { bureau, landlord, tenant, market } = town
      for (const { client } of [bureau, landlord]) {
        const { statement, status } = await client.certificates.get(property.id)
        expect(statement.issuer).to.equal(bureau.address)
        expect(status).to.deep.include({ code: '01', usable: true })
      }
      for (const { client } of [tenant, market])
        expect(await codeOf(client.certificates.get(property.id))).to.equal('CERTIFICATE_NOT_YOURS')
      const { identifier } = (await bureau.client.certificates.get(property.id)).statement
      const found = await landlord.client.certificates.findByIdentifier(identifier)
      expect(found?.id).to.equal(property.id)
      expect(await market.client.certificates.findByIdentifier(identifier)).to.equal(undefined)
      const { holder } = landlord
      const listed = await Array.fromAsync(landlord.client.certificates.list({ holder }))
      expect(listed.map(({ id }) => id)).to.include(property.id)
    })

    it('are issued by departments that are accredited for the type', async () => {
      const other = await town.accredit(town.city, RIGHTS.issuer, {
        name: '别的发证机关（示例）',
        region: '310000',
      })
      const credential = await town.paper(other)
      expect(await codeOf(other.client.certificates.issue(credential))).to.equal('NOT_ACCREDITED')
      const again = await town.bureau.client.certificates.issue(property.credential)
      expect(again).to.deep.include({ id: property.id, created: false })
    })

    it('give evidence of who could issue them and how they stand, offline', async () => {
      const { client } = town.landlord
      const { id } = await town.issue()
      const evidence = await client.certificates.evidence(id, { anchored: 20 })
      const { result, codes } = await verdictOf(evidence)
      expect(result, codes.join()).to.equal('pass')
      expect(codes).to.include.members(['ISSUER_ACCREDITED', 'STATUS_VALID'])
    })

    it('are suspended, resumed and revoked, and never come back from that', async () => {
      const { id } = await town.issue()
      const { bureau, landlord } = town
      for (const status of ['02', '01', '07'] as const) {
        await town.changeStatus(id, status)
        const shown = await landlord.client.certificates.status(id)
        expect(shown).to.deep.include({ code: status, usable: status === '01' })
      }
      expect((await landlord.client.certificates.status(id, '2021-06-01')).because).to.equal(
        'CERTIFICATE_NOT_YET_VALID',
      )
      expect(await codeOf(bureau.client.certificates.previewStatus(id, '01'))).to.equal(
        'CERTIFICATE_STATUS_CHANGE_REFUSED',
      )
      const { serial } = await bureau.client.certificates.get(id)
      const forced = await statusChange(bureau, serial, { status: 1, sequence: 3 })
      expect(await codeOf(bureau.client.certificates.changeStatus(id, forced))).to.equal(
        'STATUS_CHANGE_REFUSED',
      )
      const evidence = await landlord.client.certificates.evidence(id, { anchored: 20 })
      const { codes } = await verdictOf(evidence)
      expect(
        codes.some((code) => code === 'STATUS_NOT_VALID' || code.startsWith('STATE_')),
      ).to.equal(true)
    })

    it('keep their status from other departments', async () => {
      const { id } = await town.issue()
      const other = await town.accredit(town.city, RIGHTS.issuer, {
        name: '越权机关（示例）',
        region: '310000',
      })
      const { serial } = await town.bureau.client.certificates.get(id)
      const own = await statusChange(other, serial)
      expect(await codeOf(other.client.certificates.changeStatus(id, own))).to.equal(
        'ACT_CERTIFICATE_MISMATCH',
      )
      const forged = await statusChange(other, serial, {}, town.bureau)
      expect(await codeOf(other.client.certificates.changeStatus(id, forged))).to.equal(
        'SIGNATURE_INVALID',
      )
      expect(await codeOf(other.client.certificates.previewStatus(id, '07'))).to.equal(
        'CERTIFICATE_NOT_YOURS',
      )
    })

    it('are not used once revoked', async () => {
      const { id } = await town.issue()
      const chain = await new Chain(town).grant(town.landlord, town.agent)
      const asked = askFor(id)
      const authorization = await chain.authorize(town.market, asked, { grantee: town.agent })
      await town.changeStatus(id, '07')
      const request = requestOf(asked, authorization)
      expect(await codeOf(town.market.client.uses.request(request))).to.equal(
        'CERTIFICATE_NOT_USABLE',
      )
    })

    it('are presented by their holder, for one nonce and one verifier', async () => {
      const { id } = await town.issue()
      const { landlord } = town
      const sdJwt = await landlord.client.certificates.credential(id, ['location'])
      const present = (by: Player, nonce: string) =>
        presentCertificate(sdJwt, {
          sign: signer(Buffer.from(by.wallet.privateKey.slice(2), 'hex')),
          nonce,
          audience: 'counter',
          now: Math.floor(Date.now() / 1000),
        })
      const { certificates } = anybody
      const asked = { nonce: 'n1', audience: 'counter' }
      const presentation = await present(landlord, 'n1')
      const good = await certificates.verifyPresentation({ ...asked, presentation })
      expect(good.result, JSON.stringify(good.checks)).to.equal('pass')
      expect(good.shown).to.deep.include({ id, holderAccount: landlord.address })
      expect(Object.keys(good.shown?.fields ?? {})).to.deep.equal(['location'])

      const codes = async (changes: {
        presentation?: string
        nonce?: string
        audience?: string
      }) => {
        const verdict = await certificates.verifyPresentation({
          ...asked,
          presentation,
          ...changes,
        })
        expect(verdict.shown).to.equal(undefined)
        expect(verdict.checks[2]?.code).to.equal('NOT_REACHED')
        return [verdict.result, verdict.checks[0]?.code]
      }
      expect(await codes({ nonce: 'n2' })).to.deep.equal(['fail', 'PRESENTATION_NONCE_WRONG'])
      expect(await codes({ nonce: '' })).to.deep.equal(['fail', 'PRESENTATION_NONCE_MISSING'])
      expect(await codes({ audience: 'x' })).to.deep.equal(['fail', 'PRESENTATION_AUDIENCE_WRONG'])
      expect(await codes({ presentation: sdJwt })).to.deep.equal([
        'fail',
        'PRESENTATION_KEY_BINDING_MISSING',
      ])
      const stolen = await present(town.tenant, 'n1')
      expect(await codes({ presentation: stolen })).to.deep.equal(['fail', 'SIGNATURE_INVALID'])

      await town.changeStatus(id, '02')
      const suspended = await certificates.verifyPresentation({ ...asked, presentation })
      expect(suspended.checks[2]?.code).to.equal('CERTIFICATE_NOT_USABLE')
      expect(await codeOf(town.bureau.client.certificates.credential(id))).to.equal(
        'CERTIFICATE_NOT_YOURS',
      )
    })
  })

  it('shows the mirror and the relay among the figures, and is ready', async () => {
    const ready = await fetch(`${site.serving.url}/readyz`)
    expect(ready.status).to.equal(200)
    const tokens = JSON.parse(await readFile(join(site.folder, 'tokens.json'), 'utf8')) as {
      token: string
    }[]
    const headers = { Authorization: `Bearer ${tokens[0]?.token}` }
    const figures = await (await fetch(`${site.serving.url}/metrics`, { headers })).text()
    expect(figures).to.include('onceledger_mirror_fresh 1')
    expect(figures).to.match(/onceledger_acts_waiting \d+/)
  })

  async function statusChange(
    by: Player,
    serial: `0x${string}`,
    change: { status?: number; sequence?: number } = {},
    named = by,
  ): Promise<SignedAct> {
    const act = {
      type: 'StatusChange',
      message: {
        issuer: named.address,
        certificateType: certificateTypeWord(PROPERTY),
        serial,
        status: 7,
        sequence: 0,
        ...change,
      },
    } as const
    return { ...act, signature: await town.sign(act, by) }
  }
})
