/**
 * Whatever signs for an account: an ethers Wallet, or a browser's wallet behind an ethers JsonRpcSigner. The key stays
 * with it.
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

/** What signs, and says whose signature it will be only when asked: any ethers Signer. */
export type AskedSigner = Omit<Signer, 'address'> & { getAddress(): Promise<string> }

export interface TypedDataDomain {
  readonly name: string
  readonly version: string
  readonly chainId: number
  readonly verifyingContract: string
}

/** @throws what the signer throws */
export async function signerOf(signer: Signer | AskedSigner): Promise<Signer> {
  if ('address' in signer) return signer
  return {
    address: await signer.getAddress(),
    signMessage: (text) => signer.signMessage(text),
    signTypedData: (domain, types, message) => signer.signTypedData(domain, types, message),
  }
}
