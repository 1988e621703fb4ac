import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect } from 'chai'
import { AbiCoder, keccak256, toBeHex } from 'ethers'
import {
  accountCountSlot,
  accountSlot,
  bindingSlot,
  departmentSlot,
  epochSlot,
  grantStateSlot,
  statusPageSlot,
  typeSlot,
} from '../../../node/core/ethereum/slots.ts'
import { ACCOUNT, HOLDERS, PROPERTY_WORD, word } from './world.ts'

interface Layout {
  readonly storage: readonly {
    readonly label: string
    readonly slot: string
    readonly type: string
  }[]
  readonly types: Readonly<
    Record<
      string,
      {
        readonly label: string
        readonly numberOfBytes: string
        readonly members?: readonly { label: string; offset: number; slot: string; type: string }[]
      }
    >
  >
}

const ROOT = new URL('../../../', import.meta.url)
const NAMES = ['PartyRegistry', 'CertificateRegistry', 'GrantRegistry'] as const

const read = (path: string) =>
  readFileSync(new URL(path.startsWith('@') ? `node_modules/${path}` : path, ROOT), 'utf8')

/** The compiler's own account of where the contracts keep what. */
function layoutsOf(): Record<(typeof NAMES)[number], Layout> {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as {
    compile(input: string, options: { import(path: string): { contents: string } }): string
  }
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: Object.fromEntries(
          NAMES.map((name) => {
            const path = `contracts/${name}.sol`
            return [path, { content: read(path) }]
          }),
        ),
        settings: { outputSelection: { '*': { '*': ['storageLayout'] } } },
      }),
      { import: (path) => ({ contents: read(path) }) },
    ),
  ) as { contracts: Record<string, Record<string, { storageLayout: Layout }>> }
  return Object.fromEntries(
    NAMES.map((name) => [
      name,
      output.contracts[`contracts/${name}.sol`]?.[name]?.storageLayout ??
        expect.fail(`${name} does not compile`),
    ]),
  ) as Record<(typeof NAMES)[number], Layout>
}

const inMapping = (place: bigint, ...keys: readonly (readonly [string, unknown])[]) =>
  toBeHex(
    keys.reduce(
      (slot, [type, key]) =>
        BigInt(keccak256(AbiCoder.defaultAbiCoder().encode([type, 'uint256'], [key, slot]))),
      place,
    ),
    32,
  )

describe('slots of the registries', () => {
  let layouts: ReturnType<typeof layoutsOf>
  before(function () {
    this.timeout(60_000)
    layouts = layoutsOf()
  })

  const placeOf = (name: (typeof NAMES)[number], label: string): bigint => {
    const found = layouts[name].storage.find((variable) => variable.label === label)
    return BigInt(found?.slot ?? expect.fail(`${name} keeps no ${label}`))
  }
  const structOf = (name: (typeof NAMES)[number], label: string) =>
    Object.values(layouts[name].types).find((type) => type.label === `struct ${label}`) ??
    expect.fail(`${name} has no ${label}`)

  const places = (name: (typeof NAMES)[number], label: string) => {
    const { numberOfBytes, members = [] } = structOf(name, label)
    expect(numberOfBytes, label).to.equal('32')
    return Object.fromEntries(members.map((member) => [member.label, member.offset]))
  }

  it('are where the compiler puts them', () => {
    const [account, holder, id] = [ACCOUNT.city, HOLDERS[0], word('44')]
    const accounts = inMapping(placeOf('PartyRegistry', '_accounts'), ['address', account])
    const pairs = {
      department: [
        departmentSlot(account),
        inMapping(placeOf('PartyRegistry', '_departments'), ['address', account]),
      ],
      'account count': [accountCountSlot(account), accounts],
      account: [accountSlot(account, 3), toBeHex(BigInt(keccak256(accounts)) + 3n, 32)],
      type: [
        typeSlot(account, PROPERTY_WORD),
        inMapping(
          placeOf('PartyRegistry', '_types'),
          ['address', account],
          ['bytes32', PROPERTY_WORD],
        ),
      ],
      binding: [
        bindingSlot(holder, account),
        inMapping(placeOf('PartyRegistry', '_bindings'), ['bytes32', holder], ['address', account]),
      ],
      page: [
        statusPageSlot(id, 2),
        inMapping(placeOf('CertificateRegistry', '_pages'), ['bytes32', id], ['uint256', 2]),
      ],
      grant: [grantStateSlot(id), inMapping(placeOf('GrantRegistry', '_states'), ['bytes32', id])],
      epoch: [
        epochSlot(account),
        inMapping(placeOf('GrantRegistry', '_epochs'), ['address', account]),
      ],
    }
    for (const [name, [ours, compilers]] of Object.entries(pairs))
      expect(ours, name).to.equal(compilers)
  })

  it('hold structs of one word, their members where the reader looks', () => {
    expect(places('PartyRegistry', 'Departments.Department')).to.deep.equal({
      accreditor: 0,
      flags: 20,
      notBefore: 22,
      notAfter: 27,
    })
    expect(places('PartyRegistry', 'Binding')).to.deep.equal({
      from: 0,
      until: 6,
      grantsEndedAt: 12,
    })
    expect(places('PartyRegistry', 'Period')).to.deep.equal({ from: 0, until: 6 })
    expect(places('PartyRegistry', 'Checkpoints.Checkpoint160')).to.deep.equal({
      _key: 0,
      _value: 12,
    })
    expect(places('GrantRegistry', 'GrantState')).to.deep.equal({
      registeredAt: 0,
      revokedAt: 6,
      used: 12,
      lastUse: 16,
    })
  })
})
