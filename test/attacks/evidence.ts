import { expect } from 'chai'
import { EVIDENCE_MEDIA_TYPE } from '../../node/core/evidence.ts'
import type { Verdict } from '../../node/core/verdict.ts'
import { mask } from './support/assault.ts'
import type { Assault, Player } from './support/assault.ts'
import { leavesOf, replaced } from '../core/evidence/leaves.ts'
import type { Path } from '../core/evidence/leaves.ts'
import { flip } from './support/flips.ts'

/** The check that has to fail when something below is other; of several, one. */
const CHECKS: readonly (readonly [below: RegExp, ...checks: string[]])[] = [
  [/^anchors\./, 'anchor'],
  [/^certificate\./, 'issuer'],
  [/^states\.issue\./, 'issuer'],
  [/^states\.use\./, 'grant', 'status'],
  [/^proof\.(index|leaf|root|size|origin)/, 'inclusion'],
  [/^(entry|salt|statement)\b/, 'commitment'],
  [/^statement\.content\.(digests|size)/, 'content'],
  [/^statement\.authorizations\.\d+\.(chain|use)\./, 'grant'],
  [/^statement\.authorizations\.\d+\.(use|openings)\./, 'use'],
  [/^statement\.(context|fields|holders|registries|subject)\./, 'use'],
  [/^statement\.(user|id)$/, 'use'],
]

/** Words of which there are few: another one is no evidence at all. */
const WORDS = /(^|\.)(v|kind|kept|may|manner|rules|of|at)$/

/** What exactly is said of some. */
const NAMED: Readonly<Record<string, readonly [check: string, code: string]>> = {
  'statement.context.case': ['use', 'USE_CONTEXT_MISMATCH'],
  'statement.context.cause': ['use', 'USE_CONTEXT_MISMATCH'],
  'statement.context.officer': ['use', 'USE_CONTEXT_MISMATCH'],
  'statement.fields.0': ['use', 'USE_CONTEXT_MISMATCH'],
  'statement.user': ['use', 'USE_USER_MISMATCH'],
  'statement.holders.0': ['use', 'USE_HOLDERS_MISMATCH'],
  'statement.decision.region': ['use', 'USE_PURPOSE_OTHER_REGION'],
  'statement.authorizations.0.use.sequence': ['grant', 'USE_STATE_OF_OTHER_BLOCK'],
  'statement.authorizations.0.chain.1.parent': ['grant', 'STATE_NOT_PROVEN'],
  'statement.authorizations.0.openings.items.0.salt': ['use', 'SCOPE_OPENING_MISMATCH'],
  'statement.authorizations.0.openings.itemsRoot': ['use', 'SCOPE_ROOTS_MISMATCH'],
  'certificate.salt': ['issuer', 'CERTIFICATE_ALTERED'],
  'certificate.statement.credential': ['issuer', 'CERTIFICATE_ALTERED'],
  'states.0.header': ['issuer', 'STATE_HEADER_MISMATCH'],
  'states.1.blockHash': ['grant', 'STATE_HEADER_MISMATCH'],
  'anchors.0.storageProof.0': ['anchor', 'ANCHOR_STORAGE_PROOF_INVALID'],
  salt: ['commitment', 'COMMITMENT_MISMATCH'],
}

export function attacksByEvidence(get: () => Assault): void {
  let a: Assault
  let evidence: object
  let content: string

  before(async () => {
    a = get()
    const { market } = a.town
    const { chain, players } = await a.descend(2, { uses: 1, items: mask(0), purposes: mask(0) })
    const request = await a.ask(chain, { grantee: players.at(-1) as Player })
    const { id } = await market.client.uses.request(request)
    evidence = JSON.parse(await market.client.uses.evidence(id, { anchored: 20 })) as object
    content = await market.client.uses.copy(id)
  })

  async function verify(altered: object): Promise<Verdict> {
    const body = new FormData()
    body.set('evidence', new Blob([JSON.stringify(altered)], { type: EVIDENCE_MEDIA_TYPE }))
    body.set('content', new Blob([content]))
    const url = `${a.site.serving.url}/v1/verify`
    const response = await fetch(url, { method: 'POST', body })
    expect(response.status).to.equal(200)
    return (await response.json()) as Verdict
  }

  it('of a use passes as it was given, on a chain of grants whose last use it was', async () => {
    const { result, checks } = await verify(evidence)
    expect(result, JSON.stringify(checks)).to.equal('pass')
    expect(checks.filter(({ check }) => check === 'grant')).to.have.length(2)
  })

  it('fails by the check that it is about, whatever one value of it is other', async () => {
    const leaves = [...leavesOf(evidence)].filter(([path]) => path.at(-1) !== 'proof')
    expect(leaves.length).to.be.above(150)
    for (const [path, leaf] of leaves) {
      const verdict = await verify(replaced(evidence, path, flip(leaf)) as object)
      const failed = failedIn(verdict)
      if (verdict.result === 'pass') await isReadByNobody(path)
      else if (failed[0] === 'evidence') expect(path.join('.')).to.match(WORDS)
      else
        for (const checks of expectedOf(path))
          expect(
            checks.some((check) => failed.includes(check)),
            `${path.join('.')}: ${failed.join()} and none of ${checks.join()}`,
          ).to.equal(true)
    }
  })

  it('fails with any one line of its proofs of inclusion other', async () => {
    for (const [path, check] of [
      [['proof'], /^(inclusion|checkpoint)$/],
      [['certificate', 'proof'], /^issuer$/],
    ] as const) {
      const text = path.reduce<unknown>((value, name) => (value as never)[name], evidence) as string
      const lines = text.split('\n')
      for (const [i, line] of lines.entries()) {
        if (line === '') continue
        const other = lines.with(i, flipMiddle(line)).join('\n')
        const verdict = await verify(replaced(evidence, path, other) as object)
        expect(verdict.result, line).to.equal('fail')
        expect(
          failedIn(verdict).some((failed) => check.test(failed)),
          `${line}: ${failedIn(verdict).join()}`,
        ).to.equal(true)
      }
    }
  })

  for (const [name, [check, code]] of Object.entries(NAMED))
    it(`fails by name: ${name}`, async () => {
      const path = name.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
      const found = [...leavesOf(evidence)].find(([other]) => other.join('.') === name)
      if (found === undefined) throw new Error(`there is no ${name}`)
      const { result, checks } = await verify(replaced(evidence, path, flip(found[1])) as object)
      expect(result).to.equal('fail')
      const said = checks.filter((one) => one.check === check).map((one) => one.code)
      expect(said).to.include(code)
    })

  function expectedOf(path: Path): string[][] {
    const { states } = evidence as { states: { of: string }[] }
    const [first, index, ...rest] = path
    const of = first === 'states' ? states[Number(index)]?.of : undefined
    const name = of === undefined ? path.join('.') : ['states', of, ...rest].join('.')
    const expected = CHECKS.filter(([below]) => below.test(name)).map(([, ...checks]) => checks)
    expect(expected, name).to.have.length.above(0)
    return expected
  }

  /** Another slot that is empty as well, where no check reads either: left out, it is not missed. */
  async function isReadByNobody(path: Path): Promise<void> {
    expect(path.join('.')).to.match(/^states\.\d+\.contracts\.\d+\.slots\.\d+\.slot$/)
    const above = path.slice(0, -2)
    const slots = above.reduce<unknown>((value, step) => (value as never)[step], evidence)
    const rest = (slots as unknown[]).toSpliced(Number(path.at(-2)), 1)
    expect((await verify(replaced(evidence, above, rest) as object)).result).to.equal('pass')
  }
}

function failedIn({ checks }: Verdict): string[] {
  const failed = checks.filter(({ result }) => result === 'fail' || result === 'unknown')
  return failed.map(({ check }) => check)
}

function flipMiddle(line: string): string {
  const at = Math.floor(line.length / 2)
  const here = line.charAt(at)
  const other = /\d/.test(here) ? String((Number(here) + 1) % 10) : here === 'a' ? 'b' : 'a'
  return line.slice(0, at) + other + line.slice(at + 1)
}
