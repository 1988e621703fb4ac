import { Signature, Wallet, ZeroAddress, ZeroHash, id } from 'ethers'
import type { Contract, InterfaceAbi } from 'ethers'
import { gasOf } from '../lib/chain.ts'
import type { LocalChain } from '../lib/chain.ts'
import { requirePeer } from '../lib/peers.ts'

export interface Eas {
  readonly contract: Contract
  readonly schema: string
  readonly chainId: bigint
}

interface Artifact {
  readonly abi: InterfaceAbi
  readonly bytecode: string
}

/** Ethereum Attestation Service, from the artifacts that its package ships, with a schema of one hash. */
export async function openEas(chain: LocalChain): Promise<Eas> {
  const schemas = artifactOf('SchemaRegistry')
  const service = artifactOf('EAS')
  const registry = await chain.deploy(schemas.abi, schemas.bytecode)
  const contract = await chain.deploy(service.abi, service.bytecode, await registry.getAddress())
  const schemaArgs = ['bytes32 commitment', ZeroAddress, false] as const
  const schema = (await registry.getFunction('register').staticCall(...schemaArgs)) as string
  await gasOf(registry, 'register', ...schemaArgs)
  const { chainId } = await chain.signer.provider.getNetwork()
  return { contract, schema, chainId }
}

export function attestationOf(data: string) {
  return {
    recipient: ZeroAddress,
    expirationTime: 0,
    revocable: false,
    refUID: ZeroHash,
    data,
    value: 0,
  }
}

const ATTEST = {
  Attest: [
    { name: 'attester', type: 'address' },
    { name: 'schema', type: 'bytes32' },
    { name: 'recipient', type: 'address' },
    { name: 'expirationTime', type: 'uint64' },
    { name: 'revocable', type: 'bool' },
    { name: 'refUID', type: 'bytes32' },
    { name: 'data', type: 'bytes' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint64' },
  ],
}

/** Gas of what one account signed and another sends: for one attestation, and for each of `bulk` in one transaction. */
export async function attestByDelegation(
  { contract, schema, chainId }: Eas,
  bulk: number,
): Promise<{ readonly one: number; readonly each: number }> {
  const attester = new Wallet(id('attester'))
  const domain = {
    name: 'EAS',
    version: '1.4.0',
    chainId,
    verifyingContract: await contract.getAddress(),
  }
  const deadline = 0
  let nonce = 0
  const sign = async () => {
    const data = attestationOf(id(`attested ${nonce}`))
    const { address } = attester
    const act = { ...data, attester: address, schema, nonce: nonce++, deadline }
    const { v, r, s } = Signature.from(await attester.signTypedData(domain, ATTEST, act))
    return { data, signature: { v, r, s } }
  }
  const attest = async () =>
    gasOf(contract, 'attestByDelegation', {
      ...(await sign()),
      schema,
      attester: attester.address,
      deadline,
    })
  // The first pays once for what later ones find in place.
  await attest()
  const one = await attest()
  const signed = []
  for (let i = 0; i < bulk; i++) signed.push(await sign())
  const all = await gasOf(contract, 'multiAttestByDelegation', [
    {
      schema,
      data: signed.map(({ data }) => data),
      signatures: signed.map(({ signature }) => signature),
      attester: attester.address,
      deadline,
    },
  ])
  return { one, each: all / bulk }
}

function artifactOf(name: string): Artifact {
  const path = `artifacts/contracts/${name}.sol/${name}.json`
  return requirePeer(`@ethereum-attestation-service/eas-contracts/${path}`) as Artifact
}
