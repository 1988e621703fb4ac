/**
 * Audits the data folder of a node that does not run: `node scripts/fsck.ts [folder]`, ONCE_DATA unless named.
 * The same as `once audit --data`, without a command line around it. Exit code 1 when anything is wrong.
 */
import { auditDataFolder } from '../api/cli/auditing/dataFolder.ts'
import { loadConfig } from '../api/config.ts'
import { FINDINGS } from '../node/ledger/audit/findings.ts'
import { Report } from '../node/ledger/audit/report.ts'

const { ONCE_DATA, ONCE_MASTER_KEY: masterKey } = loadConfig(process.env)
const dataFolder = process.argv[2] ?? ONCE_DATA
const report = new Report()
const options = { now: Date.now }
const audit = auditDataFolder({ dataFolder, masterKey, rpcs: [], options }, report)
for await (const { level, where, code } of report.collect(audit)) {
  console.log(`${level}: ${where}: ${FINDINGS[code].sentence} (${code})`)
}
console.log(`${dataFolder}: ${report.result}`)
process.exitCode = report.result === 'pass' ? 0 : 1
