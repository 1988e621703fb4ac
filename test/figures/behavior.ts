import { expect } from 'chai'
import * as fc from 'fast-check'
import { Catalogue } from '../../node/catalogue/catalogue.ts'
import { factOf, isCounted } from '../../node/core/figures/facts.ts'
import { departmentNamed } from '../../node/core/parties/principal.ts'
import { figuresOf } from '../../node/core/figures/figures.ts'
import { boundsOf } from '../../node/core/figures/month.ts'
import { MonthTally } from '../../node/core/figures/tally.ts'
import { LedgerFigures } from '../../node/figures/ledgerFigures.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Statement } from '../../node/core/statement.ts'
import { readSize } from '../../node/ledger/audit/logRecords.ts'
import { openAnchoring } from '../../node/ledger/anchoring/anchoring.ts'
import { systemClock } from '../../node/ledger/anchoring/clock.ts'
import { SealedAnchorStore } from '../../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../../node/ledger/onceLedger.ts'
import { PartyDirectory } from '../../node/parties/directory.ts'
import { caseIdOf } from '../../node/core/statements/case.ts'
import type { KeyRange, KeyValueStore } from '../../node/store/keyValueStore.ts'
import * as layout from '../../node/store/layout.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../node/store/terms.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { matter, materialType, required } from '../core/catalogue/support.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { openTestLog, testStatement, TEST_MASTER_KEY } from '../support/log.ts'
import { recounted } from './recounted.ts'
import type { Kept } from './recounted.ts'

const address = (digit: string): Hex => `0x${digit.repeat(40)}`
const DISTRICT = address('a')
const CITY = address('b')
const OFFICES = new Map([
  [DISTRICT, { name: '局 310110', region: '310110' }],
  [CITY, { name: '局 310000', region: '310000' }],
])
const CASE = '310110202300001'
const time = (text: string) => Date.parse(`${text}+08:00`)

const HOUR = 3_600_000

/** Statements of all kinds that are counted, and others, each some hours after the former; a month has 744 of them. */
function happenings(sources: readonly number[]) {
  const office = fc.constantFrom(...OFFICES.keys())
  const user = office
  const code = fc.nat({ max: 30 }).map((n) => String(310_110_202_300_000 + n))
  const index = fc.constantFrom(...sources)
  const context = fc.record({ case: code })
  const spares = fc.constant({ material: 'LEASE', holder: 'APPLICANT' })
  const names = fc.subarray(['address', 'area', 'owners', '名称'])
  const fields = names.map((all) => Object.fromEntries(all.map((name) => [name, '{"user":1}'])))
  const evidence = fc.array(fc.constantFrom({ source: {} }, { missing: true }), { maxLength: 3 })
  const finding = fc.record({ qualifies: fc.boolean(), evidence })
  let opened = 0
  const said = fc.oneof(
    fc.record({ kind: fc.constantFrom('benefit.checked', 'benefit.granted'), by: office, finding }),
    fc
      .record(
        {
          kind: fc.constant('case.opened'),
          acceptedBy: office,
          decidedBy: office,
          agents: fc.constant([address('9')]),
        },
        { requiredKeys: ['kind', 'acceptedBy', 'decidedBy'] },
      )
      .map((one) => ({
        ...one,
        case: String(310_110_202_300_000 + opened++),
        matter: { code: 'CO_ADDR_CHANGE', version: 1 },
      })),
    fc.record(
      {
        kind: fc.constant('use.released'),
        user,
        subject: fc.record({ kind: fc.constantFrom('certificate', 'material'), index }),
        fields: names,
        context,
        spares,
      },
      { requiredKeys: ['kind', 'user', 'subject', 'fields', 'context'] },
    ),
    fc.record(
      {
        kind: fc.constant('use.checked'),
        user,
        subject: fc.record({ index }),
        context,
        spares,
      },
      { requiredKeys: ['kind', 'user', 'subject', 'context'] },
    ),
    fc.record({ kind: fc.constant('use.refused'), user, code: fc.constantFrom('A', 'B') }),
    fc.record(
      {
        kind: fc.constant('material.submitted'),
        submitter: fc.oneof(
          fc.constant('a window'),
          office.map((one) => `department ${one}`),
        ),
        caseCode: code,
        receiptMode: fc.nat({ max: 5 }),
        fields,
      },
      { requiredKeys: ['kind', 'submitter'] },
    ),
    fc.record({
      kind: fc.constant('undertaking.given'),
      acceptedBy: office,
      undertaking: fc.record({ caseCode: code }),
    }),
    fc.record({ kind: fc.constantFrom('case.staged', 'grant.shown'), by: office, case: code }),
  )
  return fc.record({ after: fc.integer({ min: 0, max: 5 * HOUR }), said })
}

export function behavesLikeFigures(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`figures on ${name}`, () => {
    const folder = temporaryFolder()
    const clock = { now: 0 }
    const now = () => clock.now
    let store: KeyValueStore
    let ledger: OnceLedger
    let figures: LedgerFigures
    let catalogue: Catalogue
    let count = 0
    /** What was logged, as whoever made it has it: by index. */
    const kept = new Map<number, { readonly at: number; readonly statement: Statement }>()

    beforeEach(async () => {
      kept.clear()
      store = await openStore(folder.path)
      const log = await openTestLog({ store, now })
      clock.now = time('2023-07-01T09:00:00')
      const anchors = new SealedAnchorStore(store, log.ring, [])
      const anchoring = await openAnchoring([], {
        log: anchoredLog(log),
        store: anchors,
        clock: systemClock,
        random: Math.random,
      })
      ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
      const terms = new TermIndex(store, log.ring)
      const directory = new PartyDirectory({ ledger, terms, now })
      for (const [department, described] of OFFICES)
        await directory.describe({ department, ...described, by: CITY })
      catalogue = await Catalogue.open({ ledger, terms, now })
      const materials = [required('LEASE'), required('APP', { exemption: 'mustSubmit' })]
      const agency = { allowed: true, maxDepth: 1, kinds: ['111' as const], proof: 'POA' }
      for (const entry of [
        materialType(),
        materialType({ code: 'APP' }),
        materialType({ code: 'POA' }),
        matter({ materials, agency, from: '2023-01-01' }),
      ])
        await catalogue.publish(entry, { name: 'setup' })
      figures = new LedgerFigures({ store, ring: log.ring, size: () => ledger.size, now })
    })
    afterEach(async () => {
      await figures.close()
      await ledger.close()
      await store.close()
    })

    async function log(statement: object): Promise<number> {
      const named = { v: 1, id: `s${++count}`, ...statement } as unknown as Statement
      const whole = named.kind === 'case.opened' ? { ...named, id: caseIdOf(named.case) } : named
      const { index } = await ledger.append({ statement: whole })
      kept.set(index, { at: clock.now, statement: whole })
      return index
    }
    const openCase = (code = CASE, rest: object = {}) =>
      log({
        kind: 'case.opened',
        case: code,
        matter: { code: 'CO_ADDR_CHANGE', version: 1 },
        acceptedBy: DISTRICT,
        decidedBy: DISTRICT,
        ...rest,
      })
    const use = (index: number, rest: object = {}) =>
      log({
        kind: 'use.released',
        user: DISTRICT,
        subject: { kind: 'material', index },
        fields: ['a', 'b'],
        context: { case: CASE },
        spares: { material: 'LEASE', holder: 'APPLICANT' },
        ...rest,
      })
    const submit = (submitter: string, rest: object = {}) =>
      log({ ...testStatement(`m${++count}`), submitter, ...rest })

    async function aMonth(): Promise<void> {
      const lease = await submit(`department ${CITY}`)
      clock.now = time('2023-07-31T23:59:59')
      await use(lease)
      clock.now = time('2023-08-01T00:00:00')
      await openCase()
      clock.now = time('2023-08-01T00:10:00')
      await use(lease)
      await log({ kind: 'use.refused', user: DISTRICT, code: 'GRANT_EXPIRED' })
      clock.now = time('2023-08-01T00:20:00')
      await submit(`department ${DISTRICT}`, { caseCode: CASE, fields: { a: 1, b: 2 } })
      await log({
        kind: 'benefit.granted',
        by: CITY,
        finding: { qualifies: true, evidence: [{ source: {} }, {}] },
      })
    }

    it('are recomputed from the log, for the month of China alone', async () => {
      await aMonth()
      clock.now = time('2023-09-01T00:00:00')
      await use(5)
      const { month, departments, unreadable } = await figures.ofMonth('2023-08')
      expect([month, unreadable]).to.deep.equal(['2023-08', 0])
      expect(departments).to.deep.equal([
        {
          department: DISTRICT,
          name: '局 310110',
          region: '310110',
          accepted: 1,
          cases: 1,
          required: 2,
          exemptible: 1,
          pulled: 0,
          reused: 1,
          dataChecked: 0,
          committed: 0,
          askedFor: 1,
          exempted: 1,
          exemptedShare: 0.5,
          prefilled: 2,
          typed: 2,
          prefilledShare: 0.5,
          used: 1,
          crossings: { department: 1, level: 1, region: 0 },
          refusals: { GRANT_EXPIRED: 1 },
          toLastMaterial: { cases: 1, meanSeconds: 1200, longestSeconds: 1200 },
          benefits: { checked: 0, evidence: 0, qualified: 0, granted: 0 },
        },
        {
          department: CITY,
          name: '局 310000',
          region: '310000',
          accepted: 0,
          cases: 0,
          required: 0,
          exemptible: 0,
          pulled: 0,
          reused: 0,
          dataChecked: 0,
          committed: 0,
          askedFor: 0,
          exempted: 0,
          exemptedShare: null,
          prefilled: 0,
          typed: 0,
          prefilledShare: null,
          used: 0,
          crossings: { department: 0, level: 0, region: 0 },
          refusals: {},
          toLastMaterial: { cases: 0, meanSeconds: null, longestSeconds: null },
          benefits: { checked: 1, evidence: 1, qualified: 1, granted: 1 },
        },
      ])
      const july = await figures.ofMonth('2023-07')
      expect(july.departments.map(({ reused }) => reused)).to.deep.equal([1])
    })

    it('are of the department that decides the case, whoever accepts, uses and hands in', async () => {
      const plan = await submit(`department ${DISTRICT}`)
      clock.now = time('2023-07-31T10:00:00')
      await openCase(CASE, { decidedBy: CITY })
      clock.now = time('2023-08-01T09:00:00')
      const other = '310110202300002'
      await openCase(other, { decidedBy: CITY, agents: [address('9')] })
      // By the window, the department that decides, and somebody who is none.
      await submit(`department ${DISTRICT}`, { caseCode: other, fields: { a: 1 } })
      await submit('a window', { caseCode: CASE, fields: { a: 1 } })
      await use(plan, { context: { case: other } })
      await use(plan, { user: CITY, fields: ['a'] })
      const { departments } = await figures.ofMonth('2023-08')
      const [window, deciding, ...rest] = departments
      expect(rest).to.deep.equal([])
      const nothing = { cases: 0, required: 0, exemptible: 0, pulled: 0, reused: 0, askedFor: 0 }
      expect(window).to.deep.include({
        ...nothing,
        department: DISTRICT,
        accepted: 1,
        used: 1,
        exemptedShare: null,
        crossings: { department: 0, level: 0, region: 0 },
      })
      expect(deciding).to.deep.include({
        department: CITY,
        accepted: 0,
        cases: 1,
        // What proves the agent is one of them.
        required: 3,
        exemptible: 1,
        reused: 2,
        askedFor: 2,
        exemptedShare: 0.5,
        prefilled: 3,
        typed: 2,
        used: 1,
        crossings: { department: 1, level: 1, region: 0 },
      })
      expect(deciding?.toLastMaterial.cases).to.equal(1)
    })

    it('are of whoever did it where the case was opened only later, or elsewhere', async () => {
      clock.now = time('2023-08-01T09:00:00')
      const plan = await submit(`department ${DISTRICT}`)
      await use(plan)
      await figures.ofMonth('2023-08')
      await openCase(CASE, { decidedBy: CITY })
      const grown = await figures.ofMonth('2023-08')
      expect(grown.departments.map(({ reused }) => reused)).to.deep.equal([1, 0])
      const ring = await KeyRing.open(store, TEST_MASTER_KEY)
      const elsewhere = new LedgerFigures({ store, ring, size: () => ledger.size, now })
      expect(await elsewhere.ofMonth('2023-08')).to.deep.equal(grown)
      await elsewhere.close()
    })

    it('come to the same by steps, as a whole, and for whoever has the data and its keys', async () => {
      await aMonth()
      while ((await figures.catchUp('2023-08', 1)).left > 0);
      const before = await figures.ofMonth('2023-08')
      clock.now = time('2023-08-31T12:00:00')
      for (let i = 0; i < 700; i++)
        await Promise.all([use(5), openCase(`${400_000_000_000_000 + i}`)])
      const grown = await figures.ofMonth('2023-08')
      expect(grown.departments[0]?.reused).to.equal((before.departments[0]?.reused ?? 0) + 700)
      const ring = await KeyRing.open(store, TEST_MASTER_KEY)
      const size = await readSize(store)
      const elsewhere = new LedgerFigures({ store, ring, size: () => size, now })
      expect(await elsewhere.ofMonth('2023-08')).to.deep.equal(grown)
      await elsewhere.close()
    })

    it('come to the same by the sums alone, from statements that somebody else kept', async () => {
      await aMonth()
      const { departments } = await figures.ofMonth('2023-08')
      const [from, to] = boundsOf('2023-08')
      const tally = new MonthTally()
      for (const { at, statement } of kept.values()) {
        if (!isCounted(statement.kind) || at < from || at >= to) continue
        const fact = factOf(statement.kind, statement, at)
        // All cases were opened in the month.
        if (fact?.is === 'use')
          tally.add({
            ...fact,
            decidedBy: tally.deciderOf(fact.case),
            from: submitterOf(fact.source),
          })
        else if (fact !== undefined) tally.add(fact)
      }
      const context = {
        departmentOf: (department: Hex) => OFFICES.get(department),
        matterOf: (code: string, version: number) =>
          catalogue.getVersion('matter', code, version).entry,
      }
      expect(figuresOf(tally, context)).to.deep.equal(departments)
    })

    function submitterOf(index: number): Hex | undefined {
      const statement = kept.get(index)?.statement
      return statement?.kind === 'material.submitted'
        ? departmentNamed(statement.submitter)
        : undefined
    }

    it('come to the same for whoever counts each figure for itself, from what was said', async () => {
      const sources = [await submit('a window')]
      for (const office of OFFICES.keys()) sources.push(await submit(`department ${office}`))
      // A certificate has an issuer.
      sources.push(await log({ kind: 'certificate.issued', issuer: CITY }))
      const [from, to] = boundsOf('2023-08')
      const seed = Math.floor(Math.random() * 2 ** 31)
      for (const { after, said } of fc.sample(happenings(sources), { seed, numRuns: 400 })) {
        // Some cases were opened in the month before.
        clock.now = Math.max(clock.now, from - 60 * HOUR) + after
        await log(said)
      }
      expect(clock.now).to.be.greaterThan(to)
      const { departments, unreadable } = await figures.ofMonth('2023-08')
      const expected = recounted({
        bounds: [from, to],
        kept: kept as ReadonlyMap<number, unknown> as ReadonlyMap<number, Kept>,
        offices: OFFICES,
        needs: (isActedFor) => ({ required: isActedFor ? 3 : 2, exemptible: 1 }),
        crossing: (own, other) => ({ level: own !== other, region: false }),
      })
      expect(departments, `seed ${seed}`).to.deep.equal(expected)
      expect([unreadable, departments.length]).to.deep.equal([0, 3])
    })

    it('are asked for by many at once, and count each entry once', async () => {
      await aMonth()
      const all = await Promise.all([
        figures.ofMonth('2023-08'),
        figures.catchUp('2023-08', 3),
        figures.ofMonth('2023-08'),
      ])
      expect(all[2]).to.deep.equal(all[0])
    })

    it('are read once for all who ask at once', async () => {
      await aMonth()
      const reads: (string | undefined)[] = []
      const watched: KeyValueStore = new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name)
          if (typeof member !== 'function') return member
          return (...args: readonly unknown[]): unknown => {
            const [range] = args as readonly [KeyRange]
            if (name === 'readRange' && range.gte?.startsWith('s/') === true) reads.push(range.gte)
            return member.apply(target, args)
          }
        },
      })
      const ring = await KeyRing.open(store, TEST_MASTER_KEY)
      const shared = new LedgerFigures({ store: watched, ring, size: () => ledger.size, now })
      const all = await Promise.all([1, 2, 3, 4].map(() => shared.ofMonth('2023-08')))
      await shared.close()
      expect(reads).to.have.length(1)
      for (const one of all) expect(one).to.deep.equal(all[0])
    })

    it('say how many statements were erased since', async () => {
      await aMonth()
      const [erased] = [ledger.size - 2]
      await ledger.append({
        statement: {
          v: 1,
          id: 'erasure-1',
          kind: 'material.erased',
          material: `m${count}`,
          index: erased,
          reason: 'x',
          legalBasis: 'x',
          by: 'x',
        },
        erases: { index: erased, location: undefined },
      })
      const { unreadable, departments } = await figures.ofMonth('2023-08')
      expect(unreadable).to.equal(1)
      expect(departments[0]?.askedFor).to.equal(0)
    })

    it('are empty for a month in which nothing was logged', async () => {
      await aMonth()
      for (const month of ['2020-01', '2030-01'])
        expect((await figures.ofMonth(month)).departments).to.deep.equal([])
    })

    it('are not made of a statement that is another than the one that was logged', async () => {
      await aMonth()
      const from = ledger.size - 3
      const to = ledger.size - 4
      const [statement, dataKey] = await store.getMany([
        layout.statementKey(from),
        layout.dataKeyKey(from),
      ])
      await store.commit([
        { type: 'put', key: layout.statementKey(to), value: statement as Uint8Array },
        { type: 'put', key: layout.dataKeyKey(to), value: dataKey as Uint8Array },
      ])
      expect(await codeOf(figures.ofMonth('2023-08'))).to.equal('FIGURES_STATEMENT_ALTERED')
      // Nothing of the first attempt is left in the second.
      expect(await codeOf(figures.ofMonth('2023-08'))).to.equal('FIGURES_STATEMENT_ALTERED')
    })

    it('stop for whoever has gone, and go on from there for the next', async () => {
      await aMonth()
      const gone = new AbortController()
      gone.abort(new Error('gone'))
      const ended = await figures.ofMonth('2023-08', gone.signal).catch((error: Error) => error)
      expect(ended).to.have.property('message', 'gone')
      expect((await figures.ofMonth('2023-08')).departments).to.have.length(2)
    })
  })
}
