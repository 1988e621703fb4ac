import { hashAct, typedDataOf } from '../../../node/core/acts/typedData.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { undertakingIdOf } from '../../../node/core/statements/undertaking.ts'
import { describeUndertaking } from '../../../node/core/undertakings/sentences.ts'
import type { Undertaking } from '../../../node/core/undertakings/undertaking.ts'
import { textOf } from '../../../node/core/undertakings/words.ts'
import { address, word } from '../registered/examples.ts'

type Examples = ReturnType<typeof makeExamples>

let made: Examples | undefined

/** What the documentation shows of undertakings, made when somebody asks. */
export function examplesOfUndertakings(): Examples {
  return (made ??= makeExamples())
}

function makeExamples() {
  const registries = {
    chainId: 31337,
    parties: address('a'),
    certificates: address('b'),
    grants: address('c'),
  }
  const due = '2026-03-03'
  const message: Undertaking = {
    holder: word('3'),
    by: word('3'),
    account: address('1'),
    caseCode: '001900000100001',
    matter: 'HYGIENE_NEW',
    version: 1,
    material: 'HYGIENE_REPORT',
    role: 'APPLICANT',
    text: textOf(
      {},
      { name: '公共场所卫生许可（新办）' },
      { name: '公共场所卫生检测或者评价报告' },
      due,
    ),
    due,
    audience: audienceOf('ledger.example.org'),
  }
  const act = { type: 'Undertaking', message } as const
  const signature: Hex = `0x${'00'.repeat(64)}1b`
  const id = undertakingIdOf(message)
  const sentence = describeUndertaking(message, registries)
  const check = { result: 'kept' as const, reason: '已按期补交', officer: '王科员' }
  const at = '2026-01-02T03:04:05.678Z'
  return {
    draft: { case: message.caseCode, material: message.material },
    preview: { typedData: typedDataOf(act, registries), sentence },
    signed: { undertaking: message, signature },
    check,
    given: {
      ...message,
      id,
      index: 43,
      at,
      state: 'kept',
      sentence,
      digest: encode0x(hashAct(act, registries)),
      signature,
      checks: [{ id: `${id}-0`, ...check, by: address('4'), index: 57, at }],
    },
  }
}
