import { Command } from 'commander'
import { shorten } from '../../../node/core/acts/phrases.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { MissingGrant } from '../../../node/core/resolution/document.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { requestOf } from '../../client/index.ts'
import type { Narrowing } from '../../client/index.ts'
import type { GrantRequest } from '../../http/requests/schema.ts'
import { Context } from '../context.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import { parsePlaces } from '../granting/places.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { recorded } from '../signing/recorded.ts'
import { withSession } from '../signing/session.ts'
import { agreeing } from '../signing/signAct.ts'
import { parseCount, parseHolder, parseNames, parseUntil } from '../signing/values.ts'

export function requestCommand(): Command {
  return new Command('request')
    .description('ask holders for the grants that a case needs, and answer what one is asked')
    .addCommand(makeCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(approveCommand())
    .addCommand(declineCommand())
    .addCommand(evidenceCommand())
}

interface MakeOptions extends KeyChoice {
  readonly holder?: NamedHolder
  readonly reason?: string
  readonly expires?: number
}

function makeCommand(): Command {
  return signs(new Command('make'), { asks: false })
    .description('ask for every grant that a case still needs, as its resolution proposes')
    .argument('<case>', '统一审批编码; for whoever handles it')
    .option('--holder <id>', 'ask this holder alone, by id or code', parseHolder)
    .option('--reason <text>', 'why, for the holder to read')
    .option('--expires <time>', 'to be answered by then; in 7 days unless given', parseUntil)
    .action(async (code: string, options: MakeOptions, command: Command) => {
      const context = Context.of(command)
      const { holder, reason, expires } = options
      const more = { ...(reason !== undefined && { reason }), ...(expires && { expires }) }
      await withSession(context, options, async ({ client }) => {
        const only = holder && (await client.holders.idOf(holder))
        const isMeant = (one: { readonly holder: Hex }) => only === undefined || one.holder === only
        const { materials: needed, requests } = await client.cases.resolve(code)
        const asked = requests.filter(isMeant)
        for (const proposal of asked) {
          const { id } = await client.requests.make({ ...requestOf(proposal, code), ...more })
          const { materials } = proposal
          const said = `Asked ${shorten(proposal.holder)} for ${materials.join(', ')}: ${id}`
          context.result({ id, holder: proposal.holder, materials }, said)
        }
        const missing = needed.flatMap((one) => [...one.missing, ...(one.instead?.missing ?? [])])
        const waiting = waitingOf(missing.filter(isMeant))
        for (const [id, owner] of waiting) {
          const said = `Asked ${shorten(owner)} before, who has not answered yet: ${id}`
          context.result({ id, holder: owner, state: 'pending' }, said)
        }
        if (asked.length === 0 && waiting.size === 0) context.say('No grant is missing.')
      })
    })
}

/** Holders by the requests that wait for them. */
function waitingOf(missing: readonly MissingGrant[]): Map<string, Hex> {
  return new Map(
    missing.flatMap(({ holder, request }) =>
      request?.state === 'pending' ? [[request.id, holder] as const] : [],
    ),
  )
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell what one asked for, or what a holder is asked for; newest first')
    .option('--holder <id>', 'what this holder is asked for, by id or code', parseHolder)
    .action(
      async ({ holder, ...choice }: KeyChoice & { holder?: NamedHolder }, command: Command) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client, account, department }) => {
          const of = holder
            ? { holder: await client.holders.idOf(holder) }
            : { grantee: department ?? account }
          await context.results(client.requests.list(of), formatRequest)
        })
      },
    )
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell what was asked, in words, and how it was answered')
    .argument('<request>', 'statement id of the request')
    .action(async (id: string, choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client }) => {
        const request = await client.requests.get(id)
        context.result(request, formatRequest(request))
      })
    })
}

function approveCommand(): Command {
  return signs(new Command('approve'))
    .description('grant what was asked for, or less; by the holder')
    .argument('<request>', 'statement id of the request')
    .option('--items <numbers|all>', 'of what was asked: 1,3-5', parsePlaces, 'all')
    .option('--purposes <numbers|all>', 'of those that were asked', parsePlaces, 'all')
    .option('--fields <names>', 'of items that name any of these fields, these alone', parseNames)
    .option('--until <day or time>', 'the last moment; as asked unless given', parseUntil)
    .option('--uses <count>', 'how often; as asked unless given', parseCount)
    .action(async (id: string, options: SigningOptions & Narrowing, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client, signing }) => {
        const agree = agreeing(context, client, options)
        const given = await signing.approveRequest(id, options, { agree })
        recorded(context, given, { request: id }, `Granted: ${given.grant}`)
      })
    })
}

function declineCommand(): Command {
  return signs(new Command('decline'), { asks: false })
    .description('say no, and why; by the holder')
    .argument('<request>', 'statement id of the request')
    .requiredOption('--reason <text>', 'for whoever asked to read')
    .action(
      async (
        id: string,
        { reason, ...choice }: KeyChoice & { reason: string },
        command: Command,
      ) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client }) => {
          await client.requests.decline(id, reason)
          context.result({ id, state: 'declined' }, `Declined ${id}.`)
        })
      },
    )
}

interface EvidenceOptions extends KeyChoice, FetchOptions {
  readonly answer?: boolean
}

function evidenceCommand(): Command {
  return fetches(signs(new Command('evidence'), { asks: false }))
    .description('fetch the evidence that it was asked, or of its answer')
    .argument('<request>', 'statement id of the request')
    .option('--answer', 'that it was approved or declined')
    .action(async (id: string, options: EvidenceOptions, command: Command) => {
      const of = options.answer === true ? 'answer' : 'request'
      await withSession(Context.of(command), options, ({ client }) =>
        writeEvidence(options, (waiting) => client.requests.evidence(id, of, waiting)),
      )
    })
}

function formatRequest({ id, at, state, sentence, answer }: GrantRequest): string {
  const said = answer?.grant ?? answer?.reason
  return [
    `${at}  ${id}  ${state}${said === undefined ? '' : `: ${said}`}`,
    `  ${sentence.zh}`,
    `  ${sentence.en}`,
  ].join('\n')
}
