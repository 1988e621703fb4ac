import { Command } from 'commander'
import { randomBytes } from 'node:crypto'
import type { Act } from '../../../node/core/acts/acts.ts'
import { holderIdOf } from '../../../node/core/parties/holder.ts'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { HolderCodeType } from '../../../node/core/statements/parts.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { signAct } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { requireSame } from '../signing/proposal.ts'
import { recorded } from '../signing/recorded.ts'
import { withSession } from '../signing/session.ts'
import { agreeTo } from '../signing/signAct.ts'
import { parseAddress, parseHolder } from '../signing/values.ts'
import { portfolioCommand } from './portfolio.ts'
import { formatHolder } from './presentHolder.ts'

export function holderCommand(): Command {
  return new Command('holder')
    .description('who stands behind a holder id, and by which accounts it acts')
    .addCommand(registerCommand())
    .addCommand(accountCommand('bind', 'let an account act for a holder'))
    .addCommand(
      accountCommand('release', 'end that: succession, another representative, a lost key').option(
        '--end-grants',
        'end what the account granted, too',
      ),
    )
    .addCommand(showCommand())
    .addCommand(mineCommand())
    .addCommand(portfolioCommand())
}

type Binding = Extract<Act, { type: 'HolderBinding' }>
type Release = Extract<Act, { type: 'HolderRelease' }>

interface RegisterOptions extends SigningOptions {
  readonly codeType: HolderCodeType
  readonly code: string
  readonly name: string
  readonly account: Hex
}

function registerCommand(): Command {
  return signs(new Command('register'))
    .description('register a holder and bind its first account; by a registrar')
    .requiredOption('--code-type <type>', '001 enterprise, 111 citizen, …', parseCodeType)
    .requiredOption('--code <code>', 'its code; never shown to anybody else')
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--account <address>', 'its first account', parseAddress)
    .action(async (options: RegisterOptions, command: Command) => {
      const context = Context.of(command)
      const { codeType, code, name, account } = options
      await withSession(context, options, async ({ client, wallet, registries, department }) => {
        const salt = encode0x(randomBytes(32))
        const registration = { salt, codeType, code }
        const holder = holderIdOf(decode0x(salt), codeType, code)
        const proposal = await client.holders.preview(registration, account)
        const act = requireSame<Binding>(
          {
            type: 'HolderBinding',
            message: { registrar: registrarOf(department), holder, account },
          },
          proposal.typedData,
          'nonce',
        )
        // Whoever signs has just said so.
        const around = { names: new Map([[holder, name]]) }
        const sentence = await agreeTo(context, act, client, { ...options, registries, around })
        const signature = await signAct(act, wallet, registries)
        const answer = await client.holders.register(
          { ...act, signature },
          { ...registration, name },
        )
        recorded(context, answer, { holder, sentence }, `Registered: ${holder}`)
      })
    })
}

interface AccountOptions extends SigningOptions {
  readonly endGrants?: boolean
}

function accountCommand(change: 'bind' | 'release', description: string): Command {
  return signs(new Command(change))
    .description(description)
    .argument('<holder>', 'id or code of the holder', parseHolder)
    .argument('<account>', 'the account', parseAddress)
    .action(async (named: NamedHolder, account: Hex, options: AccountOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client, wallet, registries, department }) => {
        const registrar = registrarOf(department)
        const holder = await client.holders.idOf(named)
        const endGrants = options.endGrants === true
        const message = { registrar, holder, account }
        const asked =
          change === 'bind'
            ? ({ type: 'HolderBinding', message } as const)
            : ({ type: 'HolderRelease', message: { ...message, endGrants } } as const)
        const proposal =
          change === 'bind'
            ? await client.holders.previewBinding(holder, account)
            : await client.holders.previewRelease(holder, account, endGrants)
        const act = requireSame<Binding | Release>(asked, proposal.typedData, 'nonce')
        const sentence = await agreeTo(context, act, client, { ...options, registries })
        const signed = { ...act, signature: await signAct(act, wallet, registries) }
        const answer =
          change === 'bind'
            ? await client.holders.bind(holder, signed)
            : await client.holders.release(holder, signed)
        recorded(context, answer, { holder, account, sentence })
      })
    })
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell who a holder is, as far as one may know, and its accounts')
    .argument('<holder>', 'its id or code (001:91310110MADEM002XN)', parseHolder)
    .action(async (named: NamedHolder, options: SigningOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client }) => {
        const holder = await client.holders.get(await client.holders.idOf(named))
        context.result(holder, formatHolder(holder))
      })
    })
}

function mineCommand(): Command {
  return signs(new Command('mine'), { asks: false })
    .description('tell the holders that one’s account acts for')
    .action(async (options: SigningOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client }) => {
        const { holders } = await client.holders.mine()
        for (const holder of holders) context.result(holder, formatHolder(holder))
        if (holders.length === 0) context.say('There is none.')
      })
    })
}

function registrarOf(department: Hex | undefined): Hex {
  return department ?? misuse('This account acts for no department; a registrar registers holders.')
}

function parseCodeType(text: string): HolderCodeType {
  const { data } = HolderCodeType.safeParse(text)
  return data ?? misuse(`A code type is one of ${HolderCodeType.options.join(', ')}.`)
}
