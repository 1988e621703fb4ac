import { expect } from 'chai'
import fc from 'fast-check'
import { isLedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import type { UseRefused } from '../../node/core/statements/use.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { NOW } from '../grants/support/scene.ts'
import { UseScene } from './support/scene.ts'

const QUESTIONS: Question[] = [{ kind: 'is', field: 'location', value: '示例路' }]
const CRASH = 'the power fails'

/** Signed uses of each holder: under one grant, for a copy or for answers, the n-th time. */
const signed = fc.record({ isCheck: fc.boolean(), sequence: fc.nat({ max: 1 }) })
const pool = fc.record({
  uses: fc.constantFrom(0, 1, 3),
  signed: fc.array(signed, { minLength: 2, maxLength: 3 }),
})
const request = fc.record({
  isCheck: fc.boolean(),
  /** Which of the holder's uses stands in it; none. */
  landlord: fc.option(fc.nat({ max: 2 })),
  tenant: fc.option(fc.nat({ max: 2 })),
})
const story = fc.record({
  landlord: pool,
  tenant: pool,
  requests: fc.array(request, { minLength: 2, maxLength: 8 }),
  /** Which counts the power fails before, and which after. */
  before: fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 2 }),
  after: fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 2 }),
})

export function answersConcurrently(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`requests that share signed uses, on ${name}`, () => {
    let s: UseScene
    before(async () => {
      s = await UseScene.open(openStore)
    })
    after(() => s.close())

    it('answer each use once, and count it once for that', async function () {
      this.timeout(60_000)
      await fc.assert(
        fc.asyncProperty(story, async ({ landlord, tenant, requests, before, after }) => {
          const asked = s.asked()
          const signAll = async (
            by: 'landlord' | 'tenant',
            { uses, signed: all }: typeof landlord,
          ) => {
            const grant = await s.grant(by, uses)
            return Promise.all(
              all.map(({ isCheck, sequence }, i) =>
                s.authorize(
                  grant,
                  { ...asked, ...(isCheck && { questions: QUESTIONS }) },
                  { sequence, notAfter: NOW + 600 - i },
                ),
              ),
            )
          }
          const [ones, others] = [
            await signAll('landlord', landlord),
            await signAll('tenant', tenant),
          ]
          const answersBefore = (await s.answers()).length
          s.counts.length = 0
          let number = 0
          s.beforeCount = () => {
            if (before.includes(number++)) throw new Error(CRASH)
          }
          s.afterCount = () => {
            if (after.includes(number++)) throw new Error(CRASH)
          }
          for (let round = 0; round < 2; round++) {
            await Promise.all(
              requests.map(async (one) => {
                const found = [
                  one.landlord === null ? undefined : ones[one.landlord],
                  one.tenant === null ? undefined : others[one.tenant],
                ].filter((each) => each !== undefined)
                if (found.length === 0) return
                await (
                  one.isCheck ? s.check(asked, QUESTIONS, ...found) : s.request(asked, ...found)
                ).catch(requireExpected)
              }),
            )
            s.restart()
          }
          const answers = (await s.answers()).slice(answersBefore)
          const held = answers.flatMap((answer) => idsIn(answer, s))
          expect(held).to.have.length(new Set(held).size)
          expect(s.counts).to.have.length(new Set(s.counts).size)
          const given = answers.filter(({ kind }) => kind !== 'use.refused')
          for (const answer of given) {
            if (answer.kind !== 'use.released' && answer.kind !== 'use.checked') throw new Error()
            const limited = answer.authorizations.filter(({ chain }) => chain[0]?.uses !== 0)
            expect(answer.counted).to.have.length(limited.length)
            expect(s.counts).to.include.members(limited.map((one) => s.idOf(one)))
          }
          for (const { uses } of [landlord, tenant])
            if (uses !== 0) expect(given.length).to.be.at.most(uses)
        }),
        { numRuns: 40 },
      )
    })
  })
}

/** That it spends: what was counted for a refusal is there for another request. */
function idsIn(answer: object, s: UseScene): Hex[] {
  const {
    kind,
    authorizations = [],
    counted = [],
  } = answer as Pick<UseRefused, 'counted'> & {
    kind: string
    authorizations?: Authorization[]
  }
  const left = kind === 'use.refused' ? counted.map(({ use }) => use) : []
  return authorizations.map((one) => s.idOf(one)).filter((id) => !left.includes(id))
}

/** A rule said no, or the power failed. */
function requireExpected(error: unknown): void {
  if (isLedgerError(error) && error.kind !== 'corrupt' && error.kind !== 'unavailable') return
  if (error instanceof Error && error.message === CRASH) return
  throw error
}
