import { id, ZeroHash, type BaseContract } from 'ethers'
import type { Chain, Deployed, Signer } from './chain.ts'
import { fields, signAct, type Scene } from './parties.ts'

export const GRANT = {
  Grant: fields(
    'bytes32 parent, address grantor, address grantee, bytes32 holder, bytes32 scope, uint256 items, uint256 purposes, uint48 notBefore, uint48 notAfter, uint8 depth, uint32 uses, uint64 epoch, bytes32 salt',
  ),
}
export const USE = {
  Use: fields(
    'bytes32 grant, address user, uint256 items, uint256 purposes, bytes32 context, bytes32 audience, uint32 sequence, uint48 notAfter',
  ),
}
export const REVOCATION = { Revocation: fields('bytes32 grant, address revoker') }
export const EPOCH_BUMP = { EpochBump: fields('address account, uint64 epoch') }

export type Grants = Deployed<
  | 'register'
  | 'registerMany'
  | 'revoke'
  | 'bumpEpoch'
  | 'use'
  | 'check'
  | 'grantIdOf'
  | 'stateOf'
  | 'epochOf'
  | 'parties'
>

export interface Grant extends Record<string, unknown> {
  parent: string
  grantor: string
  grantee: string
  holder: string
  scope: string
  items: bigint
  purposes: bigint
  notBefore: number
  notAfter: number
  depth: number
  uses: number
  epoch: number
  salt: string
}

export interface UseRequest extends Record<string, unknown> {
  grant: string
  user: string
  items: bigint
  purposes: bigint
  context: string
  audience: string
  sequence: number
  notAfter: number
}

export async function deployGrants(chain: Chain, { parties }: Scene): Promise<Grants> {
  return (await chain.deploy('GrantRegistry', [await parties.getAddress()])) as Grants
}

/**
 * A chain of grants down `people`, the first of whom is the holder; each narrower than the one before in every respect.
 */
export async function grantChain(
  grants: Grants,
  people: Signer[],
  root: Partial<Grant> & { holder: string; notBefore: number; notAfter: number },
): Promise<Grant[]> {
  const made: Grant[] = []
  for (const [hop, grantee] of people.slice(1).entries()) {
    const above = made.at(-1)
    made.push({
      parent: above ? await idOf(grants, above) : ZeroHash,
      grantor: people[hop]!.address,
      grantee: grantee.address,
      scope: id('scope'),
      items: 0xffffn >> BigInt(hop),
      purposes: 0xfffn >> BigInt(hop),
      depth: 7 - hop,
      uses: 0,
      epoch: 0,
      salt: id(`salt ${hop}`),
      ...root,
      notBefore: root.notBefore + hop,
      notAfter: root.notAfter - hop,
    })
  }
  return made
}

export async function idOf(grants: Grants, grant: Grant): Promise<string> {
  return (await grants.grantIdOf(grant)) as unknown as string
}

export function signGrant(
  grants: BaseContract,
  signer: Pick<Signer, 'signTypedData'>,
  grant: Grant,
  domain?: { chainId?: number; verifyingContract?: string },
): Promise<string> {
  return signAct(grants, signer, GRANT, grant, domain)
}
