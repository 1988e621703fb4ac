import { Command } from 'commander'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Act } from '../../../node/core/acts/acts.ts'
import { discloseFields } from '../../../node/core/certificates/credential.ts'
import { signer } from '../../../node/core/certificates/es256k.ts'
import {
  presentCertificate,
  verifyPresentation,
} from '../../../node/core/certificates/presentation.ts'
import { STATUS_CODES, STATUS_NAMES } from '../../../node/core/certificates/status.ts'
import type { StatusCode } from '../../../node/core/certificates/status.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { decode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { describeIssue, readFace } from '../certifying/face.ts'
import type { FaceOptions } from '../certifying/face.ts'
import { formatCertificate, formatStatus } from '../certifying/present.ts'
import { signAct } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import { openKey } from '../keys/openKey.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { writeExactly, writeOutput } from '../output.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { requireSame } from '../signing/proposal.ts'
import { recorded } from '../signing/recorded.ts'
import { withSession } from '../signing/session.ts'
import type { Session } from '../signing/session.ts'
import { agreeTo, agreeToWords } from '../signing/signAct.ts'
import { collect, parseAddress, parseCount, parseHolder, parseNames } from '../signing/values.ts'

/** 02 and 06 can be taken back; what ends a certificate cannot. */
const CHANGES: readonly (readonly [name: string, code: StatusCode, description: string])[] = [
  ['suspend', '02', 'suspend it (02 暂扣)'],
  ['resume', '01', 'let a suspended one be used again (01 有效)'],
  ['rescind', '03', 'rescind it for good (03 撤销)'],
  ['cancel', '04', 'cancel it for good (04 注销)'],
  ['lapse', '05', 'let it lapse for good (05 失效)'],
  ['transfer', '06', 'mark it as transferred out (06 办理转出)'],
  ['revoke', '07', 'revoke it for good (07 吊销)'],
]

export function certificateCommand(): Command {
  const command = new Command('certificate')
    .description('certificates of departments: issue, ask how they stand, show fields of them')
    .addCommand(issueCommand())
    .addCommand(replaceCommand())
    .addCommand(showCommand())
    .addCommand(statusCommand())
    .addCommand(changeCommand())
  for (const [name, code, description] of CHANGES)
    command.addCommand(
      takesNote(signs(new Command(name)))
        .description(description)
        .argument('<id>', 'statement id of the certificate')
        .action((id: string, options: ChangeOptions, self: Command) =>
          change(Context.of(self), id, code, options),
        ),
    )
  return command.addCommand(presentCommand()).addCommand(checkCommand())
}

interface IssueOptions extends SigningOptions, Omit<FaceOptions, 'holder'> {
  readonly holder: readonly NamedHolder[]
  readonly holderAccount?: Hex
  readonly renews?: string
  readonly replaces?: string
  readonly output?: string
}

function issueOptions(command: Command): Command {
  return signs(command)
    .requiredOption('--type <code>', 'its type, as in the catalogue')
    .requiredOption(
      '--holder <id>',
      'whose it is, by id or code (001:91310110MADEM002XN); several where it is owned together',
      collect(parseHolder),
    )
    .option('--identifier <identifier>', '电子证照标识; made from its fields unless given')
    .option('--edition <number>', 'the last part of the identifier, 3 digits', '001')
    .option('--valid <days>', '2026-01-01..2030-12-31, in place of what the fields say')
    .option('--holder-account <account>', 'the only account that may present it', parseAddress)
    .option('-o, --output <file>', 'write the evidence there')
}

function issueCommand(): Command {
  return issueOptions(new Command('issue'))
    .description('issue a certificate; by a department that is accredited for its type')
    .argument('<fields>', 'file of what stands on it, JSON')
    .option('--renews <id>', 'the certificate that it renews')
    .option('--replaces <id>', 'the certificate that it takes the place of')
    .action((fields: string, options: IssueOptions, command: Command) => {
      const context = Context.of(command)
      return withSession(context, options, async (session) => {
        await issue(context, fields, options, session)
      })
    })
}

/** Two signatures: the new one, and that the old one is no longer valid. */
function replaceCommand(): Command {
  return issueOptions(new Command('replace'))
    .description('issue a certificate in the place of another, which lapses (05)')
    .argument('<id>', 'the certificate to replace')
    .argument('<fields>', 'file of what stands on the new one, JSON')
    .action((id: string, fields: string, options: IssueOptions, command: Command) => {
      const context = Context.of(command)
      return withSession(context, options, async (session) => {
        await issue(context, fields, { ...options, replaces: id }, session)
        await changeIn(context, id, '05', options, session)
      })
    })
}

async function issue(
  context: Context,
  path: string,
  options: IssueOptions,
  { client, wallet, registries, department }: Session,
): Promise<void> {
  const issuer = department ?? misuse('This account acts for no department.')
  const certificateType = await client.catalogue.certificateType(options.type)
  const holder = await Promise.all(options.holder.map((named) => client.holders.idOf(named)))
  const face = await readFace(path, { ...options, holder }, certificateType)
  const words = describeIssue(face, certificateType, issuer)
  const parties = { addresses: [issuer], holders: holder }
  await agreeToWords(context, words, options, { ledger: client, parties })
  const { renews, replaces, holderAccount } = options
  const serialOf = async (id: string) => (await client.certificates.get(id)).serial
  // Half of the time that a start takes: only who issues needs it.
  const { issueCertificate } = await import('../../../node/core/certificates/issuing.ts')
  const sdJwt = await issueCertificate(
    {
      ...face,
      issuer,
      chainId: registries.chainId,
      issuedAt: Math.floor(Date.now() / 1000),
      ...(renews !== undefined && { renews: await serialOf(renews) }),
      ...(replaces !== undefined && { replaces: await serialOf(replaces) }),
      ...(holderAccount !== undefined && { holderAccount }),
    },
    { sign: signer(decode0x(wallet.privateKey as Hex)), random: randomBytes, certificateType },
  )
  const { id, evidence } = await client.certificates.issue(sdJwt)
  if (options.output !== undefined) await writeOutput(options.output, evidence)
  context.result({ id, identifier: face.identifier }, `Issued: ${id}`)
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell what is on a certificate, as far as one may see it')
    .argument('<id>', 'statement id of the certificate')
    .option('-o, --output <file>', 'write its SD-JWT there: for its holder, to present it')
    .action(async (id: string, options: KeyChoice & { output?: string }, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async ({ client }) => {
        const certificate = await client.certificates.get(id)
        if (options.output !== undefined)
          await writeExactly(options.output, await client.certificates.credential(id))
        const type = await client.catalogue.certificateType(certificate.statement.type)
        context.result(certificate, formatCertificate(certificate, type))
      })
    })
}

function statusCommand(): Command {
  return signs(new Command('status'), { asks: false })
    .description('tell how a certificate stands; its holder or the department that issued it')
    .argument('<id>', 'statement id of the certificate')
    .option('--at <day or time>', 'how it stood then: 2023-08-05, or RFC 3339')
    .action(
      async (id: string, { at, ...choice }: KeyChoice & { at?: string }, command: Command) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client }) => {
          const status = await client.certificates.status(id, at)
          context.result(status, formatStatus(status))
        })
      },
    )
}

interface ChangeOptions extends SigningOptions {
  readonly text?: string
}

function takesNote(command: Command): Command {
  return command.option('--text <text>', 'why; 99 needs it')
}

function changeCommand(): Command {
  return takesNote(signs(new Command('change')))
    .description('change the status of a certificate that one’s department issued')
    .argument('<id>', 'statement id of the certificate')
    .argument(
      '<code>',
      STATUS_CODES.map((code) => `${code} ${STATUS_NAMES[code].en}`).join(', '),
      parseStatus,
    )
    .action((id: string, code: StatusCode, options: ChangeOptions, command: Command) =>
      change(Context.of(command), id, code, options),
    )
}

function change(
  context: Context,
  id: string,
  code: StatusCode,
  options: ChangeOptions,
): Promise<void> {
  return withSession(context, options, (session) => changeIn(context, id, code, options, session))
}

type StatusChange = Extract<Act, { type: 'StatusChange' }>

async function changeIn(
  context: Context,
  id: string,
  code: StatusCode,
  options: ChangeOptions,
  { client, wallet, registries }: Session,
): Promise<void> {
  const { statement, serial } = await client.certificates.get(id)
  const { issuer, type } = statement
  const { text } = options
  const proposal = await client.certificates.previewStatus(id, code, text)
  const message = {
    issuer,
    certificateType: certificateTypeWord(type),
    serial,
    status: Number(code),
  }
  const act = requireSame<StatusChange>(
    { type: 'StatusChange', message },
    proposal.typedData,
    'sequence',
  )
  const sentence = await agreeTo(context, act, client, { ...options, registries })
  const signature = await signAct(act, wallet, registries)
  const answer = await client.certificates.changeStatus(id, { ...act, signature }, text)
  recorded(context, answer, { id, status: code, sentence })
}

interface PresentOptions extends SigningOptions {
  readonly fields: string[]
  readonly nonce: string
  readonly audience: string
  readonly output?: string
}

/** Offline: the holder has the certificate in a file, and nobody learns whom it is shown to. */
function presentCommand(): Command {
  return signs(new Command('present'))
    .description('show fields of a certificate to somebody who asked; by an account of its holder')
    .argument('<certificate>', 'file of the SD-JWT, see `certificate show --output`')
    .requiredOption('--fields <names>', 'what to show, and nothing else', parseNames)
    .requiredOption('--nonce <text>', 'what the verifier gave to be signed')
    .requiredOption('--audience <text>', 'who the verifier is')
    .option('-o, --output <file>', 'write it there instead of to stdout')
    .action(async (path: string, options: PresentOptions, command: Command) => {
      const context = Context.of(command)
      const { fields, nonce, audience, output } = options
      const disclosed = discloseFields((await readFile(path, 'utf8')).trim(), fields)
      const wallet = await openKey(options)
      await agreeToWords(context, describePresentation(fields, audience), options)
      const presentation = await presentCertificate(disclosed, {
        sign: signer(decode0x(wallet.privateKey as Hex)),
        nonce,
        audience,
        now: Math.floor(Date.now() / 1000),
      })
      await writeOutput(output, presentation)
    })
}

function describePresentation(fields: readonly string[], audience: string) {
  return {
    zh: `向“${audience}”出示该证照的下列数据项，且仅此一次：${fields.join('、')}。`,
    en: `Shows “${audience}”, this once, these fields of the certificate: ${fields.join(', ')}.`,
  }
}

interface CheckOptions {
  readonly nonce: string
  readonly audience: string
  readonly issuerAccount: Hex
  readonly holderAccount?: readonly Hex[]
  readonly maxAge: number
}

function checkCommand(): Command {
  return new Command('check-presentation')
    .description('check what a holder showed; offline')
    .argument('<presentation>', 'file of what was shown')
    .requiredOption('--nonce <text>', 'what one gave to be signed')
    .requiredOption('--audience <text>', 'who one is')
    .requiredOption(
      '--issuer-account <account>',
      'by which the issuing department acted, see `party show`',
      parseAddress,
    )
    .option(
      '--holder-account <account>',
      'bound to a holder, see `party holder show`; else the one that the certificate names',
      collect(parseAddress),
    )
    .option('--max-age <seconds>', 'how long ago it may have been signed', parseCount, 300)
    .action(async (path: string, options: CheckOptions, command: Command) => {
      const context = Context.of(command)
      const { nonce, audience, issuerAccount: account, holderAccount, maxAge } = options
      const { certificate, holderAccount: by } = verifyPresentation(
        (await readFile(path, 'utf8')).trim(),
        {
          account,
          ...(holderAccount && { holderAccounts: holderAccount }),
          nonce,
          audience,
          maxAge,
          now: Math.floor(Date.now() / 1000),
        },
      )
      const { issuer, type, identifier, holders, fields } = certificate
      context.result(
        { issuer, type, identifier, holders, fields, by },
        [`${identifier}, shown by ${by}:`, ...Object.entries(fields).map(formatField)].join('\n'),
      )
    })
}

function formatField([name, value]: [string, unknown]): string {
  return `  ${name}  ${typeof value === 'string' ? value : JSON.stringify(value)}`
}

function parseStatus(text: string): StatusCode {
  return (
    STATUS_CODES.find((code) => code === text) ??
    misuse(`A status is one of ${STATUS_CODES.join(', ')}.`)
  )
}
