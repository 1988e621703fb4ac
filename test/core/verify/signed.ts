import { TypedDataEncoder, ZeroHash } from 'ethers'
import type { TypedDataField, Wallet } from 'ethers'
import { decodeHex, utf8 } from '../../../node/core/bytes.ts'
import { readDisclosed } from '../../../node/core/certificates/credential.ts'
import { signer } from '../../../node/core/certificates/es256k.ts'
import { stateCertificate } from '../../../node/core/certificates/issued.ts'
import { formatDigest } from '../../../node/core/digest.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { openingsForUse, openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { Openings } from '../../../node/core/grants/scope.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import type { CertificateIssued } from '../../../node/core/statements/certificate.ts'
import type { UseReleased } from '../../../node/core/statements/use.ts'
import { contextOf } from '../../../node/core/uses/context.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import type { Authorization } from '../../../node/core/uses/documents.ts'
import { draftOf, issueBy, PROPERTY } from '../../certificates/support/papers.ts'
import { GRANT, USE } from '../../contracts/grants.ts'
import { ORIGIN } from '../evidence/sample.ts'
import {
  ISSUED,
  USED,
  HOUR,
  DAY,
  word,
  KEYS,
  ACCOUNT,
  REGISTRIES,
  HOLDERS,
  GRANTORS,
  SCOPE,
  mask,
  CONTEXT,
} from './people.ts'
import type { Changes } from './changes.ts'
import { PLACES } from './log.ts'

const COPY = utf8('{"derived":"copy"}')

export const CONTENT = {
  digests: [formatDigest('sha-256', sha256(COPY))],
  size: COPY.length,
  mediaType: 'application/vnd.onceledger.derived-copy+json',
  kept: 'here' as const,
}

export async function issue({
  holders = 1,
  signs,
  certificate,
}: Changes): Promise<CertificateIssued> {
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

export function grantChain(holder: number, { uses = 0, grant }: Changes): Grant[] {
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

/** What the department asks of the certificate. */
export function askedOf({ id }: CertificateIssued, { context, asked, questions }: Changes) {
  return {
    subject: { kind: 'certificate', id } as const,
    fields: ['location', 'usage'],
    manner: 'read' as const,
    context: { ...CONTEXT, ...context },
    ...(questions && { questions }),
    ...asked,
  }
}

export async function authorize(
  chain: Grant[],
  asked: Asked,
  changes: Changes,
): Promise<Authorization> {
  const last = chain.at(-1) as Grant
  const masks = { items: mask(0b1), purposes: mask(0b1) }
  const use: Authorization['use'] = {
    grant: grantId(last),
    user: ACCOUNT.counter,
    ...masks,
    context: contextOf({ ...asked, ...changes.signed?.(asked) }),
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

export function makeReceipt(
  issued: CertificateIssued,
  certificate: Hex,
  authorizations: Authorization[],
  block: Hex,
  changes: Changes,
): UseReleased {
  const { id, type, holders } = issued
  const { fields, manner, context } = askedOf(issued, changes)
  const ends = authorizations.flatMap(({ chain }) => chain.map(({ notAfter }) => notAfter + 1))
  return {
    v: 1,
    id: '',
    kind: 'use.released',
    subject: { kind: 'certificate', id, index: PLACES.certificate, type, certificate },
    holders: [...holders],
    user: ACCOUNT.counter,
    registries: REGISTRIES,
    fields,
    manner,
    context,
    authorizations,
    decision: { rules: 1, at: USED, block: { number: 102, hash: block }, region: '310110' },
    counted: (changes.uses ?? 0) > 0 ? authorizations.map(() => word('f1')) : [],
    spares: { material: 'PROPERTY', holder: 'LANDLORD' },
    content: CONTENT,
    expires: Math.min(USED + 5 * DAY, ...ends),
  }
}

export const domain = (verifyingContract = REGISTRIES.grants) => ({
  name: 'OnceLedger',
  version: '1',
  chainId: REGISTRIES.chainId,
  verifyingContract,
})

export function typedHash(types: Record<string, TypedDataField[]>, value: object): Hex {
  return TypedDataEncoder.hash(domain(), types, value) as Hex
}

export function grantId(grant: Grant): Hex {
  return typedHash(GRANT, grant)
}
