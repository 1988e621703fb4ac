import { expect } from 'chai'
import { globSync, readFileSync } from 'node:fs'
import { SENTENCES } from '../../../api/http/problems.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { isRefusalName, REFUSALS, refusal } from '../../../node/core/acts/refusals.ts'
import { buildContracts } from '../../contracts/chain.ts'

const REGISTRIES = ['PartyRegistry', 'CertificateRegistry', 'GrantRegistry']

/** Of OpenZeppelin: a long name of the domain, and a block older than one before. Neither comes about. */
const OF_LIBRARIES = ['InvalidShortString', 'StringTooLong', 'CheckpointUnorderedInsertion']

interface Artifact {
  readonly abi: readonly { readonly type: string; readonly name?: string }[]
}

describe('the refusals of the registries', () => {
  before(() => buildContracts())

  it('are those of the contracts, none missing and none too many', () => {
    const errors = REGISTRIES.flatMap((name) => {
      const [file = ''] = globSync(`artifacts/contracts/**/${name}.json`)
      const { abi } = JSON.parse(readFileSync(file, 'utf8')) as Artifact
      return abi.filter(({ type }) => type === 'error').map(({ name }) => name)
    })
    const own = [...new Set(errors)].filter((name) => !OF_LIBRARIES.includes(name ?? ''))
    expect(Object.keys(REFUSALS)).to.have.members(own)
  })

  it('have the names of the contracts as codes, and a sentence each', () => {
    for (const [name, { code }] of Object.entries(REFUSALS)) {
      expect(code).to.equal(name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase())
      expect(SENTENCES, code).to.have.property(code)
    }
  })

  it('speak of members that the errors have', () => {
    const declared = globSync('contracts/{interfaces,libraries}/*.sol').flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/error (\w+)\(([^)]*)\);/g),
    ])
    const members = new Map(
      declared.map(([, name = '', list = '']) => [
        name,
        list.split(',').map((member) => member.trim().split(' ').at(-1) ?? ''),
      ]),
    )
    for (const [name, { code }] of Object.entries(REFUSALS)) {
      const named = [...SENTENCES[code]!.matchAll(/`(\w+)`/g)].map(([, member]) => member)
      expect(members.get(name), name).to.include.members(named)
    }
  })

  it('become errors with the arguments as details', () => {
    const error = refusal('GrantItemsWidened', { hop: 1 })
    expect(isLedgerError(error, 'GRANT_ITEMS_WIDENED')).to.equal(true)
    expect(error).to.deep.include({ kind: 'forbidden', details: { hop: 1 } })
  })

  it('know their names from others', () => {
    expect(isRefusalName('UseExpired')).to.equal(true)
    for (const name of ['LogUnknown', 'toString', '']) expect(isRefusalName(name)).to.equal(false)
  })
})
