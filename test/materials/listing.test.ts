import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import type { ListedMaterial, MaterialQuery, Whose } from '../../node/materials/materials.ts'
import type { Page } from '../../node/store/pages.ts'
import { familyRange } from '../../node/store/layout.ts'
import { codeOf } from '../support/codes.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { ADAPTERS, digestOf, FIELDS, LANDLORD, LEASE, openBank, TENANT } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const OF_TENANT: Whose = { of: 'holders', holders: [TENANT] }
const OF_PERMITS: Whose = { of: 'submitter', submitter: 'permits' }
const LEASED = { type: 'LEASE', fields: FIELDS }

for (const [name, openStores] of ADAPTERS)
  describe(`lists of materials on ${name}`, () => {
    const folder = temporaryFolder()
    let bank: Bank
    beforeEach(async () => {
      bank = await openBank(await openStores(folder.path))
      bank.types.publish(LEASE)
    })
    afterEach(() => bank.close())

    const bytes = randomBytes(20)
    const submit = async (changes: Partial<MaterialSubmission> = {}, submitter?: string) => {
      const content = { mediaType: 'application/pdf', digests: [digestOf(bytes)], size: 20 }
      const more = submitter === undefined ? {} : { submitter }
      return (await bank.submit({ holder: TENANT, content, ...changes }, undefined, more)).id
    }
    /** Many at once, in the order of their numbers. */
    const submitMany = (count: number, changes: Partial<MaterialSubmission>, submitter?: string) =>
      Promise.all(Array.from({ length: count }, () => submit(changes, submitter)))
    const list = async (whose: Whose, query: Partial<MaterialQuery> = {}) => {
      const page = await bank.materials.list(whose, { limit: 100, ...query })
      return page.items.map(({ statement }) => statement.id)
    }
    const pages = async (whose: Whose, query: MaterialQuery) => {
      const found: Page<ListedMaterial>[] = []
      let before: number | undefined
      do {
        const page = await bank.materials.list(whose, {
          ...query,
          ...(before !== undefined && { before }),
        })
        found.push(page)
        before = page.next
      } while (before !== undefined)
      return found
    }
    const terms = async () => (await Array.fromAsync(bank.store.scan(familyRange('term')))).length

    it('hold what a holder has of every type, the newest first, and nothing of another', async () => {
      const first = await submit(LEASED)
      const second = await submit({ type: 'NOBODY_KNOWS' })
      await submit({ ...LEASED, holder: LANDLORD })
      await submit({ type: 'NOBODY_KNOWS', holder: LANDLORD })
      const third = await submit({ ...LEASED, caseCode: '001900000200001' })
      expect(await list(OF_TENANT)).to.deep.equal([third, second, first])
      expect(
        await list({ of: 'holders', holders: [TENANT, LANDLORD] }),
        'of several',
      ).to.have.length(5)
      expect(await list({ of: 'holders', holders: [] })).to.deep.equal([])
    })

    it('hold once what came before its type was published', async () => {
      const early = await submit({ type: 'LATER' })
      bank.types.publish({ ...LEASE, code: 'LATER', fields: [] })
      const late = await submit({ type: 'LATER' })
      expect(await list(OF_TENANT)).to.deep.equal([late, early])
      expect(await list(OF_TENANT, { types: ['LATER'] })).to.deep.equal([late, early])
    })

    it('go on where the page before ended, whatever has come in since', async () => {
      const ids = await submitMany(5, LEASED)
      const first = await bank.materials.list(OF_TENANT, { limit: 2 })
      await submit(LEASED)
      const second = await bank.materials.list(OF_TENANT, { limit: 2, before: first.next ?? 0 })
      const third = await bank.materials.list(OF_TENANT, { limit: 2, before: second.next ?? 0 })
      const shown = [first, second, third].flatMap(({ items }) =>
        items.map(({ statement }) => statement.id),
      )
      expect(shown).to.have.members(ids)
      expect([first, second, third].map(({ items }) => items.length)).to.deep.equal([2, 2, 1])
      expect(third).not.to.have.property('next')
    })

    it('tell how each stands, and are narrowed to a type and a state', async () => {
      const old = await submit(LEASED)
      const newer = await submit({ ...LEASED, supersedes: old })
      const withdrawn = await submit({ type: 'NOBODY_KNOWS' })
      await bank.materials.withdraw(withdrawn, { reason: 'ended', by: 'permits' })
      const { items } = await bank.materials.list(OF_TENANT, { limit: 9 })
      expect(items.map(({ standing }) => standing.state)).to.deep.equal([
        'withdrawn',
        'current',
        'superseded',
      ])
      expect(items.at(-1)?.standing).to.include({ by: newer })
      expect(await list(OF_TENANT, { types: ['LEASE'] })).to.deep.equal([newer, old])
      for (const whose of [OF_TENANT, OF_PERMITS, { of: 'all' } as const]) {
        expect(await list(whose, { state: 'superseded' })).to.deep.equal([old])
        expect(await list(whose, { state: 'withdrawn', types: ['LEASE'] })).to.deep.equal([])
      }
    })

    it('leave out what was erased', async () => {
      const [kept, erased] = [await submit(LEASED), await submit(LEASED)]
      await bank.materials.erase(erased, { reason: 'r', legalBasis: 'l', by: 'permits' })
      for (const whose of [OF_TENANT, OF_PERMITS, { of: 'all' } as const])
        expect(await list(whose)).to.deep.equal([kept])
      expect(await bank.faults()).to.deep.equal([])
    })

    it('find what somebody handed in by a key for each 256 entries', async () => {
      const before = await terms()
      const unheld = { holder: undefined }
      const own = [await submit(unheld), ...(await submitMany(300, unheld))]
      await submitMany(300, unheld, 'taxes')
      own.push(await submit(unheld))
      // Entries 0–300 and 601; and 301–600.
      expect((await terms()) - before).to.equal(3 + 2)
      const found = await pages(OF_PERMITS, { limit: 100 })
      const shown = found.flatMap(({ items }) => items.map(({ statement }) => statement.id))
      expect(shown).to.have.length(own.length)
      expect(shown).to.have.members(own)
      expect(shown[0]).to.equal(own.at(-1))
      expect(shown.at(-1)).to.equal(own[0])
    })

    it('find what somebody handed in after something was refused', async () => {
      const id = await submit({ id: 'm-1' })
      expect(await codeOf(submit({ id: 'm-1', type: 'T2' }))).to.equal('STATEMENT_ID_TAKEN')
      const next = await submit()
      expect(await list(OF_PERMITS)).to.deep.equal([next, id])
    })

    it('look at so much for a page and no more, and go on from there', async () => {
      const rare = await submit({ type: 'RARE' })
      await submitMany(1100, {})
      const found = await pages(OF_PERMITS, { limit: 10, types: ['RARE'] })
      expect(found.map(({ items }) => items.length)).to.deep.equal([0, 1])
      expect(found[1]?.items[0]?.statement.id).to.equal(rare)
    })
  })

describe('lists of materials where nobody publishes types', () => {
  const folder = temporaryFolder()

  it('hold what a holder has', async () => {
    const [, open] = ADAPTERS[0] ?? []
    if (open === undefined) throw new Error('no adapter')
    const bank = await openBank(await open(folder.path), false)
    const { id } = await bank.submit({ holder: TENANT }, randomBytes(20))
    const { items } = await bank.materials.list(OF_TENANT, { limit: 5 })
    expect(items.map(({ statement }) => statement.id)).to.deep.equal([id])
    await bank.close()
  })
})
