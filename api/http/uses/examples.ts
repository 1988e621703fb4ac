import type { Use } from '../../../node/core/acts/acts.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import { openingsForUse, openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { contextOf } from '../../../node/core/uses/context.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import { useStatementId } from '../../../node/core/uses/request.ts'
import { address, previewOf, registries, signature, word } from '../registered/examples.ts'

type Examples = ReturnType<typeof makeExamples>

let made: Examples | undefined

/** What the documentation shows of a use; made when somebody asks: a start should not wait for its hashes. */
export function examplesOfUses(): Examples {
  return (made ??= makeExamples())
}

function makeExamples() {
  const matter = 'company-address-change'
  const document: ScopeDocument = {
    v: 1,
    seed: 'd'.repeat(64),
    items: [
      { certificateType: '11100000MB03271699001', fields: ['certNo', 'location'], may: 'copy' },
    ],
    purposes: [{ matter, region: '310110' }],
  }
  const mask = `0x${'0'.repeat(63)}1` as const
  const window = { notBefore: 1_767_196_800, notAfter: 1_769_875_199 }
  const grant: Grant = {
    parent: word('0'),
    grantor: address('5'),
    grantee: address('2'),
    holder: word('3'),
    scope: scopeOf(document),
    items: mask,
    purposes: mask,
    ...window,
    depth: 0,
    uses: 1,
    epoch: 0,
    salt: word('6'),
  }
  const masks = { items: mask, purposes: mask }
  const salted = {
    case: '310110202600001',
    matter,
    officer: '张示例',
    cause: '变更住所',
    until: '2026-01-31',
    salt: '7'.repeat(64),
  }
  const subject: Asked['subject'] = {
    kind: 'certificate',
    id: 'certificate-7Q2pXo0mD4cQ3bYp8W1kUu5h2m9tL6sE0aVnRjZfGxI',
  }

  const asked: Asked = { subject, fields: ['location'], manner: 'copy', context: salted }

  const message: Use = {
    grant: grantIdOf(grant, registries),
    user: address('2'),
    ...masks,
    context: contextOf(asked),
    audience: audienceOf('log.example.org/shanghai'),
    sequence: 0,
    notAfter: 1_767_250_600,
  }
  const openings = openingsForUse(openScope(document, masks), masks)
  const draft = { ...asked, authorizations: [{ chain: [grant], openings }] }

  const authorization = { chain: [grant], use: message, signature, openings }
  const request = { ...asked, authorizations: [authorization] }

  const preview = {
    acts: [{ ...previewOf({ type: 'Use', message }, [address('2')]), counted: true }],
    reasons: [],
  }

  const { salt: _, ...context } = salted
  const use = {
    id: useStatementId({ authorizations: [authorization] }, registries),
    index: 7,
    at: '2026-01-02T03:04:05.678Z',
    result: 'released',
    subject: { ...subject, type: '11100000MB03271699001' },
    holders: [grant.holder],
    user: address('2'),
    userName: '杨浦区（示例）市场监督管理局',
    fields: asked.fields,
    manner: asked.manner,
    context,
    grants: [[message.grant]],
    counted: [word('e')],
    expires: 1_769_875_200,
  }

  const copy = {
    v: 1,
    kind: 'derivedCopy',
    of: subject,
    mark: {
      maker: 'log.example.org/shanghai',
      at: 1_767_250_000,
      department: address('2'),
      departmentName: use.userName,
      officer: context.officer,
      cause: context.cause,
      case: context.case,
      matter,
      matterName: '公司变更登记（住所变更）',
      expires: use.expires,
      use: use.id,
    },
    fields: { location: '杨浦区示例路100号8层' },
    credential: 'eyJ0eXAi.eyJpc3Mi.c2ln~WyJhIl0~',
  }

  const event = `id: ${use.index}\nevent: use\ndata: ${JSON.stringify(use)}\n\n`
  return { draft, request, preview, use, copy, event }
}
