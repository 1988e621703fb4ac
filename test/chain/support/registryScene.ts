import { encodeBytes32String, id, keccak256, toBeHex, Wallet, ZeroHash } from 'ethers'
import type { Act, SignedAct } from '../../../node/core/acts/acts.ts'
import { hashAct } from '../../../node/core/acts/typedData.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { openRegistries } from '../../../node/chain/ethers/openRegistries.ts'
import type { OpenedRegistries } from '../../../node/chain/ethers/openRegistries.ts'
import type { Relayer } from '../../../node/chain/registries.ts'
import { until } from './anvil.ts'
import type { TestAnvil } from './anvil.ts'

export const ALL_RIGHTS = (1 << 6) - 1
export const OPEN_END = 2 ** 40 - 1
export const LICENCE = encodeBytes32String('11100000MB0143028R001') as Hex

type ActOf<T extends Act['type']> = Extract<Act, { type: T }>

/** Signed by one account, and about no grant. */
type UnchainedAct = ActOf<
  | 'TypesChange'
  | 'StandingChange'
  | 'HolderBinding'
  | 'HolderRelease'
  | 'StatusChange'
  | 'EpochBump'
>

let accounts = 0

/** An account that no other test has. */
export function newAccount(): Wallet {
  return new Wallet(keccak256(toBeHex(++accounts, 32)))
}

export function addressOf({ address }: { address: string }): Hex {
  return address.toLowerCase() as Hex
}

export function word(name: string): Hex {
  return id(name) as Hex
}

export function mask(...bits: number[]): Hex {
  return toBeHex(
    bits.reduce((sum, bit) => sum + 2n ** BigInt(bit), 0n),
    32,
  ) as Hex
}

/** Registries of a new authority, with whom it takes to make every kind of act. Nobody is accredited yet. */
export class RegistryScene {
  readonly authority: Wallet
  readonly bureau = newAccount()
  readonly landlord = newAccount()
  readonly tenant = newAccount()
  readonly holder = word(`holder ${accounts}`)
  readonly opened: OpenedRegistries
  readonly #nonces = new Map<Hex, number>()

  static async open(anvil: TestAnvil): Promise<RegistryScene> {
    const authority = newAccount()
    const { url, relayerKey } = anvil.embedded
    const opened = await openRegistries({
      url,
      relayerKey,
      authority: addressOf(authority),
      deploys: true,
      minesOnDemand: true,
    })
    return new RegistryScene(authority, opened)
  }

  private constructor(authority: Wallet, opened: OpenedRegistries) {
    this.authority = authority
    this.opened = opened
  }

  get chain() {
    return this.opened.chain
  }

  get registries(): Registries {
    return this.opened.chain.registries
  }

  get relayer(): Relayer {
    if (this.opened.relayer === undefined) throw new Error('opened without a relayer')
    return this.opened.relayer
  }

  sign(by: Wallet, act: Act): Hex {
    return by.signingKey.sign(hashAct(act, this.registries)).serialized as Hex
  }

  /** Acts of departments, each with its next nonce. */
  nonce(department: Wallet): number {
    const address = addressOf(department)
    const nonce = this.#nonces.get(address) ?? 0
    this.#nonces.set(address, nonce + 1)
    return nonce
  }

  accreditation(
    department: Wallet,
    change: Partial<ActOf<'Accreditation'>['message']> = {},
  ): SignedAct {
    const message = {
      accreditor: addressOf(this.authority),
      department: addressOf(department),
      rights: ALL_RIGHTS,
      notBefore: 0,
      notAfter: OPEN_END,
      nonce: change.nonce ?? this.nonce(this.authority),
      ...change,
    }
    const act = { type: 'Accreditation', message } as const
    const signature = this.sign(this.authority, act)
    return { ...act, signature, accountSignature: this.sign(department, act) }
  }

  types(department: Wallet, permitted = true): SignedAct {
    const message = {
      accreditor: addressOf(this.authority),
      department: addressOf(department),
      types: [LICENCE, word('another type')],
      permitted,
      nonce: this.nonce(this.authority),
    }
    return this.signed(this.authority, { type: 'TypesChange', message })
  }

  standing(department: Wallet, standing: number): SignedAct {
    const message = {
      accreditor: addressOf(this.authority),
      department: addressOf(department),
      standing,
      nonce: this.nonce(this.authority),
    }
    return this.signed(this.authority, { type: 'StandingChange', message })
  }

  rekeying(department: Wallet, account: Wallet): SignedAct {
    const message = {
      accreditor: addressOf(this.authority),
      department: addressOf(department),
      account: addressOf(account),
      nonce: this.nonce(this.authority),
    }
    const act = { type: 'Rekeying', message } as const
    const signature = this.sign(this.authority, act)
    return { ...act, signature, accountSignature: this.sign(account, act) }
  }

  binding(account: Hex, nonce?: number): SignedAct {
    const message = {
      registrar: addressOf(this.authority),
      holder: this.holder,
      account,
      nonce: nonce ?? this.nonce(this.authority),
    }
    return this.signed(this.authority, { type: 'HolderBinding', message })
  }

  release(account: Hex, endGrants = true): SignedAct {
    const message = {
      registrar: addressOf(this.authority),
      holder: this.holder,
      account,
      endGrants,
      nonce: this.nonce(this.authority),
    }
    return this.signed(this.authority, { type: 'HolderRelease', message })
  }

  status(status: number, sequence = 0, issuer = this.authority): SignedAct {
    const message = {
      issuer: addressOf(issuer),
      certificateType: LICENCE,
      serial: word('serial'),
      status,
      sequence,
    }
    return this.signed(issuer, { type: 'StatusChange', message })
  }

  /** landlord → tenant. */
  root(change: Partial<Grant> = {}): Grant {
    return {
      parent: ZeroHash as Hex,
      grantor: addressOf(this.landlord),
      grantee: addressOf(this.tenant),
      holder: this.holder,
      scope: word('scope'),
      items: mask(0, 1, 2),
      purposes: mask(0, 1),
      notBefore: 0,
      notAfter: OPEN_END,
      depth: 3,
      uses: 0,
      epoch: 0,
      salt: word('salt'),
      ...change,
    }
  }

  /** tenant → bureau. */
  child(root: Grant, change: Partial<Grant> = {}): Grant {
    return {
      ...root,
      parent: this.idOf(root),
      grantor: addressOf(this.tenant),
      grantee: addressOf(this.bureau),
      depth: root.depth - 1,
      ...change,
    }
  }

  idOf(grant: Grant): Hex {
    return encode0x(hashAct({ type: 'Grant', message: grant }, this.registries))
  }

  grant(by: Wallet, chain: Grant[]): SignedAct {
    const message = chain.at(-1) as Grant
    const act = { type: 'Grant', message } as const
    return { ...act, signature: this.sign(by, act), chain }
  }

  revocation(by: Wallet, chain: Grant[]): SignedAct {
    const message = { grant: this.idOf(chain.at(-1) as Grant), revoker: addressOf(by) }
    const act = { type: 'Revocation', message } as const
    return { ...act, signature: this.sign(by, act), chain }
  }

  epochBump(by: Wallet, epoch = 1): SignedAct {
    return this.signed(by, { type: 'EpochBump', message: { account: addressOf(by), epoch } })
  }

  /** By the bureau, of a chain that ends with it, unless another grantee has to agree. */
  use(
    chain: Grant[],
    change: Partial<ActOf<'Use'>['message']> = {},
    grantee?: Wallet,
  ): Extract<SignedAct, { type: 'Use' }> {
    const message = {
      grant: this.idOf(chain.at(-1) as Grant),
      user: addressOf(this.bureau),
      items: mask(0),
      purposes: mask(0),
      context: word('context'),
      audience: word('audience'),
      sequence: 0,
      notAfter: OPEN_END,
      ...change,
    }
    const act = { type: 'Use', message } as const
    return {
      ...act,
      signature: this.sign(this.bureau, act),
      ...(grantee && { granteeSignature: this.sign(grantee, act) }),
      chain,
    }
  }

  signed<T extends UnchainedAct>(by: Wallet, act: T): T & { signature: Hex } {
    return { ...act, signature: this.sign(by, act) }
  }

  /** Sends an act and answers the block it is in, on a chain that makes a block for it. */
  async relay(act: SignedAct): Promise<number> {
    const { relayer } = this
    const gasLimit = await relayer.gasLimit(act)
    const [{ pending: nonce }, fees] = await Promise.all([relayer.nonces(), relayer.marketFees()])
    const signed = await relayer.sign(act, gasLimit, { nonce, fees })
    await relayer.send(signed)
    const state = await until(
      () => relayer.transactionState(signed),
      (found) => found.state !== 'pending',
    )
    if (state.state !== 'mined') throw new Error(JSON.stringify(state))
    return state.block.number
  }

  /** The bureau is a department, the landlord's account is the holder's. */
  async populate(): Promise<void> {
    await this.relay(this.accreditation(this.bureau))
    await this.relay(this.binding(addressOf(this.landlord)))
  }

  close(): Promise<void> {
    return this.opened.close()
  }
}
