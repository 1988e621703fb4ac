import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { TypedDataEncoder } from 'ethers'
import { LedgerError } from '../../../node/core/errors.ts'
import {
  encodeDerivedCopy,
  latestExpiry,
  parseDerivedCopy,
} from '../../../node/core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../../../node/core/uses/derivedCopy.ts'
import { UseRequest } from '../../../node/core/uses/documents.ts'
import type { Authorization } from '../../../node/core/uses/documents.ts'
import { useStatementId, userOf } from '../../../node/core/uses/request.ts'
import { isSignedByKey, neededSignatures, useIdOf } from '../../../node/core/uses/signatures.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { GrantWorld } from '../../../node/core/grants/world.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { USE } from '../../contracts/grants.ts'
import { refused } from '../grants/support.ts'
import { ACCOUNT, CONTEXT, DAY, domain, makeWorld, REGISTRIES, USED } from '../verify/world.ts'

let authorizations: Authorization[]

before(async () => {
  const { statement } = (await makeWorld({ holders: 2 })).used
  if (statement.kind !== 'use.released') expect.fail('no receipt')
  authorizations = statement.authorizations
})

const first = () => authorizations[0] ?? expect.fail('nobody authorized')

const request = () => ({
  subject: { kind: 'certificate', id: 'c-1' },
  fields: ['location', 'usage'],
  manner: 'read',
  context: CONTEXT,
  authorizations,
})

describe('a request to use', () => {
  it('is read as it is written', () => {
    expect(parseBy(UseRequest, request(), 'REFUSED')).to.deep.equal(request())
  })

  it('names its fields once, in order, and has an authorization', () => {
    for (const changes of [
      { fields: ['usage', 'location'] },
      { fields: ['usage', 'usage'] },
      { authorizations: [] },
      { manner: 'write' },
      { subject: { kind: 'grant', id: 'c-1' } },
      { more: 1 },
    ])
      expect(
        refused(() => parseBy(UseRequest, { ...request(), ...changes }, 'REFUSED'))?.[0],
      ).to.equal('REFUSED')
  })

  it('is answered under an id of its own: the hash of what was signed, in any order', () => {
    const hash = createHash('sha256').update('onceledger/use-request/v1\0')
    const ids = authorizations
      .map(({ use }) => TypedDataEncoder.hash(domain(), USE, use))
      .toSorted()
    for (const one of ids) hash.update(Buffer.from(one.slice(2), 'hex'))
    const id = `use-${hash.digest('base64url')}`
    expect(useStatementId({ authorizations }, REGISTRIES)).to.equal(id)
    const reversed = authorizations.toReversed()
    expect(useStatementId({ authorizations: reversed }, REGISTRIES)).to.equal(id)
    expect(useStatementId({ authorizations: [first()] }, REGISTRIES)).not.to.equal(id)
    // The signature is no part of it: another one of the same key makes no second answer.
    const resigned = authorizations.map((one) => ({ ...one, signature: '0x00' as Hex }))
    expect(useStatementId({ authorizations: resigned }, REGISTRIES)).to.equal(id)
  })

  it('is of one department', () => {
    expect(userOf({ authorizations })).to.equal(ACCOUNT.counter)
    const other = { ...first(), use: { ...first().use, user: ACCOUNT.city } }
    expect(refused(() => userOf({ authorizations: [...authorizations, other] }))?.[0]).to.equal(
      'USE_USER_MISMATCH',
    )
  })
})

const world = (changes: Partial<GrantWorld> = {}) =>
  ({
    accountAs: () => ACCOUNT.counter,
    accountOf: (account: Hex) => account,
    ...changes,
  }) as GrantWorld

describe('who signs a use', () => {
  it('is the department, and the last grantee where that is another', () => {
    expect(neededSignatures(first(), world()).map(({ account }) => account)).to.deep.equal([
      ACCOUNT.counter,
      ACCOUNT.firm,
    ])
    const own = first().chain.map((grant) => ({ ...grant, grantee: ACCOUNT.counter }))
    expect(neededSignatures({ ...first(), chain: own }, world())).to.have.length(1)
  })

  it('is whoever acts for them now', () => {
    const moved = world({ accountAs: () => ACCOUNT.bureauNow, accountOf: () => ACCOUNT.agent })
    expect(neededSignatures(first(), moved).map(({ account }) => account)).to.deep.equal([
      ACCOUNT.bureauNow,
      ACCOUNT.agent,
    ])
  })

  it('is nobody where the department is not accredited', () => {
    const none = world({ accountAs: () => undefined })
    expect(refused(() => neededSignatures(first(), none))).to.deep.equal([
      'NOT_ACCREDITED',
      { department: ACCOUNT.counter, role: 'user' },
    ])
    const { granteeSignature: _, ...unsigned } = first()
    expect(refused(() => neededSignatures(unsigned, world()))?.[0]).to.equal(
      'USE_GRANTEE_SIGNATURE_MISSING',
    )
  })

  it('signs by its key over the digest of this chain and contract', () => {
    const digest = Buffer.from(useIdOf(first(), REGISTRIES).slice(2), 'hex')
    const { signature } = first()
    expect(isSignedByKey({ account: ACCOUNT.counter, signature }, digest)).to.equal(true)
    expect(isSignedByKey({ account: ACCOUNT.firm, signature }, digest)).to.equal(false)
    const other = useIdOf(first(), { ...REGISTRIES, chainId: 1 })
    expect(
      isSignedByKey({ account: ACCOUNT.counter, signature }, Buffer.from(other.slice(2), 'hex')),
    ).to.equal(false)
    for (const wrong of [signature.slice(0, -2), `${signature}00`, '0x'])
      expect(isSignedByKey({ account: ACCOUNT.counter, signature: wrong as Hex }, digest)).to.equal(
        false,
      )
  })
})

describe('a derived copy', () => {
  const copy: DerivedCopy = {
    v: 1,
    kind: 'derivedCopy',
    of: { kind: 'certificate', id: 'c-1' },
    mark: {
      maker: 'ledger.example/yangpu',
      at: USED,
      department: ACCOUNT.counter,
      officer: CONTEXT.officer,
      cause: CONTEXT.cause,
      case: CONTEXT.case,
      matter: CONTEXT.matter,
      expires: USED + DAY,
      use: 'use-1',
    },
    fields: { location: '杨浦区示例路100号8层' },
  }

  it('is read as it is written', () => {
    expect(parseDerivedCopy(encodeDerivedCopy(copy))).to.deep.equal(copy)
  })

  it('without its whole mark is none', () => {
    for (const name of Object.keys(copy.mark)) {
      const mark = Object.fromEntries(Object.entries(copy.mark).filter(([key]) => key !== name))
      expect(() => parseDerivedCopy(JSON.stringify({ ...copy, mark })), name).to.throw(
        LedgerError,
        'DERIVED_COPY_MALFORMED',
      )
    }
  })

  it('lives until the first end of grant, case and month', () => {
    const of = (until: string | undefined, notAfter: number) => {
      const { until: _, ...context } = CONTEXT
      const chain = first().chain.map((grant, hop) => ({
        ...grant,
        ...(hop === 1 && { notAfter }),
      }))
      const request = {
        context: until === undefined ? context : { ...context, until },
        authorizations: [{ ...first(), chain }],
      }
      return latestExpiry(request, USED) - USED
    }
    const far = USED + 900 * DAY
    // The other grants of the chain end ten days from then.
    expect(of(undefined, far)).to.equal(10 * DAY - 1)
    expect(of(undefined, USED + 99)).to.equal(100)
    // 2023-08-05T10:16:40+08:00 is 13:43:20 from the end of the day.
    expect(of('2023-08-05', far)).to.equal(13 * 3600 + 43 * 60 + 20)
    const open = first().chain.map((grant) => ({ ...grant, notAfter: far }))
    const { until: _, ...context } = CONTEXT
    expect(
      latestExpiry({ context, authorizations: [{ ...first(), chain: open }] }, USED) - USED,
    ).to.equal(30 * DAY)
  })
})
