import type { Words } from './narrator.ts'

/** One thing changed in the evidence of a use, and what the verifier says about it. */
export interface Alteration {
  readonly words: Words
  /** The first check that fails, and its code. */
  readonly code: string
  /** Where, as a path of members. */
  readonly at: readonly (string | number)[]
  readonly to: (was: string) => unknown
}

/** Another digit in the place of the last: still of the right form, and no longer right. */
const otherDigit = (was: string) => was.slice(0, -1) + (was.endsWith('0') ? '1' : '0')

const inReceipt = 'commitment COMMITMENT_MISMATCH'

export const ALTERATIONS: readonly Alteration[] = [
  {
    words: { zh: '回执里的办件编码', en: 'The case, in the receipt' },
    code: inReceipt,
    at: ['statement', 'context', 'case'],
    to: otherDigit,
  },
  {
    words: { zh: '回执里的经办人', en: 'The officer, in the receipt' },
    code: inReceipt,
    at: ['statement', 'context', 'officer'],
    to: () => '别人',
  },
  {
    words: { zh: '授权里的使用次数', en: 'How often the grant may be used' },
    code: inReceipt,
    at: ['statement', 'authorizations', 0, 'chain', 0, 'uses'],
    to: () => 5,
  },
  {
    words: { zh: '部门的签名', en: 'The department’s signature' },
    code: inReceipt,
    at: ['statement', 'authorizations', 0, 'signature'],
    to: (was) => was.replace(/^0x../, '0xff'),
  },
  {
    words: { zh: '随机盐', en: 'The salt' },
    code: inReceipt,
    at: ['salt'],
    to: otherDigit,
  },
  {
    words: { zh: '日志里的时间', en: 'The time in the log' },
    code: 'inclusion MERKLE_ROOT_MISMATCH',
    at: ['entry', 'at'],
    to: (was) => was.replace(/^..../, '2020'),
  },
  {
    words: { zh: '检查点的签名', en: 'The signature of the checkpoint' },
    code: 'checkpoint CHECKPOINT_SIGNATURE_INVALID',
    at: ['proof'],
    to: (was) => was.replace(/.{8}(={0,2}\n)$/, 'AAAAAAAA$1'),
  },
  {
    words: { zh: '锚定所在的日志', en: 'The log on chain' },
    code: 'anchor ANCHOR_LOG_MISMATCH',
    at: ['anchors', 0, 'logId'],
    to: otherDigit,
  },
  {
    words: { zh: '锚定的区块头', en: 'The header of the anchor’s block' },
    code: 'anchor ANCHOR_HEADER_MISMATCH',
    at: ['anchors', 0, 'header'],
    to: otherDigit,
  },
  {
    words: { zh: '证照的发证语句', en: 'The statement that issued the certificate' },
    code: 'issuer CERTIFICATE_ALTERED',
    at: ['certificate', 'statement', 'identifier'],
    to: otherDigit,
  },
  {
    words: { zh: '链上状态的证明', en: 'The proof of what the chain held' },
    code: 'status STATE_SLOT_PROOF_INVALID',
    at: ['states', 1, 'contracts', 0, 'slots', 0, 'proof', 0],
    to: otherDigit,
  },
]

/** The document with this one thing changed. */
export function alter(evidence: string, { at, to }: Alteration): string {
  const document = JSON.parse(evidence) as Record<string | number, unknown>
  const last = at.at(-1) ?? ''
  let place: Record<string | number, unknown> = document
  for (const member of at.slice(0, -1)) place = place[member] as typeof place
  place[last] = to(String(place[last]))
  return JSON.stringify(document)
}
