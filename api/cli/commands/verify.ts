import { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { shorten } from '../../../node/core/acts/phrases.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { Trust } from '../../../node/core/trust.ts'
import type { Check, Verdict } from '../../../node/core/verdict.ts'
import {
  verifyEvidenceText,
  verdictOnUnreadable,
} from '../../../node/core/verify/verifyEvidence.ts'
import type { VerifyOptions } from '../../../node/core/verify/verifyEvidence.ts'
import { examineCopy } from '../../../node/derived/examineCopy.ts'
import { askChains } from '../chainReader.ts'
import { Context, misuse, paint } from '../context.ts'
import { digestFile } from '../digestFile.ts'
import { EXIT } from '../exitCodes.ts'
import { parseUntil } from '../signing/values.ts'
import { requireTrust } from '../trustFile.ts'

interface Options {
  readonly trust?: string
  readonly rpc?: string | true
  /** Seconds since 1970. */
  readonly at?: number
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check evidence, and the content that it is about; offline unless --rpc is given')
    .argument(
      '<evidence>',
      'evidence file, or a marked document with its evidence inside; - reads it from stdin',
    )
    .argument('[content]', 'the file that the evidence is said to be about')
    .option('--trust <file>', 'what to believe (ONCE_TRUST, ./trust.json, that of a local node)')
    .option('--rpc [url]', 'ask this chain, or the ones that the trust names')
    .option(
      '--at <day or time>',
      'how it stood then: 2023-08-05 (the end of that day in China), or RFC 3339',
      parseUntil,
    )
    .action(
      async (
        evidence: string,
        content: string | undefined,
        { trust: named, rpc, at }: Options,
        command: Command,
      ) => {
        const context = Context.of(command)
        const { trust, path } = await requireTrust(named, context.dataFolder)
        const given = evidence === '-' ? await buffer(process.stdin) : await readFile(evidence)
        const asked = rpc === undefined ? undefined : await askChains(rpc, trust.chains)
        try {
          const verdict = await judge(given, content, trust, {
            ...(asked && { findChain: asked.findChain }),
            ...(at !== undefined && { at }),
            now: Math.floor(Date.now() / 1000),
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

/** Evidence, or a marked document with its evidence inside. */
async function judge(
  given: Uint8Array,
  content: string | undefined,
  trust: Trust,
  options: VerifyOptions,
): Promise<Verdict> {
  try {
    const examined = await examineCopy(given)
    if (examined === undefined)
      return await verifyEvidenceText(given, trust, {
        ...options,
        ...(content !== undefined && { content: await digestFile(content) }),
      })
    if (content !== undefined) misuse('A marked document has its content inside: name it alone.')
    return await verifyEvidenceText(examined.evidence, trust, {
      ...options,
      content: examined.content,
    })
  } catch (error) {
    if (!isLedgerError(error, 'DERIVED_COPY_MALFORMED')) throw error
    return verdictOnUnreadable(error)
  }
}

const STYLES = { pass: 'green', fail: 'red', unknown: 'yellow', skipped: 'dim' } as const

function formatVerdict({ result, checks }: Verdict): string {
  return [...checks.map(formatCheck), '', paint(['bold', STYLES[result]], result)].join('\n')
}

function formatCheck({ check, result, code, message, next, details }: Check): string {
  const said = [`${paint(STYLES[result], result.padEnd(7))}  ${check.padEnd(10)}  ${message}`]
  const hop = formatHop(details)
  if (hop !== undefined) said.push(hop)
  if (result === 'pass' || result === 'skipped') return said.join(INDENT)
  said[0] += ` (${code})`
  return [...said, next].join(INDENT)
}

const INDENT = `\n${' '.repeat(21)}`

/** Who granted to whom: of a chain of grants, each is a check of its own. */
function formatHop(details: Check['details']): string | undefined {
  const { hop, grantor, grantee } = details ?? {}
  if (typeof hop !== 'number' || typeof grantor !== 'string' || typeof grantee !== 'string')
    return undefined
  return `hop ${hop + 1}: ${shorten(grantor as Hex)} to ${shorten(grantee as Hex)}`
}
