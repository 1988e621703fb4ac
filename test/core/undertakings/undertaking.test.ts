import { expect } from 'chai'
import { hexlify, TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { STRUCTS, structOf } from '../../../node/core/acts/structs.ts'
import { domainOf, hashAct, hashStruct, typedDataOf } from '../../../node/core/acts/typedData.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import { undertakingCheckIdOf, undertakingIdOf } from '../../../node/core/statements/undertaking.ts'
import { StatementId } from '../../../node/core/statements/parts.ts'
import { differencesOf } from '../../../node/core/undertakings/compose.ts'
import { describeUndertaking } from '../../../node/core/undertakings/sentences.ts'
import { Undertaking } from '../../../node/core/undertakings/undertaking.ts'
import { dueOf, textOf } from '../../../node/core/undertakings/words.ts'
import { REGISTRIES } from '../acts/support.ts'

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => encode0x(value))
const code = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,9}$/)

const arbitrary: fc.Arbitrary<Undertaking> = fc
  .record({
    holder: hex(32),
    by: hex(32),
    account: hex(20),
    caseCode: fc.stringMatching(/^\d{15}$/),
    matter: code,
    version: fc.integer({ min: 1, max: 1_000_000 }),
    material: code,
    role: fc.constantFrom('APPLICANT', 'LANDLORD', 'AGENT'),
    text: fc.stringMatching(/^[本人承诺a-z，。😀]{1,40}$/u),
    due: fc.constantFrom('', '2026-02-28', '2026-03-01'),
    audience: hex(32),
  })
  .map((message) => Undertaking.parse(message))

const FIELDS = structOf('Undertaking').fields.map(({ name, type }) => ({ name, type }))
const actOf = (message: Undertaking) => ({ type: 'Undertaking', message }) as const

describe('what somebody signs who undertakes', () => {
  it('is hashed as ethers hashes it, and is what eth_signTypedData_v4 takes', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const types = { Undertaking: FIELDS }
        expect(hexlify(hashStruct(actOf(message)))).to.equal(
          TypedDataEncoder.hashStruct('Undertaking', types, message),
        )
        const { domain, primaryType } = typedDataOf(actOf(message), REGISTRIES)
        expect(domain).to.deep.equal(domainOf('Undertaking', REGISTRIES))
        expect(primaryType).to.equal('Undertaking')
        expect(hexlify(hashAct(actOf(message), REGISTRIES))).to.equal(
          TypedDataEncoder.hash(domain, types, message),
        )
      }),
    )
  })

  it('has the members of its struct, and is taken by no contract', () => {
    expect(Object.keys(Undertaking.shape)).to.deep.equal(FIELDS.map(({ name }) => name))
    expect(STRUCTS).not.to.have.property('Undertaking')
    expect(() => hashStruct(actOf({ text: 7 } as never))).to.throw(TypeError)
  })

  it('is told in words that change with every member', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (one, other) => {
        const said = describeUndertaking(one, REGISTRIES)
        expect(said.zh + said.en).to.match(/^\P{C}+$/u)
        for (const name of differencesOf(one, other)) {
          const changed = { ...one, [name]: other[name as keyof Undertaking] }
          expect(describeUndertaking(changed, REGISTRIES).zh, name).not.to.equal(said.zh)
          expect(describeUndertaking(changed, REGISTRIES).en, name).not.to.equal(said.en)
        }
      }),
    )
  })

  it('is named by case, material and part alone', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (one, other) => {
        const id = undertakingIdOf(one)
        const { caseCode, material, role } = one
        expect(undertakingIdOf({ ...other, caseCode, material, role })).to.equal(id)
        expect(StatementId.safeParse(undertakingCheckIdOf(id, 99_999_999)).success).to.equal(true)
        if (material !== other.material)
          expect(undertakingIdOf({ ...one, material: other.material })).not.to.equal(id)
      }),
    )
  })

  it('is due on the last of so many days after that of the case', () => {
    expect(dueOf({ undertaking: { days: 1 } }, '2026-02-28')).to.equal('2026-03-01')
    expect(dueOf({ undertaking: { days: 30 } }, '2026-12-15')).to.equal('2027-01-14')
    expect(dueOf({ undertaking: {} }, '2026-02-28')).to.equal('')
    expect(dueOf({}, '2026-02-28')).to.equal('')
  })

  it('fits what a statement takes, however long the names are', () => {
    const [matter, material] = [{ name: '事'.repeat(200) }, { name: '料'.repeat(100) }]
    const text = textOf({}, matter, material, '2026-02-28')
    expect(Undertaking.shape.text.safeParse(text).success).to.equal(true)
    expect(textOf({ undertaking: { text: '本人承诺。' } }, matter, material, '')).to.equal(
      '本人承诺。',
    )
  })
})
