import type { Wallet } from 'ethers'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import type { StateProof } from '../../../node/core/stateProof.ts'
import type { CertificateIssued } from '../../../node/core/statements/certificate.ts'
import type { UseChecked } from '../../../node/core/statements/check.ts'
import type { UseReleased } from '../../../node/core/statements/use.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import type { Authorization } from '../../../node/core/uses/documents.ts'
import type { Storage } from './storage.ts'

/** What a test wants otherwise; everything that follows from it follows. */
export interface Changes {
  /** Limit of every grant, 0 without; a limited use is counted in the block after the decision. */
  readonly uses?: number
  readonly holders?: 1 | 2
  /** Terms of a grant, before it is named by its hash and passed on. */
  readonly grant?: (terms: Grant, hop: number) => Partial<Grant>
  readonly use?: Partial<Authorization['use']>
  /** Bits of the items that are opened. */
  readonly opened?: number
  readonly authorization?: (given: Authorization) => Partial<Authorization>
  /** Who signs for the department, and for the last grantee. */
  readonly signs?: { readonly user?: Wallet; readonly grantee?: Wallet; readonly issuer?: Wallet }
  readonly context?: Partial<UseContext>
  /** What is asked, as the department signs it and the receipt says. */
  readonly asked?: Partial<Pick<UseReleased, 'fields' | 'manner'>>
  /** Of a data check, in the place of a copy; all are answered yes. */
  readonly questions?: UseChecked['questions']
  /** What the department signed in its place. */
  readonly signed?: (asked: Asked) => Partial<Asked>
  readonly certificate?: (statement: CertificateIssued) => Partial<CertificateIssued>
  /** The receipt, before it is named by its request. */
  readonly receipt?: (
    statement: UseReleased,
  ) => Partial<UseReleased> & Partial<Pick<UseChecked, 'questions'>>
  /** Seconds since 1970. */
  readonly loggedAt?: number
  readonly statuses?: readonly { status: number; at: number }[]
  /** Edits what a block holds: 100 of the issue, 102 of the decision, 103 of the count, 104 of the anchor. */
  readonly edit?: (storage: Storage, block: number, ids: readonly Hex[]) => void
  /** Of each block, 100 to 104. */
  readonly times?: readonly number[]
  /** Which block's state goes into the evidence. */
  readonly proven?: Partial<Record<StateProof['of'], number>>
  /** Leaves slots out of a state. */
  readonly only?: (contract: Hex, slot: Hex) => boolean
  /** A contract that the block is proven not to hold. */
  readonly absent?: Hex
}
