import { Command } from 'commander'
import { formatTrust } from '../../../node/core/trust.ts'
import { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { replaceFile } from '../output.ts'
import { findBlocks } from '../pinning/blocks.ts'
import type { FoundBlocks } from '../pinning/blocks.ts'
import { findContradictions, pin, readPinned } from '../pinning/pin.ts'
import { describeTrust } from '../pinning/describe.ts'
import { learnLedger } from '../pinning/learn.ts'

interface Options {
  readonly output: string
  readonly rpc?: string
  readonly replace?: boolean
}

export function trustCommand(): Command {
  return new Command('trust')
    .description('pin what a ledger says of itself, so that its evidence can be checked without it')
    .option('-o, --output <file>', 'the file to make or to bring up to date', 'trust.json')
    .option('--rpc <url>', 'take only blocks that this chain confirms')
    .option('--replace', 'believe the ledger although it contradicts the file')
    .action(async ({ output, rpc, replace }: Options, command: Command) => {
      const context = Context.of(command)
      const client = await context.client()
      const learned = await learnLedger(client)
      const pinned = await readPinned(output)
      const contradictions = pinned ? findContradictions(pinned, learned) : []
      if (contradictions.length > 0 && !replace) {
        context.say(warn(output, contradictions))
        context.result({ result: 'refused', file: output, contradictions }, 'refused')
        process.exitCode = EXIT.refused
        return
      }
      const blocks = await findBlocks(client, learned, rpc)
      const trust = pin(contradictions.length > 0 ? undefined : pinned, learned, blocks.byChain)
      await replaceFile(output, `${formatTrust(trust)}\n`)
      context.say(`${describeTrust(trust)}\n${sayBlocks(blocks, rpc)}`)
      context.result(
        { result: 'pinned', file: output, new: blocks.found, refused: blocks.refused },
        `Wrote ${output}.`,
      )
      process.exitCode = blocks.refused > 0 ? EXIT.found : EXIT.ok
    })
}

function warn(file: string, contradictions: readonly string[]): string {
  return [
    `WARNING: the ledger contradicts ${file}, which stays as it is:`,
    ...contradictions.map((line) => `  ${line}`),
    'Somebody may be between you and the ledger, or it may have been made anew. Ask its operator on',
    'another way; if the change is right, run this again with --replace.',
  ].join('\n')
}

function sayBlocks({ found, refused }: FoundBlocks, rpc: string | undefined): string {
  if (rpc === undefined) {
    return found === 0
      ? 'No new blocks.'
      : `${found} new blocks, as the ledger itself names them. --rpc would have a chain confirm them.`
  }
  const confirmed = `${found} new blocks, confirmed by the chain.`
  return refused === 0
    ? confirmed
    : `${confirmed} WARNING: the chain does not confirm ${refused} anchors of the ledger.`
}
