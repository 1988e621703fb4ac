import { expect } from 'chai'
import fc from 'fast-check'
import type { Act } from '../../../node/core/acts/acts.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { formatTime, rangesOf, shorten } from '../../../node/core/acts/phrases.ts'
import { describeAct } from '../../../node/core/acts/sentences.ts'
import { STRUCTS } from '../../../node/core/acts/structs.ts'
import { hashAct } from '../../../node/core/acts/typedData.ts'
import { encode0x, type Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { openScope, readScope, scopeOf } from '../../../node/core/grants/scope.ts'
import { codeOf } from '../evidence/codeOf.ts'
import { ACT_TYPES, arbitraryAct, GRANT, REGISTRIES } from './support.ts'

/** What changes nothing for people. */
const UNSAID = ['nonce', 'salt']

const LICENCE = '11100000MB0143028R001'
const scope = readScope({
  v: 1,
  seed: '5e'.repeat(32),
  items: [
    { certificateType: LICENCE, fields: ['certificateNumber', 'issueDate'], may: 'copy' },
    { material: 'floor-plan', may: 'read' },
    { material: 'lease', fields: ['rent'], may: 'read' },
  ],
  purposes: [
    { matter: '310190010000', department: GRANT.grantee, region: '310110' },
    { matter: '310190020000' },
  ],
})
const grant: Grant = { ...GRANT, scope: scopeOf(scope) }
const grantAct: Act = { type: 'Grant', message: grant }
const view = openScope(scope, grant)
const use: Act = {
  type: 'Use',
  message: {
    grant: encode0x(hashAct(grantAct, REGISTRIES)),
    user: GRANT.grantee,
    items: GRANT.items,
    purposes: GRANT.purposes,
    context: GRANT.holder,
    audience: GRANT.salt,
    sequence: 0,
    notAfter: 1_691_200_800,
  },
}
const names = new Map<Hex, string>([
  [GRANT.grantor, '滨江置业'],
  [GRANT.grantee, '云启数科'],
])

const bit = (n: bigint): Hex => `0x${n.toString(16).padStart(64, '0')}`

const accreditation = (notBefore: number, notAfter: number) => {
  const [accreditor, department] = [GRANT.grantor, GRANT.grantee]
  const message = { accreditor, department, rights: 0b100010, notBefore, notAfter, nonce: 0 }
  return describeAct({ type: 'Accreditation', message })
}

describe('the sentence of an act', () => {
  it('of a grant says everything that is signed, in both languages', () => {
    expect(describeAct(grantAct, { names, scope: view, registries: REGISTRIES })).to.deep.equal({
      zh: '「滨江置业」（0xa1a1a1a1…a1a1a1a1）授权「云启数科」（0xa2a2a2a2…a2a2a2a2）使用持证主体 0xb1b1b1b1…b1b1b1b1 的第 1、3 项材料［1：营业执照（11100000MB0143028R001）的字段 证照编号（certificateNumber）、证照颁发日期（issueDate），可查阅并留存副本；3：材料 lease 的字段 rent，仅供查阅］，用于第 1 项用途［1：事项 310190010000，限「云启数科」（0xa2a2a2a2…a2a2a2a2），限区划 310110］（清单 SCOPE），期限自北京时间 2023-08-01 08:00:00 起，至北京时间 2023-09-01 07:59:59 止，合计最多使用 1 次，最多可再转授 2 级，属授权人第 0 期（记录于链 31337 的合约 0x03030303…03030303）。'.replace(
        'SCOPE',
        shorten(grant.scope),
      ),
      en: '“滨江置业” (0xa1a1a1a1…a1a1a1a1) grants “云启数科” (0xa2a2a2a2…a2a2a2a2) the use of items 1, 3 [1: fields certificateNumber, issueDate of certificates 11100000MB0143028R001, to read and to copy; 3: fields rent of material lease, to read only] of holder 0xb1b1b1b1…b1b1b1b1, for purpose 1 [1: matter 310190010000 at “云启数科” (0xa2a2a2a2…a2a2a2a2) in region 310110] (lists SCOPE), from 2023-08-01T00:00:00Z until 2023-08-31T23:59:59Z, at most once in all, to be passed on over at most 2 further levels, in epoch 0 of the grantor (recorded on chain 31337 by contract 0x03030303…03030303).'.replace(
        'SCOPE',
        shorten(grant.scope),
      ),
    })
  })

  for (const type of ACT_TYPES) {
    it(`of ${type} changes with every member but nonce and salt`, () => {
      fc.assert(
        fc.property(arbitraryAct(type), arbitraryAct(type), (act, other) => {
          const said = describeAct(act)
          for (const { name } of STRUCTS[type].fields) {
            if (UNSAID.includes(name) || saidOf(act, name) === saidOf(other, name)) continue
            const message = { ...act.message, [name]: memberOf(other, name) }
            const changed = { type, message } as Act
            expect(describeAct(changed).en, name).not.to.equal(said.en)
            expect(describeAct(changed).zh, name).not.to.equal(said.zh)
          }
        }),
      )
    })

    it(`of ${type} is one line that ends as sentences do`, () => {
      fc.assert(
        fc.property(arbitraryAct(type), (act) => {
          const { zh, en } = describeAct(act, { registries: REGISTRIES })
          expect(en).to.match(/^\P{C}+\.$/u)
          expect(zh).to.match(/^\P{C}+。$/u)
          expect(en + zh).not.to.match(/undefined|NaN|null|\[object/)
        }),
      )
    })
  }

  it('changes with one second, one bit, one more level and one more use', () => {
    const changes: Partial<Grant>[] = [
      { notBefore: grant.notBefore + 1 },
      { notAfter: grant.notAfter + 1 },
      { depth: 0 },
      { depth: 1 },
      { uses: 0 },
      { uses: 2 },
      { epoch: 1 },
      { parent: GRANT.salt },
      ...Array.from({ length: 256 }, (_, n) => ({ items: bit(1n << BigInt(n)) })),
      ...Array.from({ length: 256 }, (_, n) => ({
        purposes: bit((1n << 256n) - 1n - (1n << BigInt(n))),
      })),
    ]
    const all = [{}, ...changes].map((change) =>
      describeAct({ type: 'Grant', message: { ...grant, ...change } }),
    )
    expect(new Set(all.map(({ en }) => en)).size).to.equal(all.length)
    expect(new Set(all.map(({ zh }) => zh)).size).to.equal(all.length)
  })

  it('of a use or a revocation tells whose grant it is about, and refuses to tell of another', () => {
    const around = { names, registries: REGISTRIES, grant }
    const { zh, en } = describeAct(use, { ...around, scope: view })
    expect(en).to.include('by “滨江置业” (0xa1a1a1a1…a1a1a1a1) to “云启数科”')
    expect(en).to.include('3: fields rent of material lease, to read only')
    expect(zh).to.include('须在北京时间 2023-08-05 10:00:00 之前（含）办理')
    const { grant: id } = use.message as { grant: Hex }
    const revocation: Act = { type: 'Revocation', message: { grant: id, revoker: GRANT.grantor } }
    expect(describeAct(revocation, around).zh).to.include('「滨江置业」（0xa1a1a1a1…a1a1a1a1）授予')
    const other = { ...around, grant: { ...grant, uses: 0 } }
    for (const act of [use, revocation])
      expect(codeOf(() => describeAct(act, other))).to.equal('USE_GRANT_MISMATCH')
  })

  it('never tells of lists that the signed scope does not commit to', () => {
    const lie = structuredClone(view)
    Object.assign(lie.items[0]!.item, { may: 'read' })
    expect(codeOf(() => describeAct(grantAct, { scope: lie }))).to.equal('SCOPE_OPENING_MISMATCH')
    const foreign: Act = { type: 'Grant', message: GRANT }
    expect(codeOf(() => describeAct(foreign, { scope: view }))).to.equal('SCOPE_ROOTS_MISMATCH')
    expect(() => describeAct(use, { scope: view })).to.throw(TypeError)
    expect(() => describeAct(use, { grant })).to.throw(TypeError)
  })

  it('lets no name hide an address or break the line', () => {
    const evil = new Map<Hex, string>([
      [GRANT.grantor, 'bank\u202e\n\u2028x'],
      [GRANT.grantee, '\u200b'],
    ])
    const { en, zh } = describeAct(grantAct, { names: evil })
    expect(en).to.match(/^“bankx” \(0xa1a1a1a1…a1a1a1a1\) grants 0xa2a2a2a2…a2a2a2a2 the/)
    expect(zh).to.match(/^「bankx」（0xa1a1a1a1…a1a1a1a1）/)
  })

  it('names certificate types by their codes, and others by all their digits', () => {
    const types = [certificateTypeWord(LICENCE), GRANT.salt]
    const message = {
      accreditor: GRANT.grantor,
      department: GRANT.grantee,
      types,
      permitted: true,
      nonce: 0,
    }
    const { zh, en } = describeAct({ type: 'TypesChange', message })
    expect(en).to.include(`of type ${LICENCE}, ${GRANT.salt}.`)
    expect(zh).to.include(`营业执照（${LICENCE}）、${GRANT.salt}。`)
  })

  it('knows open windows and times beyond all calendars', () => {
    expect(accreditation(0, 2 ** 40 - 1)).to.deep.equal({
      zh: '0xa1a1a1a1…a1a1a1a1 认可 0xa2a2a2a2…a2a2a2a2 履行以下职责：证照签发、签发所有类型证照；期限不限起始，长期有效。',
      en: '0xa1a1a1a1…a1a1a1a1 accredits 0xa2a2a2a2…a2a2a2a2 with the rights issuer, issuer of every certificate type, from any time without end.',
    })
    expect(accreditation(1, 2 ** 40 - 2).en).to.include(
      'from 1970-01-01T00:00:01Z until +036812-02-20T00:36:14Z',
    )
    expect(formatTime(2 ** 48 - 2, 8)).to.equal('281474976710654 s')
    expect(formatTime(8.64e12, 0)).to.equal('+275760-09-13 00:00:00')
  })

  it('counts from 1 and joins neighbours', () => {
    expect(rangesOf([0, 1, 2, 6, 8, 9])).to.deep.equal(['1–3', '7', '9–10'])
    expect(rangesOf([])).to.deep.equal([])
  })
})

function memberOf(act: Act, name: string): unknown {
  return (act.message as Readonly<Record<string, unknown>>)[name]
}

/** Ids are told by their first and last digits; masks and types by all of theirs. */
const TOLD_WHOLE = ['items', 'purposes', 'types', 'certificateType']

function saidOf(act: Act, name: string): string {
  const value = memberOf(act, name)
  const isId = typeof value === 'string' && !TOLD_WHOLE.includes(name)
  return isId ? shorten(value as Hex) : JSON.stringify(value)
}
