import type { SegmentDamage, SegmentLocation } from '../../store/contentStore.ts'
import type { ContentAuditor } from './contents.ts'
import type { AuditParts } from './parts.ts'
import { breathe } from './report.ts'
import type { Pass, Report } from './report.ts'
import * as layout from '../../store/layout.ts'

/** What lies on the disk beside what the records lead to. */
export async function* auditFiles(
  { store, contents }: AuditParts,
  { damaged, files }: ContentAuditor,
  report: Report,
): Pass {
  for await (const { name } of contents.listFiles()) {
    // A file that came during the audit has a record by now.
    if (!files.has(name) && (await store.get(layout.fileKey(name))) === undefined) {
      report.add('CONTENT_ORPHAN', `content file ${name}`)
    }
    await breathe()
    yield
  }
  for await (const damage of contents.findDamage()) {
    // Damage to a content has been reported under its own name.
    if (damaged.some((location) => overlaps(location, damage))) continue
    const { segment, offset, length } = damage
    report.add('SEGMENT_DAMAGED', `segment ${segment} at ${offset}`, { segment, offset, length })
    yield
  }
  for await (const { file, offset } of store.findDamage()) {
    report.add('STORE_FILE_DAMAGED', `store file ${file}`, { offset })
    yield
  }
}

function overlaps(location: SegmentLocation, damage: SegmentDamage): boolean {
  return (
    location.segment === damage.segment &&
    location.offset < damage.offset + damage.length &&
    damage.offset < location.offset + location.length
  )
}
