import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { contextOf, verifyContext } from '../../../node/core/uses/context.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import { refusalOf, refused } from '../grants/support.ts'

const SALT = '17'.repeat(32)
const asked: Asked = {
  subject: { kind: 'certificate', id: 'certificate-1' },
  fields: ['location', 'owners'],
  manner: 'read',
  context: {
    case: '202308050000017',
    matter: '310190010000',
    officer: '王某',
    cause: '住所变更登记',
    until: '2023-08-31',
    salt: SALT,
  },
}
const sha256 = (...parts: (string | Uint8Array)[]) =>
  `0x${createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex')}`

describe('what a department signs for', () => {
  it('is committed to with a salt: why it asks, and for what', () => {
    expect(contextOf(asked)).to.equal(
      sha256(
        'onceledger/use-context/v1\0',
        Buffer.from(SALT, 'hex'),
        '{"case":"202308050000017","cause":"住所变更登记","fields":["location","owners"],"manner":"read",' +
          '"matter":"310190010000","officer":"王某",' +
          '"subject":{"id":"certificate-1","kind":"certificate"},"until":"2023-08-31"}',
      ),
    )
  })

  it('says what a data check asks', () => {
    const questions: Asked['questions'] = [{ kind: 'validOn', day: '2023-08-05' }]
    const { until: _, ...context } = asked.context
    expect(contextOf({ ...asked, questions, context })).to.equal(
      sha256(
        'onceledger/use-context/v1\0',
        Buffer.from(SALT, 'hex'),
        '{"case":"202308050000017","cause":"住所变更登记","fields":["location","owners"],"manner":"read",' +
          '"matter":"310190010000","officer":"王某","questions":[{"day":"2023-08-05","kind":"validOn"}],' +
          '"subject":{"id":"certificate-1","kind":"certificate"}}',
      ),
    )
  })

  it('is the same whatever else the node knows of the subject', () => {
    const subject = { ...asked.subject, type: 'DEED', index: 7 }
    expect(contextOf({ ...asked, subject })).to.equal(contextOf(asked))
  })

  it('is refused when anything of it is other than was signed', () => {
    const use = { context: contextOf(asked) }
    expect(refused(() => verifyContext(use, asked))).to.equal(undefined)
    const changes: Partial<Asked>[] = [
      { subject: { kind: 'certificate', id: 'certificate-2' } },
      { subject: { kind: 'material', id: 'certificate-1' } },
      { fields: ['location'] },
      { fields: [] },
      { fields: ['owners', 'location'] },
      { manner: 'copy' },
      { questions: [] },
      { questions: [{ kind: 'is', field: 'location', value: '示例路' }] },
      ...[
        { case: '202308050000018' },
        { matter: '310190020000' },
        { officer: '李某' },
        { cause: '设立登记' },
        { until: '2023-09-01' },
        { salt: '18'.repeat(32) },
      ].map((change) => ({ context: { ...asked.context, ...change } })),
    ]
    for (const change of changes) {
      const error = refusalOf(() => verifyContext(use, { ...asked, ...change }))
      expect([error?.kind, error?.code], JSON.stringify(change)).to.deep.equal([
        'unverified',
        'USE_CONTEXT_MISMATCH',
      ])
    }
  })

  it('is another hash for any two requests that differ', () => {
    const text = fc.string({ minLength: 1, maxLength: 6 })
    const any = fc.record({
      subject: fc.record({ kind: fc.constantFrom('certificate', 'material'), id: text }),
      fields: fc.array(text, { maxLength: 3 }),
      manner: fc.constantFrom('read', 'copy'),
      cause: text,
    })
    const hash = ({ cause, ...other }: typeof any extends fc.Arbitrary<infer T> ? T : never) =>
      contextOf({ ...other, context: { ...asked.context, cause } })
    fc.assert(
      fc.property(any, any, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(hash(one) === hash(other)).to.equal(isSame)
      }),
      { numRuns: 200 },
    )
  })
})
