import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import type { MaterialState } from '../../node/materials/states.ts'
import { codeOf } from '../support/codes.ts'
import { openBank, openMemory, TENANT } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const SAID = { reason: 'because', by: 'permits' }

/** What the test expects of a material. */
interface Model {
  readonly id: string
  readonly isHeld: boolean
  decision?: 'released' | 'rejected'
  isWithdrawn?: boolean
  successor?: Model
  isErased?: boolean
}

function stateOf({ isHeld, decision, isWithdrawn, successor, isErased }: Model): MaterialState {
  if (isErased) return 'erased'
  if (isHeld && decision === undefined) return 'quarantined'
  if (decision === 'rejected') return 'rejected'
  if (isWithdrawn) return 'withdrawn'
  return successor === undefined ? 'current' : 'superseded'
}

/** The code of a refusal, or undefined and the model changed. */
const RULES: Readonly<
  Record<string, (bank: Bank, one: Model, all: Model[]) => Promise<string | undefined>>
> = {
  async supersede(bank, one, all) {
    const id = `m-${all.length}`
    const code = await codeOf(
      bank.submit({ id, holder: TENANT, supersedes: one.id }, randomBytes(9)),
    )
    if (code !== undefined) return code
    one.successor = { id, isHeld: false }
    all.push(one.successor)
    return undefined
  },
  async withdraw(bank, one) {
    const code = await codeOf(bank.materials.withdraw(one.id, SAID))
    if (code === undefined) one.isWithdrawn = true
    return code
  },
  async release(bank, one) {
    const code = await codeOf(bank.materials.release(one.id, SAID))
    if (code === undefined) one.decision = 'released'
    return code
  },
  async reject(bank, one) {
    const code = await codeOf(bank.materials.reject(one.id, SAID))
    if (code === undefined) one.decision = 'rejected'
    return code
  },
  async erase(bank, one) {
    const code = await codeOf(bank.materials.erase(one.id, { ...SAID, legalBasis: 'none' }))
    if (code === undefined) one.isErased = true
    return code
  },
}

function expected(rule: string, one: Model): string | undefined {
  const { isHeld, decision, isWithdrawn, successor, isErased } = one
  // The same erasure once more is the same entry.
  if (rule === 'erase') return undefined
  if (rule === 'supersede') {
    if (isErased) return 'MATERIAL_ERASED'
    if (successor) return 'MATERIAL_SUPERSEDED'
    return isWithdrawn ? 'MATERIAL_WITHDRAWN' : undefined
  }
  if (isErased) return 'MATERIAL_ERASED'
  if (rule === 'withdraw') return undefined
  if (!isHeld) return 'MATERIAL_NOT_QUARANTINED'
  const asked = rule === 'release' ? 'released' : 'rejected'
  return decision === undefined || decision === asked ? undefined : 'MATERIAL_DECIDED'
}

describe('versions and decisions', () => {
  it('give each material the state that follows from all that was said, in any order', async () => {
    const step = fc.tuple(fc.constantFrom(...Object.keys(RULES)), fc.nat(30))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const bank = await openBank(await openMemory())
        const all: Model[] = []
        for (const isHeld of [false, true, false]) {
          const id = `m-${all.length}`
          const unsound = isHeld ? ({ unsound: 'quarantine' } as const) : {}
          await bank.submit({ id, holder: TENANT, ...unsound }, randomBytes(9))
          all.push({ id, isHeld })
        }
        for (const [rule, nth] of steps) {
          const one = all[nth % all.length] as Model
          const refusal = expected(rule, one)
          expect(await RULES[rule]?.(bank, one, all), `${rule} ${one.id}`).to.equal(refusal)
        }
        for (const one of all) {
          const { standing } = await bank.materials.get(one.id)
          expect(standing.state, one.id).to.equal(stateOf(one))
          if (standing.state === 'superseded')
            expect(standing.by).to.equal(one.successor?.isErased ? undefined : one.successor?.id)
        }
        const { items } = await bank.materials.quarantined({ limit: 100 })
        expect(items.map(({ statement }) => statement.id)).to.have.members(
          all.filter((one) => stateOf(one) === 'quarantined').map(({ id }) => id),
        )
        expect(await bank.faults()).to.deep.equal([])
        await bank.close()
      }),
      { numRuns: 40 },
    )
  })
})
