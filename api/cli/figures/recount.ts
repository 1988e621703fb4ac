import { LedgerError } from '../../../node/core/errors.ts'
import type { MonthlyFigures } from '../../../node/core/figures/figures.ts'
import type { Month } from '../../../node/core/figures/month.ts'
import { LedgerFigures } from '../../../node/figures/ledgerFigures.ts'
import { readSize } from '../../../node/ledger/audit/logRecords.ts'
import { loadConfig } from '../../config.ts'
import { openStoppedNode, openStoppedRing } from '../stoppedNode.ts'

export interface Recount {
  /** Of a node that does not run, or a restored backup of one. */
  readonly dataFolder: string
  readonly month?: Month | undefined
  /** Entries that are counted at most; all unless given. */
  readonly upTo?: number | undefined
}

/**
 * Figures counted anew from a data folder: by the code that the node counts with, from nothing but what is logged.
 *
 * @throws LedgerError unavailable/FIGURES_LOG_SHORTER {size}, and as `openStoppedNode`, `openStoppedRing` and `ofMonth`
 */
export async function recount({ dataFolder, month, upTo }: Recount): Promise<MonthlyFigures> {
  const { ONCE_MASTER_KEY: masterKey } = loadConfig(process.env)
  const node = await openStoppedNode(dataFolder)
  try {
    const { store } = node
    const { ring } = await openStoppedRing(node, dataFolder, masterKey)
    const size = await readSize(store)
    if (upTo !== undefined && upTo > size)
      throw new LedgerError('unavailable', 'FIGURES_LOG_SHORTER', { size })
    const figures = new LedgerFigures({ store, ring, size: () => upTo ?? size, now: Date.now })
    try {
      return await figures.ofMonth(month ?? figures.currentMonth())
    } finally {
      await figures.close()
    }
  } finally {
    await node.close()
  }
}
