import { ASK_AGAIN, DISTRUST, fail, pass, skipped, unknown } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** Whether a chain holds the checkpoint. */
export const ANCHOR: Sentences = {
  CHECKPOINT_ANCHORED: pass('The checkpoint is anchored on a chain that you trust.'),
  ANCHOR_NOT_REQUIRED: skipped('Your trust names no chain.'),
  ANCHOR_PENDING: unknown(
    'The checkpoint is not anchored yet.',
    'Fetch the evidence again once the ledger has anchored it.',
  ),
  ANCHOR_PROOF_ABSENT: unknown(
    'The chain gave no proof that can be checked offline.',
    'Verify again with access to the chain.',
  ),
  ANCHOR_BLOCK_NOT_TRUSTED: unknown(
    'The anchor is proven in a block that you do not know yet.',
    'Confirm the block hash with a source you trust, or verify with access to the chain.',
  ),
  ANCHOR_TRANSACTION_UNPROVEN: unknown(
    'The anchoring transaction is named without a proof.',
    'Verify again with access to the chain.',
  ),
  ANCHOR_CHAIN_UNREACHABLE: unknown(
    'The chain did not answer.',
    'Verify again when the chain can be reached.',
  ),
  ANCHOR_CHAIN_UNKNOWN: fail(
    'The anchor is on a chain that you do not trust.',
    'Check the chain id in your trust file.',
  ),
  ANCHOR_REGISTRY_UNTRUSTED: fail(
    'The anchor is in a contract that you do not trust.',
    'Check the registry in your trust file.',
  ),
  ANCHOR_LOG_MISMATCH: fail(
    'The anchor is of another log.',
    'Check the log id in your trust file.',
  ),
  ANCHOR_HEADER_MALFORMED: fail('The block header cannot be read.', ASK_AGAIN),
  ANCHOR_HEADER_MISMATCH: fail('The block header is not that of the named block.', DISTRUST),
  ANCHOR_BLOCK_NUMBER_MISMATCH: fail(
    'The block has another number than the anchor says.',
    DISTRUST,
  ),
  ANCHOR_BLOCK_MISMATCH: fail(
    'The chain has another block at that height.',
    'Fetch the evidence again: the chain may have been reorganised.',
  ),
  ANCHOR_ACCOUNT_PROOF_INVALID: fail(
    'The proof of the contract in the chain’s state is wrong.',
    DISTRUST,
  ),
  ANCHOR_REGISTRY_ABSENT: fail('There is no such contract in the chain’s state.', DISTRUST),
  ANCHOR_STORAGE_PROOF_INVALID: fail('The proof of the contract’s storage is wrong.', DISTRUST),
  ANCHOR_ROOT_ABSENT: fail('The contract holds no root of this size.', DISTRUST),
  ANCHOR_ROOT_MISMATCH: fail('The contract holds another root of this size.', DISTRUST),
  ANCHOR_TRANSACTION_PROOF_INVALID: fail(
    'The proof of the anchoring transaction is wrong.',
    DISTRUST,
  ),
  ANCHOR_TRANSACTION_MISMATCH: fail('The block holds another transaction in that place.', DISTRUST),
}
