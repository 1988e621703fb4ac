import { isLedgerError } from '../../../node/core/errors.ts'
import { HASH_LENGTH } from '../../../node/core/hash/hash.ts'
import { decodeEntryBundle, TILE_WIDTH } from '../../../node/core/merkle/tiles.ts'
import type { Report } from '../../../node/ledger/audit/report.ts'
import type { LogSource } from '../../../node/ledger/audit/tree.ts'
import type { LogClient } from '../../client/index.ts'

/** The log as a server gives it to everybody; nothing of it is trusted. */
export function httpSource(log: LogClient, report: Report): LogSource {
  return {
    async bundle(index, width) {
      const first = index * TILE_WIDTH
      const where = `entries ${first} to ${first + width - 1}`
      const entries = await answered(() => log.entryBundle(index, width), report, where)
      const decoded = entries && decode(entries)
      if (entries && decoded?.length !== width) {
        report.add('ENTRY_MISSING', where, { index: first, reason: 'not a bundle of this width' })
        return []
      }
      return decoded ?? []
    },

    async tile(level, index, width) {
      const where = `tile ${level}/${index}`
      const hashes = await answered(() => log.tile(level, index, width), report, where)
      if (hashes && hashes.length !== width * HASH_LENGTH) {
        report.add('TILE_ALTERED', where, { bytes: hashes.length })
        return undefined
      }
      return hashes
    },
  }
}

/** A server that refuses a part of its log has lost it; one that cannot be reached ends the audit. */
async function answered(
  ask: () => Promise<Uint8Array>,
  report: Report,
  where: string,
): Promise<Uint8Array | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!isLedgerError(error) || error.kind === 'unavailable' || error.kind === 'tooMany')
      throw error
    const code = where.startsWith('tile') ? 'TILE_MISSING' : 'ENTRY_MISSING'
    report.add(code, where, { reason: error.code })
    return undefined
  }
}

function decode(bundle: Uint8Array): Uint8Array[] | undefined {
  try {
    return decodeEntryBundle(bundle)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return undefined
  }
}
