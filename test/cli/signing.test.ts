import { expect } from 'chai'
import { verifyTypedData, Wallet } from 'ethers'
import { PassThrough } from 'node:stream'
import { identifierOf } from '../../api/cli/certifying/identifier.ts'
import { describeIssue } from '../../api/cli/certifying/face.ts'
import { getCertificateType } from '../../node/core/certificates/included.ts'
import { confirm } from '../../api/cli/signing/confirm.ts'
import { ledgerSays, partiesIn } from '../../api/cli/signing/ledgerSays.ts'
import { requireSame } from '../../api/cli/signing/proposal.ts'
import { signAct } from '../../api/client/index.ts'
import { parseAddress, parseFrom, parseNames, parseUntil } from '../../api/cli/signing/values.ts'
import type { Act } from '../../node/core/acts/acts.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { STRUCTS } from '../../node/core/acts/structs.ts'
import { domainOf } from '../../node/core/acts/typedData.ts'
import { codeOf } from '../support/codes.ts'
import { REGISTRIES } from '../core/acts/support.ts'

/** Answers what is asked at a terminal. */
async function ask(typed: string, { isTTY = true, yes = false, isEnded = false } = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const asked = confirm('Sign this?', { yes }, Object.assign(input, { isTTY }), output)
  input.write(typed)
  if (isEnded) input.end()
  return asked.then(
    () => 'signs',
    (error: { exitCode?: number; message: string }) => error,
  )
}

describe('asking before something is signed', () => {
  for (const answer of ['y', 'Y', 'yes', ' yes '])
    it(`takes ${JSON.stringify(answer)} for yes`, async () => {
      expect(await ask(`${answer}\n`)).to.equal('signs')
    })

  for (const answer of ['', 'n', 'no', 'yep', '是'])
    it(`takes ${JSON.stringify(answer)} for no, and ends with 2`, async () => {
      expect(await ask(`${answer}\n`)).to.include({ exitCode: 2, message: 'Nothing was signed.' })
    })

  it('takes the end of the input for no', async () => {
    expect(await ask('', { isEnded: true })).to.include({ exitCode: 2 })
  })

  it('refuses where there is no terminal, and says what to do', async () => {
    const refused = await ask('y\n', { isTTY: false })
    expect(refused).to.include({ exitCode: 2 })
    expect((refused as Error).message).to.include('--yes')
  })

  it('asks nobody where --yes was given', async () => {
    expect(await ask('', { isTTY: false, yes: true })).to.equal('signs')
  })
})

const wallet = new Wallet(`0x${'c5'.repeat(32)}`)
const account = wallet.address.toLowerCase() as `0x${string}`
type Bump = Extract<Act, { type: 'EpochBump' }>
const bump: Bump = { type: 'EpochBump', message: { account, epoch: 3 } }

describe('signing', () => {
  it('signs the very act, for the registries that were named', async () => {
    const signature = await signAct(bump, wallet, REGISTRIES)
    const types = { EpochBump: STRUCTS.EpochBump.fields.map((field) => ({ ...field })) }
    const domain = domainOf('EpochBump', REGISTRIES)
    expect(verifyTypedData(domain, types, bump.message, signature)).to.equal(wallet.address)
    expect(signature).to.match(/^0x[0-9a-f]{130}$/)
  })

  const asked = { type: 'EpochBump', message: { account } } as const

  it('takes from a ledger what was for it to say', () => {
    const proposed = { primaryType: 'EpochBump', message: { account, epoch: 7 } }
    expect(requireSame<Bump>(asked, proposed, 'epoch')).to.deep.equal({
      type: 'EpochBump',
      message: { account, epoch: 7 },
    })
  })

  for (const [what, proposed] of [
    ['another act', { primaryType: 'Revocation', message: { account, epoch: 7 } }],
    ['another account', { primaryType: 'EpochBump', message: { account: `0x${'1'.repeat(40)}` } }],
    ['more than was asked for', { primaryType: 'EpochBump', message: { account, more: 1 } }],
    ['less', { primaryType: 'EpochBump', message: {} }],
  ] as const)
    it(`refuses a ledger that proposes ${what}`, async () => {
      expect(await codeOf((async () => requireSame<Bump>(asked, proposed, 'epoch'))())).to.equal(
        'ANSWER_UNEXPECTED',
      )
    })
})

describe('what the ledger says of those whom an act names', () => {
  const holder = `0x${'ab'.repeat(32)}` as const

  it('is asked for the departments, accounts and holders that stand in it', () => {
    const message = { registrar: account, holder, account, nonce: 1 }
    expect(partiesIn({ type: 'HolderBinding', message })).to.deep.equal({
      addresses: [account, account],
      holders: [holder],
    })
  })

  it('stands below what is signed, a line each, whatever somebody called itself', () => {
    const names = new Map([[holder, '某公司\n0x12345678…12345678\u202e  某局']])
    expect(ledgerSays(names).split('\n')).to.deep.equal([
      '账本称（不在签名之内） The ledger says, and it is not signed:',
      '  0xabababab…abababab  某公司0x12345678…12345678  某局',
    ])
  })

  it('is nothing where it has no name', () => {
    expect(ledgerSays(new Map())).to.equal('')
  })
})

describe('what is typed', () => {
  it('a day begins and ends in China', () => {
    expect(parseUntil('2023-08-05')).to.equal(Date.parse('2023-08-05T23:59:59+08:00') / 1000)
    expect(parseFrom('2023-08-05')).to.equal(Date.parse('2023-08-05T00:00:00+08:00') / 1000)
    expect(parseFrom('2023-08-05T10:00:00+08:00')).to.equal(1_691_200_800)
  })

  it('an address may be written as wallets do', () => {
    expect(parseAddress(wallet.address)).to.equal(account)
  })

  it('names are sorted, each once', () => {
    expect(parseNames('b, a,b')).to.deep.equal(['a', 'b'])
  })

  for (const [what, parse, text] of [
    ['a day that is none', parseUntil, '2023-02-30'],
    ['a time without its offset', parseUntil, '2023-08-05T10:00:00'],
    ['a short address', parseAddress, '0x12'],
    ['an empty name', parseNames, 'a,,b'],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(() => parse(text))
        .to.throw()
        .with.property('code', 'commander.invalidArgument')
    })
})

describe('a certificate’s identifier', () => {
  it('follows from its face, check character included', () => {
    const fields = { issuerCode: '12310000MBDEM0293B', certificateNumber: '20210000000000012345' }
    const identifier = identifierOf(getCertificateType('11100000MB03271699001'), fields, '001')
    expect(identifier).to.equal(
      '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.20210000000000012345.001.O',
    )
  })

  it('carries no number that is somebody’s own: its serial is made up, each time another', () => {
    const fields = { issuerCode: '11310110MBDEM0306Q', certificateNumber: '310199195506080021' }
    const [one, two] = [1, 2].map(() =>
      identifierOf(getCertificateType('11100000000013127D001'), fields, '001'),
    )
    expect(one).to.match(
      /^1\.2\.156\.3005\.2\.11100000000013127D001\.11310110MBDEM0306Q\.[0-9A-F]{32}\.001\.[0-9A-Z]$/,
    )
    expect(one).not.to.equal(two)
  })

  it('is refused where the face cannot make one', async () => {
    const fields = { issuerCode: '?', certificateNumber: '1' }
    expect(
      await codeOf(
        (async () => identifierOf(getCertificateType('11100000MB03271699001'), fields, '001'))(),
      ),
    ).to.equal('CERTIFICATE_IDENTIFIER_MALFORMED')
  })

  it('is refused with what the face gave, so that somebody sees which field to correct', () => {
    const fields = { issuerCode: '12310000MBDEM0293B', certificateNumber: 'BDC-1' }
    const type = getCertificateType('11100000MB03271699001')
    expect(() => identifierOf(type, fields, '001'))
      .to.throw(LedgerError)
      .with.deep.property('details', {
        made: '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.BDC-1.001',
      })
  })

  it('stands in the words that are agreed to, with type, holders and days', () => {
    const face = {
      type: '11100000MB03271699001',
      identifier: '1.2.3',
      holders: [`0x${'ab'.repeat(32)}` as const],
      fields: { validFrom: '2021-05-18', validTo: '长期' },
    }
    const { zh, en } = describeIssue(face, getCertificateType(face.type), account)
    for (const words of [zh, en])
      expect(words).to.include('1.2.3').and.include('不动产权证书').and.include('2021-05-18')
    expect(en).to.include('without end')
  })
})
