import { domainOf } from '../acts/typedData.ts'
import { findName, shorten } from '../acts/phrases.ts'
import type { Vocabulary } from '../acts/phrases.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Registries } from '../parties/registries.ts'
import type { Undertaking } from './undertaking.ts'

/**
 * Who undertakes what, word for word, for the person who is about to sign it: every member stands in it.
 *
 * @param registries name the chain and the contract that the signature is bound to
 * @param names of accounts, holders and ledgers; stand beside the id, never in its place
 */
export function describeUndertaking(
  undertaking: Undertaking,
  registries: Registries,
  names: ReadonlyMap<Hex, string> = new Map(),
): { zh: string; en: string } {
  const { chainId, verifyingContract } = domainOf('Undertaking', registries)
  const words: Vocabulary = { names, items: new Map(), purposes: new Map() }
  const { holder, by, account, caseCode, matter, version, material, role, due, audience } =
    undertaking
  // It may quote, and nothing of it may turn or break the line.
  const text = undertaking.text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  const [zh, en] = [partyIn(words, '「', '」（', '）'), partyIn(words, '“', '” (', ')')]
  const contract = shorten(verifyingContract)
  const later = due === '' ? ['', ''] : [`，至迟于 ${due} 补交该材料`, `, to come by ${due}`]
  return {
    zh:
      `${zh(by)} 以账户 ${zh(account)} 为持证主体 ${zh(holder)} 就办件 ${caseCode}（事项 ${matter} 第 ${version} 版）` +
      `中 ${role} 的材料 ${material} 向账本 ${zh(audience)} 作出承诺${later[0]}，` +
      `签名绑定于链 ${chainId} 的合约 ${contract}。承诺内容：${text}`,
    en:
      `${en(by)}, by account ${en(account)}, undertakes for holder ${en(holder)} in case ${caseCode} ` +
      `(matter ${matter}, version ${version}) to ledger ${en(audience)}, in the place of material ${material} of ` +
      `${role}${later[1]} (bound to chain ${chainId}, contract ${contract}): ${text}`,
  }
}

function partyIn(words: Vocabulary, open: string, between: string, close: string) {
  return (id: Hex) => {
    const name = findName(words, id)
    return name === undefined ? shorten(id) : `${open}${name}${between}${shorten(id)}${close}`
  }
}
