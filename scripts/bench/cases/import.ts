import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OnceClient } from '../../../api/client/index.ts'
import { atLeast } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'
import { accreditDepartment } from '../lib/department.ts'
import { LEASE, writeImportSet } from '../lib/importSet.ts'
import { TOKEN } from '../lib/requests.ts'
import { withFolder } from '../lib/server.ts'
import { startOurs } from '../lib/servers.ts'

const ONCE = fileURLToPath(new URL('../../../api/cli/main.ts', import.meta.url))
const SIZE = 2_048
/** Of the first run, in which code gets compiled, and of the measured one. */
const LINES = [2_000, 20_000] as const

export const imports: BenchCase = {
  name: 'import',
  summary: `once import: files of ${SIZE} bytes with fields, checked against the catalogue, by a process of its own`,
  run: ({ say }) =>
    withFolder(async (folder) => {
      const server = await startOurs(join(folder, 'data'))
      try {
        const owner = await accreditDepartment(server.url, join(folder, 'data'))
        const client = new OnceClient({ url: server.url, token: TOKEN })
        await client.catalogue.publish({ ...LEASE, owner })
        const rates: number[] = []
        for (const lines of LINES) {
          const set = await writeImportSet(join(folder, String(lines)), { lines, size: SIZE })
          say(`${lines} lines`)
          const began = performance.now()
          await importAll(server.url, set.folder, set.manifest)
          rates.push(lines / ((performance.now() - began) / 1000))
        }
        const rate = rates.at(-1) ?? 0
        return {
          rows: [
            {
              what: 'records, start of the process included',
              unit: '/s',
              ours: rate,
              better: 'higher',
              target: atLeast(rate, 2_000, '2,000/s'),
            },
          ],
          notes: [],
        }
      } finally {
        await server.stop()
      }
    }),
}

async function importAll(url: string, folder: string, manifest: string): Promise<void> {
  const args = [ONCE, '--url', url, '--token', TOKEN, 'import', folder, '--manifest', manifest]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`the import ended with ${String(code)}`)
}
