import { join } from 'node:path'
import { atLeast, below } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'
import { measureInChild } from '../lib/child.ts'
import { measureSha256 } from '../lib/machine.ts'
import { formatNumber } from '../lib/report.ts'
import { forgetPeak, memoryOf, withFolder } from '../lib/server.ts'
import { profileOurs, startOurs } from '../lib/servers.ts'
import { median } from '../lib/stats.ts'
import { requireEvidence } from '../lib/trust.ts'

const UPLOAD = new URL('../load/large.ts', import.meta.url)
const GIB = 2 ** 30
const MIB = 2 ** 20
const ROUNDS = 3

interface Uploaded {
  readonly seconds: number
  readonly answer: string
}

export const large: BenchCase = {
  name: 'large',
  summary: 'POST /v1/materials with 1 GiB, SHA-256 alone: hashed, encrypted, stored, synced',
  run: ({ profile }) =>
    withFolder(async (folder) => {
      if (profile)
        return {
          rows: [],
          notes: await profileOurs(folder, ({ url }) => upload(url), { digests: 'sha-256' }),
        }
      const server = await startOurs(join(folder, 'data'), { digests: 'sha-256' })
      try {
        const idle = memoryOf(server.pid).now
        forgetPeak(server.pid)
        const speeds: number[] = []
        const shares: number[] = []
        const answers: string[] = []
        for (let round = 0; round < ROUNDS; round++) {
          const before = measureSha256()
          const { seconds, answer } = await upload(server.url)
          const hashing = (before + measureSha256()) / 2
          speeds.push(GIB / 1e6 / seconds)
          shares.push((100 * GIB) / 1e6 / seconds / hashing)
          answers.push(answer)
        }
        await requireEvidence(server.url, answers)
        const above = (memoryOf(server.pid).peak - idle) / MIB
        return {
          rows: [
            { what: 'speed', unit: 'MB/s', ours: median(speeds), better: 'higher' },
            {
              what: "share of the machine's SHA-256 speed",
              unit: '%',
              ours: median(shares),
              better: 'higher',
              target: atLeast(median(shares), 60, '60 %'),
            },
            {
              what: 'memory above idle, at its peak',
              unit: 'MiB',
              ours: above,
              better: 'lower',
              target: below(above, 200, '200 MiB'),
            },
          ],
          notes: [
            `idle with ${formatNumber(idle / MIB)} MiB; ${ROUNDS} uploads, median; SHA-256 measured before and after each`,
          ],
        }
      } finally {
        await server.stop()
      }
    }),
}

async function upload(url: string): Promise<Uploaded> {
  const { result } = await measureInChild<Uploaded>(UPLOAD, [url, String(GIB)])
  return result
}
