import { Command } from 'commander'
import type { Act } from '../../../node/core/acts/acts.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { EVERY_TYPE, ROLES, rightTo } from '../../../node/core/parties/roles.ts'
import type { Role } from '../../../node/core/parties/roles.ts'
import { accountOf, signAct } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import { openKey } from '../keys/openKey.ts'
import { holderCommand } from '../parties/holder.ts'
import { formatDepartment } from '../parties/present.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { requireSame } from '../signing/proposal.ts'
import { recorded } from '../signing/recorded.ts'
import { withSession } from '../signing/session.ts'
import type { Session } from '../signing/session.ts'
import { agreeTo } from '../signing/signAct.ts'
import { collect, parseAddress, parseFrom, parseUntil } from '../signing/values.ts'

export function partyCommand(): Command {
  return new Command('party')
    .description('departments and holders: who is who, and may do what')
    .addCommand(showCommand())
    .addCommand(listCommand())
    .addCommand(accreditCommand())
    .addCommand(describeCommand())
    .addCommand(typesCommand('permit', true, 'let a department issue certificates of these types'))
    .addCommand(typesCommand('forbid', false, 'end that; what was issued stays as it is'))
    .addCommand(standingCommand('suspend', 1, 'suspend a department, and all below it'))
    .addCommand(standingCommand('resume', 0, 'let a suspended department act again'))
    .addCommand(standingCommand('withdraw', 2, 'withdraw a department for good, and all below it'))
    .addCommand(rekeyCommand())
    .addCommand(holderCommand())
}

function showCommand(): Command {
  return new Command('show')
    .description('tell what a department may do')
    .argument('<address>', 'the department', parseAddress)
    .option('--at <day or time>', 'as it stood then: 2023-08-05, or RFC 3339')
    .action(async (address: Hex, { at }: { readonly at?: string }, command: Command) => {
      const context = Context.of(command)
      const client = await context.client()
      const department = await client.departments.get(address, at)
      context.result(department, formatDepartment(department))
    })
}

function listCommand(): Command {
  return new Command('list')
    .description('tell the departments that the authority, or another department, accredited')
    .option('--below <address>', 'the department above them', parseAddress)
    .action(async ({ below }: { readonly below?: Hex }, command: Command) => {
      const context = Context.of(command)
      const client = await context.client()
      for await (const department of client.departments.list(below))
        context.result(department, formatDepartment(department))
    })
}

interface AccreditOptions extends SigningOptions, AccountKey {
  readonly role: readonly Role[]
  readonly type?: readonly string[]
  readonly everyType?: boolean
  readonly from?: number
  readonly until?: number
  readonly name?: string
  readonly region?: string
  readonly code?: string
}

/** The key of the account that a department comes to act by: it has to agree. */
interface AccountKey {
  readonly accountKey?: string
  readonly accountPassphraseFile?: string
}

const withAccountKey = (command: Command) =>
  command
    .option(
      '--account-key <name or path>',
      'key of the account that the department comes to act by',
    )
    .option('--account-passphrase-file <file>', 'file of its passphrase (else as for --key)')

function accreditCommand(): Command {
  return withAccountKey(signs(new Command('accredit')))
    .description('give a department rights that one has oneself; again, to change them')
    .argument('<address>', 'the department: the address of its first account', parseAddress)
    .requiredOption(
      `--role <${ROLES.join('|')}>`,
      'a right; may stand several times',
      collect(parseRole),
    )
    .option(
      '--type <code>',
      'a certificate type that it may issue',
      collect((code) => code),
    )
    .option('--every-type', 'it may issue every certificate type')
    .option('--from <day or time>', 'the first moment', parseFrom)
    .option('--until <day or time>', 'the last moment; no end unless given', parseUntil)
    .option('--name <name>', 'what it is called')
    .option('--region <code>', 'where it works: 6 digits of GB/T 2260')
    .option('--code <code>', 'its unified social credit code')
    .action(async (department: Hex, options: AccreditOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async (session) => {
        // A code that is none stops the command before anything is signed.
        const types = options.type?.map(certificateTypeWord)
        const rights = options.role.map(rightTo).reduce((all, right) => all | right, 0)
        const message = {
          accreditor: departmentOf(session),
          department,
          rights: options.everyType === true ? rights | EVERY_TYPE : rights,
          notBefore: options.from ?? 0,
          notAfter: options.until ?? ENDLESS,
        }
        const description = descriptionOf(options)
        await carryOut(context, session, { type: 'Accreditation', message }, options, description)
        if (types === undefined) return
        const { accreditor } = message
        const permitting = { accreditor, department, types, permitted: true }
        await carryOut(context, session, { type: 'TypesChange', message: permitting }, options)
      })
    })
}

/** The highest that the contract's field takes: without an end. */
const ENDLESS = 2 ** 40 - 1

interface DescribeOptions extends SigningOptions {
  readonly name?: string
  readonly region?: string
  readonly code?: string
}

function describeCommand(): Command {
  return signs(new Command('describe'), { asks: false })
    .description('say what a department that one accredited is called, and where it works')
    .argument('<address>', 'the department', parseAddress)
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--region <code>', 'where it works: 6 digits of GB/T 2260')
    .option('--code <code>', 'its unified social credit code')
    .action(async (department: Hex, options: DescribeOptions, command: Command) => {
      const context = Context.of(command)
      const description = descriptionOf(options) ?? misuse('--name and --region say who it is.')
      await withSession(context, options, async ({ client }) => {
        await client.departments.describe(department, description)
        context.result({ department, ...description }, `Described: ${department}`)
      })
    })
}

function typesCommand(name: string, permitted: boolean, description: string): Command {
  return signs(new Command(name))
    .description(description)
    .argument('<address>', 'the department', parseAddress)
    .requiredOption(
      '--type <code>',
      'a certificate type',
      collect((code) => code),
    )
    .action(
      async (
        department: Hex,
        options: SigningOptions & { readonly type: readonly string[] },
        command: Command,
      ) => {
        const context = Context.of(command)
        await withSession(context, options, async (session) => {
          const types = options.type.map(certificateTypeWord)
          const message = { accreditor: departmentOf(session), department, types, permitted }
          await carryOut(context, session, { type: 'TypesChange', message }, options)
        })
      },
    )
}

function standingCommand(name: string, standing: number, description: string): Command {
  return signs(new Command(name))
    .description(description)
    .argument('<address>', 'the department', parseAddress)
    .action(async (department: Hex, options: SigningOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async (session) => {
        const message = { accreditor: departmentOf(session), department, standing }
        await carryOut(context, session, { type: 'StandingChange', message }, options)
      })
    })
}

function rekeyCommand(): Command {
  return withAccountKey(signs(new Command('rekey')))
    .description('let a department act by another account from now on: its key was lost, or is old')
    .argument('<address>', 'the department', parseAddress)
    .action(async (department: Hex, options: SigningOptions & AccountKey, command: Command) => {
      const context = Context.of(command)
      const wallet = await openAccountKey(options)
      if (wallet === undefined) misuse('Name the new account’s key: --account-key <name>.')
      await withSession(context, options, async (session) => {
        const accreditor = departmentOf(session)
        const message = { accreditor, department, account: accountOf(wallet) }
        await carryOut(context, session, { type: 'Rekeying', message }, options)
      })
    })
}

type DepartmentAct = Extract<
  Act,
  { type: 'Accreditation' | 'TypesChange' | 'StandingChange' | 'Rekeying' }
>
type Asked = {
  [A in DepartmentAct as A['type']]: { type: A['type']; message: Omit<A['message'], 'nonce'> }
}[DepartmentAct['type']]

/** Shows, has signed by all who have to, and hands in. */
async function carryOut(
  context: Context,
  { client, wallet, registries }: Session,
  asked: Asked,
  options: SigningOptions & AccountKey,
  description?: Description,
): Promise<void> {
  const { typedData, signers } = await client.departments.preview(asked)
  const act = requireSame<DepartmentAct>(asked, typedData, 'nonce')
  const sentence = await agreeTo(context, act, client, { ...options, registries })
  const signature = await signAct(act, wallet, registries)
  const account = signers.length > 1 ? await openAccountKey(options) : undefined
  if (signers.length > 1 && account === undefined)
    misuse('The department has to agree by its account: --account-key <name>.')
  const accountSignature = account && (await signAct(act, account, registries))
  const signed = { ...act, signature, ...(accountSignature && { accountSignature }) }
  const answer = await client.departments.act(signed, description && { description })
  recorded(context, answer, { act, sentence })
}

/** @throws LedgerError forbidden/DEPARTMENT_NEEDED */
function departmentOf({ department, account }: Session): Hex {
  if (department === undefined) throw new LedgerError('forbidden', 'DEPARTMENT_NEEDED', { account })
  return department
}

async function openAccountKey({ accountKey, accountPassphraseFile }: AccountKey) {
  if (accountKey === undefined) return undefined
  return openKey({
    key: accountKey,
    ...(accountPassphraseFile !== undefined && { passphraseFile: accountPassphraseFile }),
  })
}

interface Description {
  readonly name: string
  readonly region: string
  readonly code?: string
}

function descriptionOf({ name, region, code }: Partial<Description>): Description | undefined {
  if (name === undefined && region === undefined && code === undefined) return undefined
  if (name === undefined || region === undefined)
    misuse('A department is described by --name and --region together.')
  return { name, region, ...(code !== undefined && { code }) }
}

function parseRole(text: string): Role {
  return ROLES.find((role) => role === text) ?? misuse(`A role is one of ${ROLES.join(', ')}.`)
}
