import { requireTests } from '../support/named.ts'
import type { Named } from '../support/named.ts'

type Tried = readonly Named[]

interface Row {
  readonly attack: string
  readonly chain: Tried | Unreachable
  readonly core: Tried | Unreachable
  /** Over HTTP, on a node with its store and its chain. */
  readonly api: Tried
}

/** Why an attack cannot be made there. */
interface Unreachable {
  readonly because: string
}

const REGISTERING = 'contracts/grantRegistry.test.ts'
const USING = 'contracts/grantRegistry.use.test.ts'
const ENDING = 'contracts/grantRegistry.ending.test.ts'
const CERTIFICATES = 'contracts/certificateRegistry.test.ts'
const PARTIES = 'contracts/partyRegistry.test.ts'
const LIES = 'core/verify/attacks'
/** Both run the same vectors: every single change of every field at every hop. */
const CHANGES = 'vectors/grantChanges.ts'

const atEachHop = (chain: string, core: string, api: string) => ({
  chain: [
    [REGISTERING, chain],
    ['contracts/grantVectors.test.ts', 'gives the answers of the core'],
  ] as Tried,
  core: [
    [CHANGES, core],
    ['core/grants/vectors.test.ts', 'questions about'],
  ] as Tried,
  api: [['attacks/grants.ts', api]] as Tried,
})

/** What the contracts see of scopes and contexts are hashes and bits. */
const NOT_ON_CHAIN = { because: 'the chain holds its hash alone' }

const TABLE: readonly Row[] = [
  { attack: 'wider items', ...atEachHop('more items', 'an item more', 'of more items') },
  {
    attack: 'wider purposes',
    ...atEachHop('more purposes', 'a purpose more', 'for more purposes'),
  },
  {
    attack: 'a wider window, at its beginning',
    ...atEachHop('an earlier beginning', 'a beginning before that above', 'from earlier on'),
  },
  {
    attack: 'a wider window, at its end',
    ...atEachHop('a later end', 'an end after that above', 'for longer'),
  },
  {
    attack: 'more depth',
    ...atEachHop('as much depth', 'as much depth as above', 'to pass on as often'),
  },
  { attack: 'more uses', ...atEachHop('more uses', 'one use more', 'for one use more') },
  {
    attack: 'uses without end',
    ...atEachHop('any number of uses', 'any number of uses', 'for uses without end'),
  },
  {
    attack: 'a grantor who did not receive the one above',
    ...atEachHop('another grantor', 'another grantor', 'of somebody who did not receive'),
  },
  {
    attack: 'another holder',
    ...atEachHop('another holder', 'another holder', 'of another holder'),
  },
  { attack: 'another scope', ...atEachHop('another scope', 'another scope', 'of another scope') },
  {
    attack: 'a chain longer than the limit',
    chain: [[REGISTERING, 'needs a chain of 1 to 8 grants']],
    core: [[CHANGES, 'one hop more']],
    api: [['attacks/grants.ts', 'in a chain of nine']],
  },
  {
    attack: 'expired at depth 2 only',
    chain: [[USING, 'is refused before the beginning and after the end of any hop']],
    core: [
      [CHANGES, 'an end that has passed'],
      [`${LIES}/grants.ts`, 'expired at depth 2 only'],
    ],
    api: [['attacks/uses.ts', 'where the second grant alone has ended']],
  },
  {
    attack: 'a revoked grandparent',
    chain: [
      [ENDING, 'any grant ends all below it at once'],
      [USING, 'when a grant above was revoked'],
    ],
    core: [['core/uses/decide.test.ts', 'where a grant above was revoked']],
    api: [['attacks/uses.ts', 'a grant above the one above was revoked']],
  },
  {
    attack: 'an epoch bumped between request and use',
    chain: [[USING, 'or an epoch bumped, after the request']],
    core: [[CHANGES, 'an epoch to come']],
    api: [['attacks/uses.ts', 'an epoch was bumped between request and use']],
  },
  {
    attack: 'a replay on another chain or contract',
    chain: [
      [REGISTERING, 'counts on this chain and contract alone'],
      [CERTIFICATES, 'or signed for another chain or contract'],
      [PARTIES, 'or signed for another chain or contract'],
    ],
    core: [
      ['core/acts/typedData.test.ts', 'is bound to the chain and the contract'],
      ['core/verify/attacks.test.ts', 'a signature for another chain or contract'],
    ],
    api: [['attacks/signatures.ts', 'for another chain or contract']],
  },
  {
    attack: 'a grant by an account that is bound no longer',
    chain: [
      [REGISTERING, 'is granted by an account that is bound to the holder'],
      [REGISTERING, 'unless the registrar ends its grants'],
    ],
    core: [[`${LIES}/grants.ts`, 'granted by an account that was released with its grants']],
    api: [['attacks/accounts.ts', 'that is bound no longer grants nothing more']],
  },
  {
    attack: 'a contract account that changed its owners, as holder and as department',
    chain: [
      [REGISTERING, 'of a contract account counts while the account says so'],
      [PARTIES, 'may be signed by a contract account, as long as it says so'],
    ],
    core: { because: 'only the account can say who signs for it' },
    api: [
      ['attacks/accounts.ts', 'of a contract grants as its owner signs now'],
      ['attacks/accounts.ts', 'of a contract uses as its owner signs now'],
    ],
  },
  {
    attack: 'two departments racing for the last use',
    chain: [[USING, 'goes to exactly one of two departments that race for it']],
    core: [[`${LIES}/moment.ts`, 'the last use, that another department won']],
    api: [
      ['attacks/uses.ts', 'goes to exactly one of two departments'],
      ['scenarios/twoNodes.test.ts', 'honour a one-time grant exactly once'],
    ],
  },
  {
    attack: 'the same use request twice',
    chain: [[USING, 'is counted once']],
    core: [[`${LIES}/grants.ts`, 'a request out of turn']],
    api: [['attacks/uses.ts', 'is answered once, however often it comes']],
  },
  {
    attack: 'a use request for another audience',
    chain: { because: 'the chain serves all nodes alike' },
    core: [['core/uses/decide.test.ts', 'is for one ledger']],
    api: [['attacks/uses.ts', 'for another ledger, or after its time']],
  },
  {
    attack: 'a use request that expired',
    chain: [[USING, 'is refused when expired']],
    core: [[`${LIES}/grants.ts`, 'a request past its time']],
    api: [['attacks/uses.ts', 'for another ledger, or after its time']],
  },
  {
    attack: 'two checks that differ in their context alone',
    chain: NOT_ON_CHAIN,
    core: [['core/uses/decide.test.ts', 'allows nothing that differs in its context alone']],
    api: [['attacks/uses.ts', 'that differs in its context alone is decided anew']],
  },
  {
    attack: 'something else than was signed for',
    chain: NOT_ON_CHAIN,
    core: [['core/uses/context.test.ts', 'when anything of it is other than was signed']],
    api: [['attacks/uses.ts', 'for anything else than its department signed']],
  },
  {
    attack: 'an opening with the wrong salt',
    chain: NOT_ON_CHAIN,
    core: [['core/grants/scope.test.ts', 'a wrong salt']],
    api: [
      ['attacks/grants.ts', 'or with another salt'],
      ['attacks/uses.ts', 'or with another salt'],
    ],
  },
  {
    attack: 'an opening of another list',
    chain: NOT_ON_CHAIN,
    core: [
      ['core/grants/scope.test.ts', 'the opening of the other list'],
      ['core/grants/scope.test.ts', 'refuses the openings of another scope'],
    ],
    api: [
      ['attacks/grants.ts', 'openings of another list'],
      ['attacks/uses.ts', 'an opening of another list'],
    ],
  },
  {
    attack: 'bits of a mask beyond the list',
    chain: NOT_ON_CHAIN,
    core: [
      ['core/grants/scope.test.ts', 'opens nothing beyond its lists'],
      [`${LIES}/asked.ts`, 'a mask beyond the list'],
    ],
    api: [['attacks/grants.ts', 'of bits beyond the list']],
  },
  {
    attack: 'a department whose accreditor was withdrawn',
    chain: [
      [USING, 'or whose accreditor was withdrawn'],
      [PARTIES, 'for all below when a department above is withdrawn'],
    ],
    core: [['core/parties/accreditation.test.ts', 'while it or one above it is']],
    api: [['attacks/uses.ts', 'a department whose accreditor was withdrawn']],
  },
  {
    attack: 'an issuer outside its types',
    chain: [[CERTIFICATES, 'refuses a department that may not issue the type']],
    core: [[`${LIES}/certificates.ts`, 'an issuer outside its types']],
    api: [['attacks/certificates.ts', 'of a type that its issuer is not accredited for']],
  },
  {
    attack: '07→01',
    chain: [[CERTIFICATES, 'and refuses the rest']],
    core: [['core/certificates/status.test.ts', 'lets the same codes follow']],
    api: [['attacks/certificates.ts', 'never comes back from 07']],
  },
  {
    attack: 'the status of an unknown certificate',
    chain: [[CERTIFICATES, 'knows no status of a certificate that it never heard of']],
    core: [[`${LIES}/certificates.ts`, 'a status that nobody knows']],
    api: [['attacks/certificates.ts', 'that nobody knows has no status']],
  },
  {
    attack: 'a certificate of one issuer with the status of another',
    chain: [[CERTIFICATES, 'refuses another department, even one that issues the same type']],
    core: [[`${LIES}/certificates.ts`, 'a certificate with the status of another']],
    api: [['attacks/certificates.ts', 'of one issuer takes no status from another']],
  },
  {
    attack: 'a presentation without nonce',
    chain: { because: 'presentations never reach it' },
    core: [['core/certificates/presentation.test.ts', 'without a nonce are refused']],
    api: [['attacks/certificates.ts', 'presented without a nonce']],
  },
  {
    attack: 'signatures with high s, wrong v, of 64 and 66 bytes',
    chain: [[REGISTERING, 'is refused with a high s, a wrong v, of 64 or 66 bytes']],
    core: [
      ['core/acts/signature.test.ts', 'with the high s of the same signature'],
      ['core/acts/signature.test.ts', 'in the 64 bytes of EIP-2098'],
      ['core/acts/signature.test.ts', 'with v 29'],
    ],
    api: [
      ['attacks/signatures.ts', 'that is none counts for nothing'],
      ['attacks/signatures.ts', 'that is none is refused'],
      ['api/signIn.test.ts', 'refuses a high s, a wrong v, 64 and 66 bytes'],
    ],
  },
  {
    attack: 'a relayer that changes a byte',
    chain: [[REGISTERING, 'protects every byte']],
    core: [['core/acts/signature.test.ts', 'with any bit flipped is of another account']],
    api: [['attacks/signatures.ts', 'covers each byte, so that a relayer can change none']],
  },
  {
    attack: 'evidence of a use with one value other',
    chain: { because: 'evidence is checked by whoever has it' },
    core: [['core/verify/altered.test.ts', 'never passes with any one leaf']],
    api: [['attacks/evidence.ts', 'fails by the check that it is about']],
  },
]

describe('each attack', () => {
  for (const { attack, chain, core, api } of TABLE)
    it(`is tried on chain, in core and over HTTP, where it can reach: ${attack}`, () => {
      for (const tried of [chain, core, api]) if (!('because' in tried)) requireTests(tried)
    })
})
