import { AbiCoder, concat, id, toBeHex, Wallet, ZeroAddress, ZeroHash } from 'ethers'
import type { Contract, InterfaceAbi } from 'ethers'
import { gasOf } from '../lib/chain.ts'
import type { LocalChain } from '../lib/chain.ts'
import { requirePeer } from '../lib/peers.ts'

/** What bounds each delegation: the time and the address called, or the time and the number of calls. */
export type Caveats = 'window and target' | 'window and count'

/** MetaMask's delegation framework, from the bytecode that its package ships. */
export interface Delegations {
  /** Gas of `redeemDelegations` for a call that does nothing, at the end of a chain of so many delegations. */
  redeem(depth: number, caveats: Caveats): Promise<number>
}

const DELEGATION = {
  Delegation: [
    { name: 'delegate', type: 'address' },
    { name: 'delegator', type: 'address' },
    { name: 'authority', type: 'bytes32' },
    { name: 'caveats', type: 'Caveat[]' },
    { name: 'salt', type: 'uint256' },
  ],
  Caveat: [
    { name: 'enforcer', type: 'address' },
    { name: 'terms', type: 'bytes' },
  ],
}
const CHAIN =
  'tuple(address delegate, address delegator, bytes32 authority, tuple(address enforcer, bytes terms, bytes args)[] caveats, uint256 salt, bytes signature)[]'
const ROOT_AUTHORITY = `0x${'f'.repeat(64)}`
/** One call that must succeed: ERC-7579. */
const SINGLE_CALL = ZeroHash
/** EIP-7702: code of an account that runs the code at the address after it. */
const DELEGATED_CODE = '0xef0100'

export async function openDelegations(chain: LocalChain): Promise<Delegations> {
  const redeemer = await chain.signer.getAddress()
  const deploy = deployer(chain)
  const manager = await deploy('DelegationManager', redeemer)
  const address = await manager.getAddress()
  const account = await deploy('EIP7702StatelessDeleGator', address, ZeroAddress)

  const [window, targets, count] = [
    { enforcer: await addressOf(deploy('TimestampEnforcer')), terms: windowTerms() },
    { enforcer: await addressOf(deploy('AllowedTargetsEnforcer')), terms: redeemer },
    { enforcer: await addressOf(deploy('LimitedCallsEnforcer')), terms: toBeHex(9, 32) },
  ]
  const enforced = { 'window and target': [window, targets], 'window and count': [window, count] }

  // Only the first account has to run code of theirs; the others are keys, which is cheapest.
  const people = Array.from({ length: 4 }, (_, i) => new Wallet(id(`delegator ${i}`)))
  await chain.signer.provider.send('anvil_setCode', [
    people[0]?.address,
    concat([DELEGATED_CODE, await account.getAddress()]),
  ])

  const domain = {
    name: 'DelegationManager',
    version: '1',
    chainId: (await chain.signer.provider.getNetwork()).chainId,
    verifyingContract: address,
  }

  async function sign(depth: number, caveats: Caveats) {
    const chain = []
    let authority = ROOT_AUTHORITY
    for (const [hop, delegator] of people.slice(0, depth).entries()) {
      const delegation = {
        delegate: hop === depth - 1 ? redeemer : people[hop + 1]?.address,
        delegator: delegator.address,
        authority,
        caveats: enforced[caveats].map((caveat) => ({ ...caveat, args: '0x' })),
        salt: BigInt(id(`${caveats} ${depth} ${hop}`)),
      }
      const signature = await delegator.signTypedData(domain, DELEGATION, delegation)
      chain.unshift({ ...delegation, signature })
      authority = (await manager.getFunction('getDelegationHash')(chain[0])) as string
    }
    return AbiCoder.defaultAbiCoder().encode([CHAIN], [chain])
  }

  return {
    async redeem(depth, caveats) {
      const context = await sign(depth, caveats)
      const call = concat([redeemer, ZeroHash])
      const redeem = () => gasOf(manager, 'redeemDelegations', [context], [SINGLE_CALL], [call])
      // The first pays once for the counters that later ones find in place.
      await redeem()
      return redeem()
    },
  }
}

function windowTerms(): string {
  return concat([toBeHex(1_690_000_000, 16), toBeHex(4_100_000_000, 16)])
}

async function addressOf(deployed: Promise<Contract>): Promise<string> {
  return (await deployed).getAddress()
}

function deployer(chain: LocalChain) {
  const abis = requirePeer('@metamask/delegation-abis') as Record<string, InterfaceAbi>
  const bytecodes = requirePeer('@metamask/delegation-abis/bytecode') as Record<string, string>
  return (name: string, ...args: unknown[]) => {
    const [abi, bytecode] = [abis[name], bytecodes[name]]
    if (abi === undefined || bytecode === undefined) throw new Error(`the package lacks ${name}`)
    return chain.deploy(abi, bytecode, ...args)
  }
}
