import { expect } from 'chai'
import * as z from 'zod'
import { parseBy } from '../../node/core/schema.ts'

const Asked = z.strictObject({
  reason: z.string(),
  count: z.int(),
  code: z.string({ error: 'not a code' }).optional(),
})

function issuesOf(value: unknown): unknown {
  try {
    return parseBy(Asked, value, 'ASKED_MALFORMED')
  } catch (error) {
    expect(error).to.include({ kind: 'invalid', code: 'ASKED_MALFORMED' })
    return (error as { details: { issues: unknown } }).details.issues
  }
}

describe('what is wrong with a value, in words', () => {
  it('says that a member is missing', () => {
    expect(issuesOf({ count: 1 })).to.deep.equal([{ pointer: '/reason', rule: 'missing' }])
  })

  it('says of which type a member is not', () => {
    expect(issuesOf({ reason: 7, count: '1' })).to.deep.equal([
      { pointer: '/reason', rule: 'not of type string' },
      { pointer: '/count', rule: 'not of type number' },
    ])
    expect(issuesOf([])).to.deep.equal([{ pointer: '', rule: 'not of type object' }])
  })

  it('keeps the words that a schema has of its own', () => {
    expect(issuesOf({ reason: '', count: 1, code: 3 })).to.deep.equal([
      { pointer: '/code', rule: 'not a code' },
    ])
  })
})
