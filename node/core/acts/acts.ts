import * as z from 'zod'
import { HexAddress, hexBytesUpTo, HexHash } from '../ethereum/hex.ts'
import { GrantDocument } from '../grants/grant.ts'
import type { Undertaking } from '../undertakings/undertaking.ts'

/**
 * What parties sign, as the contracts take it (EIP-712). Each message has exactly the members of its struct in
 * `structs.ts`, by the same names, so that what is shown, signed, logged and sent is one object.
 */

const address = HexAddress
const word = HexHash
const uint = (bits: 8 | 16 | 32 | 40 | 48) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1)
/** uint64 on chain; no count of ours comes near 2^53. */
const count = z.int().min(0)

/** Seconds since 1970, both ends included. */
const window = { notBefore: uint(40), notAfter: uint(40) }

export const Accreditation = z
  .strictObject({
    accreditor: address,
    department: address,
    rights: uint(16),
    ...window,
    nonce: count,
  })
  .meta({ id: 'Accreditation' })

export const TypesChange = z
  .strictObject({
    accreditor: address,
    department: address,
    types: z.array(word).min(1).max(100),
    permitted: z.boolean(),
    nonce: count,
  })
  .meta({ id: 'TypesChange' })

/** `standing`: 0 good, 1 suspended, 2 withdrawn. */
export const StandingChange = z
  .strictObject({
    accreditor: address,
    department: address,
    standing: z.int().min(0).max(2),
    nonce: count,
  })
  .meta({ id: 'StandingChange' })

export const Rekeying = z
  .strictObject({ accreditor: address, department: address, account: address, nonce: count })
  .meta({ id: 'Rekeying' })

export const HolderBinding = z
  .strictObject({ registrar: address, holder: word, account: address, nonce: count })
  .meta({ id: 'HolderBinding' })

export const HolderRelease = z
  .strictObject({
    registrar: address,
    holder: word,
    account: address,
    endGrants: z.boolean(),
    nonce: count,
  })
  .meta({ id: 'HolderRelease' })

/** `serial`: commitment of the statement that issued the certificate; `sequence`: changes recorded before. */
export const StatusChange = z
  .strictObject({
    issuer: address,
    certificateType: word,
    serial: word,
    status: uint(8),
    sequence: count,
  })
  .meta({ id: 'StatusChange' })

export const Revocation = z
  .strictObject({ grant: word, revoker: address })
  .meta({ id: 'Revocation' })

export const EpochBump = z
  .strictObject({ account: address, epoch: count })
  .meta({ id: 'EpochBump' })

/** A department asks to use items under a grant: see `IGrantRegistry.sol`. */
export const Use = z
  .strictObject({
    grant: word,
    user: address,
    items: word,
    purposes: word,
    context: word,
    audience: word,
    sequence: uint(32),
    notAfter: uint(48),
  })
  .meta({ id: 'Use' })
export type Use = z.infer<typeof Use>

/** 65 bytes of a key, or what a contract account takes (ERC-1271). */
export const Signature = hexBytesUpTo(4096).meta({ id: 'Signature' })

const signed = { signature: Signature }
/** From the root down to the grant that the act is about. */
const chain = z.array(GrantDocument).min(1)

/**
 * An act with what it takes to record it, so that anyone may send it.
 *
 * `accountSignature`: of the same act, by the account that a department comes to act by.
 * `granteeSignature`: of the same use, by the last grantee where the user is another.
 * `chain`: for `Grant`, ends with the very grant in `message`.
 */
export const SignedAct = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('Accreditation'),
      message: Accreditation,
      ...signed,
      accountSignature: Signature.optional(),
    }),
    z.strictObject({ type: z.literal('TypesChange'), message: TypesChange, ...signed }),
    z.strictObject({ type: z.literal('StandingChange'), message: StandingChange, ...signed }),
    z.strictObject({
      type: z.literal('Rekeying'),
      message: Rekeying,
      ...signed,
      accountSignature: Signature,
    }),
    z.strictObject({ type: z.literal('HolderBinding'), message: HolderBinding, ...signed }),
    z.strictObject({ type: z.literal('HolderRelease'), message: HolderRelease, ...signed }),
    z.strictObject({ type: z.literal('StatusChange'), message: StatusChange, ...signed }),
    z.strictObject({ type: z.literal('Grant'), message: GrantDocument, ...signed, chain }),
    z.strictObject({ type: z.literal('Revocation'), message: Revocation, ...signed, chain }),
    z.strictObject({ type: z.literal('EpochBump'), message: EpochBump, ...signed }),
    z.strictObject({
      type: z.literal('Use'),
      message: Use,
      ...signed,
      granteeSignature: Signature.optional(),
      chain,
    }),
  ])
  .meta({ id: 'SignedAct' })
export type SignedAct = z.infer<typeof SignedAct>
export type ActType = SignedAct['type']

/** The same without signatures: what is shown and then signed. */
export type Act = {
  [T in ActType]: Pick<Extract<SignedAct, { type: T }>, 'type' | 'message'>
}[ActType]
export type ActOf<Type extends ActType> = Extract<Act, { type: Type }>

/** Acts, and what is signed that no contract takes. */
export type Signable = Act | { readonly type: 'Undertaking'; readonly message: Undertaking }
export type SignableType = Signable['type']
