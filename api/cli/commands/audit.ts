import { Command } from 'commander'
import type { Finding } from '../../../node/ledger/audit/findings.ts'
import { Report } from '../../../node/ledger/audit/report.ts'
import { chooseAudit } from '../auditing/choose.ts'
import type { AuditChoice, Summary } from '../auditing/choose.ts'
import { sentenceOf } from '../auditing/sweep.ts'
import { Context, paint } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { ProgressBar } from '../progressBar.ts'

export function auditCommand(): Command {
  return new Command('audit')
    .description('re-check the whole ledger and its anchors; name whatever was altered')
    .option('--data <folder>', 'audit the data folder of a node that does not run')
    .option('--trust <file>', 'what to believe (ONCE_TRUST, ./trust.json, that of a local node)')
    .option('--rpc <url>', 'ask this chain about the anchors, too')
    .action(async (choice: AuditChoice, command: Command) => {
      const context = Context.of(command)
      const report = new Report()
      const bar = new ProgressBar('{percentage}%, {eta_formatted} left', context)
      const onProgress = (done: number, total: number) => bar.update(done, total)
      const audit = report.collect(await chooseAudit(context, choice, { report, onProgress }))
      for (;;) {
        const { done, value } = await audit.next()
        if (done) {
          bar.stop()
          conclude(context, report, value)
          return
        }
        bar.interrupt(() => context.result(present(value), format(value)))
      }
    })
}

function conclude(
  context: Context,
  { result, counts }: Report,
  summary: Summary | undefined,
): void {
  const { fault: faults, unknown, note: notes } = counts
  const end = { end: true, ...summary, result, faults, unknown, notes }
  context.result(end, `${formatSummary(summary)}${paint(STYLES[result], formatCounts(counts))}`)
  process.exitCode = result === 'pass' ? EXIT.ok : EXIT.found
}

const STYLES = { pass: 'green', fail: 'red', unknown: 'yellow' } as const
const LEVEL_STYLES = { fault: 'red', unknown: 'yellow', note: 'dim' } as const

function present(finding: Finding): object {
  return { ...finding, message: sentenceOf(finding) }
}

function format(finding: Finding): string {
  const { level, code, where, details } = finding
  const more = details === undefined ? '' : ` ${JSON.stringify(details)}`
  return `${paint(LEVEL_STYLES[level], level.padEnd(7))}  ${where}: ${sentenceOf(finding)} (${code}${more})`
}

function formatSummary(summary: Summary | undefined): string {
  if (summary === undefined) return ''
  const { size, anchors, statements, contents } = summary
  const opened =
    statements === undefined
      ? ''
      : `, ${statements} statements, ${contents?.count ?? 0} contents of ${contents?.bytes ?? 0} bytes`
  return `${size} entries${opened}, ${anchors} anchors: `
}

function formatCounts({ fault, unknown, note }: Report['counts']): string {
  if (fault + unknown === 0) return note === 0 ? 'all sound' : `all sound, ${note} notes`
  return `${fault} faults, ${unknown} unknown, ${note} notes`
}
