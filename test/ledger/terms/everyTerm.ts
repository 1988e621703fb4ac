import { readStatement } from '../../../node/core/statement.ts'
import type { Statement } from '../../../node/core/statement.ts'
import { caseIdOf } from '../../../node/core/statements/case.ts'
import type { CaseOpened } from '../../../node/core/statements/case.ts'
import type { UndertakingGiven } from '../../../node/core/statements/undertaking.ts'
import { foundBy } from '../../../node/core/terms/foundBy.ts'
import type { FoundBy } from '../../../node/core/terms/term.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { makeWorld } from '../../core/verify/world.ts'
import {
  CASES_AND_BENEFITS,
  CATALOGUE,
  MATERIALS_AND_PARTIES,
  REQUEST,
} from '../../docs/statements.ts'
import { FIELDS, LEASE, openBank, TENANT } from '../../materials/support/bank.ts'
import type { Bank, Stores } from '../../materials/support/bank.ts'

const DECISION = { reason: '有误', by: 'clerk' }
const ERASURE = { reason: 'asked', legalBasis: 'PIPL §47', by: 'tester' }
const SERIAL = `0x${'e1'.repeat(32)}` as const

/** A bank in which every kind of term leads somewhere, and much of it was erased, decided or taken over since. */
export async function openEveryTerm(stores: Stores): Promise<Bank> {
  const bank = await openBank(stores)
  bank.types.publish(LEASE)
  await submitMaterials(bank)
  const terms = new TermIndex(stores.store, bank.ring)
  for (const statement of await others()) {
    await bank.ledger.append({
      statement,
      writes: (index, commitment) => terms.writesOf(found(statement, commitment), index),
    })
  }
  return bank
}

async function submitMaterials(bank: Bank): Promise<void> {
  const { materials } = bank
  const [pages, form] = [Buffer.from('the same pages'), Buffer.from('a form')]
  const held = { holder: TENANT, type: 'LEASE', fields: FIELDS }
  await bank.submit({ type: 'LEASE', fields: FIELDS, id: 'plain' }, Buffer.from('plain'))
  // Three go by the bytes of the first, until it is erased; then one inherits them.
  for (const id of ['owner', 'heir', 'third', 'fourth'])
    await bank.submit({ ...held, id }, pages, { submitter: 'counter' })
  await materials.erase('owner', ERASURE)
  await materials.erase('third', ERASURE)
  await bank.submit({ ...held, id: 'alone', caseCode: '310110202300001' }, form)
  await bank.submit({ ...held, id: 'first' }, Buffer.from('first'))
  await bank.submit({ ...held, id: 'second', supersedes: 'first' }, Buffer.from('second'))
  await bank.submit({ ...held, id: 'last', supersedes: 'second' }, Buffer.from('last'))
  // What took a place does not give it back.
  await materials.erase('last', ERASURE)
  for (const id of ['waits', 'released', 'rejected', 'gone'])
    await bank.submit(
      { holder: TENANT, type: 'UNKNOWN', unsound: 'quarantine', id },
      Buffer.from(id),
    )
  await materials.release('released', DECISION)
  await materials.reject('rejected', DECISION)
  await materials.erase('gone', ERASURE)
}

async function others(): Promise<Statement[]> {
  const { used, issued } = await makeWorld()
  const { used: asked } = await makeWorld({
    questions: [{ kind: 'validOn', day: '2023-08-05' }],
    asked: { fields: [] },
  })
  const { content } = issued.statement as { content: object }
  const elsewhere = { content: { ...content, kept: 'department' } }
  const answered = asked.statement as never as Record<string, object>
  const { answers: _, counted: __, spares: ___, ...refused } = answered
  const subject = { kind: 'material', id: 'heir', index: 1, type: 'LEASE' }
  const opened = CASES_AND_BENEFITS[0] as { case: string }
  const said: object[] = [
    ...MATERIALS_AND_PARTIES.filter(({ kind }: { kind?: string }) =>
      /^(dep|hold)/.test(kind ?? ''),
    ),
    { ...issued.statement, ...elsewhere, id: 'certificate-1' },
    { ...issued.statement, ...elsewhere, id: 'certificate-2', renews: SERIAL },
    { ...issued.statement, ...elsewhere, id: 'certificate-3', replaces: SERIAL },
    { ...used.statement, ...elsewhere, id: 'use-1', subject },
    { ...used.statement, ...elsewhere, id: 'use-2', subject },
    { ...asked.statement, id: 'check-1' },
    {
      ...refused,
      id: 'refusal-1',
      kind: 'use.refused',
      subject: { kind: 'material', id: 'no' },
      code: 'NO',
    },
    CATALOGUE[0] as object,
    { ...opened, id: caseIdOf(opened.case) },
    { ...REQUEST, id: 'request-1' },
    ...CASES_AND_BENEFITS.filter(({ kind }: { kind?: string }) => /^(und|ben)/.test(kind ?? '')),
  ]
  let count = 0
  const [given] = said.filter(({ kind }: { kind?: string }) => kind === 'undertaking.given')
  return said.flatMap((one) => {
    if (!('kind' in one)) return []
    const id = one === given ? 'undertaking-1' : `other-${count++}`
    return [readStatement({ v: 1, id, ...one })]
  })
}

/** As the services do, each knowing what its statement follows from. */
function found(statement: Statement, commitment: Uint8Array): FoundBy {
  const opened = CASES_AND_BENEFITS[0] as CaseOpened
  const given = CASES_AND_BENEFITS.find(
    ({ kind }: { kind?: string }) => kind === 'undertaking.given',
  ) as UndertakingGiven
  switch (statement.kind) {
    case 'certificate.issued':
      return foundBy(statement, { commitment })
    case 'undertaking.given':
      return foundBy(statement, { opened })
    case 'undertaking.checked':
      return foundBy(statement, { given })
    case 'material.submitted':
      throw new TypeError('the bank takes materials in')
    default:
      return foundBy(statement)
  }
}
