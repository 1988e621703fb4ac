import { expect } from 'chai'
import { entriesOf, parseCatalogueFile } from '../../node/catalogue/file.ts'
import type { FindDepartment } from '../../node/catalogue/file.ts'
import { seedCatalogue } from '../../node/catalogue/seed.ts'
import { Exemption } from '../../node/core/catalogue/matter.ts'
import { verifyUscc } from '../../node/core/identifiers/uscc.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { errorOf, materialType, matter, OWNER, required, theme } from '../core/catalogue/support.ts'
import { faultsIn } from '../ledger/audit/testLedger.ts'
import { openTestParts, TODAY } from './support/service.ts'

const seed = seedCatalogue()
const addresses = new Map(
  seed.departments.map(({ code }, i): [string, Hex] => [
    code,
    `0x${String(i + 1).padStart(40, '0')}`,
  ]),
)
const find: FindDepartment = (code) => addresses.get(code)

describe('the seed of the catalogue', () => {
  it('is published whole, each entry by its own department, and again without a change', async () => {
    const parts = await openTestParts(new MemoryKeyValueStore())
    const catalogue = await parts.openCatalogue()
    const publishAll = async () => {
      const created: boolean[] = []
      for (const entry of entriesOf(seed, find)) {
        const publisher = { name: `department ${entry.owner}`, department: entry.owner }
        created.push((await catalogue.publish(entry, publisher)).created)
      }
      return new Set(created)
    }
    expect(await publishAll()).to.deep.equal(new Set([true]))
    expect(await publishAll()).to.deep.equal(new Set([false]))
    const counts = (['certificateType', 'materialType', 'matter', 'theme', 'benefit'] as const).map(
      (kind) => catalogue.list(kind, TODAY).length,
    )
    expect(counts).to.deep.equal([13, 22, 16, 2, 17])
    expect(await faultsIn(parts)).to.deep.equal([])
    const needed = catalogue.materialsOfTheme('OPEN_RESTAURANT', TODAY)
    const property = needed.filter(({ material }) => material === 'PROPERTY_CERT')
    expect(property.map(({ askedBy }) => askedBy.map((one) => one.matter))).to.deep.equal([
      ['CO_SETUP', 'FOOD_NEW'],
    ])
    await parts.ledger.close()
  })

  it('has a material of each way by which a case may come to it', () => {
    const matters = entriesOf(seed, find).filter((entry) => entry.kind === 'matter')
    const ways = new Set(matters.flatMap(({ materials }) => materials.map((one) => one.exemption)))
    expect(ways).to.deep.equal(new Set(Exemption.options))
  })

  it('names departments by codes that can be right', () => {
    for (const { uscc } of seed.departments) expect(() => verifyUscc(uscc)).not.to.throw()
  })
})

describe('a file of entries', () => {
  it('may be the entries alone, with addresses, in any order', () => {
    const entries = [
      theme(['CO_ADDR_CHANGE']),
      matter({ materials: [required('LEASE')] }),
      materialType({ version: 2 }),
      materialType(),
    ]
    const read = entriesOf(parseCatalogueFile(entries), () => undefined)
    expect(read.map(({ kind, version }) => `${kind} ${version}`)).to.deep.equal([
      'materialType 1',
      'materialType 2',
      'matter 1',
      'theme 1',
    ])
    expect(read.at(-1)).to.deep.equal(entries[0])
  })

  it('may be a single entry', () => {
    expect(entriesOf(parseCatalogueFile(materialType()), find)).to.deep.equal([materialType()])
  })

  it('says all departments that nobody knows at once', () => {
    const { departments } = seed
    const entries = ['YP-A', 'YP-SCJ', 'YP-B'].map((owner) => ({ ...materialType(), owner }))
    const file = parseCatalogueFile({ departments, entries })
    expect(errorOf(() => entriesOf(file, find))).to.deep.include({
      code: 'CATALOGUE_DEPARTMENT_UNKNOWN',
      details: { departments: ['YP-A', 'YP-B'] },
    })
  })

  for (const [what, value] of [
    ['no list', {}],
    ['another kind', [{ ...materialType(), kind: 'form' }]],
    ['a department without its code', { departments: [{ code: 'A', name: 'A' }], entries: [] }],
    ['more than it knows', { entries: [], colour: 'red' }],
  ] as const)
    it(`is refused with ${what}`, () => {
      expect(errorOf(() => parseCatalogueFile(value))?.code).to.equal('CATALOGUE_FILE_MALFORMED')
    })

  it('is refused with an entry that is none', () => {
    const entries = [{ ...materialType(), owner: OWNER, fields: 7 }]
    expect(errorOf(() => entriesOf(parseCatalogueFile(entries), find))?.code).to.equal(
      'CATALOGUE_ENTRY_MALFORMED',
    )
  })
})
