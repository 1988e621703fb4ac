import { expect } from 'chai'
import { hexlify, TypedDataEncoder, type TypedDataField } from 'ethers'
import fc from 'fast-check'
import { globSync, readFileSync } from 'node:fs'
import type { Act } from '../../../node/core/acts/acts.ts'
import { STRUCTS } from '../../../node/core/acts/structs.ts'
import {
  domainOf,
  encodeType,
  hashAct,
  hashStruct,
  typedDataOf,
} from '../../../node/core/acts/typedData.ts'
import { ACT_TYPES, arbitraryAct, arbitraryAddress, GRANT, REGISTRIES } from './support.ts'

const typesOf = ({ type }: Act) => ({ [type]: STRUCTS[type].fields as TypedDataField[] })
const GRANT_ACT: Act = { type: 'Grant', message: GRANT }

describe('the typed data of an act', () => {
  it('has the structs that the contracts hash, all of them and no other', () => {
    const inContracts = globSync('contracts/**/*.sol')
      .flatMap((file) => [
        ...readFileSync(file, 'utf8').matchAll(/keccak256\(\s*"(\w+\([^"]*\))"\s*\)/g),
      ])
      .map(([, text]) => text)
    const ours = ACT_TYPES.map((type) => encodeType(type, STRUCTS[type].fields))
    expect(ours).to.have.members(inContracts)
  })

  for (const type of ACT_TYPES) {
    it(`of ${type} is hashed as ethers hashes it`, () => {
      fc.assert(
        fc.property(
          arbitraryAct(type),
          fc.record({
            chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
            parties: arbitraryAddress,
            certificates: arbitraryAddress,
            grants: arbitraryAddress,
          }),
          (act, registries) => {
            expect(hexlify(hashStruct(act))).to.equal(
              TypedDataEncoder.hashStruct(type, typesOf(act), act.message),
            )
            expect(hexlify(hashAct(act, registries))).to.equal(
              TypedDataEncoder.hash(domainOf(type, registries), typesOf(act), act.message),
            )
          },
        ),
      )
    })
  }

  it('hashes the ends of every range', () => {
    for (const type of ACT_TYPES) {
      for (const high of [false, true]) {
        const entries = STRUCTS[type].fields.map(({ name, type }) => [name, endOf(type, high)])
        const act: Act = { type, message: Object.fromEntries(entries) }
        expect(hexlify(hashStruct(act))).to.equal(
          TypedDataEncoder.hashStruct(type, typesOf(act), act.message),
        )
      }
    }
  })

  it('leaves nothing of one act in the hash of the next', () => {
    const first = hashAct(GRANT_ACT, REGISTRIES)
    fc.assert(
      fc.property(fc.oneof(...ACT_TYPES.map(arbitraryAct)), (act) => {
        hashAct(act, { ...REGISTRIES, chainId: 7 })
        expect(hashAct(GRANT_ACT, REGISTRIES)).to.deep.equal(first)
      }),
    )
  })

  it('is bound to the chain and the contract, also beyond the contracts that are remembered', () => {
    const digests = new Set<string>()
    for (let chainId = 1; chainId <= 200; chainId++)
      digests.add(hexlify(hashAct(GRANT_ACT, { ...REGISTRIES, chainId })))
    digests.add(hexlify(hashAct(GRANT_ACT, { ...REGISTRIES, grants: REGISTRIES.parties })))
    expect(digests.size).to.equal(201)
    const again = { ...REGISTRIES, chainId: 1 }
    expect(digests).to.include(hexlify(hashAct(GRANT_ACT, again)))
  })

  it('is what eth_signTypedData_v4 takes', () => {
    for (const type of ACT_TYPES) {
      fc.assert(
        fc.property(arbitraryAct(type), (act) => {
          const { types, primaryType, domain, message } = typedDataOf(act, REGISTRIES)
          const { EIP712Domain, ...structs } = types
          expect(EIP712Domain).to.deep.equal(
            TypedDataEncoder.getPayload(domain, structs as ReturnType<typeof typesOf>, message)
              .types.EIP712Domain,
          )
          expect(
            TypedDataEncoder.hash(domain, structs as ReturnType<typeof typesOf>, message),
          ).to.equal(hexlify(hashAct(act, REGISTRIES)))
          expect(primaryType).to.equal(type)
          expect(JSON.parse(JSON.stringify(message))).to.deep.equal(act.message)
        }),
        { numRuns: 10 },
      )
    }
  })

  it('is refused where a value does not fit its field', () => {
    for (const change of [
      { depth: 256 },
      { depth: -1 },
      { depth: 0.5 },
      { depth: '1' },
      { uses: 2 ** 32 },
      { notAfter: 2 ** 48 },
      { epoch: 2 ** 53 },
      { epoch: undefined },
      { grantee: 7 },
      { grantee: 'a2'.repeat(21) },
    ])
      expect(hashing(change), JSON.stringify(change)).to.throw(TypeError)
    for (const change of [{ grantee: GRANT.holder }, { salt: GRANT.grantee }, { items: '0x5' }])
      expect(hashing(change), JSON.stringify(change)).to.throw('HEX_MALFORMED')
    const release = { registrar: GRANT.grantor, holder: GRANT.holder, account: GRANT.grantee }
    expect(() =>
      hashStruct({
        type: 'HolderRelease',
        message: { ...release, endGrants: 1 as unknown as boolean, nonce: 0 },
      }),
    ).to.throw(TypeError)
  })
})

const hashing = (change: object) => () =>
  hashStruct({ type: 'Grant', message: { ...GRANT, ...change } })

/** The lowest or highest value of a type, as far as JSON has it. */
function endOf(type: string, high: boolean): unknown {
  const digits = (bytes: number) => `0x${(high ? 'ff' : '00').repeat(bytes)}`
  if (type === 'address') return digits(20)
  if (type === 'bool') return high
  if (type === 'bytes32' || type === 'uint256') return digits(32)
  if (type === 'bytes32[]') return high ? Array.from({ length: 100 }, () => digits(32)) : []
  return high ? Math.min(2 ** Number(type.slice(4)) - 1, Number.MAX_SAFE_INTEGER) : 0
}
