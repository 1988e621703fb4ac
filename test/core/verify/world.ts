import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  AbiCoder,
  encodeBytes32String,
  keccak256,
  TypedDataEncoder,
  Wallet,
  ZeroHash,
} from 'ethers'
import type { TypedDataField } from 'ethers'
import { decodeHex, utf8 } from '../../../node/core/bytes.ts'
import { readDisclosed } from '../../../node/core/certificates/credential.ts'
import { signer } from '../../../node/core/certificates/es256k.ts'
import { stateCertificate } from '../../../node/core/certificates/issued.ts'
import { commit } from '../../../node/core/commitment.ts'
import { formatDigest } from '../../../node/core/digest.ts'
import { formatEntry, readEntry } from '../../../node/core/entry.ts'
import type { EntryDocument } from '../../../node/core/entry.ts'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { readEvidence } from '../../../node/core/evidence.ts'
import type { Evidence, EvidenceAnchor } from '../../../node/core/evidence.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { openingsForUse, openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { Openings, ScopeDocument } from '../../../node/core/grants/scope.ts'
import { audienceOf, contextOf } from '../../../node/core/grants/use.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { encodeStatement } from '../../../node/core/statement.ts'
import type { Statement } from '../../../node/core/statement.ts'
import type { StateProof } from '../../../node/core/stateProof.ts'
import type { CertificateIssued } from '../../../node/core/statements/certificate.ts'
import type { UseReleased } from '../../../node/core/statements/use.ts'
import { signCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import { formatTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import { readTrust } from '../../../node/core/trust.ts'
import type { Trust } from '../../../node/core/trust.ts'
import type { Authorization } from '../../../node/core/uses/documents.ts'
import { useStatementId } from '../../../node/core/uses/request.ts'
import { draftOf, issueBy, PROPERTY } from '../../certificates/support/papers.ts'
import { GRANT, USE } from '../../contracts/grants.ts'
import { inclusionProof, leafHash, mthOf } from '../../reference/merkle.ts'
import { LOG_SIGNER, ORIGIN } from '../evidence/sample.ts'
import { BlockState, RIGHT, Storage } from './storage.ts'
import type { DepartmentWords } from './storage.ts'

// A whole world without a chain: a bureau issues a property certificate, its holders let a tenant use it, who lets an
// agent, who lets a firm, which lets a counter use it; the counter asks a ledger, and the ledger writes evidence.

/** 2023-08-05T10:00:00+08:00: the ledger takes the certificate in. */
export const ISSUED = 1_691_200_800
/** The counter asks. */
export const USED = ISSUED + 1000
const HOUR = 3600
export const DAY = 24 * HOUR

const wallet = (seed: number) => new Wallet(`0x${seed.toString(16).padStart(64, '0')}`)
const addressOf = (of: Wallet): Hex => of.address.toLowerCase() as Hex
const address = (byte: string): Hex => `0x${byte.repeat(20)}`
export const word = (byte: string): Hex => `0x${byte.repeat(32)}`

/** Who signs; `bureau` and `counter` are departments, of which the bureau acts by another account than it began with. */
export const KEYS = {
  authority: wallet(101),
  city: wallet(102),
  bureau: wallet(103),
  bureauNow: wallet(104),
  counter: wallet(105),
  landlord: wallet(106),
  spouse: wallet(107),
  tenant: wallet(108),
  agent: wallet(109),
  firm: wallet(110),
  stranger: wallet(111),
}
export type Name = keyof typeof KEYS
export const ACCOUNT = Object.fromEntries(
  Object.entries(KEYS).map(([name, key]) => [name, addressOf(key)]),
) as Record<Name, Hex>

export const REGISTRIES: Registries = {
  chainId: 31337,
  parties: address('a1'),
  certificates: address('a2'),
  grants: address('a3'),
}
const CHECKPOINTS = address('a4')
const LOG_ID = word('a7')
export const HOLDERS = [word('b1'), word('b2')] as const
const GRANTORS = ['landlord', 'spouse'] as const
export const PROPERTY_WORD = encodeBytes32String(PROPERTY) as Hex

export const SCOPE: ScopeDocument = {
  v: 1,
  seed: 'c1'.repeat(32),
  items: [
    { certificateType: PROPERTY, fields: ['location', 'owners', 'usage'], may: 'read' },
    { certificateType: PROPERTY, fields: ['location'], may: 'copy' },
    { material: 'lease-2023', may: 'copy' },
  ],
  purposes: [{ matter: 'restaurant-licence', region: '310110' }, { matter: 'school-place' }],
}
export const mask = (bits: number): Hex => `0x${bits.toString(16).padStart(64, '0')}`

export const CONTEXT: UseContext = {
  case: '001900000100001',
  matter: 'restaurant-licence',
  officer: '王示例',
  cause: '食品经营许可新办',
  until: '2023-08-20',
  salt: 'd1'.repeat(32),
}

const DEPARTMENTS: readonly DepartmentWords[] = [
  { address: ACCOUNT.authority, accreditor: address('00'), rights: (1 << 6) - 1 },
  {
    address: ACCOUNT.city,
    accreditor: ACCOUNT.authority,
    rights: RIGHT.issuer | RIGHT.user | RIGHT.everyType,
  },
  {
    address: ACCOUNT.bureau,
    accreditor: ACCOUNT.city,
    rights: RIGHT.issuer,
    accounts: [ACCOUNT.stranger, ACCOUNT.bureauNow],
    types: [{ word: PROPERTY_WORD, from: 1000 }],
  },
  { address: ACCOUNT.counter, accreditor: ACCOUNT.city, rights: RIGHT.user },
]

/** What a test wants otherwise; everything that follows from it follows. */
export interface Changes {
  /** Limit of every grant, 0 without; a limited use is counted in the block after the decision. */
  readonly uses?: number
  readonly holders?: 1 | 2
  /** Terms of a grant, before it is named by its hash and passed on. */
  readonly grant?: (terms: Grant, hop: number) => Partial<Grant>
  readonly use?: Partial<Authorization['use']>
  /** Bits of the items that are opened. */
  readonly opened?: number
  readonly authorization?: (given: Authorization) => Partial<Authorization>
  /** Who signs for the department, and for the last grantee. */
  readonly signs?: { readonly user?: Wallet; readonly grantee?: Wallet; readonly issuer?: Wallet }
  readonly context?: Partial<UseContext>
  readonly certificate?: (statement: CertificateIssued) => Partial<CertificateIssued>
  /** The receipt, before it is named by its request. */
  readonly receipt?: (statement: UseReleased) => Partial<UseReleased>
  /** Seconds since 1970. */
  readonly loggedAt?: number
  readonly statuses?: readonly { status: number; at: number }[]
  /** Edits what a block holds: 100 of the issue, 102 of the decision, 103 of the count, 104 of the anchor. */
  readonly edit?: (storage: Storage, block: number, ids: readonly Hex[]) => void
  /** Of each block, 100 to 104. */
  readonly times?: readonly number[]
  /** Which block's state goes into the evidence. */
  readonly proven?: Partial<Record<StateProof['of'], number>>
  /** Leaves slots out of a state. */
  readonly only?: (contract: Hex, slot: Hex) => boolean
  /** A contract that the issue’s block is proven not to hold. */
  readonly absent?: Hex
}

export interface World {
  /** Of the use. */
  readonly used: Evidence
  /** Of the certificate. */
  readonly issued: Evidence
  readonly trust: Trust
  /** Of the derived copy. */
  readonly content: { readonly digests: readonly string[]; readonly size: number }
  /** Of the first holder's grants, root first. */
  readonly ids: readonly Hex[]
  readonly blocks: readonly Hex[]
  readonly certificate: Hex
}

const COPY = utf8('{"derived":"copy"}')
const CONTENT = {
  digests: [formatDigest('sha-256', sha256(COPY))],
  size: COPY.length,
  mediaType: 'application/vnd.onceledger.derived-copy+json',
  kept: 'here' as const,
}
const PLACES = { certificate: 2, use: 5, size: 7 }
const FIRST_BLOCK = 100
const TIMES = [ISSUED - 5 * DAY, ISSUED + 60, USED - 300, USED + 30, USED + 100]

export async function makeWorld(changes: Changes = {}): Promise<World> {
  const certificate = await issue(changes)
  const serial = commit(saltOf('certificate'), encodeStatement(certificate))
  const certificateId = keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['address', 'bytes32', 'bytes32'],
      [certificate.issuer, PROPERTY_WORD, serial],
    ),
  ) as Hex
  const chains = HOLDERS.slice(0, changes.holders ?? 1).map((_, i) => grantChain(i, changes))
  const authorizations = await Promise.all(chains.map((chain) => authorize(chain, changes)))
  const ids = chains.map((chain) => chain.map(grantId))
  const uses = authorizations.map(({ use }) => typedHash(USE, use))

  // The registries in each block, and the chain of blocks.
  const isCounted = (changes.uses ?? 0) > 0
  const storages = TIMES.map((_, i) =>
    fill(i + FIRST_BLOCK, { ids, chains, uses, isCounted, certificateId, changes }),
  )
  const certificateEntry = entryOf('certificate', certificate, ISSUED)
  const decided = isCounted ? 103 : 102
  const blocks: { header: Uint8Array; hash: Hex; state: BlockState }[] = []
  const receiptOf = (block: Hex): UseReleased => {
    const receipt = makeReceipt(certificate, certificateId, authorizations, block, changes)
    const made = { ...receipt, ...changes.receipt?.(receipt) }
    return { ...made, id: made.id === '' ? useStatementId(made, REGISTRIES) : made.id }
  }
  let note = ''
  let leaves: Uint8Array[] = []
  let receipt: UseReleased | undefined
  for (const [i, storage] of storages.entries()) {
    const number = FIRST_BLOCK + i
    if (number === 104) {
      receipt = receiptOf(blocks[2]?.hash ?? '0x')
      leaves = leavesOf(certificateEntry, entryOf('use', receipt, changes.loggedAt ?? USED + 40))
      const root = mthOf(leaves)(0, PLACES.size)
      note = await signCheckpoint({ origin: ORIGIN, size: PLACES.size, root }, LOG_SIGNER)
      storage.set(CHECKPOINTS, rootSlot(), BigInt(encode0x(root)))
    }
    const state = await BlockState.of(storage)
    const time = (changes.times ?? TIMES)[i] as number
    const header = headerOf(blocks.at(-1)?.hash ?? word('00'), state.root, number, time)
    blocks.push({ header, hash: encode0x(keccak_256(header)), state })
  }
  if (receipt === undefined) throw new Error('there are five blocks')

  const prove = async (of: StateProof['of'], number: number): Promise<StateProof> => {
    const block = blocks[number - FIRST_BLOCK]
    if (block === undefined) throw new Error(`no block ${number}`)
    const { parties, certificates, grants } = REGISTRIES
    const addresses = { issue: [parties], status: [certificates] }
    const headers = blocks.slice(number - FIRST_BLOCK + 1).map(({ header }) => encode0x(header))
    return {
      of,
      chainId: REGISTRIES.chainId,
      blockNumber: number,
      blockHash: block.hash,
      header: encode0x(block.header),
      contracts: await block.state.prove(
        of === 'use' ? [parties, certificates, grants] : addresses[of],
        changes.only,
        of === 'issue' ? changes.absent : undefined,
      ),
      ...(headers.length > 0 && { headers }),
    }
  }
  const at = { issue: 100, use: decided, status: 104, ...changes.proven }
  const anchors = [await anchorAt(blocks.at(-1))]
  const proofAt = (index: number) =>
    formatTlogProof({
      index,
      proof: inclusionProof(mthOf(leaves), index, PLACES.size),
      checkpoint: note,
    })
  const certificatePart = {
    statement: certificate,
    salt: Buffer.from(saltOf('certificate')).toString('hex'),
    entry: certificateEntry,
    proof: proofAt(PLACES.certificate),
  }
  const issueState = await prove('issue', at.issue)
  return {
    used: {
      v: 1,
      statement: receipt,
      salt: Buffer.from(saltOf('use')).toString('hex'),
      entry: entryOf('use', receipt, changes.loggedAt ?? USED + 40),
      proof: proofAt(PLACES.use),
      anchors,
      certificate: certificatePart,
      states: [issueState, await prove('use', at.use)],
    },
    issued: readEvidence({
      v: 1,
      ...certificatePart,
      anchors,
      states: [issueState, await prove('status', at.status)],
    }),
    trust: trustIn(anchors),
    content: CONTENT,
    ids: ids[0] ?? [],
    blocks: blocks.map(({ hash }) => hash),
    certificate: certificateId,
  }
}

/** Trust in the last block alone. */
function trustIn(anchors: readonly EvidenceAnchor[]): Trust {
  return readTrust({
    v: 1,
    log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
    witnesses: { quorum: 0, keys: [] },
    chains: anchors.map(({ chainId, registry, logId, blockHash }) => ({
      chainId,
      registry,
      logId,
      blocks: [blockHash],
    })),
    registries: REGISTRIES,
  })
}

/** Trust in the block of a proof, and nothing else of its chain. */
export function trustOfBlock({ chainId, blockHash }: StateProof, registries: Registries): Trust {
  const blocks = [blockHash]
  return readTrust({
    v: 1,
    log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
    witnesses: { quorum: 0, keys: [] },
    chains: [{ chainId, registry: CHECKPOINTS, logId: LOG_ID, blocks }],
    registries,
  })
}

async function issue({ holders = 1, signs, certificate }: Changes): Promise<CertificateIssued> {
  const { privateKey } = signs?.issuer ?? KEYS.bureauNow
  const key = decodeHex(privateKey.slice(2))
  const account = ACCOUNT.bureauNow
  const draft = draftOf(PROPERTY, ACCOUNT.bureau, { holders: HOLDERS.slice(0, holders) })
  const sdJwt = await issueBy({ key, account, sign: signer(key) }, draft)
  const whole = utf8(sdJwt)
  const statement = stateCertificate(readDisclosed(sdJwt), {
    digests: [formatDigest('sha-256', sha256(whole))],
    size: whole.length,
    mediaType: 'application/dc+sd-jwt',
    kept: 'here',
  })
  return { ...statement, ...certificate?.(statement) }
}

function grantChain(holder: number, { uses = 0, grant }: Changes): Grant[] {
  const people = [
    ACCOUNT[GRANTORS[holder] ?? 'landlord'],
    ACCOUNT.tenant,
    ACCOUNT.agent,
    ACCOUNT.firm,
  ]
  const chain: Grant[] = []
  for (const [hop, grantee] of people.slice(1).entries()) {
    const above = chain.at(-1)
    const terms: Grant = {
      parent: above ? grantId(above) : (ZeroHash as Hex),
      grantor: people[hop] as Hex,
      grantee,
      holder: HOLDERS[holder] as Hex,
      scope: scopeOf(SCOPE),
      items: mask([0b111, 0b11, 0b11][hop] as number),
      purposes: mask([0b11, 0b1, 0b1][hop] as number),
      notBefore: ISSUED - DAY + hop,
      notAfter: USED + 10 * DAY - hop,
      depth: 5 - hop,
      uses,
      epoch: 0,
      salt: word(`e${hop}`),
    }
    chain.push({ ...terms, ...(holder === 0 && grant?.(terms, hop)) })
  }
  return chain
}

async function authorize(chain: Grant[], changes: Changes): Promise<Authorization> {
  const last = chain.at(-1) as Grant
  const masks = { items: mask(0b1), purposes: mask(0b1) }
  const use: Authorization['use'] = {
    grant: grantId(last),
    user: ACCOUNT.counter,
    ...masks,
    context: contextOf({ ...CONTEXT, ...changes.context }),
    audience: audienceOf(ORIGIN),
    sequence: 0,
    notAfter: USED + HOUR,
    ...changes.use,
  }
  const sign = async (by: Wallet) =>
    (await by.signTypedData(domain(), USE, use)).toLowerCase() as Hex
  const shown = { items: mask(0b111), purposes: mask(0b11) }
  const openings: Openings = openingsForUse(openScope(SCOPE, shown), {
    ...masks,
    items: mask(changes.opened ?? 0b1),
  })
  const given: Authorization = {
    chain,
    use,
    signature: await sign(changes.signs?.user ?? KEYS.counter),
    granteeSignature: await sign(changes.signs?.grantee ?? KEYS.firm),
    openings,
  }
  return { ...given, ...changes.authorization?.(given) }
}

function makeReceipt(
  { id, type, holders }: CertificateIssued,
  certificate: Hex,
  authorizations: Authorization[],
  block: Hex,
  { context, uses = 0 }: Changes,
): UseReleased {
  const ends = authorizations.flatMap(({ chain }) => chain.map(({ notAfter }) => notAfter + 1))
  return {
    v: 1,
    id: '',
    kind: 'use.released',
    subject: { kind: 'certificate', id, index: PLACES.certificate, type, certificate },
    holders: [...holders],
    user: ACCOUNT.counter,
    registries: REGISTRIES,
    fields: ['location', 'usage'],
    manner: 'read',
    context: { ...CONTEXT, ...context },
    authorizations,
    decision: { rules: 1, at: USED, block: { number: 102, hash: block }, region: '310110' },
    counted: uses > 0 ? authorizations.map(() => word('f1')) : [],
    content: CONTENT,
    expires: Math.min(USED + 5 * DAY, ...ends),
  }
}

function fill(
  block: number,
  {
    ids,
    chains,
    uses,
    isCounted,
    certificateId,
    changes,
  }: {
    ids: readonly (readonly Hex[])[]
    chains: readonly (readonly Grant[])[]
    uses: readonly Hex[]
    isCounted: boolean
    certificateId: Hex
    changes: Changes
  },
): Storage {
  const storage = new Storage(REGISTRIES)
  for (const department of DEPARTMENTS) storage.department(department)
  for (const [i, holder] of HOLDERS.entries())
    storage.binding(holder, ACCOUNT[GRANTORS[i] ?? 'landlord'], ISSUED - 30 * DAY)
  // What nobody wrote is proven to be zero.
  for (const account of ['landlord', 'spouse', 'tenant', 'agent', 'firm'] as const)
    storage.epoch(ACCOUNT[account], 0)
  storage.set(REGISTRIES.grants, 0n, 7n)
  storage.set(REGISTRIES.certificates, 0n, 7n)
  for (const hop of ['firm', 'tenant', 'agent'] as const)
    storage.set(REGISTRIES.parties, departmentSlot(ACCOUNT[hop]), 0n)
  const counted = isCounted && block >= 103
  for (const [i, chain] of chains.entries())
    for (const [hop, id] of (ids[i] ?? []).entries())
      storage.grant(id, {
        registeredAt: ISSUED - DAY + 10,
        ...(counted && { used: 1 }),
        ...(counted && hop === chain.length - 1 && { lastUse: uses[i]?.slice(0, 34) ?? '0x' }),
      })
  storage.statuses(certificateId, changes.statuses ?? [])
  changes.edit?.(storage, block, ids[0] ?? [])
  return storage
}

export const domain = (verifyingContract = REGISTRIES.grants) => ({
  name: 'OnceLedger',
  version: '1',
  chainId: REGISTRIES.chainId,
  verifyingContract,
})

function typedHash(types: Record<string, TypedDataField[]>, value: object): Hex {
  return TypedDataEncoder.hash(domain(), types, value) as Hex
}

export function grantId(grant: Grant): Hex {
  return typedHash(GRANT, grant)
}

const departmentSlot = (department: Hex) =>
  BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [department, 2])))

function rootSlot(): bigint {
  const coder = AbiCoder.defaultAbiCoder()
  const inner = keccak256(coder.encode(['bytes32', 'uint256'], [LOG_ID, 1]))
  return BigInt(keccak256(coder.encode(['uint256', 'bytes32'], [PLACES.size, inner])))
}

function saltOf(name: 'certificate' | 'use'): Uint8Array {
  return sha256(utf8(`salt of the ${name}`))
}

function entryOf(name: 'certificate' | 'use', statement: Statement, at: number): EntryDocument {
  const commitment = commit(saltOf(name), encodeStatement(statement))
  return {
    at: new Date(at * 1000).toISOString(),
    commitment: Buffer.from(commitment).toString('hex'),
    kind: statement.kind,
    v: 1,
  }
}

function leavesOf(certificate: EntryDocument, use: EntryDocument): Uint8Array[] {
  return Array.from({ length: PLACES.size }, (_, i) => {
    if (i === PLACES.certificate) return leafHash(formatEntry(readEntry(certificate)))
    if (i === PLACES.use) return leafHash(formatEntry(readEntry(use)))
    return leafHash(utf8(`entry ${i}`))
  })
}

function headerOf(parent: Hex, stateRoot: Uint8Array, number: number, time: number): Uint8Array {
  const filler = new Uint8Array(32).fill(9)
  return RLP.encode([
    decode0x(parent),
    filler,
    new Uint8Array(20),
    stateRoot,
    filler,
    filler,
    new Uint8Array(256),
    0,
    number,
    30_000_000,
    21_000,
    time,
    new Uint8Array(0),
    filler,
    new Uint8Array(8),
    7,
  ])
}

async function anchorAt(
  block: { header: Uint8Array; hash: Hex; state: BlockState } | undefined,
): Promise<EvidenceAnchor> {
  if (block === undefined) throw new Error('no block')
  const [contract] = await block.state.prove([CHECKPOINTS])
  if (contract === undefined) throw new Error('no anchor')
  return {
    chainId: REGISTRIES.chainId,
    registry: CHECKPOINTS,
    logId: LOG_ID,
    blockNumber: 104,
    blockHash: block.hash,
    header: encode0x(block.header),
    accountProof: contract.accountProof,
    storageProof: contract.slots[0]?.proof ?? [],
  }
}
