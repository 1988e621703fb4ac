import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { readDisclosed, verifyCertificate } from '../../node/core/certificates/credential.ts'
import { verifyIssued } from '../../node/core/certificates/issued.ts'
import { certificateIdOf, type StatusCode } from '../../node/core/certificates/status.ts'
import { getCertificateType } from '../../node/core/certificates/included.ts'
import { certificateTypeWord } from '../../node/core/acts/certificateType.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { checkContent } from '../../node/core/verify/content.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { termKey } from '../../node/store/layout.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { faultsIn } from '../ledger/audit/testLedger.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import {
  base64url,
  draftOf,
  FOOD,
  forge,
  issueBy,
  LICENCE,
  newHolder,
  newIdentifier,
  newKey,
  NOW,
  payloadOf,
  PROPERTY,
  type KeyPair,
} from './support/papers.ts'
import { openTestService, type TestService } from './support/service.ts'

const DAY = 24 * 60 * 60

export function behavesLikeCertificates(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`certificates on ${name}`, () => {
    const folder = temporaryFolder()
    let service: TestService
    let department: KeyPair
    let other: KeyPair

    beforeEach(async () => {
      service = await openTestService(await openStore(folder.path), folder.path)
      department = newKey()
      other = newKey()
      service.registries.permit(department.account, [LICENCE, PROPERTY, FOOD])
      service.registries.permit(other.account, [FOOD])
    })
    afterEach(() => service.close())

    const draft = (type = LICENCE, changes: Parameters<typeof draftOf>[2] = {}) =>
      draftOf(type, department.account, changes)
    const issue = async (asked = draft(), by = department) =>
      service.certificates.issue(await issueBy(by, asked))
    const refusal = async (asked = draft(), by = department) => codeOf(issue(asked, by))
    const get = (id: string) => service.certificates.get(id)
    /** By a department whose own software checks nothing. */
    const forged = async (type: string, changes: Record<string, unknown>) => {
      const sdJwt = await issueBy(department, draft(type))
      const disclosures = sdJwt.split('~').slice(1, -1)
      return codeOf(
        service.certificates.issue(
          await forge(department, { ...payloadOf(sdJwt), ...changes }, { disclosures }),
        ),
      )
    }
    const record = async (id: string, status: number, time: number) =>
      service.registries.record((await get(id)).certificateId, status, time)
    const describeChange = (id: string, status: StatusCode, text?: string) =>
      service.certificates.describeStatusChange(id, status, text)

    describe('issuing', () => {
      it('logs the certificate, with evidence at once', async () => {
        const asked = draft(PROPERTY, { holders: [newHolder(), newHolder()] })
        const { id, index, created, evidence } = await issue(asked)
        expect({ index, created }).to.deep.equal({ index: 0, created: true })
        const { statement, entry } = parseEvidence(evidence)
        const record = await get(id)
        expect(record.statement).to.deep.equal(statement)
        expect(record.serial).to.equal(`0x${entry.commitment}`)
        expect(record.certificateId).to.equal(
          certificateIdOf(department.account, PROPERTY, record.serial),
        )
        const { holders } = verifyIssued(record.statement, { account: department.account })
        expect(holders).to.deep.equal(asked.holders)
      })

      it('keeps the whole credential, sealed, as the content of the statement', async () => {
        const sdJwt = await issueBy(department, draft())
        const { id } = await service.certificates.issue(sdJwt)
        const { statement } = await get(id)
        const digest = `sha-256:${createHash('sha256').update(sdJwt).digest('hex')}`
        expect(
          checkContent(statement, {
            digests: [digest, statement.content.digests[1] as string],
            size: sdJwt.length,
          }),
        ).to.equal('CONTENT_MATCHES')
        expect(statement.content).to.include({ kept: 'here', mediaType: 'application/dc+sd-jwt' })
      })

      it('answers the same credential with the same entry, whenever it comes', async () => {
        const sdJwt = await issueBy(department, draft())
        const both = await Promise.all([1, 2].map(() => service.certificates.issue(sdJwt)))
        const again = await service.certificates.issue(sdJwt)
        expect(again.created).to.equal(false)
        expect(new Set([...both, again].map(({ index }) => index))).to.deep.equal(new Set([0]))
        expect(service.ledger.size).to.equal(1)
      })

      it('refuses a second certificate of one identifier, also in a race', async () => {
        const identifier = newIdentifier(LICENCE)
        const answers = await Promise.all(
          [1, 2, 3].map(() => refusal(draft(LICENCE, { identifier }))),
        )
        expect(answers).to.have.members([
          'CERTIFICATE_IDENTIFIER_TAKEN',
          'CERTIFICATE_IDENTIFIER_TAKEN',
          undefined,
        ])
        expect(await refusal(draft(LICENCE, { identifier }))).to.equal(
          'CERTIFICATE_IDENTIFIER_TAKEN',
        )
        expect(service.ledger.size).to.equal(1)
      })

      it("refuses another issuer's key", async () => {
        expect(await refusal(draft(), other)).to.equal('SIGNATURE_INVALID')
        expect(await refusal(draft(), newKey())).to.equal('SIGNATURE_INVALID')
      })

      it('goes by the type that was published, and not by the one that comes along', async () => {
        const known = getCertificateType(FOOD)
        const fields = known.fields.map((field) =>
          field.name === 'premises' ? { ...field, enum: ['一楼'] } : field,
        )
        service.published.set(FOOD, { ...known, fields })
        const [wrong, right] = ['二楼', '一楼'].map((premises) =>
          draft(FOOD, { fields: { premises } }),
        )
        expect(await refusal(wrong)).to.equal('CERTIFICATE_FIELDS_MALFORMED')
        expect(await refusal(right)).to.equal(undefined)
      })

      it('takes a type that nobody but the catalogue knows', async () => {
        const code = '11310110MBDEM0082K902'
        const published = { ...getCertificateType(LICENCE), code }
        service.registries.permit(department.account, [code])
        const { fields } = draft(LICENCE)
        const identifier = newIdentifier(code)
        const [, issuerCode, certificateNumber] = identifier.split('.').slice(5)
        const asked = {
          ...draft(LICENCE),
          type: code,
          identifier,
          fields: {
            ...fields,
            issuerCode: issuerCode ?? '',
            certificateNumber: certificateNumber ?? '',
          },
        }
        const sdJwt = await issueBy(department, asked, published)
        expect(await codeOf(service.certificates.issue(sdJwt))).to.equal('CERTIFICATE_TYPE_UNKNOWN')
        service.published.set(code, published)
        const { id } = await service.certificates.issue(sdJwt)
        // Whoever verifies it needs no type at all.
        const { statement } = await get(id)
        expect(verifyIssued(statement, { account: department.account }).type).to.equal(code)
      })

      it('refuses an issuer outside its types, out of its time, or unknown', async () => {
        const licence = draftOf(LICENCE, other.account)
        expect(await refusal(licence, other)).to.equal('NOT_ACCREDITED')
        const told: unknown = await issue(licence, other).catch((error: unknown) => error)
        expect(told).to.have.nested.property('details.certificateType', licence.type)
        const nobody = newKey()
        expect(await refusal(draftOf(LICENCE, nobody.account), nobody)).to.equal('NOT_ACCREDITED')
        service.registries.permit(department.account, [LICENCE], NOW - 1)
        expect(await refusal()).to.equal('NOT_ACCREDITED')
      })

      it('takes the key that the department acts by now, and the old one no longer', async () => {
        const successor = newKey()
        service.registries.rekey(department.account, successor.account)
        expect(await refusal()).to.equal('SIGNATURE_INVALID')
        expect(await refusal(draft(), successor)).to.equal(undefined)
      })

      it('decides nothing by what it knows of the chain too long', async () => {
        service.registries.stale = true
        expect(await refusal()).to.equal('MIRROR_STALE')
      })

      it('refuses a certificate for another chain', async () => {
        expect(await refusal({ ...draft(), chainId: 1 })).to.equal('CERTIFICATE_CHAIN_WRONG')
      })

      it('refuses an identifier that another department gives', async () => {
        service.names.set(department.account, '12310000MBDEM0293B')
        expect(await refusal()).to.equal('CERTIFICATE_IDENTIFIER_MISMATCH')
        service.names.set(department.account, '11310110MBDEM0082K')
        expect(await refusal()).to.equal(undefined)
      })

      it('refuses a certificate of tomorrow', async () => {
        expect(await refusal({ ...draft(), issuedAt: NOW + 301 })).to.equal(
          'CERTIFICATE_ISSUED_IN_FUTURE',
        )
      })

      it('refuses what is not whole', async () => {
        const sdJwt = await issueBy(department, draft())
        const [jwt, , ...rest] = sdJwt.split('~')
        expect(await codeOf(service.certificates.issue([jwt, ...rest].join('~')))).to.equal(
          'CERTIFICATE_INCOMPLETE',
        )
        expect(service.ledger.size).to.equal(0)
      })

      it('refuses an altered JWT and an altered disclosure', async () => {
        const sdJwt = await issueBy(department, draft())
        const [, payload] = sdJwt.split('.') as [string, string]
        const altered = base64url(JSON.stringify({ ...payloadOf(sdJwt), holders: [newHolder()] }))
        expect(await codeOf(service.certificates.issue(sdJwt.replace(payload, altered)))).to.equal(
          'SIGNATURE_INVALID',
        )
        const [jwt, first, ...rest] = sdJwt.split('~') as [string, string, ...string[]]
        const told = JSON.parse(Buffer.from(first, 'base64url').toString()) as string[]
        const other = base64url(JSON.stringify([told[0], told[1], 'another']))
        expect(await codeOf(service.certificates.issue([jwt, other, ...rest].join('~')))).to.equal(
          'DISCLOSURE_UNKNOWN',
        )
      })

      describe('of a department whose own software checks nothing', () => {
        it('refuses a wrong check character', async () => {
          const identifier = newIdentifier(LICENCE)
          const wrong = identifier.replace(/.$/, (end) => (end === 'A' ? 'B' : 'A'))
          expect(await forged(LICENCE, { identifier: wrong })).to.equal(
            'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
          )
        })

        it('refuses another type or serial in the identifier', async () => {
          for (const identifier of [newIdentifier(FOOD), newIdentifier(LICENCE)])
            expect(await forged(LICENCE, { identifier })).to.equal(
              'CERTIFICATE_IDENTIFIER_MISMATCH',
            )
        })

        it('refuses fields of another type', async () => {
          const vct = `urn:onceledger:certificate:${FOOD}`
          expect(await forged(LICENCE, { vct })).to.equal('CERTIFICATE_FIELDS_MALFORMED')
        })

        it('refuses a type that nobody defined', async () => {
          const vct = 'urn:onceledger:certificate:11100000MB0143028R999'
          expect(await forged(LICENCE, { vct })).to.equal('CERTIFICATE_TYPE_UNKNOWN')
        })

        it('refuses several holders of what has one', async () => {
          const holders = [newHolder(), newHolder()]
          expect(await forged(LICENCE, { holders })).to.equal('CERTIFICATE_HOLDERS_TOO_MANY')
          expect(await forged(PROPERTY, { holders })).to.equal(undefined)
        })

        it('refuses a time that is not on the face', async () => {
          for (const change of [{ nbf: 0 }, { exp: 4e9 }])
            expect(await forged(FOOD, change)).to.equal('CERTIFICATE_VALIDITY_MISMATCH')
          expect(await forged(LICENCE, { exp: 4e9 })).to.equal('CERTIFICATE_VALIDITY_MISMATCH')
        })
      })
    })

    describe('finding', () => {
      it('by identifier and by serial', async () => {
        const asked = draft()
        const { id } = await issue(asked)
        const record = await get(id)
        const { certificates } = service
        expect(await certificates.findByIdentifier(asked.identifier)).to.deep.equal(record)
        expect(await certificates.findBySerial(record.serial)).to.deep.equal(record)
        expect(await certificates.findByIdentifier(newIdentifier(LICENCE))).to.equal(undefined)
        expect(await certificates.findBySerial(newHolder())).to.equal(undefined)
      })

      it('by holder, newest first, page by page', async () => {
        const holder = newHolder()
        const ids: string[] = []
        for (let i = 0; i < 5; i++) {
          ids.unshift((await issue(draft(PROPERTY, { holders: [newHolder(), holder] }))).id)
          await issue()
        }
        const found: string[] = []
        let pages = 0
        for (let before: number | undefined; ; pages++) {
          const page = await service.certificates.ofHolder(holder, {
            limit: 2,
            ...(before !== undefined && { before }),
          })
          found.push(...page.items.map(({ id }) => id))
          if (page.next === undefined) break
          before = page.next
        }
        expect(found).to.deep.equal(ids)
        expect(pages).to.equal(2)
        const nobody = await service.certificates.ofHolder(newHolder(), { limit: 2 })
        expect(nobody).to.deep.equal({ items: [] })
      })

      it('knows no certificate of an id that was never given, or of another kind', async () => {
        expect(await codeOf(get('certificate-0'))).to.equal('CERTIFICATE_NOT_FOUND')
        await service.ledger.append({
          statement: {
            v: 1,
            id: 'paper',
            kind: 'material.erased',
            material: 'm',
            index: 0,
            reason: 'r',
            legalBasis: 'l',
            by: 'b',
          },
        })
        expect(await codeOf(get('paper'))).to.equal('CERTIFICATE_NOT_FOUND')
      })

      it('leaves neither identifier nor holder in clear in the store', async () => {
        const asked = draft()
        await issue(asked)
        for await (const [key, value] of service.store.scan({})) {
          const text = `${key} ${Buffer.from(value).toString('latin1')}`
          for (const secret of [asked.identifier, asked.holders[0]?.slice(2) ?? '', 'dc+sd-jwt'])
            expect(text).not.to.contain(secret)
        }
      })
    })

    it('discloses the fields asked for, and they verify', async () => {
      const { id } = await issue()
      const shown = await service.certificates.disclose(id, ['name', 'domicile'])
      const { fields } = verifyCertificate(shown, { account: department.account })
      expect(Object.keys(fields).toSorted()).to.deep.equal(['domicile', 'name'])
      expect(await codeOf(service.certificates.disclose(id, ['salary']))).to.equal(
        'CERTIFICATE_FIELD_UNKNOWN',
      )
      expect(readDisclosed(await service.certificates.disclose(id, [])).fields).to.deep.equal({})
    })

    it('gives evidence of a certificate at any time', async () => {
      const { id } = await issue()
      await issue()
      const { statement } = parseEvidence(await service.certificates.evidence(id))
      expect(statement.id).to.equal(id)
    })

    describe('lineage', () => {
      it('leads both ways', async () => {
        const holders = [newHolder()]
        const first = await get((await issue(draft(LICENCE, { holders }))).id)
        const renewed = await get(
          (await issue(draft(LICENCE, { holders, renews: first.serial }))).id,
        )
        const replaced = await get(
          (await issue(draft(LICENCE, { holders, replaces: renewed.serial }))).id,
        )
        const { certificates } = service
        expect(await certificates.lineage(first.id)).to.deep.equal({
          renewedBy: [renewed],
          replacedBy: [],
        })
        expect(await certificates.lineage(renewed.id)).to.deep.equal({
          renews: first,
          renewedBy: [],
          replacedBy: [replaced],
        })
        expect(await certificates.lineage(replaced.id)).to.deep.equal({
          replaces: renewed,
          renewedBy: [],
          replacedBy: [],
        })
      })

      it('refuses an earlier certificate that is unknown, of other holders or of another type', async () => {
        const holders = [newHolder(), newHolder()]
        const { serial } = await get((await issue(draft(PROPERTY, { holders }))).id)
        for (const relation of ['renews', 'replaces']) {
          expect(await refusal(draft(LICENCE, { [relation]: newHolder() }))).to.equal(
            'CERTIFICATE_EARLIER_NOT_FOUND',
          )
          for (const given of [[newHolder()], holders.slice(1), [...holders, newHolder()]])
            expect(await refusal(draft(PROPERTY, { holders: given, [relation]: serial }))).to.equal(
              'CERTIFICATE_HOLDERS_DIFFER',
            )
        }
        const licence = await get((await issue(draft(LICENCE, { holders: holders.slice(1) }))).id)
        const other = { holders: holders.slice(1), renews: licence.serial }
        expect(await refusal(draft(PROPERTY, other))).to.equal('CERTIFICATE_TYPES_DIFFER')
        const reversed = draft(PROPERTY, { holders: holders.toReversed(), renews: serial })
        expect(await refusal(reversed)).to.equal(undefined)
      })
    })

    describe('status', () => {
      it('is 01 and usable from the day of issue on', async () => {
        const { id } = await issue()
        expect(await service.certificates.statusOf(id)).to.deep.equal({
          code: '01',
          time: NOW,
          usable: true,
        })
        expect(await service.certificates.statusAt(id, NOW - 1)).to.deep.include({
          usable: false,
          why: { code: 'CERTIFICATE_NOT_YET_VALID', from: '2023-08-05' },
        })
      })

      it('follows the chain, now and at any moment before', async () => {
        const { id } = await issue()
        await record(id, 2, NOW + 10)
        await record(id, 1, NOW + 20)
        await record(id, 7, NOW + 30)
        service.time = NOW + 40
        const { certificates } = service
        expect(await certificates.statusOf(id)).to.deep.equal({
          code: '07',
          time: NOW + 40,
          usable: false,
          why: { code: 'CERTIFICATE_NOT_USABLE', certificateStatus: '07' },
        })
        for (const [after, code, usable] of [
          [9, '01', true],
          [10, '02', false],
          [20, '01', true],
          [29, '01', true],
          [30, '07', false],
        ] as const)
          expect(await certificates.statusAt(id, NOW + after)).to.include({ code, usable })
      })

      it('says when a certificate is valid no more, or not yet', async () => {
        const { id } = await issue(draft(FOOD))
        const end = Date.UTC(2024, 9, 9, 16) / 1000
        expect(await service.certificates.statusAt(id, end - 1)).to.include({ usable: true })
        expect(await service.certificates.statusAt(id, end)).to.deep.include({
          usable: false,
          why: { code: 'CERTIFICATE_EXPIRED', on: '2024-10-10' },
        })
        const fields = { validFrom: '2023-08-07', validTo: '2023-08-08' }
        const later = await issue(draft(FOOD, { fields }))
        expect(await service.certificates.statusOf(later.id)).to.deep.include({
          why: { code: 'CERTIFICATE_NOT_YET_VALID', from: '2023-08-07' },
        })
        service.time = NOW + 2 * DAY
        expect(await service.certificates.statusOf(later.id)).to.include({ usable: true })
      })

      for (const relation of ['renews', 'replaces'] as const)
        it(`ends where another certificate ${relation} it, from the first day of that on`, async () => {
          const holders = [newHolder()]
          const { id } = await issue(draft(LICENCE, { holders }))
          const { serial } = await get(id)
          const later = { holders, [relation]: serial, fields: { validFrom: '2023-08-07' } }
          service.time = NOW + 60
          const { id: by } = await issue(draft(LICENCE, later))
          const { certificates } = service
          expect(await certificates.statusOf(id)).to.include({ code: '01', usable: true })
          const first = Date.parse('2023-08-07T00:00:00+08:00') / 1000
          expect(await certificates.statusAt(id, first - 1)).to.include({ usable: true })
          expect(await certificates.statusAt(id, first)).to.deep.equal({
            code: '01',
            time: first,
            usable: false,
            why: { code: 'CERTIFICATE_SUPERSEDED', by, on: '2023-08-05' },
          })
          expect(await certificates.statusAt(by, first)).to.include({ usable: true })
        })

      it('of one certificate is not that of another', async () => {
        const [one, two] = [await issue(), await issue()]
        await record(one.id, 7, NOW)
        expect(await service.certificates.statusOf(two.id)).to.include({ code: '01', usable: true })
      })

      it('describes what the department has to sign for a change', async () => {
        const { id } = await issue()
        const { serial } = await get(id)
        const message = {
          issuer: department.account,
          certificateType: certificateTypeWord(LICENCE),
          serial,
          status: 2,
          sequence: 0,
        }
        expect(await describeChange(id, '02')).to.deep.equal({ type: 'StatusChange', message })
        await record(id, 2, NOW)
        expect(await describeChange(id, '01')).to.deep.equal({
          type: 'StatusChange',
          message: { ...message, status: 1, sequence: 1 },
        })
      })

      it('refuses 07→01 and all else that the contract would', async () => {
        const { id } = await issue()
        expect(await codeOf(describeChange(id, '01'))).to.equal('CERTIFICATE_STATUS_CHANGE_REFUSED')
        await record(id, 7, NOW)
        for (const status of ['01', '02', '03', '04', '05', '06', '07'] as const)
          expect(await codeOf(describeChange(id, status))).to.equal(
            'CERTIFICATE_STATUS_CHANGE_REFUSED',
          )
      })

      it('needs a text for 99', async () => {
        const { id } = await issue()
        expect(await codeOf(describeChange(id, '99'))).to.equal('CERTIFICATE_STATUS_TEXT_MISSING')
        expect((await describeChange(id, '99', '遗失声明')).message.status).to.equal(99)
      })
    })

    it('passes the audit, which finds what an index should not hold', async () => {
      await issue(draft(PROPERTY, { holders: [newHolder(), newHolder()] }))
      await issue(draft(FOOD))
      expect(await faultsIn(service)).to.deep.equal([])
      const blinded = 'A'.repeat(22)
      const beyond = termKey('certificate.holder', blinded, 2)
      const filled = termKey('certificate.holder', blinded, 1)
      await service.store.commit([
        { type: 'put', key: beyond, value: new Uint8Array(0) },
        { type: 'put', key: filled, value: new Uint8Array(1) },
      ])
      expect(await faultsIn(service)).to.have.members([
        'KEY_BEYOND_LOG term record 2',
        'RECORD_WRONG term record 1',
        `TERM_RECORD_STRAY term record certificate.holder ${blinded} of entry 1`,
      ])
    })
  })
}

/** For stores that keep what they hold when they are closed. */
export function outlivesRestarts(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`certificates on ${name}`, () => {
    const folder = temporaryFolder()

    it('are found again after a restart', async () => {
      const department = newKey()
      const holder = newHolder()
      const draft = draftOf(LICENCE, department.account, { holders: [holder] })
      let service = await openTestService(await openStore(folder.path), folder.path)
      service.registries.permit(department.account, [LICENCE])
      const { id } = await service.certificates.issue(await issueBy(department, draft))
      const before = await service.certificates.get(id)
      await service.close()
      service = await openTestService(await openStore(folder.path), folder.path)
      const { items } = await service.certificates.ofHolder(holder, { limit: 10 })
      expect(items).to.deep.equal([before])
      expect(readDisclosed(await service.certificates.disclose(id, ['name'])).fields).to.include({
        name: draft.fields['name'],
      })
      await service.close()
    })
  })
}
