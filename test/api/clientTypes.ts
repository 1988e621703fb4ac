import type { OnceClient, ReuseOutcome, SigningAccount } from '../../api/client/index.ts'
import { signPreview } from '../../api/client/index.ts'
import type { ActOf, SignedAct } from '../../node/core/acts/acts.ts'
import type { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Signer } from '../../api/client/signer.ts'

/**
 * What programs write against the client without a cast. Nothing here runs: that it compiles is what is checked, with
 * all else, by `tsc`.
 */

type IsAny<A> = 0 extends 1 & A ? true : false
type Same<A, B> = IsAny<A> extends true ? never : [A, B] extends [B, A] ? true : never

declare const client: OnceClient
declare const office: SigningAccount
declare const signer: Signer
declare const address: Hex

export async function previewsSayWhatIsSigned(): Promise<void> {
  const standing = { department: address, standing: 1 }
  const suspended = await client.departments.preview({ type: 'StandingChange', message: standing })
  void (true satisfies Same<typeof suspended.typedData.primaryType, 'StandingChange'>)
  void (true satisfies Same<typeof suspended.typedData.message, ActOf<'StandingChange'>['message']>)
  const { nonce } = suspended.typedData.message
  void (true satisfies Same<typeof nonce, number>)
  // @ts-expect-error another act has other members
  void suspended.typedData.message.rights

  const bound = await client.holders.previewBinding(address, address)
  void (true satisfies Same<typeof bound.typedData.message.holder, Hex>)
  const released = await client.holders.previewRelease(address, address)
  void (true satisfies Same<typeof released.typedData.message.endGrants, boolean>)
  const changed = await client.certificates.previewStatus('c-1', '02')
  void (true satisfies Same<typeof changed.typedData.message.sequence, number>)
  const granted = await client.grants.preview({ grant: { grantee: address } as never })
  void (true satisfies Same<typeof granted.typedData.message, ActOf<'Grant'>['message']>)
  const ended = await client.grants.previewEpoch()
  void (true satisfies Same<typeof ended.typedData.message.epoch, number>)
  const { acts } = await client.uses.preview({} as never)
  void (true satisfies Same<(typeof acts)[number]['typedData']['message'], ActOf<'Use'>['message']>)
}

export async function whatIsPreviewedIsSignedAndHandedIn(): Promise<void> {
  const message = { department: address, standing: 1 }
  const standing = await client.departments.preview({ type: 'StandingChange', message })
  const act: SignedAct = await signPreview(standing, signer)
  await client.departments.act(act)
  await client.departments.act(await signPreview(standing, signer))

  const account = { department: address, account: address }
  const rekeying = await client.departments.preview({ type: 'Rekeying', message: account })
  const signed = await signPreview(rekeying, signer)
  await client.departments.act({ ...signed, accountSignature: '0x' })
  // @ts-expect-error the account that takes over has to sign, too
  await client.departments.act(signed)

  await client.holders.bind(
    address,
    await signPreview(await client.holders.previewBinding(address, address), signer),
  )
  const status = await signPreview(await client.certificates.previewStatus('c-1', '02'), signer)
  await client.certificates.changeStatus('c-1', status)
  const revocation = await signPreview(await client.grants.previewRevocation(address), signer)
  await client.grants.revoke(address, revocation)
  await client.grants.bumpEpoch(await signPreview(await client.grants.previewEpoch(), signer))
}

export async function whatIsRefusedIsAnError(): Promise<void> {
  const [outcome] = await office.reuse('310110202600001', { officer: '孙窗口', cause: '住所变更' })
  void (true satisfies Same<typeof outcome, ReuseOutcome | undefined>)
  if (outcome === undefined) return
  if ('error' in outcome) void (true satisfies Same<typeof outcome.error, LedgerError>)
  else void (true satisfies Same<typeof outcome.use, string>)
  for await (const entry of client.catalogue.load([]))
    if ('error' in entry) void (true satisfies Same<typeof entry.error, LedgerError>)
    else void (true satisfies Same<typeof entry.created, boolean>)
}

export async function candidatesAreUsedAsTheyCome(): Promise<void> {
  const reason = { case: '310110202600001', matter: 'M', officer: '孙窗口', cause: '住所变更' }
  const { materials } = await client.cases.dryRun({ applicant: address })
  for (const material of materials) {
    const receipt = await office.use(material, reason)
    void (true satisfies Same<typeof receipt.evidence, string>)
    const check = await office.check(material, [{ kind: 'validOn', day: '2026-01-02' }], reason)
    void (true satisfies Same<typeof check.answers, boolean[]>)
  }
  const answered = await office.answerRequest('r-1', ({ sentence }) =>
    sentence.zh.includes('copy') ? { decline: '只可查阅' } : { grant: { uses: 1 } },
  )
  if (answered.answer === 'approved') void (true satisfies Same<typeof answered.grant, Hex>)
  else void (true satisfies Same<typeof answered.evidence, string>)
}
