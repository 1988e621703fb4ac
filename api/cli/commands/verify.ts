import { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Check, Verdict } from '../../../node/core/verdict.ts'
import { verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { askChains } from '../chainReader.ts'
import { Context, paint } from '../context.ts'
import { digestFile } from '../digestFile.ts'
import { EXIT } from '../exitCodes.ts'
import { requireTrust } from '../trustFile.ts'

interface Options {
  readonly trust?: string
  readonly rpc?: string | true
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check evidence, and the content that it is about; offline unless --rpc is given')
    .argument('<evidence>', 'evidence file; - reads it from stdin')
    .argument('[content]', 'the file that the evidence is said to be about')
    .option('--trust <file>', 'what to believe (ONCE_TRUST, ./trust.json, that of a local node)')
    .option('--rpc [url]', 'ask this chain, or the ones that the trust names')
    .action(
      async (
        evidence: string,
        content: string | undefined,
        { trust: named, rpc }: Options,
        command: Command,
      ) => {
        const context = Context.of(command)
        const { trust, path } = await requireTrust(named, context.dataFolder)
        const source = evidence === '-' ? await buffer(process.stdin) : await readFile(evidence)
        const asked = rpc === undefined ? undefined : await askChains(rpc, trust.chains)
        try {
          const verdict = await verifyEvidenceText(source, trust, {
            ...(content !== undefined && { content: await digestFile(content) }),
            ...(asked && { findChain: asked.findChain }),
          })
          context.say(`Trust: ${path}, the log ${trust.log.origin}.`)
          context.result(verdict, formatVerdict(verdict))
          process.exitCode = verdict.result === 'pass' ? EXIT.ok : EXIT.found
        } finally {
          await asked?.close()
        }
      },
    )
}

const STYLES = { pass: 'green', fail: 'red', unknown: 'yellow', skipped: 'dim' } as const

function formatVerdict({ result, checks }: Verdict): string {
  return [...checks.map(formatCheck), '', paint(['bold', STYLES[result]], result)].join('\n')
}

function formatCheck({ check, result, code, message, next }: Check): string {
  const head = `${paint(STYLES[result], result.padEnd(7))}  ${check.padEnd(10)}  ${message}`
  if (result === 'pass' || result === 'skipped') return head
  return `${head} (${code})\n${' '.repeat(21)}${next}`
}
