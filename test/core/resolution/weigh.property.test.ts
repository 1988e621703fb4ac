import { expect } from 'chai'
import fc from 'fast-check'
import { Matter } from '../../../node/core/catalogue/matter.ts'
import type { Asking, FieldsOf } from '../../../node/core/resolution/asking.ts'
import { placeOf } from '../../../node/core/resolution/asking.ts'
import { chooseCandidates, takenIn } from '../../../node/core/resolution/choose.ts'
import { findOffers, optionsOf, spendFor } from '../../../node/core/resolution/offers.ts'
import type { Sought, SpentUses, Taken } from '../../../node/core/resolution/offers.ts'
import { judgeRules } from '../../../node/core/resolution/rules.ts'
import { sourceOf } from '../../../node/core/resolution/sources.ts'
import { asking, CASE, grant, landlord, material, MATTER, tenant } from './scene.ts'

const WORDS = ['甲', '乙', '丙']
const [first] = MATTER.materials
if (first === undefined) throw new Error('the matter asks for something')
const reused = (code: string) => ({
  ...first,
  material: code,
  exemption: 'reuse',
  maxGrantDepth: 1,
})

/** Three papers with a field each, and rules between any of them and the case. */
const CODES = ['LEASE', 'ARTICLES', 'RESOLUTION']
const aPlace = fc.constantFrom(...CODES).map((code) => ({ material: code, field: 'says' }))
const someRules = fc.array(
  fc.record({ left: aPlace, right: fc.oneof(aPlace, fc.constant({ case: 'says' })) }),
  { maxLength: 4 },
)
const somePapers = fc.array(
  fc.record({
    says: fc.constantFrom(...WORDS, undefined),
    caseCode: fc.constantFrom(undefined, undefined, undefined, CASE),
    isGranted: fc.constantFrom(true, true, false),
    uses: fc.constantFrom(Infinity, Infinity, 1),
  }),
  { maxLength: 4 },
)

const anyAsking: fc.Arbitrary<Asking> = fc
  .record({
    rules: someRules,
    papers: fc.tuple(somePapers, somePapers, somePapers),
    says: fc.constantFrom(...WORDS, undefined),
    /** One grant of all that is granted, with so many uses. */
    shared: fc.constantFrom(undefined, 1, 2, Infinity),
  })
  .map(({ rules, papers, says, shared }) => {
    const matter = Matter.parse({
      ...MATTER,
      materials: CODES.map(reused),
      rules: rules.map((rule, i) => ({ ...rule, kind: 'equal', id: `r-${i}`, text: `r-${i}` })),
      agency: { allowed: false },
    })
    const grants: ReturnType<typeof grant>[] = []
    const items: { material: string; may: 'copy' }[] = []
    const candidates = new Map(
      papers.map((some, i) => {
        const code = CODES[i] ?? ''
        const found = some.map(({ says: word, caseCode, isGranted, uses }) => {
          // Every type finds in these what its validity goes by.
          const dates = { leaseTo: '2033-01-01', resolvedAt: '2023-08-01' }
          const fields = { ...dates, ...(word && { says: word }) }
          const one = material(code, { fields, ...(caseCode && { caseCode }) })
          const item = { material: one.material?.id ?? '', may: 'copy' as const }
          if (isGranted && shared === undefined) grants.push(grant([item], { left: uses }))
          if (isGranted) items.push(item)
          return one
        })
        const newestFirst = found.toSorted((a, b) => b.index - a.index)
        return [
          placeOf({ holder: 'APPLICANT', material: code }),
          { items: newestFirst, more: false },
        ]
      }),
    )
    if (shared !== undefined) grants.push(grant(items, { left: shared }))
    return asking({
      matters: [matter],
      candidates,
      ...(says && { fields: { says } }),
      parties: { APPLICANT: [tenant], LANDLORD: [landlord] },
      grants: new Map([[tenant, grants]]),
    })
  })

const fieldsOf: FieldsOf = (candidate) =>
  candidate.kind === 'material' ? candidate.material?.fields : undefined

type Selected = readonly (Taken | undefined)[]

/** Every selection that there is, newest first. */
function* everyOf(
  sought: readonly Sought[],
  before: Selected = [],
  spent: SpentUses = new Map(),
): Generator<Selected> {
  const [one, ...rest] = sought
  if (one === undefined) {
    yield before
    return
  }
  const options = [...optionsOf(one, spent)]
  for (const taken of options.length === 0 ? [undefined] : options)
    yield* everyOf(rest, [...before, taken], taken ? spendFor(taken, spent) : spent)
}

const passedBy = (takenOf: (code: string) => Taken | undefined, asked: Asking) =>
  asked.matters
    .flatMap((matter) => judgeRules(matter, sourceOf(takenOf, asked, fieldsOf)))
    .flatMap(({ id, result }) => (result === 'pass' ? [id] : []))

function bestOf(asked: Asking): Selected {
  const sought = findOffers(asked)
  let best: { passed: number; selection: Selected } | undefined
  for (const selection of everyOf(sought)) {
    const takenOf = (code: string) =>
      selection[sought.findIndex(({ required }) => required.material === code)]
    const passed = passedBy(takenOf, asked).length
    if (best === undefined || passed > best.passed) best = { passed, selection }
  }
  return best?.selection ?? []
}

const words = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => `${(i * 7 + seed) % 997}`)

const runs = { numRuns: 400 }

describe('weighing candidates by rules', () => {
  it('takes of all selections the newest that passes the most rules', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        const chosen = chooseCandidates(asked, fieldsOf).map(({ taken }) => taken?.candidate.index)
        const best = bestOf(asked).map((taken) => taken?.candidate.index)
        expect(chosen).to.deep.equal(best)
      }),
      runs,
    )
  })

  it('names of each newer one that it passes over a rule that fails with it, or a grant that is missing', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        const choices = chooseCandidates(asked, fieldsOf)
        const takenOf = takenIn(choices)
        const passed = passedBy(takenOf, asked)
        for (const { required, taken, rejected } of choices)
          for (const { code, index, rule, grant: lack } of rejected) {
            const isNewer = taken !== undefined && index > taken.candidate.index
            if (code !== 'CANDIDATE_RULE_FAILED') {
              expect(rule).to.equal(undefined)
              if (code === 'CANDIDATE_NOT_GRANTED') expect(lack).to.match(/^GRANT_/)
              continue
            }
            expect(isNewer).to.equal(true)
            expect(passed).to.include(rule?.id)
            const offer = findOffers(asked)
              .find((one) => one.required.material === required.material)
              ?.offers.find(({ candidate }) => candidate.index === index)
            if (offer === undefined || taken === undefined) throw new Error('it was offered')
            const instead: Taken = { ...taken, candidate: offer.candidate, shown: undefined }
            const changed = passedBy(
              (material_) => (material_ === required.material ? instead : takenOf(material_)),
              asked,
            )
            expect(changed).not.to.include(rule?.id)
          }
      }),
      runs,
    )
  })

  it('says the same whatever is written on what nobody granted', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        const sought = findOffers(asked)
        const readable = new Set(
          sought.flatMap(({ offers }) =>
            offers
              .filter(({ isHandedIn, holders }) => isHandedIn || holders[0]?.[0]?.allowing.length)
              .map(({ candidate }) => candidate.index),
          ),
        )
        const blind: FieldsOf = (one) => (readable.has(one.index) ? fieldsOf(one) : { says: '甲' })
        expect(chooseCandidates(asked, blind)).to.deep.equal(chooseCandidates(asked, fieldsOf))
      }),
      runs,
    )
  })

  it('stays within its bound however rules and candidates tangle', () => {
    const [leases, articles, resolutions] = [1, 2, 3].map((seed) => words(32, seed * 1000))
    const rules = [
      [0, 1],
      [1, 2],
      [0, 2],
    ].map(([a = 0, b = 0], i) => ({
      id: `r-${i}`,
      text: 'x',
      kind: 'equal',
      left: { material: CODES[a], field: 'says' },
      right: { material: CODES[b], field: i === 1 ? 'leaseTo' : 'says' },
    }))
    const matter = Matter.parse({
      ...MATTER,
      materials: CODES.map(reused),
      rules,
      agency: { allowed: false },
    })
    const dates = { leaseTo: '2033-01-01', resolvedAt: '2023-08-01' }
    const candidates = new Map(
      [leases, articles, resolutions].map((some = [], i) => {
        const code = CODES[i] ?? ''
        const items = some
          .map((says) => material(code, { caseCode: CASE, fields: { ...dates, says } }))
          .toReversed()
        return [placeOf({ holder: 'APPLICANT', material: code }), { items, more: false }]
      }),
    )
    const asked = asking({ matters: [matter], candidates })
    let reads = 0
    const counting: FieldsOf = (one) => {
      reads++
      return fieldsOf(one)
    }
    expect(chooseCandidates(asked, counting)).to.have.length(3)
    expect(reads).to.be.lessThan(100_000)
  })
})
