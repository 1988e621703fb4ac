import * as z from 'zod'
import { HexAddress, hexBytesUpTo, HexHash } from './ethereum/hex.ts'

/** Trie nodes, RLP, root first. A path has one node for each of 64 half-bytes at most. */
const trieProof = z.array(hexBytesUpTo(16 * 1024)).max(65)

/** Consortium chains put the seals of all their validators in. */
const header = hexBytesUpTo(32 * 1024)

/** So many blocks at most lie between a proven state and the anchor that vouches for its block. */
export const MAX_LINKS = 512

/**
 * What contracts held in their storage in one block (EIP-1186), for one of the questions that evidence answers:
 * `issue`: who could issue, when the certificate was issued; `use`: who could use what, at the moment of the use;
 * `status`: how the certificate stands; `sign`: whose account it was, when an undertaking was signed.
 */
export const StateProof = z
  .strictObject({
    of: z.enum(['issue', 'use', 'status', 'sign']),
    chainId: z.int().min(1),
    blockNumber: z.int().min(0),
    blockHash: HexHash,
    /** RLP of the block's header. */
    header,
    contracts: z
      .array(
        z.strictObject({
          address: HexAddress,
          accountProof: trieProof,
          slots: z
            .array(z.strictObject({ slot: HexHash, proof: trieProof }))
            .min(1)
            .max(256),
        }),
      )
      .min(1)
      .max(3),
    /**
     * Headers that follow on this block, up to one that the verifier knows, such as an anchor's: each names the hash
     * of the one before. Left out where the block is known itself, or the chain has to be asked.
     */
    headers: z.array(header).max(MAX_LINKS).optional(),
  })
  .meta({ id: 'StateProof' })
export type StateProof = z.infer<typeof StateProof>
