import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openDevelopmentAuthority } from '../../node/chain/embedded/authority.ts'
import { issueCertificate } from '../../node/core/certificates/issuing.ts'
import { certificateTypeWord } from '../../node/core/acts/certificateType.ts'
import type { Act } from '../../node/core/acts/acts.ts'
import { decode0x, encode0x } from '../../node/core/ethereum/hex.ts'
import { EVERY_TYPE, rightTo } from '../../node/core/parties/roles.ts'
import { audienceOf } from '../../node/core/grants/use.ts'
import { holderIdOf } from '../../node/core/parties/holder.ts'
import { OnceClient } from '../../api/client/index.ts'
import type { Narrator } from './narrator.ts'
import type { DemoNode } from './node.ts'
import { Player } from './player.ts'
import { certificateOf, holderId, signAloud } from './stage.ts'
import type { IssuedCertificate, Stage } from './stage.ts'
import { CERTIFICATES, DELEGATES, DEPARTMENTS, HOLDERS, TYPES } from './world.ts'
import type { CertificateKey, DepartmentKey, HolderKey } from './world.ts'

/** Who plays: everybody gets a key of their own and signs in with it. */
export async function enterAll({ url, folder }: DemoNode, narrator: Narrator): Promise<Stage> {
  const { origin, registries } = await new OnceClient({ url }).describe()
  if (registries === undefined) throw new TypeError('the demo needs a ledger with registries')
  const authority = await openDevelopmentAuthority(folder)
  const enter = async <Key extends string>(names: Readonly<Record<Key, string>>) => {
    const entering = Object.entries<string>(names).map(
      async ([key, name]) => [key, await Player.enter(name, url)] as const,
    )
    return Object.fromEntries(await Promise.all(entering)) as Record<Key, Player>
  }
  const stage: Stage = {
    url,
    folder,
    origin,
    registries,
    narrator,
    authority: await Player.enter('开发用根机构', url, authority.privateKey),
    departments: await enter(namesIn(DEPARTMENTS)),
    holders: await enter(namesIn(HOLDERS)),
    delegates: await enter(DELEGATES),
    holderIds: new Map(),
    names: new Map(),
    certificates: new Map(),
  }
  const { departments, holders, delegates } = stage
  for (const player of [
    stage.authority,
    ...[departments, holders, delegates].flatMap(Object.values),
  ])
    if (player instanceof Player) stage.names.set(player.account, player.name)
  stage.names.set(audienceOf(origin), `账本 ${origin}`)
  return stage
}

/** The department above gives rights, says who it is, and permits types; the department agrees by its own key. */
export async function accredit(stage: Stage, key: DepartmentKey): Promise<void> {
  const { authority, departments } = stage
  const { name, code, region, roles, types, above } = DEPARTMENTS[key]
  const accreditor = above === 'authority' ? authority : departments[above]
  const department = departments[key]
  const rights = roles.map(rightTo).reduce((all, right) => all | right, 0)
  const accreditation = {
    accreditor: accreditor.account,
    department: department.account,
    // Whoever permits types to others needs them itself.
    rights: above === 'authority' ? rights | EVERY_TYPE : rights,
    notBefore: 0,
    notAfter: 2 ** 40 - 1,
  }
  const act = await proposed(accreditor, { type: 'Accreditation', message: accreditation })
  const signature = await signAloud(stage, accreditor, act)
  const accountSignature = await department.sign(act, stage.registries)
  const description = { name, region, code }
  await accreditor.client.departments.act({ ...act, signature, accountSignature } as never, {
    description,
  })
  if (types === undefined) return
  const permission = await proposed(accreditor, {
    type: 'TypesChange',
    message: {
      accreditor: accreditor.account,
      department: department.account,
      types: types.map((type) => certificateTypeWord(TYPES[type])),
      permitted: true,
    },
  })
  const permitted = await signAloud(stage, accreditor, permission)
  await accreditor.client.departments.act({ ...permission, signature: permitted } as never)
}

/** A registrar says who stands behind a salted id, and binds the account. */
export async function register(stage: Stage, key: HolderKey, by: DepartmentKey): Promise<void> {
  const { departments, holders, holderIds, names } = stage
  const { codeType, code, name } = HOLDERS[key]
  const salt = encode0x(randomBytes(32))
  const registrar = departments[by]
  const holder = holderIdOf(decode0x(salt), codeType, code)
  names.set(holder, name)
  const registration = { salt, codeType, code }
  const { typedData } = await registrar.client.holders.preview(registration, holders[key].account)
  const act = { type: 'HolderBinding', message: typedData.message } as unknown as Act
  const signature = await signAloud(stage, registrar, act)
  await registrar.client.holders.register({ ...act, signature } as never, { ...registration, name })
  holderIds.set(key, holder)
}

/** The department signs the credential itself; issuing costs no transaction. */
export async function issue(stage: Stage, key: CertificateKey): Promise<IssuedCertificate> {
  const { type, by, holders, identifier, fields, replaces } = CERTIFICATES[key]
  const issuer = stage.departments[by]
  const credential = await issueCertificate(
    {
      issuer: issuer.account,
      chainId: stage.registries.chainId,
      type: TYPES[type],
      identifier,
      holders: holders.map((holder) => holderId(stage, holder)),
      issuedAt: Math.floor(Date.now() / 1000),
      fields,
      ...(replaces && { replaces: certificateOf(stage, replaces).serial }),
    },
    { sign: issuer.signBytes, random: randomBytes },
  )
  const { id } = await issuer.client.certificates.issue(credential)
  const { serial } = await issuer.client.certificates.get(id)
  const issued = { id, serial }
  stage.certificates.set(key, issued)
  return issued
}

type DepartmentDraft = Parameters<OnceClient['departments']['preview']>[0]

async function proposed(accreditor: Player, draft: DepartmentDraft): Promise<Act> {
  const { typedData } = await accreditor.client.departments.preview(draft)
  return { type: draft.type, message: typedData.message } as unknown as Act
}

function namesIn<Key extends string>(
  sources: Readonly<Record<Key, { readonly name: string }>>,
): Record<Key, string> {
  return Object.fromEntries(
    Object.entries<{ readonly name: string }>(sources).map(([key, { name }]) => [key, name]),
  ) as Record<Key, string>
}

export const trustPath = ({ folder }: Pick<Stage, 'folder'>): string => join(folder, 'trust.json')
