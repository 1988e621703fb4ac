import { expect } from 'chai'
import { utf8 } from '../../node/core/bytes.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import { sha256 } from '../../node/core/hash/hash.ts'
import { canonicalize } from '../../node/core/json.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { codeOf } from '../support/codes.ts'
import { actOf, UseScene } from './support/scene.ts'
import type { AskedFor } from './support/scene.ts'

const QUESTIONS: Question[] = [{ kind: 'is', field: 'location', value: '示例路' }]

export function answersOnce(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`a signed use on ${name}`, () => {
    let s: UseScene
    let asked: AskedFor
    beforeEach(async () => {
      s = await UseScene.open(openStore)
      asked = s.asked()
    })
    afterEach(() => s.close())

    /** Of both holders; `uses` limits their grants. */
    async function bothOf(uses: number): Promise<[Authorization, Authorization]> {
      const grants = [await s.grant('landlord', uses), await s.grant('tenant', uses)] as const
      return [await s.authorize(grants[0], asked), await s.authorize(grants[1], asked)]
    }

    /** Another signature for the same, under the same grant. */
    const anew = (before: Authorization) =>
      s.authorize(before.use.grant, asked, { notAfter: before.use.notAfter - 1 })

    /** Refused for what answered before, without a trace. */
    async function isSpent(answer: Promise<unknown>, by: string, refused?: string): Promise<void> {
      const { size } = s.cases.grants.ledger
      const counts = [...s.counts]
      try {
        await answer
        expect.fail('was answered')
      } catch (error) {
        if (!isLedgerError(error, 'USE_ALREADY_MADE')) throw error
        expect(error.details).to.deep.equal({ use: by, ...(refused !== undefined && { refused }) })
      }
      expect(s.cases.grants.ledger.size).to.equal(size)
      expect(s.counts).to.deep.equal(counts)
    }

    for (const uses of [0, 2])
      describe(uses === 0 ? 'without a limit' : 'that is counted', () => {
        it('is released', async () => {
          const [one, other] = await bothOf(uses)
          const { created } = await s.request(asked, one, other)
          expect(created).to.equal(true)
          expect(s.counts).to.have.length(uses === 0 ? 0 : 2)
        })

        it('is not released again beside another one of its co-owner', async () => {
          const [one, other] = await bothOf(uses)
          const { id } = await s.request(asked, one, other)
          await isSpent(s.request(asked, one, await anew(other)), id)
          await isSpent(s.request(asked, await anew(one), other), id)
          await isSpent(s.request(asked, one), id)
          await isSpent(s.request(asked, other, one), id)
        })

        it('is not released again after a restart', async () => {
          const [one, other] = await bothOf(uses)
          const { id } = await s.request(asked, one, other)
          const again = await anew(other)
          s.restart()
          await isSpent(s.request(asked, one, again), id)
          await isSpent(s.check(asked, QUESTIONS, one, again), id)
        })

        it('is no check once it is a use, and no use once it is a check', async () => {
          const [one, other] = await bothOf(uses)
          const { id } = await s.request(asked, one, other)
          await isSpent(s.check(asked, QUESTIONS, one, await anew(other)), id)

          const again = { ...s.asked(), questions: QUESTIONS }
          const signed = [
            await s.authorize(one.use.grant, again),
            await s.authorize(other.use.grant, again),
          ] as const
          const checked = await s.check(again, QUESTIONS, ...signed)
          await isSpent(s.request(again, ...signed), checked.id)
          await isSpent(s.check(again, QUESTIONS, ...signed), checked.id)
          expect(s.counts).to.have.length(uses === 0 ? 0 : 4)
        })

        it('is spent by a refusal, and neither counted nor released in what would have been right', async () => {
          const [one, other] = await bothOf(uses)
          expect(await codeOf(s.request(asked, one))).to.equal('USE_HOLDER_MISSING')
          const [refusal] = await s.answers()
          await isSpent(s.request(asked, one, other), refusal?.id ?? '', 'USE_HOLDER_MISSING')
          expect(s.counts).to.deep.equal([])
          // The other was in no answer.
          await s.request(asked, await anew(one), other)
        })

        it('is answered once however often it comes at the same time', async () => {
          const [one, other] = await bothOf(uses)
          const renewed = await anew(other)
          const codes = await Promise.all(
            [
              s.request(asked, one, other),
              s.request(asked, other, one),
              s.request(asked, one, renewed),
              s.check(asked, QUESTIONS, one, other),
            ].map(codeOf),
          )
          expect(codes).to.deep.equal([
            undefined,
            'USE_ALREADY_MADE',
            'USE_ALREADY_MADE',
            'USE_ALREADY_MADE',
          ])
          expect(s.counts).to.have.length(uses === 0 ? 0 : 2)
        })
      })

    /** By a key that stands for this very request. */
    const askBy = (key: string, ...authorizations: Authorization[]) => {
      const request = { ...asked, authorizations }
      const fingerprint = sha256(utf8(canonicalize(request)))
      return s.uses.request(request, { idempotency: { principal: 'department', key, fingerprint } })
    }

    it('gets the same answer for the same key, also while the first is under way', async () => {
      const [one, other] = await bothOf(2)
      const ask = () => askBy('k-1', one, other)
      const [first, second] = await Promise.all([ask(), ask()])
      expect([first.created, second.created]).to.deep.equal([true, false])
      expect(second.index).to.equal(first.index)
      expect(s.counts).to.have.length(2)
      s.restart()
      expect(await ask()).to.include({ id: first.id, index: first.index, created: false })
      expect(await codeOf(askBy('k-2', one, other))).to.equal('USE_ALREADY_MADE')
    })

    it('is neither counted nor logged under a key that another request has, at the same moment or later', async () => {
      const [one, other] = await bothOf(2)
      const [renewed, again] = [await anew(one), await anew(other)]
      const both = await Promise.allSettled([
        askBy('k-1', one, other),
        askBy('k-1', renewed, again),
      ])
      expect(both.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected'])
      s.restart()
      const later = askBy('k-1', renewed, again)
      for (const answer of [Promise.reject((both[1] as PromiseRejectedResult).reason), later])
        expect(await codeOf(answer)).to.equal('IDEMPOTENCY_KEY_REUSED')
      expect(s.counts).to.have.length(2)
      expect(await s.answers()).to.have.length(1)
    })

    it('is refused once under a key, however often it comes at the same time', async () => {
      const [one, other] = await bothOf(2)
      const codes = await Promise.all(
        [askBy('k-1', one), askBy('k-1', one), askBy('k-1', one, other)].map(codeOf),
      )
      expect(codes).to.deep.equal([
        'USE_HOLDER_MISSING',
        'USE_ALREADY_MADE',
        'IDEMPOTENCY_KEY_REUSED',
      ])
      expect(await s.answers()).to.have.length(1)
    })

    it('is released after a crash, without a second count', async () => {
      const [one, other] = await bothOf(2)
      const first = s.idOf(one)
      s.afterCount = (use) => {
        if (use === first) throw new Error('the power fails')
      }
      const crashed = await s.request(asked, one, other).catch((error: Error) => error.message)
      expect(crashed).to.equal('the power fails')
      s.restart()
      const { id } = await s.request(asked, one, other)
      expect(s.counts).to.deep.equal([first, s.idOf(other)])
      const [statement] = await s.answers()
      expect(statement).to.include({ kind: 'use.released', id })
      expect(statement).to.have.property('counted').with.length(2)
    })

    it('that was counted and never answered is released once, in whichever request comes first', async () => {
      const [one, other] = await bothOf(2)
      await s.count(actOf(one))
      const renewed = await anew(other)
      const { id } = await s.request(asked, one, renewed)
      expect(s.counts).to.deep.equal([s.idOf(one), s.idOf(renewed)])
      await isSpent(s.request(asked, one, other), id)
      await isSpent(s.check(asked, QUESTIONS, one), id)
    })

    for (const [what, change] of [
      ['other fields', { fields: ['owners'] }],
      ['a copy instead of reading', { manner: 'copy' }],
      ['another certificate', { subject: { kind: 'certificate', id: 'certificate-other' } }],
    ] as const)
      it(`that was counted and never answered is not released for ${what}`, async () => {
        const [one, other] = await bothOf(2)
        await s.count(actOf(one))
        const { fields = asked.fields } = change as Partial<AskedFor>
        const request = { ...asked, ...change, fields: [...fields] }
        const code = await codeOf(s.request(request, one, other))
        expect(code).to.equal(
          'subject' in change ? 'CERTIFICATE_NOT_FOUND' : 'USE_CONTEXT_MISMATCH',
        )
        expect(s.counts).to.deep.equal([s.idOf(one)])
      })
  })
}
