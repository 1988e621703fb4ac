import type { Sentences } from './sentences.ts'

/** Chains, and anchoring on them. */
export const CHAINS: Sentences = {
  ANCHORING_CLOSED: 'Anchoring is shutting down; try again when the ledger is back.',
  ANCHORING_OFF: 'This ledger anchors to no chain; do not wait for an anchor.',
  ANCHOR_FEE_CAPPED:
    'The chain asks for higher fees than are allowed; the ledger tries again when they fall.',
  ANCHOR_LAG: 'Entries have waited too long for their anchor; check the chain and its fees.',
  ANCHOR_NOT_OPERATOR:
    'The log on the chain belongs to another account; set the ONCE_CHAIN_KEY of its operator.',
  ANCHOR_REVERTED: 'The contract refused an anchor; `error` says why.',
  ANCHOR_TARGET_INVALID:
    'A chain is configured twice, or under a name that is not allowed; correct it.',
  CHAIN_BEHIND: 'The node of the chain lags behind what it showed before; the ledger waits for it.',
  CHAIN_CLOSED: 'The connection to the chain is closed; start the ledger again.',
  CHAIN_CLOCK_NOT_SECONDS:
    'The blocks of the chain are not timed in seconds, as under Raft; use a chain whose consensus times them so, such as IBFT or QBFT.',
  CHAIN_CODE_MISMATCH: 'Another contract stands at the address of the registry; check the chain.',
  CHAIN_DEPLOYMENT_FAILED: 'The registry could not be deployed; check the account and the chain.',
  CHAIN_FACTORY_MISSING:
    'The chain lacks the factory that deploys the registry; deploy it as docs/operations.md says.',
  CHAIN_FACTORY_REFUSED:
    'The chain refuses the transaction that makes the factory; deploy the registry as docs/operations.md says.',
  CHAIN_FUNDS_LOW: 'The anchoring account cannot pay; send it funds.',
  CHAIN_ID_CHANGED:
    'Another chain answers at this address; correct it, or configure the new chain under a new name.',
  CHAIN_KEY_MALFORMED: 'A chain key is 0x and 64 hex digits; correct ONCE_CHAIN_KEY.',
  CHAIN_NONSENSE: 'The node of the chain answers what makes no sense; check it, or use another.',
  CHAIN_REFUSED: 'The node of the chain refuses to serve; check its limits and your access.',
  CHAIN_STARTING: 'The chain has not been reached since the start; the ledger goes on trying.',
  CHAIN_TIMEOUT: 'The node of the chain does not answer in time; the ledger tries again.',
  CHAIN_UNREACHABLE: 'The node of the chain cannot be reached; the ledger tries again.',
  CHAIN_URL_MALFORMED: 'The address of the chain is not an http or https URL; correct it.',
  EMBEDDED_CHAIN_FAILED:
    'The embedded chain ended or did not start; its last words are in the log.',
  EMBEDDED_CHAIN_UNSUPPORTED:
    'There is no embedded chain for this machine; set ONCE_CHAIN_RPC_URL.',
  FEE_TOO_LOW: 'The chain wants a higher fee; the ledger raises it.',
  NONCE_USED: 'Another transaction took this place; the ledger looks which one.',
  LOG_FORKED:
    'The chain holds another root for this size: two logs share one identity; stop and find the other.',
  LOG_ROLLED_BACK:
    'The chain holds more entries than this log: the data folder is older; restore the newest backup.',
}
