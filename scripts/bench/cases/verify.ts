import { hash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Trust } from '../../../node/core/trust.ts'
import { verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { below } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'
import { loadSingles } from '../lib/load.ts'
import { makeSubmission } from '../lib/fixture.ts'
import { TOKEN } from '../lib/requests.ts'
import { withFolder } from '../lib/server.ts'
import { startOurs } from '../lib/servers.ts'
import { median, quantile } from '../lib/stats.ts'
import { sizeOf, trustIn } from '../lib/trust.ts'

const VERIFICATIONS = 500

export const verify: BenchCase = {
  name: 'verify',
  summary: 'anchored evidence verified offline, anchor proofs included, in this process',
  run: () =>
    withFolder(async (folder) => {
      const server = await startOurs(join(folder, 'data'))
      try {
        await loadSingles(server, { requests: 5000, connections: 64, content: 1024 })
        const evidence = await submitAnchored(server.url)
        const trust = await trustIn(server.url, evidence)
        const first = await timeVerification(evidence, trust)
        const latencies: number[] = []
        for (let i = 0; i < VERIFICATIONS; i++)
          latencies.push(await timeVerification(evidence, trust))
        const p50 = median(latencies)
        return {
          rows: [
            {
              what: 'first, code not compiled yet',
              unit: 'ms',
              ours: first,
              better: 'lower',
              target: below(first, 50, '50 ms'),
            },
            {
              what: 'median',
              unit: 'ms',
              ours: p50,
              better: 'lower',
              target: below(p50, 50, '50 ms'),
            },
            { what: 'p99', unit: 'ms', ours: quantile(latencies, 0.99), better: 'lower' },
            { what: 'in a second', unit: '/s', ours: 1000 / p50, better: 'higher' },
          ],
          notes: [
            `log of ${await sizeOf(server.url)} entries; evidence of ${evidence.length} characters`,
          ],
        }
      } finally {
        await server.stop()
      }
    }),
}

/** Evidence with the proofs of a chain, as a department would keep it. */
async function submitAnchored(url: string): Promise<string> {
  const { content, ...rest } = makeSubmission()
  const digests = [`sha-256:${hash('sha256', randomBytes(32))}`]
  const response = await fetch(`${url}/v1/materials?wait=anchored`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...rest,
      content: { ...content, kept: 'department', digests, size: 1 },
    }),
  })
  const text = await response.text()
  if (response.status !== 201) throw new Error(text)
  return text
}

/** Milliseconds, from the text of the evidence to the verdict. */
async function timeVerification(evidence: string, trust: Trust): Promise<number> {
  const began = performance.now()
  const verdict = await verifyEvidenceText(evidence, trust)
  const taken = performance.now() - began
  const anchor = verdict.checks.find(({ check }) => check === 'anchor')
  if (verdict.result !== 'pass' || anchor?.result !== 'pass')
    throw new Error(`not verified: ${JSON.stringify(verdict)}`)
  return taken
}
