import { expect } from 'chai'
import fc from 'fast-check'
import type { Catalogue, Publisher } from '../../node/catalogue/catalogue.ts'
import { addDays } from '../../node/core/catalogue/day.ts'
import type { CatalogueEntry, EntryOf } from '../../node/core/catalogue/entry.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import {
  benefit,
  certificateType,
  codesOf,
  errorOf,
  field,
  materialType,
  matter,
  OWNER,
  required,
  system,
  theme,
} from '../core/catalogue/support.ts'
import { faultsIn } from '../ledger/audit/testLedger.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { codeOf } from '../support/codes.ts'
import { openTestParts, TODAY, TOMORROW } from './support/service.ts'
import type { TestLedgerParts } from './support/service.ts'

const OTHER = `0x${'22'.repeat(20)}` as const
const byOwner = { name: `department ${OWNER}`, department: OWNER }
const byOther = { name: `department ${OTHER}`, department: OTHER }
const byOperator = { name: 'operator' }
const PROPERTY = '11100000MB03271699001'

const second = (changes: Partial<EntryOf<'materialType'>> = {}) =>
  materialType({ version: 2, from: TOMORROW, ...changes })

const unknown = (kind: string, entry: string) => ({ kind, entry })

const asksFor = (name: string) =>
  matter({ from: '2023-02-01', materials: [required('FILING_COPY', { plain: [name] })] })

const ownerRule = (left: string, right: string) =>
  ({
    id: 'lessor-owns',
    text: '出租人为权利人',
    kind: 'oneOf',
    left: { material: 'LEASE', field: left },
    right: { material: 'PROPERTY_CERT', field: right },
  }) as const

async function detailsOf(promise: Promise<unknown>): Promise<object | undefined> {
  try {
    await promise
    return undefined
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return { code: error.code, ...error.details }
  }
}

export function behavesLikeCatalogue(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`the catalogue on ${name}`, () => {
    const folder = temporaryFolder()
    let parts: TestLedgerParts
    let catalogue: Catalogue

    beforeEach(async () => {
      parts = await openTestParts(await openStore(folder.path))
      catalogue = await parts.openCatalogue()
    })
    afterEach(async () => {
      await parts.ledger.close()
      await parts.store.close()
    })

    const publish = (entry: CatalogueEntry, by: Publisher = byOwner) => catalogue.publish(entry, by)
    const refusal = (entry: CatalogueEntry) => detailsOf(publish(entry))
    const on = (day: string) => catalogue.find('materialType', 'LEASE', day)?.version
    const needed = (day: string) =>
      catalogue.materialsOfTheme('OPEN_SHOP', day).map(({ material }) => material)

    describe('publishing', () => {
      it('logs the version as a statement of who published it, with evidence at once', async () => {
        const entry = materialType()
        const { index, created, evidence } = await publish(entry)
        expect({ index, created }).to.deep.equal({ index: 0, created: true })
        const { statement } = parseEvidence(evidence)
        expect(statement).to.deep.include({ kind: 'catalogue.published', entry, by: byOwner.name })
        expect(await faultsIn(parts)).to.deep.equal([])
      })

      it('answers the same version with the same statement, whoever hands it in', async () => {
        const both = await Promise.all([publish(materialType()), publish(materialType())])
        const again = await publish(materialType(), byOther)
        expect([...both, again].map(({ index }) => index)).to.deep.equal([0, 0, 0])
        expect([...both, again].map(({ created }) => created)).to.deep.equal([true, false, false])
        expect(parts.ledger.size).to.equal(1)
      })

      it('refuses another document under a version that is taken', async () => {
        await publish(materialType())
        expect(await codeOf(publish(materialType({ name: '别的' })))).to.equal(
          'CATALOGUE_VERSION_TAKEN',
        )
        const [one, two] = await Promise.all(
          ['甲', '乙'].map((name) => codeOf(publish(second({ name })))),
        )
        expect([one, two]).to.deep.equal([undefined, 'CATALOGUE_VERSION_TAKEN'])
      })

      it('takes versions in their order, without a gap', async () => {
        const gap = { code: 'CATALOGUE_VERSION_GAP', entry: 'LEASE', kind: 'materialType' }
        for (const version of [2, 7])
          expect(await detailsOf(publish(materialType({ version })))).to.include({ next: 1 })
        await publish(materialType())
        expect(await detailsOf(publish(second({ version: 3 })))).to.deep.equal({ ...gap, next: 2 })
      })

      it('is for the owner alone, but for the first version when a node is set up', async () => {
        expect(await detailsOf(publish(materialType(), byOther))).to.deep.equal({
          code: 'CATALOGUE_OWNER_NEEDED',
          owner: OWNER,
        })
        await publish(materialType(), byOperator)
        for (const by of [byOperator, byOther])
          expect(await codeOf(publish(second(), by))).to.equal('CATALOGUE_OWNER_NEEDED')
        expect(await codeOf(publish(second()))).to.equal(undefined)
      })

      it('takes no owner that is no department, where departments are registered', async () => {
        const departments = new Set<string>()
        catalogue = await parts.openCatalogue({ isDepartment: (one) => departments.has(one) })
        const code = 'CATALOGUE_OWNER_UNKNOWN'
        for (const by of [byOperator, byOwner])
          expect(await detailsOf(publish(materialType(), by))).to.deep.equal({ code, owner: OWNER })
        expect(parts.ledger.size).to.equal(0)
        departments.add(OWNER)
        await publish(materialType(), byOperator)
        const handedOver = second({ owner: OTHER })
        expect(await detailsOf(publish(handedOver))).to.deep.equal({ code, owner: OTHER })
        departments.add(OTHER)
        expect(await codeOf(publish(handedOver))).to.equal(undefined)
        // What was published stays so, and is told once more, whatever became of its owner.
        departments.clear()
        expect((await publish(materialType(), byOperator)).created).to.equal(false)
      })

      it('lets the owner hand the entry over, and then no longer publish it', async () => {
        await publish(materialType())
        const owner = OTHER
        expect(await codeOf(publish(second({ owner }), byOther))).to.equal('CATALOGUE_OWNER_NEEDED')
        await publish(second({ owner }))
        const third = second({ owner, version: 3, from: '2023-08-07' })
        expect(await codeOf(publish(third))).to.equal('CATALOGUE_OWNER_NEEDED')
        expect(await codeOf(publish(third, byOther))).to.equal(undefined)
      })

      it('changes no day that has begun', async () => {
        await publish(materialType({ from: '2001-01-01' }))
        for (const from of ['2023-08-04', TODAY])
          expect(await detailsOf(publish(second({ from }))), from).to.deep.equal({
            code: 'CATALOGUE_FROM_TOO_EARLY',
            earliest: TOMORROW,
          })
        await publish(second({ from: '2023-09-01' }))
        const third = (from: string) => second({ version: 3, from })
        expect(await detailsOf(publish(third('2023-09-01')))).to.deep.equal({
          code: 'CATALOGUE_FROM_TOO_EARLY',
          earliest: '2023-09-02',
        })
        expect(await codeOf(publish(third('2023-09-02')))).to.equal(undefined)
      })
    })

    describe('references', () => {
      it('of every kind lead to what is in force by then', async () => {
        for (const [entry, missing] of [
          [matter({ materials: [required('LEASE')] }), unknown('materialType', 'LEASE')],
          [
            matter({ agency: { allowed: true, maxDepth: 1, kinds: ['111'], proof: 'POA' } }),
            unknown('materialType', 'POA'),
          ],
          [matter({ benefit: 'BENEFIT_01' }), unknown('benefit', 'BENEFIT_01')],
          [theme(['SETUP']), unknown('matter', 'SETUP')],
          [benefit({ evidence: ['AWARD'] }), unknown('materialType', 'AWARD')],
          [system({ materials: ['LEASE'] }), unknown('materialType', 'LEASE')],
          [system({ matters: ['SETUP'] }), unknown('matter', 'SETUP')],
        ] as const) {
          expect(await refusal(entry)).to.deep.equal({
            code: 'CATALOGUE_REFERENCE_UNKNOWN',
            ...missing,
          })
        }
        expect(parts.ledger.size).to.equal(0)
      })

      it('do not lead to what comes into force later', async () => {
        await publish(materialType({ from: '2023-02-01' }))
        const materials = [required('LEASE')]
        expect(await codeOf(publish(matter({ from: '2023-01-31', materials })))).to.equal(
          'CATALOGUE_REFERENCE_UNKNOWN',
        )
        expect(await codeOf(publish(matter({ from: '2023-02-01', materials })))).to.equal(undefined)
      })

      it('to fields lead to those of the type, or of its certificate', async () => {
        await publish(materialType({ fields: [field('lessor')] }))
        await publish(
          materialType({
            code: 'PROPERTY_CERT',
            certificateType: PROPERTY,
            validity: { mode: 'CERTIFICATE' },
          }),
        )
        const materials = [required('LEASE'), required('PROPERTY_CERT')]
        for (const [rules, material, name] of [
          [[ownerRule('owner', 'owners')], 'LEASE', 'owner'],
          [[ownerRule('lessor', 'lessor')], 'PROPERTY_CERT', 'lessor'],
        ] as const)
          expect(await refusal(matter({ materials, rules: [...rules] }))).to.deep.equal({
            code: 'CATALOGUE_FIELD_UNKNOWN',
            material,
            field: name,
          })
        const plain = [required('LEASE', { plain: ['rent'] })]
        expect(await refusal(matter({ materials: plain }))).to.include({ field: 'rent' })
        await publish(matter({ materials, rules: [ownerRule('lessor', 'owners')] }))
      })

      it('to certificate types lead to those that can be issued', async () => {
        const certificateType = '11100000MB0143028R999'
        expect(await codeOf(publish(materialType({ certificateType })))).to.equal(
          'CERTIFICATE_TYPE_UNKNOWN',
        )
      })

      it('to certificate types lead to what was published, as it is in force by then', async () => {
        const { code } = certificateType()
        const copy = materialType({
          code: 'FILING_COPY',
          certificateType: code,
          validity: { mode: 'CERTIFICATE' },
        })
        await publish(certificateType({ from: '2023-02-01' }))
        expect(await codeOf(publish(copy))).to.equal('CERTIFICATE_TYPE_UNKNOWN')
        await publish({ ...copy, from: '2023-02-01' })
        expect(await refusal(asksFor('owner'))).to.deep.equal({
          code: 'CATALOGUE_FIELD_UNKNOWN',
          material: 'FILING_COPY',
          field: 'owner',
        })
        await publish(asksFor('premises'))
      })

      it('let no certificate type lose a field that issued certificates have', async () => {
        const { fields } = certificateType()
        await publish(certificateType())
        const next = (changed: typeof fields) =>
          certificateType({ version: 2, from: TOMORROW, fields: changed })
        expect(await refusal(next(fields.slice(0, -1)))).to.deep.equal({
          code: 'CATALOGUE_FIELDS_DROPPED',
          fields: ['premises'],
        })
        await publish(next([...fields, field('seats', 'number', { required: false })]))
        const known = certificateType({ code: PROPERTY })
        expect(await refusal(known)).to.have.property('code', 'CATALOGUE_FIELDS_DROPPED')
      })

      it('let no pattern in that could hold the node up', async () => {
        const fields = [field('a', 'string', { pattern: '(a)\\1' })]
        expect(await codeOf(publish(materialType({ fields })))).to.equal(
          'CATALOGUE_PATTERN_MALFORMED',
        )
        const face = [...certificateType().fields, ...fields]
        expect(await codeOf(publish(certificateType({ fields: face })))).to.equal(
          'CATALOGUE_PATTERN_MALFORMED',
        )
      })
    })

    describe('reading', () => {
      beforeEach(async () => {
        await publish(materialType())
        await publish(second({ from: '2023-09-01', name: '新名' }))
        await publish(materialType({ code: 'ARTICLES', from: '2023-08-01' }))
      })

      it('finds the version of a day', () => {
        expect(['2022-12-31', '2023-01-01', '2023-08-31', '2023-09-01'].map(on)).to.deep.equal([
          undefined,
          1,
          1,
          2,
        ])
      })

      it('says from when on there is one, or that there is none', () => {
        expect(errorOf(() => catalogue.get('materialType', 'LEASE', '2022-12-31'))).to.deep.include(
          {
            kind: 'notFound',
            code: 'CATALOGUE_NOT_IN_FORCE',
            details: { kind: 'materialType', entry: 'LEASE', first: '2023-01-01' },
          },
        )
        expect(codesOf(() => catalogue.get('matter', 'LEASE', TODAY))).to.equal('CATALOGUE_UNKNOWN')
        expect(codesOf(() => catalogue.get('materialType', 'constructor', TODAY))).to.equal(
          'CATALOGUE_UNKNOWN',
        )
        for (const version of [0, 3, 1.5])
          expect(codesOf(() => catalogue.getVersion('materialType', 'LEASE', version))).to.equal(
            'CATALOGUE_VERSION_UNKNOWN',
          )
      })

      it('lists what is in force, by code', () => {
        const list = (day: string) =>
          catalogue
            .list('materialType', day)
            .map(({ entry: { code, version } }) => `${code} ${version}`)
        expect(list('2023-07-31')).to.deep.equal(['LEASE 1'])
        expect(list('2023-09-01')).to.deep.equal(['ARTICLES 1', 'LEASE 2'])
        expect(catalogue.list('matter', TODAY)).to.deep.equal([])
      })

      it('keeps every version, with evidence', async () => {
        const history = catalogue.history('materialType', 'LEASE')
        expect(history.map(({ entry, index }) => [entry.version, index])).to.deep.equal([
          [1, 0],
          [2, 1],
        ])
        const evidence = await catalogue.evidence({
          kind: 'materialType',
          code: 'LEASE',
          version: 2,
        })
        expect(parseEvidence(evidence).statement).to.have.nested.property('entry.name', '新名')
      })

      it('bundles what the matters of a theme need, as they were on the day', async () => {
        await publish(matter({ code: 'SETUP', materials: [required('LEASE')] }))
        await publish(matter({ code: 'FOOD', materials: [required('LEASE')] }))
        await publish(
          matter({
            code: 'FOOD',
            version: 2,
            from: '2023-09-01',
            materials: [required('LEASE'), required('ARTICLES')],
          }),
        )
        await publish(theme(['SETUP', 'FOOD']))
        expect(needed(TODAY)).to.deep.equal(['LEASE'])
        expect(needed('2023-09-01')).to.deep.equal(['LEASE', 'ARTICLES'])
      })

      it('is the same after a start', async () => {
        const again = await parts.openCatalogue()
        for (const code of ['LEASE', 'ARTICLES'])
          expect(again.history('materialType', code)).to.deep.equal(
            catalogue.history('materialType', code),
          )
      })
    })
  })
}

/** A simple reference that knows all versions finds what the catalogue finds, now and after a start. */
export function answersLikeAList(openStore: () => Promise<KeyValueStore>): void {
  it('answers like a list of all that was ever published', async () => {
    const plan = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(plan, async (gaps) => {
        const parts = await openTestParts(await openStore())
        const catalogue = await parts.openCatalogue()
        const published: EntryOf<'materialType'>[] = []
        for (const gap of gaps) {
          const from = addDays(published.at(-1)?.from ?? TODAY, gap)
          const entry = materialType({ version: published.length + 1, from })
          const refused = await codeOf(catalogue.publish(entry, byOwner))
          const isLater = published.length === 0 || gap > 0
          expect(refused).to.equal(isLater ? undefined : 'CATALOGUE_FROM_TOO_EARLY')
          if (isLater) published.push(entry)
        }
        const again = await parts.openCatalogue()
        for (let days = -1; days < 250; days += 7) {
          const day = addDays(TODAY, days)
          const expected = published.filter(({ from }) => from <= day).at(-1)
          for (const one of [catalogue, again])
            expect(one.find('materialType', 'LEASE', day)).to.deep.equal(expected)
        }
        await parts.ledger.close()
      }),
      { numRuns: 20 },
    )
  })
}
