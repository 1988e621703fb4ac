import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import type { MaterialType } from '../../node/core/catalogue/materialType.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { LedgerMaterials } from '../../node/materials/ledgerMaterials.ts'
import { Reception } from '../../node/materials/reception.ts'
import { TermIndex } from '../../node/store/terms.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { codeOf } from '../support/codes.ts'
import { TEST_MASTER_KEY } from '../support/log.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { ADAPTERS, FIELDS, LEASE, NOW, openBank, TENANT } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const LARGE = 400_000
const KEY = { idempotencyKey: 'k' }
const LEASED: Partial<MaterialSubmission> = { type: 'LEASE', holder: TENANT, fields: FIELDS }
const REUSED = 'IDEMPOTENCY_KEY_REUSED'

for (const [name, openStores] of ADAPTERS)
  describe(`an idempotency key of a material on ${name}`, () => {
    const folder = temporaryFolder()
    let bank: Bank
    beforeEach(async () => {
      bank = await openBank(await openStores(folder.path))
      bank.types.publish(LEASE)
    })
    afterEach(() => bank.close())

    const changes: [string, Partial<MaterialType>][] = [
      ['another field is required', { fields: [...LEASE.fields, field('tenant')] }],
      ['its form is not taken any more', { formats: ['ofd'] }],
      ['less is taken', { maxBytes: 1 }],
    ]
    for (const [what, published] of changes)
      for (const length of [20, LARGE])
        it(`gets the first answer though ${what} by now (${length} bytes)`, async () => {
          bank.types.publish({ ...LEASE, maxBytes: LARGE })
          const bytes = randomBytes(length)
          const first = await bank.submit(LEASED, bytes, KEY)
          bank.types.publish({ ...LEASE, version: 2, ...published })
          expect(await codeOf(bank.submit(LEASED, bytes))).to.match(/^MATERIAL_/)
          const again = await bank.submit(LEASED, bytes, KEY)
          expect(again).to.include({ id: first.id, index: first.index, created: false })
          expect(Buffer.from(again.evidence)).to.deep.equal(Buffer.from(first.evidence))
          expect(await bank.kept()).to.equal(1)
          expect(await codeOf(bank.submit(LEASED, randomBytes(length), KEY))).to.equal(REUSED)
          expect(await codeOf(bank.submit(LEASED, bytes, { idempotencyKey: 'l' }))).to.match(
            /^MATERIAL_/,
          )
        })

    it('gets the first answer though what it is for could be exempted by now', async () => {
      const { store, ledger } = bank
      const ring = await KeyRing.open(store, TEST_MASTER_KEY)
      const reception = new Reception(bank.contents, { digests: ['sha-256'], maxContent: LARGE })
      let exempted = false
      const materials = new LedgerMaterials({
        ledger,
        reception,
        terms: new TermIndex(store, ring),
        requireForCase: async () => {
          if (exempted) throw new LedgerError('conflict', 'MATERIAL_EXEMPTED')
        },
        now: () => NOW,
      })
      const submission = {
        type: 'T1',
        content: { mediaType: 'application/pdf' },
        caseCode: '001900000100001',
      }
      const submit = (title: string) =>
        materials.submit({
          submission: { ...submission, title },
          submitter: 'permits',
          content: Buffer.of(1),
          ...KEY,
        })
      const { id } = await submit('first')
      exempted = true
      expect(await submit('first')).to.include({ id, created: false })
      expect(await codeOf(submit('second'))).to.equal(REUSED)
      await reception.close()
    })

    it('says what is in doubt as the first answer did', async () => {
      const doubtful = { type: 'NOBODY_KNOWS', unsound: 'quarantine' } as const
      const bytes = randomBytes(20)
      const first = await bank.submit(doubtful, bytes, KEY)
      bank.types.publish({ ...LEASE, code: 'NOBODY_KNOWS', fields: [] })
      const again = await bank.submit(doubtful, bytes, KEY)
      expect(first.quarantine).to.deep.equal({ code: 'MATERIAL_TYPE_UNKNOWN' })
      expect(again).to.deep.equal({ ...first, created: false })
    })

    for (const length of [20, LARGE])
      it(`answers one of two requests at the same moment, and each as when it comes later (${length} bytes)`, async () => {
        const [one, other] = [randomBytes(length), randomBytes(length)]
        const submit = (bytes: Uint8Array) => bank.submit({ holder: TENANT }, bytes, KEY)
        const [first, , twin] = await Promise.allSettled([submit(one), submit(other), submit(one)])
        const answers = [first, twin].flatMap((answer) =>
          answer.status === 'fulfilled' ? [answer.value] : [],
        )
        // Whichever came to its end first: its twin has its answer, and the other the conflict.
        if (answers.length === 2) {
          expect(new Set(answers.map(({ index }) => index)).size).to.equal(1)
          expect(await codeOf(submit(other))).to.equal(REUSED)
        } else {
          expect(await submit(other)).to.include({ created: false })
          expect(await codeOf(submit(one))).to.equal(REUSED)
        }
        expect(bank.ledger.size).to.equal(1)
        expect(await bank.kept()).to.equal(1)
      })

    it('lets one of two equal requests at the same moment take the place of an earlier version', async () => {
      const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
      const bytes = randomBytes(20)
      const submit = () => bank.submit({ holder: TENANT, supersedes: id }, bytes, KEY)
      const [first, second] = await Promise.all([submit(), submit()])
      expect(second).to.deep.equal({ ...first, created: false })
      expect(bank.ledger.size).to.equal(2)
    })

    it('stands for what was known by its id from then on, too', async () => {
      const bytes = randomBytes(20)
      const first = await bank.submit({ id: 'chosen' }, bytes)
      const known = await bank.submit({ id: 'chosen' }, bytes, KEY)
      expect(known).to.include({ index: first.index, created: false })
      expect(await codeOf(bank.submit({ id: 'other' }, bytes, KEY))).to.equal(REUSED)
      expect(await bank.submit({ id: 'chosen' }, bytes, KEY)).to.deep.equal(known)
    })
  })

function field(name: string) {
  const rest = { type: 'string', required: true, sensitivity: 'L1' } as const
  return { name, label: name, ...rest }
}
