import { describeAct } from '../../../node/core/acts/sentences.ts'
import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import { typedDataOf } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import { openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import examples from '../examples.json' with { type: 'json' }

const address = (digit: string): Hex => `0x${digit.repeat(40)}`
const word = (digit: string): Hex => `0x${digit.repeat(64)}`
const mask: Hex = `0x${'0'.repeat(63)}1`

type Examples = ReturnType<typeof makeExamples>

let made: Examples | undefined

/** Made when somebody asks: a start should not wait for their hashes. */
export function examplesOfGrants(): Examples {
  return (made ??= makeExamples())
}

function makeExamples() {
  const registries = {
    chainId: 31337,
    parties: address('a'),
    certificates: address('b'),
    grants: address('c'),
  }
  const document: ScopeDocument = {
    v: 1,
    seed: 'd'.repeat(64),
    items: [
      { certificateType: '11100000MB03271699001', fields: ['certNo', 'location'], may: 'read' },
    ],
    purposes: [{ matter: 'lease-registration', region: '310110' }],
  }
  const grant: Grant = {
    parent: word('0'),
    grantor: address('1'),
    grantee: address('2'),
    holder: word('3'),
    scope: scopeOf(document),
    items: mask,
    purposes: mask,
    notBefore: 1_767_196_800,
    notAfter: 1_769_875_199,
    depth: 1,
    uses: 1,
    epoch: 0,
    salt: word('4'),
  }
  const id = grantIdOf(grant, registries)
  const signature: Hex = `0x${'00'.repeat(64)}1b`
  const place = { time: 1_767_200_000, block: 42, transaction: word('5') }

  const shown = (act: Act, around: Parameters<typeof describeAct>[1] = {}) => ({
    typedData: typedDataOf(act, registries),
    sentence: describeAct(act, { registries, ...around }),
    signer: grant.grantor,
    reasons: [],
  })

  const { evidence } = examples
  const view = openScope(document, grant)

  const draft = {
    grant: {
      grantee: grant.grantee,
      holder: grant.holder,
      items: mask,
      purposes: mask,
      notAfter: grant.notAfter,
      depth: 1,
      uses: 1,
    },
    scopeDocument: document,
  }
  const preview = {
    id,
    ...shown({ type: 'Grant', message: grant }, { scope: view }),
    chain: [grant],
    view,
  }
  const registration = {
    act: { type: 'Grant', message: grant, signature, chain: [grant] } satisfies SignedAct,
    view,
  }

  const logged = { statement: 'act-qg3H0kX5bqgVQ5dZp1k2cXJr1cQ8Qe3m2z4x5y6w7v8', index: 7 }
  const recordedOnItsWay = { ...logged, state: 'submitted', evidence }
  const recorded = {
    ...logged,
    state: 'mined',
    transaction: place.transaction,
    block: { number: place.block, hash: word('6') },
    evidence,
  }
  const registered = { grant: id, ...recorded }
  const onItsWay = { grant: id, ...recordedOnItsWay }

  const summary = {
    id,
    holder: grant.holder,
    grantor: grant.grantor,
    grantee: grant.grantee,
    line: [id],
    terms: grant,
    statement: logged.statement,
    registered: place,
    used: 0,
    standing: 'live',
  }
  const detail = { ...summary, chain: [grant] }

  const revoking = {
    type: 'Revocation',
    message: { grant: id, revoker: grant.grantor },
  } as const
  const revocation: SignedAct = { ...revoking, signature, chain: [grant] }
  const revocationPreview = { ...shown(revoking, { grant }), chain: [grant] }

  const bumping = { type: 'EpochBump', message: { account: grant.grantor, epoch: 1 } } as const
  const epochBump: SignedAct = { ...bumping, signature }
  const epochPreview = shown(bumping)
  return {
    evidence,
    view,
    draft,
    preview,
    registration,
    recordedOnItsWay,
    recorded,
    registered,
    onItsWay,
    summary,
    detail,
    revocation,
    revocationPreview,
    epochBump,
    epochPreview,
  }
}
