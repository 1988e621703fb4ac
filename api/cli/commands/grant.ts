import { Command } from 'commander'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { scopeOf, verifyScopeView } from '../../../node/core/grants/scope.ts'
import type { ScopeItem, ScopePurpose } from '../../../node/core/grants/scope.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import type { Giving, GrantClient, GrantSource, GrantsOf, OnceClient } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import {
  formatLists,
  parseCertificateItem,
  parseMaterialItem,
  parsePurpose,
} from '../granting/lists.ts'
import { parsePlaces } from '../granting/places.ts'
import { formatGrant, formatTree } from '../granting/present.ts'
import { readJsonFile, readScopeFile, writeScopeFile } from '../granting/scopeFile.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { recorded } from '../signing/recorded.ts'
import { withSession } from '../signing/session.ts'
import { agreeing } from '../signing/signAct.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import {
  collect,
  parseAddress,
  parseCount,
  parseFrom,
  parseHolder,
  parseId,
  parseUntil,
} from '../signing/values.ts'

export function grantCommand(): Command {
  return new Command('grant')
    .description('who may see what of a holder: grant it, pass it on, end it')
    .addCommand(newCommand())
    .addCommand(giveCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(revokeCommand())
    .addCommand(endAllCommand())
}

interface NewOptions {
  readonly material?: readonly object[]
  readonly certificate?: readonly object[]
  readonly may: string
  readonly matter?: readonly ScopePurpose[]
  readonly lists?: string
}

function newCommand(): Command {
  return new Command('new')
    .description(
      'write the lists that a holder grants from into a file, which stays with the holder',
    )
    .argument('<file>', 'the scope document to make')
    .option(
      '--material <id[=field,…]>',
      'an item: a material, or fields of it',
      collect(parseMaterialItem),
    )
    .option(
      '--certificate <type=field,…>',
      'an item: fields of certificates of a type',
      collect(parseCertificateItem),
    )
    .option('--may <read|copy>', 'what may be done with the items', 'read')
    .option('--matter <code[@department][/region]>', 'a purpose', collect(parsePurpose))
    .option(
      '--lists <file>',
      'the lists, as JSON {"items":[…],"purposes":[…]}, in place of options',
    )
    .action(async (path: string, options: NewOptions, command: Command) => {
      const context = Context.of(command)
      const document = await writeScopeFile(path, await listsOf(options))
      const { items, purposes } = document
      context.result(
        { file: path, scope: scopeOf(document), items, purposes },
        formatLists(document),
      )
      context.say(
        `Wrote ${path}. Whoever reads it knows all that is on the lists: keep it, and show it to nobody.`,
      )
    })
}

async function listsOf({
  material = [],
  certificate = [],
  may,
  matter = [],
  lists,
}: NewOptions): Promise<unknown> {
  if (lists !== undefined) return readJsonFile(lists)
  const items = [...certificate, ...material].map((item) => ({ ...item, may }) as ScopeItem)
  if (items.length === 0 || matter.length === 0)
    misuse('Name an item at least (--material, --certificate), and a purpose (--matter).')
  return { items, purposes: matter }
}

interface GiveOptions extends Giving, SigningOptions {
  readonly parent?: Hex
  readonly holder?: NamedHolder
  readonly scope?: string
}

function giveCommand(): Command {
  return signs(new Command('give'))
    .description('grant from the lists of a holder, or pass a grant on')
    .requiredOption('--to <account>', 'who may use it: an account, or a department', parseAddress)
    .requiredOption('--until <day or time>', 'the last moment; a day ends in China', parseUntil)
    .option('--from <day or time>', 'the first moment', parseFrom)
    .option('--items <numbers|all>', 'of the list: 1,3-5', parsePlaces, 'all')
    .option('--purposes <numbers|all>', 'of the list', parsePlaces, 'all')
    .option('--depth <levels>', 'over how many levels it may be passed on', parseCount, 0)
    .option('--uses <count>', 'how often it may be used; 0: any number of times', parseCount)
    .option('--parent <grant>', 'the grant to pass on', parseId)
    .option('--scope <file>', 'the scope document to grant from, see `grant new`')
    .option('--holder <id>', 'whose it is, by id or code, with --scope', parseHolder)
    .action(async (options: GiveOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client, signing }) => {
        const agree = agreeing(context, client, options)
        const source = await sourceOf(options, client)
        const given = await signing.grant(options, source, { agree })
        recorded(context, given, {}, `Granted: ${given.grant}`)
      })
    })
}

async function sourceOf(
  { parent, scope, holder, uses }: GiveOptions,
  { holders }: Pick<OnceClient, 'holders'>,
): Promise<GrantSource> {
  if (parent !== undefined) return { parent }
  if (scope === undefined || holder === undefined)
    misuse('Say what to grant: --scope <file> and --holder <id>, or --parent <grant>.')
  if (uses === undefined) misuse('Say how often: --uses <count>, or 0 for any number.')
  return { holder: await holders.idOf(holder), document: await readScopeFile(scope) }
}

interface ListOptions extends KeyChoice {
  readonly holder?: NamedHolder
  readonly to?: Hex
  readonly below?: Hex
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell the grants that one received, newest first')
    .option(
      '--to <account>',
      'those of this account or department, in place of one’s own',
      parseAddress,
    )
    .option('--holder <id>', 'all of what a holder holds, by id or code', parseHolder)
    .option('--below <grant>', 'those passed on from this one', parseId)
    .action(async (options: ListOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client, account, department }) => {
        const range = await rangeOf(options, department ?? account, client)
        const isReceived = options.holder === undefined && options.below === undefined
        const none = `There is none.${isReceived ? ' --holder lists what a holder granted.' : ''}`
        await context.results(client.grants.list(range), formatGrant, none)
      })
    })
}

async function rangeOf(
  { holder, to, below }: ListOptions,
  own: Hex,
  { holders }: Pick<OnceClient, 'holders'>,
): Promise<GrantsOf> {
  if (holder !== undefined) return { holder: await holders.idOf(holder) }
  return below === undefined ? { grantee: to ?? own } : { parent: below }
}

interface ShowOptions extends KeyChoice {
  readonly lists?: boolean
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell how a grant stands, and every grant above and below it')
    .argument('<grant>', 'its id', parseId)
    .option('--lists', 'what it opens of the lists: for those between whom it was made')
    .action(async (id: Hex, { lists, ...options }: ShowOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client }) => {
        const { line } = await client.grants.get(id)
        const above = await Promise.all(line.slice(0, -1).map((each) => client.grants.get(each)))
        const { grants, unread } = await client.grants.tree(id)
        const shown = lists === true ? await viewOf(client.grants, id, grants[0]?.terms) : undefined
        const tree = formatTree([...above, ...grants])
        context.result(
          { grant: id, above, grants, unread, ...shown },
          shown === undefined ? tree : `${tree}\n${formatLists(shown)}`,
        )
        if (unread.length > 0) context.say('There are more below; see grant list --below <grant>.')
      })
    })
}

async function viewOf(grants: GrantClient, id: Hex, terms: Grant | undefined) {
  const view = await grants.view(id)
  if (terms === undefined) throw new LedgerError('notFound', 'GRANT_TERMS_UNKNOWN', { grant: id })
  const { items, purposes } = verifyScopeView(terms.scope, view, terms)
  return { items: [...items], purposes: [...purposes] }
}

interface RevokeOptions extends SigningOptions {
  readonly as?: Hex
}

function revokeCommand(): Command {
  return signs(new Command('revoke'))
    .description('end a grant for good, and all that was passed on from it')
    .argument('<grant>', 'its id', parseId)
    .option('--as <account>', 'the grantor or account of the holder that ends it', parseAddress)
    .action(async (id: Hex, options: RevokeOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client, signing }) => {
        const agree = agreeing(context, client, options)
        const ended = await signing.revoke(id, { as: options.as, agree })
        recorded(context, ended, { grant: id }, `Revoked: ${id}`)
      })
    })
}

function endAllCommand(): Command {
  return signs(new Command('end-all'))
    .description('end all that one granted so far, for good: when a key may be lost')
    .option('--as <account>', 'the department or account whose grants end', parseAddress)
    .action(async (options: RevokeOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client, signing, account, department }) => {
        const own = options.as ?? department ?? account
        const agree = agreeing(context, client, options)
        const ended = await signing.endGrants({ as: own, agree })
        recorded(context, ended, { account: own }, `Ended: all that ${own} granted`)
      })
    })
}
