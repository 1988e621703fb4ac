import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import type { Certificates } from '../../node/certificates/certificates.ts'
import type { PartyDirectory } from '../../node/parties/directory.ts'
import { Subjects } from '../../node/uses/subjects.ts'
import { codeOf } from '../support/codes.ts'
import { openBank, openMemory, TENANT } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const HOLDER = `0x${'ab'.repeat(32)}` as const
const SAID = { reason: 'looked at', by: 'permits' }

describe('a use of a material', () => {
  let bank: Bank
  let subjects: Subjects
  beforeEach(async () => {
    bank = await openBank(await openMemory())
    subjects = new Subjects({
      certificates: {} as Certificates,
      materials: bank.materials,
      directory: { holdersWithCode: async () => [{ holder: HOLDER }] } as unknown as PartyDirectory,
    })
  })
  afterEach(() => bank.close())

  const submit = async (rest = {}) =>
    (await bank.submit({ holder: TENANT, ...rest }, randomBytes(20))).id
  const refusal = (id: string) =>
    codeOf(
      subjects
        .find({ kind: 'material', id }, [HOLDER])
        .then((found) => subjects.requireCurrent(found)),
    )

  it('is possible while it is current, and after it was released', async () => {
    expect(await refusal(await submit())).to.equal(undefined)
    const held = await submit({ unsound: 'quarantine' })
    expect(await refusal(held)).to.equal('MATERIAL_QUARANTINED')
    await bank.materials.release(held, SAID)
    expect(await refusal(held)).to.equal(undefined)
  })

  it('is refused once it is rejected, withdrawn, superseded or erased', async () => {
    const rejected = await submit({ unsound: 'quarantine' })
    await bank.materials.reject(rejected, SAID)
    expect(await refusal(rejected)).to.equal('MATERIAL_REJECTED')
    const first = await submit()
    const second = await submit({ supersedes: first })
    expect(await refusal(first)).to.equal('MATERIAL_SUPERSEDED')
    await bank.materials.withdraw(second, SAID)
    expect(await refusal(second)).to.equal('MATERIAL_WITHDRAWN')
    await bank.materials.erase(second, { ...SAID, legalBasis: 'none' })
    expect(await refusal(second)).to.equal('MATERIAL_ERASED')
  })
})
