import { join } from 'node:path'
import { atLeast, below } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'
import { measureInChild } from '../lib/child.ts'
import { measureDisk, measureSha256 } from '../lib/machine.ts'
import { formatNumber } from '../lib/report.ts'
import { cpuTimeOf, forgetPeak, memoryOf, withFolder } from '../lib/server.ts'
import type { Server } from '../lib/server.ts'
import { profileOurs, startNaive, startOurs } from '../lib/servers.ts'
import { interleave, median } from '../lib/stats.ts'
import { requireEvidence } from '../lib/trust.ts'

const UPLOAD = new URL('../load/large.ts', import.meta.url)
const GIB = 2 ** 30
const MIB = 2 ** 20
const ROUNDS = 3

export const large: BenchCase = {
  name: 'large',
  summary:
    'POST /v1/materials with 1 GiB, SHA-256 alone: hashed, encrypted, stored, synced; peer: hashed, stored, synced',
  run: ({ profile }) =>
    withFolder(async (folder) => {
      if (profile) {
        const notes = await profileOurs(folder, (server) => upload(server), { digests: 'sha-256' })
        return { rows: [], notes }
      }
      const server = await startOurs(join(folder, 'data'), { digests: 'sha-256' })
      const naive = await startNaive(folder)
      try {
        const idle = memoryOf(server.pid).now
        forgetPeak(server.pid)
        const [ours = [], others = []] = await interleave(ROUNDS, [
          () => upload(server),
          () => upload(naive),
        ])
        await requireEvidence(
          server.url,
          ours.map(({ answer }) => answer),
        )
        return report(ours, others, { idle, peak: memoryOf(server.pid).peak })
      } finally {
        await server.stop()
        await naive.stop()
      }
    }),
}

interface Upload {
  /** MB/s. */
  readonly speed: number
  /** Per cent of the SHA-256 speed that was measured just before and after. */
  readonly share: number
  /** CPU seconds of the server, of all its threads. */
  readonly cpu: number
  readonly answer: string
}

async function upload({ url, pid }: Server): Promise<Upload> {
  const before = measureSha256()
  const used = cpuTimeOf(pid).all
  const { result } = await measureInChild<{ seconds: number; answer: string }>(UPLOAD, [
    url,
    String(GIB),
  ])
  const cpu = cpuTimeOf(pid).all - used
  const speed = GIB / 1e6 / result.seconds
  const hashing = (before + measureSha256()) / 2
  return { speed, share: (100 * speed) / hashing, cpu, answer: result.answer }
}

function report(
  ours: readonly Upload[],
  others: readonly Upload[],
  memory: { readonly idle: number; readonly peak: number },
) {
  const medianOf = (uploads: readonly Upload[], pick: (upload: Upload) => number) =>
    median(uploads.map(pick))
  const speed = medianOf(ours, ({ speed }) => speed)
  const share = medianOf(ours, ({ share }) => share)
  const naive = medianOf(others, ({ speed }) => speed)
  const disk = measureDisk(1024)
  const above = (memory.peak - memory.idle) / MIB
  const limit =
    `a server that only hashes and writes, without a key, gives ${formatNumber(naive)} MB/s here, ` +
    `and the disk alone takes ${formatNumber(disk)} MB/s`
  return {
    rows: [
      {
        what: 'speed',
        unit: 'MB/s',
        ours: speed,
        peer: { name: 'naive', value: naive },
        better: 'higher' as const,
      },
      {
        what: "share of the machine's SHA-256 speed",
        unit: '%',
        ours: share,
        peer: { name: 'naive', value: medianOf(others, ({ share }) => share) },
        better: 'higher' as const,
        target: atLeast(share, 60, '60 %', limit),
      },
      {
        what: 'CPU of the server',
        unit: 's',
        ours: medianOf(ours, ({ cpu }) => cpu),
        peer: { name: 'naive', value: medianOf(others, ({ cpu }) => cpu) },
        better: 'lower' as const,
      },
      {
        what: 'memory above idle, at its peak',
        unit: 'MiB',
        ours: above,
        better: 'lower' as const,
        target: below(above, 200, '200 MiB'),
      },
    ],
    notes: [
      `idle with ${formatNumber(memory.idle / MIB)} MiB; ${ROUNDS} uploads each, in turn; medians`,
    ],
  }
}
