import { expect } from 'chai'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** What the domain folders that speak of parties and grants stand on. */
const GROUND = [
  'node/core',
  'node/store',
  'node/chain',
  'node/ledger',
  'node/materials',
  'node/mirror',
  'node/acts',
  'node/states',
  'node/parties',
]

/** What each folder may import from, beside itself; the order of the design, top to bottom. */
const LAYERS: readonly { readonly folder: string; readonly mayImport: readonly string[] }[] = [
  { folder: 'node/core', mayImport: [] },
  { folder: 'node/store', mayImport: ['node/core'] },
  { folder: 'node/chain', mayImport: ['node/core'] },
  { folder: 'node/ledger', mayImport: ['node/core', 'node/store', 'node/chain'] },
  { folder: 'node/materials', mayImport: ['node/core', 'node/store', 'node/ledger'] },
  { folder: 'node/mirror', mayImport: ['node/core', 'node/store', 'node/chain'] },
  {
    folder: 'node/acts',
    mayImport: ['node/core', 'node/store', 'node/chain', 'node/ledger'],
  },
  {
    folder: 'node/states',
    mayImport: ['node/core', 'node/store', 'node/chain', 'node/ledger'],
  },
  { folder: 'node/parties', mayImport: ['node/core', 'node/store', 'node/ledger'] },
  { folder: 'node/catalogue', mayImport: ['node/core', 'node/store', 'node/ledger'] },
  {
    folder: 'node/certificates',
    mayImport: ['node/core', 'node/store', 'node/chain', 'node/ledger', 'node/states'],
  },
  { folder: 'node/grants', mayImport: GROUND },
  { folder: 'node/derived', mayImport: ['node/core'] },
  {
    folder: 'node/holdings',
    mayImport: [
      'node/core',
      'node/store',
      'node/ledger',
      'node/catalogue',
      'node/materials',
      'node/certificates',
    ],
  },
  {
    folder: 'node/uses',
    mayImport: [
      ...GROUND,
      'node/certificates',
      'node/catalogue',
      'node/holdings',
      'node/derived',
      'node/cases',
    ],
  },
  {
    folder: 'node/cases',
    mayImport: ['node/core', 'node/store', 'node/ledger', 'node/parties', 'node/catalogue'],
  },
  {
    folder: 'node/checks',
    mayImport: [
      ...GROUND,
      'node/certificates',
      'node/catalogue',
      'node/holdings',
      'node/uses',
      'node/cases',
    ],
  },
  {
    folder: 'node/resolution',
    mayImport: [
      ...GROUND,
      'node/catalogue',
      'node/certificates',
      'node/grants',
      'node/holdings',
      'node/uses',
      'node/cases',
      'node/requests',
      'node/undertakings',
    ],
  },
  {
    folder: 'node/reuse',
    mayImport: [...GROUND, 'node/cases', 'node/uses', 'node/checks', 'node/resolution'],
  },
  {
    folder: 'node/benefits',
    mayImport: [
      'node/core',
      'node/store',
      'node/ledger',
      'node/materials',
      'node/parties',
      'node/certificates',
      'node/holdings',
    ],
  },
  { folder: 'node/imports', mayImport: ['node/core'] },
  { folder: 'node/figures', mayImport: ['node/core', 'node/store', 'node/ledger'] },
  {
    folder: 'node/requests',
    mayImport: [...GROUND, 'node/catalogue', 'node/grants', 'node/cases'],
  },
  {
    folder: 'node/undertakings',
    mayImport: [...GROUND, 'node/catalogue', 'node/cases'],
  },
  { folder: 'api', mayImport: ['node'] },
]

/** Adapters, and the only places that may name them; elsewhere the ports are enough. */
const ADAPTERS = [
  'node/store/level/',
  'node/store/files/',
  'node/store/memory/',
  'node/chain/ethers/',
  'node/chain/embedded/',
]
const NAMES_ADAPTERS = [
  'api/startNode.ts',
  'api/startRegistries.ts',
  'api/cli/',
  'scripts/',
  'test/',
]

/** Platform code that core reaches through the conditional imports of package.json. */
const PLATFORM_FILES = /\.(node|browser)\.ts$/

interface Import {
  readonly from: string
  readonly to: string
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s*['"](?<from>[^'"]+)['"]|\bimport\(\s*['"](?<dynamic>[^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"](?<bare>[^'"]+)['"]/g

function importsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(({ groups = {} }) => {
    const target = groups['from'] ?? groups['dynamic'] ?? groups['bare'] ?? ''
    return {
      from: file,
      to: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
    }
  })
}

const all = globSync('{node,api}/**/*.ts').flatMap(importsOf)
const inside = (folder: string) => (path: string) => path.startsWith(`${folder}/`)
const isAdapter = (path: string) => ADAPTERS.some((prefix) => path.startsWith(prefix))
const show = ({ from, to }: Import) => `${from} → ${to}`

describe('the folders', () => {
  for (const { folder, mayImport } of LAYERS) {
    it(`${folder} imports only ${['itself', ...mayImport].join(', ')}`, () => {
      const allowed = [folder, ...mayImport].map(inside)
      const wrong = all
        .filter(({ from, to }) => inside(folder)(from) && /^(node|api|test|scripts)\//.test(to))
        .filter(({ to }) => !allowed.some((isInside) => isInside(to)))
      expect(all.some(({ from }) => inside(folder)(from))).to.equal(true)
      expect(wrong.map(show)).to.deep.equal([])
    })
  }

  it('core imports nothing of Node, so that it runs in a browser', () => {
    const wrong = all.filter(
      ({ from, to }) =>
        inside('node/core')(from) && to.startsWith('node:') && !PLATFORM_FILES.test(from),
    )
    expect(wrong.map(show)).to.deep.equal([])
  })

  it('names adapters only where a node is put together', () => {
    const wrong = all
      .filter(({ to }) => isAdapter(to))
      .filter(({ from, to }) => dirname(from) !== dirname(to) && !isAdapter(from))
      .filter(({ from }) => !NAMES_ADAPTERS.some((place) => from.startsWith(place)))
    expect(wrong.map(show)).to.deep.equal([])
  })
})
