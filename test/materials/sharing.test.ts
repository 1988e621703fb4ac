import { expect } from 'chai'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf } from '../support/codes.ts'
import { ADAPTERS, LANDLORD, openBank, TENANT } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const ERASURE = { reason: 'done', legalBasis: 'none', by: 'operator' }
const HOLDERS = [TENANT, LANDLORD]
/** Small ones lie in segments, large ones in files. */
const CONTENTS = [40, 300_000].map((length) => {
  const block = createHash('sha256').update(String(length)).digest()
  return Buffer.alloc(length, block)
})

interface Handed {
  readonly id: string
  readonly holder: number
  readonly content: number
}

/** One step: hand something in, or erase one of what is there. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ holder: fc.nat(1), content: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ erase: fc.nat(20) }) },
)

/** That every material that is left gives its bytes, and that nothing else is kept. */
async function check(bank: Bank, left: readonly Handed[], gone: readonly Handed[]): Promise<void> {
  for (const { id, content } of left)
    expect((await bank.read(id)).equals(CONTENTS[content] as Buffer)).to.equal(true)
  for (const { id } of gone) expect(await codeOf(bank.read(id))).to.equal('MATERIAL_ERASED')
  const distinct = new Set(left.map(({ holder, content }) => `${holder} ${content}`))
  expect(await bank.kept()).to.equal(distinct.size)
  const files = await Array.fromAsync(bank.contents.listFiles())
  expect(files.length).to.be.at.most(left.length)
  if (distinct.size === 0) expect(files).to.deep.equal([])
  expect(await bank.faults()).to.deep.equal([])
}

describe('shared bytes', () => {
  for (const [name, open] of ADAPTERS) {
    it(`outlive every order of erasures but the last of their materials, on ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
          const folder = await mkdtemp(join(tmpdir(), 'once-sharing-'))
          const bank = await openBank(await open(folder))
          const left: Handed[] = []
          const gone: Handed[] = []
          const erase = async (at: number) => {
            for (const one of left.splice(at, 1)) {
              await bank.materials.erase(one.id, ERASURE)
              gone.push(one)
            }
          }
          try {
            for (const each of steps) {
              if ('erase' in each) await erase(each.erase % Math.max(1, left.length))
              else {
                const { id } = await bank.submit(
                  { holder: HOLDERS[each.holder] as typeof TENANT },
                  CONTENTS[each.content],
                )
                left.push({ id, ...each })
              }
            }
            await check(bank, left, gone)
            while (left.length > 0) await erase(left.length - 1)
            await check(bank, left, gone)
          } finally {
            await bank.close()
            await rm(folder, { recursive: true })
          }
        }),
        { numRuns: name === 'memory' ? 25 : 8 },
      )
    })
  }

  it('outlive erasures that come at the same time as further materials', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'once-sharing-'))
    const bank = await openBank(await (ADAPTERS[1]?.[1] ?? (() => Promise.reject()))(folder))
    const bytes = CONTENTS[0] as Buffer
    const submit = () => bank.submit({ holder: TENANT }, bytes)
    const first = await Promise.all(Array.from({ length: 4 }, submit))
    const [, later] = await Promise.all([
      Promise.all(first.map(({ id }) => bank.materials.erase(id, ERASURE))),
      Promise.all(Array.from({ length: 4 }, submit)),
    ])
    for (const { id } of later) expect((await bank.read(id)).equals(bytes)).to.equal(true)
    expect(await bank.kept()).to.equal(1)
    expect(await bank.faults()).to.deep.equal([])
    await bank.close()
    await rm(folder, { recursive: true })
  })
})
