import { STATUS_NAMES, type StatusCode } from '../certificates/status.ts'
import { CERTIFICATE_TYPES } from '../certificates/included.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Grant } from '../grants/grant.ts'
import { bitsOf } from '../grants/mask.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import type { Act, ActType, Use } from './acts.ts'
import { findCertificateType } from './certificateType.ts'
import {
  findCalled,
  findName,
  formatTime,
  isEndless,
  rangesOf,
  shorten,
  type MessageOf,
  type Vocabulary,
} from './phrases.ts'
import type { Domain } from './typedData.ts'

/** By the bit. */
const RIGHTS = ['账本运行', '证照签发', '主体登记', '用证', '审计', '签发所有类型证照']

/** Hours east of Greenwich, in the whole country. */
const BEIJING = 8

/** The act in one sentence, as of `describeAct`. */
export function sayInChinese(act: Act, words: Vocabulary, domain?: Domain): string {
  const where =
    domain === undefined
      ? ''
      : `（记录于链 ${domain.chainId} 的合约 ${shorten(domain.verifyingContract)}）`
  return typeset(`${clauseOf(act.type, act.message, words)}${where}。`)
}

/** Spaces set off digits and letters; full-width signs bring their own. */
export function typeset(sentence: string): string {
  return sentence.replaceAll('） ', '）').replaceAll(' 「', '「')
}

function clauseOf<T extends ActType>(type: T, message: MessageOf<T>, words: Vocabulary): string {
  return CLAUSES[type](message, (id) => partyOf(id, words), words)
}

type Party = (id: Hex) => string

const CLAUSES: {
  readonly [T in ActType]: (message: MessageOf<T>, party: Party, words: Vocabulary) => string
} = {
  Accreditation: (message, party) =>
    `${party(message.accreditor)} 认可 ${party(message.department)} 履行以下职责：${rightsOf(message.rights)}；期限${periodOf(message, 40)}`,
  TypesChange: (message, party) =>
    `${party(message.accreditor)} ${message.permitted ? '准许' : '不再准许'} ${party(message.department)} 签发以下类型的证照：${message.types.map(typeOf).join('、')}`,
  StandingChange: (message, party) =>
    `${party(message.accreditor)} ${standingOf(message.standing, party(message.department))}`,
  Rekeying: (message, party) =>
    `${party(message.accreditor)} 准许 ${party(message.department)} 自即时起改用账户 ${party(message.account)} 行事`,
  HolderBinding: (message, party) =>
    `${party(message.registrar)} 将账户 ${party(message.account)} 绑定到持证主体 ${party(message.holder)}，该账户此后可代表该主体授权`,
  HolderRelease: (message, party) =>
    `${party(message.registrar)} 解除账户 ${party(message.account)} 与持证主体 ${party(message.holder)} 的绑定；该账户已为该主体作出的授权${message.endGrants ? '同时终止' : '继续有效'}`,
  StatusChange: (message, party) =>
    `${party(message.issuer)} 将类型为 ${typeOf(message.certificateType)} 的证照 ${party(message.serial)} 的状态变更为 ${statusOf(message.status)}，为该证照的第 ${message.sequence + 1} 次变更`,
  Grant: (message, _, words) => grantOf(message, words),
  Revocation: (message, party, words) =>
    `${party(message.revoker)} 永久撤销${grantNamed(message.grant, words)}，由其转授的一切授权一并失效`,
  EpochBump: (message, party) =>
    `${party(message.account)} 永久终止其此前作出的全部授权，并进入第 ${message.epoch} 期`,
  Use: (message, _, words) => useOf(message, words),
}

function grantOf(grant: Grant, words: Vocabulary): string {
  const party = (id: Hex) => partyOf(id, words)
  const source = /^0x0+$/.test(grant.parent) ? '授权' : `将授权 ${shorten(grant.parent)} 转授给`
  return [
    `${party(grant.grantor)} ${source} ${party(grant.grantee)} 使用持证主体 ${party(grant.holder)} 的${itemsOf(grant.items, words)}`,
    `用于${purposesOf(grant.purposes, words)}（清单 ${shorten(grant.scope)}）`,
    `期限${periodOf(grant, 48)}`,
    grant.uses === 0 ? '不限使用次数' : `合计最多使用 ${grant.uses} 次`,
    grant.depth === 0 ? '不得转授' : `最多可再转授 ${grant.depth} 级`,
    `属授权人第 ${grant.epoch} 期`,
  ].join('，')
}

function useOf(use: Use, words: Vocabulary): string {
  return [
    `${partyOf(use.user, words)} 向 ${partyOf(use.audience, words)} 申请调用${itemsOf(use.items, words)}`,
    `用于${purposesOf(use.purposes, words)}`,
    `依据${grantNamed(use.grant, words)}`,
    `为该授权的第 ${use.sequence + 1} 次使用`,
    `办件与经办人见承诺值 ${shorten(use.context)}`,
    isEndless(use.notAfter, 48)
      ? '不限时间'
      : `须在北京时间 ${timeOf(use.notAfter)} 之前（含）办理`,
  ].join('，')
}

function grantNamed(id: Hex, words: Vocabulary): string {
  const { grant } = words
  if (grant === undefined) return `授权 ${shorten(id)}`
  const [grantor, grantee] = [partyOf(grant.grantor, words), partyOf(grant.grantee, words)]
  return `授权 ${shorten(id)}（${grantor} 授予 ${grantee}）`
}

export function partyOf(id: Hex, words: Vocabulary): string {
  const name = findName(words, id)
  return name === undefined ? shorten(id) : `「${name}」（${shorten(id)}）`
}

function standingOf(standing: number, department: string): string {
  if (standing === 0) return `恢复 ${department} 的资格`
  if (standing === 1) return `暂停 ${department} 及其下级各部门的资格`
  return `永久撤销 ${department} 及其下级各部门的资格`
}

function rightsOf(rights: number): string {
  const names = bitsOf(`0x${rights.toString(16)}`).map((bit) => RIGHTS[bit] ?? `未知职责 ${bit}`)
  return names.length === 0 ? '无' : names.join('、')
}

function typeOf(word: Hex): string {
  const code = findCertificateType(word)
  return code === undefined ? word : typeNamed(code)
}

function typeNamed(code: string): string {
  const known = CERTIFICATE_TYPES.find((type) => type.code === code)
  return known === undefined ? code : `${known.name}（${code}）`
}

function statusOf(status: number): string {
  const code = String(status).padStart(2, '0')
  return `${code}（${STATUS_NAMES[code as StatusCode]?.zh ?? '未知'}）`
}

function itemsOf(mask: Hex, words: Vocabulary): string {
  return entriesOf('材料', bitsOf(mask), words.items, (one) => itemOf(one, words))
}

export function itemOf(item: ScopeItem, words: Vocabulary): string {
  const of = 'material' in item ? materialOf(item.material, words) : certificateOf(item, words)
  const fields =
    item.fields === undefined ? '' : ` 的字段 ${fieldsOf(item, item.fields).join('、')}`
  const plain =
    item.plain === undefined ? '' : `，其中 ${fieldsOf(item, item.plain).join('、')} 不脱敏`
  return `${of}${fields}，${item.may === 'copy' ? '可查阅并留存副本' : '仅供查阅'}${plain}`
}

function materialOf(id: string, words: Vocabulary): string {
  const name = findCalled(words, 'materials', id)
  return name === undefined ? `材料 ${id}` : `材料「${name}」（${id}）`
}

function certificateOf(item: { readonly certificateType: string }, words: Vocabulary): string {
  const name = findCalled(words, 'certificateTypes', item.certificateType)
  return name === undefined ? typeNamed(item.certificateType) : `${name}（${item.certificateType}）`
}

/** By the labels that are printed on a certificate of the type. */
function fieldsOf(item: ScopeItem, names: readonly string[]): string[] {
  const type =
    'material' in item
      ? undefined
      : CERTIFICATE_TYPES.find(({ code }) => code === item.certificateType)
  return names.map((name) => {
    const label = type?.fields.find((field) => field.name === name)?.label
    return label === undefined ? name : `${label}（${name}）`
  })
}

function purposesOf(mask: Hex, words: Vocabulary): string {
  return entriesOf('用途', bitsOf(mask), words.purposes, (one) => purposeOf(one, words))
}

export function purposeOf({ matter, department, region }: ScopePurpose, words: Vocabulary): string {
  return [
    matterOf(matter, words),
    ...(department === undefined ? [] : [`限 ${partyOf(department, words)}`]),
    ...(region === undefined ? [] : [`限区划 ${region}`]),
  ].join('，')
}

function matterOf(code: string, words: Vocabulary): string {
  const name = findCalled(words, 'matters', code)
  return name === undefined ? `事项 ${code}` : `事项「${name}」（${code}）`
}

function entriesOf<E>(
  noun: string,
  bits: readonly number[],
  entries: ReadonlyMap<number, E>,
  say: (entry: E) => string,
): string {
  if (bits.length === 0) return `零项${noun}`
  const numbered = `第 ${rangesOf(bits).join('、')} 项${noun}`
  const said = bits.flatMap((bit) => {
    const entry = entries.get(bit)
    return entry === undefined ? [] : [`${bit + 1}：${say(entry)}`]
  })
  return said.length === 0 ? numbered : `${numbered}［${said.join('；')}］`
}

function periodOf(window: { notBefore: number; notAfter: number }, bits: 40 | 48): string {
  const from = window.notBefore === 0 ? '不限起始' : `自北京时间 ${timeOf(window.notBefore)} 起`
  const until = isEndless(window.notAfter, bits)
    ? '长期有效'
    : `至北京时间 ${timeOf(window.notAfter)} 止`
  return `${from}，${until}`
}

export function timeOf(seconds: number): string {
  return formatTime(seconds, BEIJING)
}
