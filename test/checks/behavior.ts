import { expect } from 'chai'
import { Wallet } from 'ethers'
import { composeUseOf } from '../../api/client/composeUse.ts'
import { hashAct } from '../../node/core/acts/typedData.ts'
import type { LedgerError } from '../../node/core/errors.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { fieldsAsked } from '../../node/core/checks/questions.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import { useStatementId } from '../../node/core/uses/request.ts'
import type { CheckRequest } from '../../node/checks/checks.ts'
import type { LedgerChecks } from '../../node/checks/ledgerChecks.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { mask } from '../chain/support/registryScene.ts'
import { MATTER, PROPERTY } from '../core/resolution/scene.ts'
import { NOW } from '../grants/support/scene.ts'
import { codeOf } from '../support/codes.ts'
import { TEST_ORIGIN } from '../support/log.ts'
import { CASE, CaseScene, landlord } from '../cases/support/scene.ts'

const OWNER: Question = { kind: 'is', field: 'owners', value: '上海业主(示例)有限公司' }
const STRANGER: Question = { kind: 'is', field: 'owners', value: '别人' }
const VALID: Question = { kind: 'validOn', day: '2023-11-16' }

export function behavesLikeChecks(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`data checks on ${name}`, () => {
    let s: CaseScene
    let checks: LedgerChecks
    let grant: Hex
    let deed: string

    beforeEach(async () => {
      s = await CaseScene.open(openStore)
      checks = s.checks()
      await s.openCase({}, s.registry.account)
      deed = await s.issue(PROPERTY, [landlord])
      grant = await s.grant(s.grants.landlord, {
        holder: landlord,
        items: [{ certificateType: PROPERTY, fields: ['owners', 'validFrom'], may: 'read' }],
        purposes: [{ matter: MATTER.code }],
        grantee: s.registry.account,
      })
    })
    afterEach(() => s.close())

    /** As the department signs it. */
    async function request(
      questions: Question[],
      { fields = fieldsAsked(questions), by = s.registry.key, cause = '核验产权人' } = {},
    ): Promise<CheckRequest> {
      const { chain = [] } = await s.grants.grants.get(grant)
      const context = {
        case: CASE,
        matter: MATTER.code,
        officer: '张示例',
        cause,
        salt: '7'.repeat(64),
      }
      const subject = { kind: 'certificate', id: deed } as const
      const { use, openings } = composeUseOf(
        { items: mask(0), purposes: mask(0) },
        {
          user: s.registry.account,
          subject: { ...subject, type: PROPERTY },
          fields,
          manner: 'read',
          questions,
          context,
          origin: TEST_ORIGIN,
          region: undefined,
          chain,
          view: await s.grants.grants.viewOf(grant),
          sequence: 0,
          notAfter: NOW + 600,
        },
        s.grants.registries,
      )
      const digest = hashAct({ type: 'Use', message: use }, s.grants.registries)
      const wallet = new Wallet(`0x${Buffer.from(by).toString('hex')}`)
      const signature = wallet.signingKey.sign(digest).serialized as Hex
      return {
        subject,
        context,
        questions,
        authorizations: [{ chain: [...chain], use, signature, openings }],
      }
    }

    it('answer yes or no, and nothing else', async () => {
      const { answers, evidence, id } = await checks.ask(await request([OWNER, STRANGER, VALID]))
      expect(answers).to.deep.equal([true, false, true])
      const { statement } = parseEvidence(evidence)
      expect(statement).to.deep.include({ kind: 'use.checked', answers, fields: ['owners'] })
      expect(JSON.stringify(statement)).not.to.contain('示例路100号')
      expect(parseEvidence(await checks.evidence(id)).certificate?.statement.id).to.equal(deed)
      const { items } = await checks.ofHolder(landlord, { limit: 9 })
      expect(items.map((one) => one.id)).to.deep.equal([id])
      const asked = await checks.ofUser(s.registry.account, { limit: 9 })
      expect(asked.items.map((one) => one.id)).to.deep.equal([id])
    })

    it('answer a signed request once', async () => {
      const asked = await request([OWNER])
      await checks.ask(asked)
      expect(await codeOf(checks.ask({ ...asked, questions: [STRANGER] }))).to.equal(
        'USE_ALREADY_MADE',
      )
    })

    it('answer the questions that were signed, of what was signed, and log what was asked instead', async () => {
      const other = await s.issue(PROPERTY, [landlord])
      for (const change of [
        { questions: [STRANGER] },
        { questions: [OWNER, STRANGER] },
        { subject: { kind: 'certificate', id: other } as const },
      ]) {
        const asked = { ...(await request([OWNER], { cause: JSON.stringify(change) })), ...change }
        expect(await codeOf(checks.ask(asked))).to.equal('USE_CONTEXT_MISMATCH')
        const { questions } = asked
        const id = useStatementId(asked, s.grants.registries)
        const { statement } = await s.grants.ledger.openStatement(
          (await s.grants.ledger.findIndex(id)) ?? -1,
        )
        expect(statement).to.deep.include({
          kind: 'use.refused',
          code: 'USE_CONTEXT_MISMATCH',
          questions,
        })
      }
    })

    it('need the fields that they are about to be granted, and log who was refused', async () => {
      const asked = await request([{ kind: 'is', field: 'location', value: '示例路' }])
      expect(await codeOf(checks.ask(asked))).to.equal('USE_FIELDS_NOT_GRANTED')
      const id = useStatementId(asked, s.grants.registries)
      const index = (await s.grants.ledger.findIndex(id)) ?? -1
      const { statement } = await s.grants.ledger.openStatement(index)
      expect(statement).to.include({ kind: 'use.refused', code: 'USE_FIELDS_NOT_GRANTED' })
    })

    it('tell whether it is valid without any field', async () => {
      const asked = await request([VALID], { fields: ['validFrom'] })
      expect((await checks.ask(asked)).answers).to.deep.equal([true])
    })

    it('are refused once a newer certificate takes the place of the one that is asked about', async () => {
      const { serial } = await s.certificates.get(deed)
      const by = await s.issue(PROPERTY, [landlord], { renews: serial })
      for (const [i, question] of [OWNER, VALID].entries()) {
        const asked = await request([question], {
          fields: ['owners', 'validFrom'].slice(i, i + 1),
          cause: `核验 ${i}`,
        })
        const refusal = await checks.ask(asked).catch((error: unknown) => error)
        expect(refusal).to.deep.include({ kind: 'forbidden', code: 'CERTIFICATE_SUPERSEDED' })
        expect((refusal as LedgerError).details).to.include({ id: deed, by })
      }
    })

    it('are refused once the holder revokes, or the certificate is suspended', async () => {
      const { certificateId } = await s.certificates.get(deed)
      await s.grants.mine({
        type: 'StatusChanged',
        issuer: s.registry.account,
        certificate: certificateId,
        status: 2,
      })
      expect(await codeOf(checks.ask(await request([OWNER])))).to.equal('CERTIFICATE_NOT_USABLE')
      const revoker = landlord.slice(0, 42) as Hex
      await s.grants.mine({ type: 'GrantRevoked', grant, holder: landlord, revoker })
      const again = await request([OWNER], { cause: '再次核验' })
      expect(await codeOf(checks.ask(again))).to.equal('GRANT_IS_REVOKED')
    })

    it('answer and log nothing that the department did not sign', async () => {
      const { size } = s.grants.ledger
      const forged = await request([OWNER], { by: Buffer.alloc(32, 9) })
      expect(await codeOf(checks.ask(forged))).to.equal('USE_SIGNATURE_INVALID')
      expect(s.grants.ledger.size).to.equal(size)
    })

    it('refuse to tell an age from what is no birthday', async () => {
      const age: Question = { kind: 'ageAtLeast', field: 'owners', years: 18, day: '2023-11-16' }
      expect(await codeOf(checks.ask(await request([age])))).to.equal('QUESTION_NOT_OF_FIELD')
    })
  })
}
