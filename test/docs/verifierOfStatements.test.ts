import { expect } from 'chai'
import fc from 'fast-check'
import { formatEvidence } from '../../node/core/evidence.ts'
import { ACT_TYPES, arbitraryAct, GRANT } from '../core/acts/support.ts'
import { leavesOf, replaced } from '../core/evidence/leaves.ts'
import * as sample from '../core/evidence/sample.ts'
import { bothVerdicts } from './stranger.ts'

const word = (byte: string) => `0x${byte.repeat(32)}`
const account = (byte: string) => `0x${byte.repeat(20)}`
const content = {
  digests: [`sha-256:${'ab'.repeat(32)}`],
  size: 3,
  mediaType: 'application/json',
  kept: 'here',
}
const registries = {
  chainId: 31337,
  parties: account('a1'),
  certificates: account('a2'),
  grants: account('a3'),
}
const decided = { material: 'licence', index: 7, reason: '有误', by: 'permits' }
const BESIDE: Readonly<Record<string, object>> = {
  Rekeying: { accountSignature: word('22') },
  Grant: { chain: [GRANT] },
  Revocation: { chain: [GRANT] },
  Use: { chain: [GRANT], granteeSignature: word('33') },
  Accreditation: { accountSignature: word('44') },
}

const STATEMENTS: readonly object[] = [
  {
    kind: 'material.submitted',
    type: 'LEASE',
    content,
    submitter: 'permits',
    certificateIdentifier: '1.2.156.3005.2',
    supersedes: 'older',
    channel: 'counter',
    receiptMode: 3,
    reason: '原件',
    catalogue: { version: 2 },
    quarantine: { code: 'NAME_DIFFERS' },
  },
  { kind: 'material.withdrawn', ...decided },
  { kind: 'material.released', ...decided },
  { kind: 'material.rejected', ...decided },
  { kind: 'material.erased', ...decided, legalBasis: '第四十七条', supersedes: 'older' },
  {
    kind: 'department.described',
    department: account('b1'),
    name: '市场监督管理局',
    region: '310110',
    code: '11310110MBDEM0082K',
    by: account('b2'),
  },
  {
    kind: 'holder.registered',
    holder: word('c1'),
    salt: word('c2'),
    codeType: '001',
    code: '91310110MADEM0011Y',
    name: '示例公司',
    registrar: account('b1'),
  },
  { kind: 'grant.shown', grant: word('d1'), content },
  ...ACT_TYPES.map((type) => {
    const [act] = fc.sample(arbitraryAct(type), { numRuns: 1, seed: 7 })
    const signed = { ...act, signature: word('11'), ...BESIDE[type] }
    return { kind: 'act.signed', registries, act: signed, note: '急', by: 'city' }
  }),
]

const STRANGE = ['', 'x', 0, -1, 2 ** 48, true, [], {}]

describe('a verifier written from docs/formats.md alone, of statements', () => {
  let evidence: unknown

  before(async () => {
    evidence = JSON.parse(formatEvidence(await sample.makeEvidence()))
  })

  const codesOf = async (statement: object) => {
    const text = JSON.stringify({ ...(evidence as object), statement })
    const trust = {
      v: 1 as const,
      log: { origin: sample.ORIGIN, key: sample.LOG_SIGNER.vkey },
      witnesses: { quorum: 0, keys: [] },
      chains: [],
    }
    const [ours, theirs] = await bothVerdicts(text, trust)
    expect(theirs, text).to.deep.equal(ours)
    return theirs
  }

  for (const said of STATEMENTS) {
    const statement: Record<string, unknown> = { v: 1, id: 'one', ...said }
    const { type = '' } = (statement['act'] ?? {}) as { type?: string }
    it(`reads ${String(statement['kind'])} ${type} as the ledger does, and nothing else`, async () => {
      // Another statement than the entry's, but one that can be read.
      expect(await codesOf(statement)).to.include('commitment fail COMMITMENT_MISMATCH')
      for (const name of Object.keys(statement)) {
        const { [name]: _, ...rest } = statement
        await codesOf(rest)
        await codesOf({ ...rest, [`${name}2`]: 1 })
      }
      for (const [path] of leavesOf(statement))
        for (const strange of STRANGE) await codesOf(replaced(statement, path, strange) as object)
    })
  }
})
