import { Contract, id, Wallet } from 'ethers'
import { deployContracts, planContracts } from '../../../node/chain/deployment.ts'
import type { Act } from '../../../node/core/acts/acts.ts'
import type { RegistryName } from '../../../node/core/acts/structs.ts'
import { hashAct } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { gasOf } from './chain.ts'
import type { LocalChain } from './chain.ts'

/** Whoever signs: a key that never sends a transaction. */
export interface Person {
  readonly address: Hex
  readonly key: Wallet['signingKey']
}

/** The registries, under the chain's first account. It sends for everybody, as a relayer. */
export interface Scene {
  readonly registries: Registries
  /** The account that needs no signature, since it sends. */
  readonly authority: Hex
  readonly contracts: Readonly<Record<RegistryName, Contract>>
  sign(act: Act, by: Person | undefined): string
  /** Accredits a new department; `by` the authority, unless told otherwise. */
  accredit(department: Person, rights: number, by?: Person): Promise<void>
  permitTypes(department: Person, types: readonly Hex[], by?: Person): Promise<void>
  bind(holder: Hex, account: Person): Promise<void>
}

const CONTRACTS = {
  parties: 'PartyRegistry',
  certificates: 'CertificateRegistry',
  grants: 'GrantRegistry',
} as const

/** The same person for the same name, so that gas is the same on each run. */
export function personOf(name: string): Person {
  const { address, signingKey } = new Wallet(id(name))
  return { address: address.toLowerCase() as Hex, key: signingKey }
}

export async function openRegistries({ signer }: LocalChain): Promise<Scene> {
  const authority = (await signer.getAddress()).toLowerCase() as Hex
  const plan = planContracts(authority)
  await deployContracts(signer, plan)
  const find = (name: RegistryName) => {
    const planned = plan.find((contract) => contract.name === CONTRACTS[name])
    if (planned === undefined) throw new Error(`no ${name} among the contracts`)
    const { address, artifact } = planned
    return { address, contract: new Contract(address, artifact.abi, signer) }
  }
  const [parties, certificates, grants] = [find('parties'), find('certificates'), find('grants')]
  const registries = {
    chainId: Number((await signer.provider.getNetwork()).chainId),
    parties: parties.address,
    certificates: certificates.address,
    grants: grants.address,
  }
  const sign: Scene['sign'] = (act, by) =>
    by === undefined ? '0x' : by.key.sign(hashAct(act, registries)).serialized

  const acts = new Map<Hex, number>()
  const nextNonce = (department: Hex) => {
    const nonce = acts.get(department) ?? 0
    acts.set(department, nonce + 1)
    return nonce
  }

  return {
    registries,
    authority,
    contracts: {
      parties: parties.contract,
      certificates: certificates.contract,
      grants: grants.contract,
    },
    sign,
    async accredit(department, rights, by) {
      const accreditor = by?.address ?? authority
      const message = {
        accreditor,
        department: department.address,
        rights,
        notBefore: 0,
        notAfter: 2 ** 40 - 1,
        nonce: nextNonce(accreditor),
      }
      const act = { type: 'Accreditation', message } as const
      await gasOf(parties.contract, 'accredit', message, sign(act, by), sign(act, department))
    },
    async permitTypes(department, types, by) {
      const accreditor = by?.address ?? authority
      const message = {
        accreditor,
        department: department.address,
        types: [...types],
        permitted: true,
        nonce: nextNonce(accreditor),
      }
      const signature = sign({ type: 'TypesChange', message }, by)
      await gasOf(parties.contract, 'permitTypes', message, signature)
    },
    async bind(holder, { address }) {
      const message = {
        registrar: authority,
        holder,
        account: address,
        nonce: nextNonce(authority),
      }
      await gasOf(parties.contract, 'bindAccount', message, '0x')
    },
  }
}
