import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { formatEvidence } from '../../node/core/evidence.ts'
import { Statement } from '../../node/core/statement.ts'
import * as sample from '../core/evidence/sample.ts'
import { atLimits, nearly } from './altered.ts'
import { ACTS, CASES_AND_BENEFITS, CATALOGUE, MATERIALS_AND_PARTIES, WRONG } from './statements.ts'
import { bothVerdicts, expectSameReadings } from './stranger.ts'

const STATEMENTS = [...MATERIALS_AND_PARTIES, ...ACTS, ...CATALOGUE, ...CASES_AND_BENEFITS]
/** Tried in a file of their own. */
const OF_USES = ['certificate.issued', 'use.released', 'use.checked', 'use.refused']

const TRUST = {
  v: 1 as const,
  log: { origin: sample.ORIGIN, key: sample.LOG_SIGNER.vkey },
  witnesses: { quorum: 0, keys: [] },
  chains: [],
}

describe('a verifier written from docs/formats.md alone, of statements', () => {
  let evidence: unknown

  before(async () => {
    evidence = JSON.parse(formatEvidence(await sample.makeEvidence()))
  })

  const codesOf = async (statement: unknown) => {
    const text = JSON.stringify({ ...(evidence as object), statement })
    const [ours, theirs] = await bothVerdicts(text, TRUST)
    expect(theirs, text).to.deep.equal(ours)
    return theirs
  }

  it('knows every kind that the ledger logs, as the document does', () => {
    const kinds = Statement.options.map(({ shape }) => shape.kind.value)
    const tried = STATEMENTS.map((said) => (said as { kind: string }).kind)
    expect([...new Set([...tried, ...OF_USES])]).to.have.members(kinds)
    const headings =
      readFileSync('docs/formats.md', 'utf8')
        .match(/^### .*$/gm)
        ?.join() ?? ''
    expect(kinds.filter((kind) => !headings.includes(kind))).to.deep.equal([])
  })

  for (const said of STATEMENTS) {
    const statement: Record<string, unknown> = { v: 1, id: 'one', ...said }
    it(`reads ${titleOf(statement)} as the ledger does, and nothing else`, async () => {
      // Another statement than the entry's, but one that can be read.
      expect(await codesOf(statement)).to.include('commitment fail COMMITMENT_MISMATCH')
      expectSameReadings(nearly(statement))
    })

    it(`reads ${titleOf(statement)} up to the same limits`, () => {
      expectSameReadings(atLimits(statement))
    })
  }

  for (const [title, said] of WRONG)
    it(`refuses ${title}, as the ledger does`, async () => {
      expect(await codesOf({ v: 1, id: 'one', ...said })).to.deep.equal([
        'fail',
        'evidence fail STATEMENT_MALFORMED',
      ])
    })
})

function titleOf({ kind, act, entry }: Record<string, unknown>): string {
  const { type = '' } = (act ?? {}) as { type?: string }
  const { kind: published = '' } = (entry ?? {}) as { kind?: string }
  return `${String(kind)} ${type}${published}`.trim()
}
