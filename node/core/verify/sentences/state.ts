import { ASK_AGAIN, DISTRUST, fail, REFETCH, unknown } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** What the registries held in a block. */
export const STATE: Sentences = {
  REGISTRIES_NOT_TRUSTED: unknown(
    'Your trust names no registries of parties, certificates and grants.',
    'Add the registries to your trust file: `once trust` writes them.',
  ),
  STATE_ABSENT: unknown('The evidence carries no proof of what the registries held.', REFETCH),
  STATE_NOT_PROVEN: unknown(
    'The proof of the registries leaves out something that this check needs.',
    REFETCH,
  ),
  STATE_BLOCK_NOT_TRUSTED: unknown(
    'The registries are proven in a block that you do not know yet.',
    'Confirm the block hash with a source you trust, or verify with access to the chain.',
  ),
  STATE_CHAIN_UNREACHABLE: unknown(
    'The chain of the registries did not answer.',
    'Verify again when the chain can be reached.',
  ),
  STATE_CHAIN_UNTRUSTED: fail(
    'The registries are proven on another chain than the one that you trust.',
    'Check the registries in your trust file.',
  ),
  STATE_HEADER_MALFORMED: fail(
    'A block header of the registries’ chain cannot be read.',
    ASK_AGAIN,
  ),
  STATE_HEADER_MISMATCH: fail('The block header is not that of the named block.', DISTRUST),
  STATE_BLOCK_NUMBER_MISMATCH: fail('The block has another number than the proof says.', DISTRUST),
  STATE_LINK_BROKEN: fail('The block headers do not follow one on the other.', DISTRUST),
  STATE_BLOCK_MISMATCH: fail(
    'The chain of the registries has another block at that height.',
    'Fetch the evidence again: the chain may have been reorganised.',
  ),
  STATE_CONTRACT_PROOF_INVALID: fail(
    'The proof of a registry in the chain’s state is wrong.',
    DISTRUST,
  ),
  STATE_CONTRACT_ABSENT: fail('There is no such registry in the chain’s state.', DISTRUST),
  STATE_SLOT_PROOF_INVALID: fail('The proof of a registry’s storage is wrong.', DISTRUST),
}
