/**
 * Whatever signs for an account: an ethers Wallet, or a browser's wallet behind an ethers JsonRpcSigner. The key stays with
 * it.
 */
export interface Signer {
  /** `0x…`, in any case. */
  readonly address: string
  /** EIP-191. */
  signMessage(text: string): Promise<string>
  /** EIP-712. */
  signTypedData(
    domain: TypedDataDomain,
    types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>,
    message: Readonly<Record<string, unknown>>,
  ): Promise<string>
}

export interface TypedDataDomain {
  readonly name: string
  readonly version: string
  readonly chainId: number
  readonly verifyingContract: string
}
