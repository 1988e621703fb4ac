import { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { shorten } from '../../../node/core/acts/phrases.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Check, Verdict } from '../../../node/core/verdict.ts'
import { parseDerivedCopy } from '../../../node/core/uses/derivedCopy.ts'
import type { GivenContent } from '../../../node/core/verify/content.ts'
import { verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { unpackCopy } from '../../../node/derived/unpackCopy.ts'
import { askChains } from '../chainReader.ts'
import { Context, misuse, paint } from '../context.ts'
import { digestBytes, digestFile } from '../digestFile.ts'
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
        const marked = await openMarked(given)
        if (marked !== undefined && content !== undefined)
          misuse('A marked document has its content inside: name it alone.')
        const source = marked?.evidence ?? given
        const asked = rpc === undefined ? undefined : await askChains(rpc, trust.chains)
        try {
          const verdict = await verifyEvidenceText(source, trust, {
            ...(content !== undefined && { content: await digestFile(content) }),
            ...(marked && { content: marked.content }),
            ...(asked && { findChain: asked.findChain }),
            ...(at !== undefined && { at }),
            now: Math.floor(Date.now() / 1000),
          })
          context.say(`Trust: ${path}, the log ${trust.log.origin}.`)
          if (marked?.isDrawnOn === true) context.say(PAGES)
          context.result(verdict, formatVerdict(verdict))
          process.exitCode = verdict.result === 'pass' ? EXIT.ok : EXIT.found
        } finally {
          await asked?.close()
        }
      },
    )
}

const PAGES =
  'The pages themselves have no digest in the log: where they matter, compare them with the original, which has.'

/** What lies in a marked document; undefined where it is something else. */
async function openMarked(bytes: Uint8Array) {
  const unpacked = await unpackCopy(bytes)
  if (unpacked === undefined) return undefined
  const { copy, evidence, original } = unpacked
  const { material } = parseDerivedCopy(copy)
  const given = original && (await digestBytes(original))
  const content: GivenContent = {
    ...(await digestBytes(copy)),
    marked: { stated: material, given },
  }
  return { evidence, content, isDrawnOn: original === undefined }
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
