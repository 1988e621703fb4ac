import { Wallet } from 'ethers'
import { accountOf, OnceClient, signAct } from '../../api/client/index.ts'
import { signer } from '../../node/core/certificates/es256k.ts'
import type { Sign } from '../../node/core/certificates/es256k.ts'
import type { SigningAccount } from '../../api/client/index.ts'
import type { Act } from '../../node/core/acts/acts.ts'
import { decode0x } from '../../node/core/ethereum/hex.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Registries } from '../../node/core/parties/registries.ts'

/** Somebody with a key, signed in over HTTP. */
export class Player {
  readonly name: string
  readonly account: Hex
  readonly client: OnceClient
  /** ES256K, for certificates. */
  readonly signBytes: Sign
  readonly #wallet: Wallet

  private constructor(name: string, wallet: Wallet, client: OnceClient) {
    this.name = name
    this.account = accountOf(wallet)
    this.client = client
    this.signBytes = signer(decode0x(wallet.privateKey as Hex))
    this.#wallet = wallet
  }

  /** With a key made on the spot, unless given. */
  static async enter(name: string, url: string, privateKey?: Hex): Promise<Player> {
    const wallet = privateKey === undefined ? newWallet() : new Wallet(privateKey)
    const client = new OnceClient({ url })
    await client.signIn(wallet)
    return new Player(name, wallet, client)
  }

  /** Makes what is signed itself, and hands it in. */
  signing(): Promise<SigningAccount> {
    return this.client.account(this.#wallet)
  }

  sign(act: Act, registries: Registries): Promise<Hex> {
    return signAct(act, this.#wallet, registries)
  }
}

function newWallet(): Wallet {
  return new Wallet(Wallet.createRandom().privateKey)
}
