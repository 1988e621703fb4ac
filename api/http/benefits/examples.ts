import { address } from '../registered/examples.ts'

/** What the documentation shows of benefits. */

const subject = { codeType: '111', code: '310199197501010058' }
const other = { codeType: '111', code: '310199195506080021' }
const officer = '王科员'

export const run = { subject, officer }
export const confirmation = { subject, officer, reference: '回执 2026-0001' }

const reasons = [{ code: 'BENEFIT_CONDITION_FAILED', condition: '年满65周岁' }]

export const record = {
  id: 'benefit-8e03978e-40d5-43e8-bc93-6894a57f9324',
  index: 41,
  at: '2026-01-02T03:04:05.678Z',
  statement: {
    v: 1,
    id: 'benefit-8e03978e-40d5-43e8-bc93-6894a57f9324',
    kind: 'benefit.checked',
    benefit: { code: 'BENEFIT_04', version: 1 },
    subject,
    period: '2026',
    day: '2026-01-02',
    by: address('4'),
    officer,
    batch: 'elders-2026',
    finding: {
      qualifies: false,
      evidence: [
        {
          material: 'ID_COPY',
          standing: 'valid',
          source: { kind: 'certificate', id: 'certificate-1' },
        },
      ],
      conditions: ['fail'],
    },
  },
  reasons,
}

export const page = { records: [record], next: '41' }

export const line = {
  line: 1,
  status: 201,
  subject: other,
  result: 'qualified',
  reasons: [],
  period: '2026',
  id: 'benefit-0c6b2a5e-7ce7-4f0e-8a38-93c3b8f2f2a1',
  index: 42,
}
