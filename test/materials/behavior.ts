import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { parseEvidence } from '../../node/core/evidence.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { locationKey } from '../../node/store/layout.ts'
import { codeOf } from '../support/codes.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { digestOf, FIELDS, LANDLORD, LEASE, openBank, TENANT } from './support/bank.ts'
import type { Bank, OpenStores } from './support/bank.ts'

const IDENTIFIER =
  '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.20210000000000012345.001'
const ERASURE = { reason: 'a court order', legalBasis: 'PIPL art. 47', by: 'operator' }
const LARGE = 400_000

const lease = (changes: Partial<MaterialSubmission> = {}): Partial<MaterialSubmission> => ({
  type: 'LEASE',
  holder: TENANT,
  fields: FIELDS,
  ...changes,
})

const said = (by = 'permits', reason = 'looked at') => ({ reason, by })

export function behavesLikeMaterials(name: string, openStores: OpenStores): void {
  describe(`the material bank on ${name}`, () => {
    const folder = temporaryFolder()
    let bank: Bank

    beforeEach(async () => {
      bank = await openBank(await openStores(folder.path))
      bank.types.publish(LEASE)
    })
    afterEach(() => bank.close())

    const refusal = async (changes: Partial<MaterialSubmission>, bytes = randomBytes(20)) =>
      codeOf(bank.submit(changes, bytes))
    const doubtful = (changes: Partial<MaterialSubmission> = {}, submitter = 'permits') =>
      bank.submit({ type: 'NOBODY_KNOWS', unsound: 'quarantine', ...changes }, randomBytes(20), {
        submitter,
      })
    const later = (
      supersedes: string,
      changes: Partial<MaterialSubmission> = {},
      bytes = randomBytes(20),
    ) => bank.submit({ holder: TENANT, supersedes, ...changes }, bytes)
    const standing = async (id: string) => (await bank.materials.get(id)).standing

    describe('what is said of a material', () => {
      it('is held against the version of its type that is in force, which the statement names', async () => {
        const { id } = await bank.submit(lease(), randomBytes(20))
        const { statement } = await bank.materials.get(id)
        expect(statement).to.deep.include({ catalogue: { version: 1 }, fields: FIELDS })
        expect(await standing(id)).to.deep.equal({ state: 'current' })
      })

      it('is refused with the place of each field and what is expected there', async () => {
        const fields = { landlord: '91310110MADEM0011X', rent: true, colour: 'red' }
        const refused = await bank
          .submit(lease({ fields }), randomBytes(20))
          .catch((e: unknown) => e)
        if (!isLedgerError(refused)) throw refused
        expect(refused).to.include({ kind: 'unverified', code: 'MATERIAL_FIELDS_INVALID' })
        expect(refused.details).to.deep.equal({
          material: 'LEASE',
          version: 1,
          issues: [
            {
              pointer: '/fields/landlord',
              rule: 'check',
              expected: 'a unified social credit code',
              code: 'USCC_CHECK_CHARACTER_WRONG',
            },
            { pointer: '/fields/until', rule: 'missing', expected: 'a day YYYY-MM-DD that exists' },
            {
              pointer: '/fields/rent',
              rule: 'type',
              expected: 'an integer, or a decimal fraction as a string',
            },
            {
              pointer: '/fields/colour',
              rule: 'unknown',
              expected: 'one of landlord, until, rent',
            },
          ],
        })
        expect(bank.ledger.size).to.equal(0)
      })

      it('is taken as it comes where nobody published its type', async () => {
        const { id } = await bank.submit({ fields: { anything: true } }, randomBytes(20))
        expect((await bank.materials.get(id)).statement).not.to.have.property('catalogue')
      })

      it('has to have a form and size that its type takes', async () => {
        const png = lease({ content: { mediaType: 'image/png' } })
        expect(await refusal(png)).to.equal('MATERIAL_FORMAT_NOT_TAKEN')
        expect(await refusal(lease({ content: { mediaType: 'application/ofd' } }))).to.equal(
          undefined,
        )
        expect(await refusal(lease(), randomBytes(100_001))).to.equal('MATERIAL_TOO_LARGE_FOR_TYPE')
        expect(await bank.faults()).to.deep.equal([])
      })

      for (const [what, changes, code] of [
        [
          'a holder code',
          { holder: { ...TENANT, code: '91310110MADEM002XA' } },
          'USCC_CHECK_CHARACTER_WRONG',
        ],
        [
          'a certificate identifier',
          { certificateIdentifier: `${IDENTIFIER}.1` },
          'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
        ],
        [
          'no certificate identifier at all',
          { certificateIdentifier: 'licence 7' },
          'CERTIFICATE_IDENTIFIER_MALFORMED',
        ],
      ] as const) {
        it(`is refused for ${what} with ${code}, or quarantined where that is asked for`, async () => {
          expect(await refusal(changes)).to.equal(code)
          const asked = { ...changes, unsound: 'quarantine' } as const
          const { id, quarantine } = await bank.submit(asked, randomBytes(9))
          expect(quarantine?.code).to.equal(code)
          expect(await standing(id)).to.deep.equal({ state: 'quarantined', code })
        })
      }

      it('is refused where the identifier is that of another type of certificate', async () => {
        bank.types.publish({ ...LEASE, certificateType: '11100000MB03271699002' })
        const asked = lease({ certificateIdentifier: `${IDENTIFIER}.O` })
        expect(await refusal(asked)).to.equal('CERTIFICATE_IDENTIFIER_MISMATCH')
        bank.types.publish({ ...LEASE, certificateType: '11100000MB03271699001' })
        expect(await refusal(asked)).to.equal(undefined)
      })

      it('may not have an id that the ledger derives from something', async () => {
        for (const id of ['act-x', 'use-1', 'withdrawal-1', 'quarantine-1', 'erasure-1', 'case-7'])
          expect(await refusal({ id })).to.equal('MATERIAL_ID_RESERVED')
        expect(await refusal({ id: 'actual' })).to.equal(undefined)
      })

      it('is the same entry when it is said again, whatever version of its type came since', async () => {
        const bytes = randomBytes(20)
        const first = await bank.submit(lease({ id: 'lease-1' }), bytes)
        bank.types.publish({ ...LEASE, version: 2 })
        const again = await bank.submit(lease({ id: 'lease-1' }), bytes)
        bank.types.publish({ ...LEASE, version: 3, fields: [] })
        const last = await bank.submit(lease({ id: 'lease-1' }), bytes)
        expect([again, last].map(({ created, index }) => ({ created, index }))).to.deep.equal([
          { created: false, index: first.index },
          { created: false, index: first.index },
        ])
        expect(await refusal(lease({ id: 'lease-1' }))).to.equal('STATEMENT_ID_TAKEN')
      })

      it('has the same fingerprint under an idempotency key, whatever version came since', async () => {
        const bytes = randomBytes(20)
        const key = { idempotencyKey: 'k' }
        const { id } = await bank.submit(lease(), bytes, key)
        bank.types.publish({ ...LEASE, version: 2 })
        expect(await bank.submit(lease(), bytes, key)).to.include({ id, created: false })
      })
    })

    describe('quarantine', () => {
      it('takes what is of a type that nobody published', async () => {
        const { id, quarantine } = await doubtful()
        expect(quarantine).to.deep.equal({ code: 'MATERIAL_TYPE_UNKNOWN' })
        const found = await bank.materials.get(id)
        expect(found.statement).to.deep.include({ quarantine: { code: 'MATERIAL_TYPE_UNKNOWN' } })
        expect(found.standing).to.deep.equal({
          state: 'quarantined',
          code: 'MATERIAL_TYPE_UNKNOWN',
        })
      })

      it('takes what has a wrong check character in a field, and nothing that is wrong otherwise', async () => {
        const fields = { ...FIELDS, landlord: '91310110MADEM0011X' }
        const asked = lease({ fields, unsound: 'quarantine' })
        const { quarantine } = await bank.submit(asked, randomBytes(20))
        expect(quarantine).to.deep.equal({ code: 'USCC_CHECK_CHARACTER_WRONG' })
        const { until: _, ...incomplete } = fields
        expect(await refusal({ ...asked, fields: incomplete })).to.equal('MATERIAL_FIELDS_INVALID')
      })

      it('lists what nobody has decided about, newest first, in pages, for one submitter or all', async () => {
        const ids = []
        for (const submitter of ['permits', 'taxes', 'permits'])
          ids.push((await doubtful({}, submitter)).id)
        const [first, second, third] = ids
        const list = async (submitter?: string) => {
          const found: string[] = []
          let before: number | undefined
          do {
            const page = {
              limit: 1,
              ...(before !== undefined && { before }),
              ...(submitter && { submitter }),
            }
            const { items, next } = await bank.materials.quarantined(page)
            found.push(...items.map(({ statement }) => statement.id))
            before = next
          } while (before !== undefined)
          return found
        }
        expect(await list()).to.deep.equal([third, second, first])
        expect(await list('permits')).to.deep.equal([third, first])
        await bank.materials.release(first ?? '', said())
        await bank.materials.reject(second ?? '', said())
        await bank.materials.erase(third ?? '', ERASURE)
        expect(await list()).to.deep.equal([])
        expect(await list('permits')).to.deep.equal([])
      })

      it('is left by a release, which is logged with who and why', async () => {
        const { id, index } = await doubtful()
        const released = await bank.materials.release(id, said('permits', 'the type is to come'))
        expect(parseEvidence(released.evidence).statement).to.deep.include({
          kind: 'material.released',
          material: id,
          index,
          reason: 'the type is to come',
          by: 'permits',
        })
        expect(await standing(id)).to.deep.equal({ state: 'current' })
      })

      it('is never left after a rejection', async () => {
        const { id } = await doubtful()
        const { id: by } = await bank.materials.reject(id, said())
        expect(await standing(id)).to.deep.include({
          state: 'rejected',
          by,
          code: 'MATERIAL_TYPE_UNKNOWN',
        })
        expect(await codeOf(bank.materials.release(id, said()))).to.equal('MATERIAL_DECIDED')
      })

      it('is decided about once: in the same words it is the same entry, in others it is refused', async () => {
        const { id } = await doubtful()
        const first = await bank.materials.release(id, said())
        expect(await bank.materials.release(id, said())).to.include({
          index: first.index,
          created: false,
        })
        expect(await codeOf(bank.materials.release(id, said('taxes')))).to.equal('MATERIAL_DECIDED')
        expect(await codeOf(bank.materials.reject(id, said()))).to.equal('MATERIAL_DECIDED')
      })

      it('decides about nothing else', async () => {
        const { id } = await bank.submit({}, randomBytes(20))
        expect(await codeOf(bank.materials.release(id, said()))).to.equal(
          'MATERIAL_NOT_QUARANTINED',
        )
        expect(await codeOf(bank.materials.reject(id, said()))).to.equal('MATERIAL_NOT_QUARANTINED')
        expect(await codeOf(bank.materials.release('nobody', said()))).to.equal(
          'MATERIAL_NOT_FOUND',
        )
        const { id: gone } = await doubtful()
        await bank.materials.erase(gone, ERASURE)
        expect(await codeOf(bank.materials.release(gone, said()))).to.equal('MATERIAL_ERASED')
      })
    })

    describe('a withdrawal', () => {
      it('ends the use of a material, is logged, and leaves it readable', async () => {
        const bytes = randomBytes(20)
        const { id, index } = await bank.submit({ holder: TENANT }, bytes)
        const withdrawn = await bank.materials.withdraw(id, said('permits', 'lease ended'))
        expect(parseEvidence(withdrawn.evidence).statement).to.deep.include({
          kind: 'material.withdrawn',
          material: id,
          index,
          reason: 'lease ended',
          by: 'permits',
        })
        expect(await standing(id)).to.deep.include({ state: 'withdrawn', by: withdrawn.id })
        expect((await bank.read(id)).equals(bytes)).to.equal(true)
      })

      it('is made once', async () => {
        const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const { index } = await bank.materials.withdraw(id, said())
        expect(await bank.materials.withdraw(id, said())).to.include({ index, created: false })
        expect(await codeOf(bank.materials.withdraw(id, said('taxes')))).to.equal(
          'MATERIAL_WITHDRAWN',
        )
      })

      it('needs a material that is there', async () => {
        expect(await codeOf(bank.materials.withdraw('nobody', said()))).to.equal(
          'MATERIAL_NOT_FOUND',
        )
        const { id } = await bank.submit({}, randomBytes(20))
        await bank.materials.erase(id, ERASURE)
        expect(await codeOf(bank.materials.withdraw(id, said()))).to.equal('MATERIAL_ERASED')
      })
    })

    describe('a later version', () => {
      it('takes the place of the earlier one, in a line of which the newest counts', async () => {
        const { id: first } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const { id: second } = await later(first)
        const { id: third } = await later(second)
        expect(await standing(first)).to.deep.include({ state: 'superseded', by: second })
        expect(await standing(second)).to.deep.include({ state: 'superseded', by: third })
        expect(await standing(third)).to.deep.equal({ state: 'current' })
      })

      it('is refused where the earlier one is not the newest, not there, or not to be used', async () => {
        const { id: first } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const { id: second } = await later(first)
        expect(await codeOf(later(first))).to.equal('MATERIAL_SUPERSEDED')
        await bank.materials.withdraw(second, said())
        expect(await codeOf(later(second))).to.equal('MATERIAL_WITHDRAWN')
        const { id: gone } = await bank.submit({ holder: TENANT }, randomBytes(20))
        await bank.materials.erase(gone, ERASURE)
        expect(await codeOf(later(gone))).to.equal('MATERIAL_ERASED')
        expect(await codeOf(later('nobody'))).to.equal('MATERIAL_NOT_FOUND')
      })

      it('is of the same holder, type and submitter', async () => {
        const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const { id: nobodys } = await bank.submit({}, randomBytes(20))
        const another = { submitter: 'another' }
        for (const asked of [
          () => later(id, { holder: LANDLORD }),
          () => later(id, { type: 'T2' }),
          () => bank.submit({ holder: TENANT, supersedes: id }, randomBytes(20), another),
          () => bank.submit({ supersedes: id }, randomBytes(20)),
          () => bank.submit({ supersedes: nobodys }, randomBytes(20)),
        ])
          expect(await codeOf(asked())).to.equal('MATERIAL_SUPERSEDES_OTHER')
      })

      it('is not one that goes into quarantine', async () => {
        const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const asked = later(id, { unsound: 'quarantine' })
        expect(await codeOf(asked)).to.equal('MATERIAL_SUPERSEDES_IN_DOUBT')
        expect(await standing(id)).to.deep.equal({ state: 'current' })
      })

      it('comes first, or is refused, when several come at once', async () => {
        const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const asked = Array.from({ length: 8 }, () => later(id))
        const codes = await Promise.all(asked.map(codeOf))
        expect(codes.filter((code) => code === undefined)).to.have.length(1)
        expect(codes.filter((code) => code === 'MATERIAL_SUPERSEDED')).to.have.length(7)
      })

      it('is the same entry when the same is said again, with or without a key, and another with another id', async () => {
        const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const bytes = randomBytes(20)
        const submission = { holder: TENANT, supersedes: id }
        const first = await bank.submit(submission, bytes, { idempotencyKey: 'k' })
        const again = await bank.submit(submission, bytes, { idempotencyKey: 'k' })
        const without = await bank.submit(submission, bytes)
        for (const one of [again, without])
          expect(one).to.include({ id: first.id, index: first.index, created: false })
        const named = bank.submit({ ...submission, id: 'mine' }, bytes)
        expect(await codeOf(named)).to.equal('MATERIAL_SUPERSEDED')
      })

      it('does not give the place back when it is withdrawn or erased', async () => {
        const { id: first } = await bank.submit({ holder: TENANT }, randomBytes(20))
        const { id: second } = await later(first)
        await bank.materials.withdraw(second, said())
        expect(await standing(first)).to.deep.include({ state: 'superseded', by: second })
        const { evidence } = await bank.materials.erase(second, ERASURE)
        expect(parseEvidence(evidence).statement).to.deep.include({ supersedes: first })
        expect(await standing(first)).to.have.property('state', 'superseded')
        expect(await standing(first)).not.to.have.property('by')
        expect((await bank.materials.erase(second, ERASURE)).created).to.equal(false)
        expect(await codeOf(later(first))).to.equal('MATERIAL_SUPERSEDED')
      })
    })

    describe('the same bytes of the same holder', () => {
      for (const length of [50, LARGE]) {
        it(`are stored once (${length} bytes), and are read by each of their materials`, async () => {
          const bytes = randomBytes(length)
          const ids = []
          for (let i = 0; i < 3; i++) ids.push((await bank.submit({ holder: TENANT }, bytes)).id)
          expect(await bank.kept()).to.equal(1)
          for (const id of ids) expect((await bank.read(id)).equals(bytes)).to.equal(true)
          expect(await bank.faults()).to.deep.equal([])
        })
      }

      it('are stored once when they come at the same time', async () => {
        const bytes = randomBytes(LARGE)
        const taken = await Promise.all(
          Array.from({ length: 5 }, () => bank.submit({ holder: TENANT }, bytes)),
        )
        expect(await bank.kept()).to.equal(1)
        for (const { id } of taken) expect((await bank.read(id)).equals(bytes)).to.equal(true)
        expect(await bank.faults()).to.deep.equal([])
      })

      it('are not shared with another holder, nor with what nobody holds', async () => {
        const bytes = randomBytes(50)
        await bank.submit({ holder: TENANT }, bytes)
        await bank.submit({ holder: LANDLORD }, bytes)
        await bank.submit({}, bytes)
        await bank.submit({}, bytes)
        expect(await bank.kept()).to.equal(4)
      })

      it('do not come from a digest alone', async () => {
        const bytes = randomBytes(50)
        await bank.submit({ holder: TENANT }, bytes)
        const content = { mediaType: 'application/pdf', digests: [digestOf(bytes)], size: 50 }
        const { id } = await bank.submit({ holder: TENANT, content })
        expect(await codeOf(bank.read(id))).to.equal('CONTENT_NOT_KEPT')
      })

      it('are missed by the audit when they are gone', async () => {
        const bytes = randomBytes(50)
        const { index } = await bank.submit({ holder: TENANT }, bytes)
        await bank.submit({ holder: TENANT }, bytes)
        await bank.store.commit([{ type: 'del', key: locationKey(index) }])
        expect(await bank.faults()).to.deep.equal([
          'LOCATION_MISSING content location 0',
          'LOCATION_MISSING content location 1',
        ])
      })
    })
  })
}
