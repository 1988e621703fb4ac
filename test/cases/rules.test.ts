import { expect } from 'chai'
import type { UseForCase } from '../../node/cases/rules.ts'
import { Matter } from '../../node/core/catalogue/matter.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { addressOf as accountOf } from '../chain/support/registryScene.ts'
import { LICENCE, MATTER, OTHER_MATTER, PROPERTY } from '../core/resolution/scene.ts'
import { codeOf } from '../support/codes.ts'
import { addressOf } from '../support/registryChain.ts'
import {
  agent,
  bureau,
  CASE,
  CaseScene,
  counter,
  foreign,
  landlord,
  tenant,
} from './support/scene.ts'

const UNKNOWN = '001900000199999'
const deed = { kind: 'certificate', type: PROPERTY } as const

/** Grants of the holder down to the last of these. */
const chainTo = (holder: Hex, ...grantees: Hex[]) =>
  grantees.map((grantee) => ({ holder, grantee }) as Grant)
const by = (...grantees: Hex[]) => ({ chains: [chainTo(landlord, ...grantees, bureau)] })

const wanted = (changes: Partial<UseForCase> = {}): UseForCase => ({
  case: CASE,
  matter: MATTER.code,
  department: bureau,
  subject: deed,
  isCheck: false,
  chains: [chainTo(landlord, bureau)],
  ...changes,
})

describe('the rules of a case', () => {
  let s: CaseScene
  let people: Record<'landlord' | 'tenant' | 'agent', Hex>

  beforeEach(async () => {
    s = await CaseScene.open(async () => new MemoryKeyValueStore())
    await s.openCase({ agents: [agent] })
    const { landlord: owner, tenant: lessee, agent: person } = s.grants
    people = { landlord: accountOf(owner), tenant: accountOf(lessee), agent: accountOf(person) }
  })
  afterEach(() => s.close())

  const refusal = (changes: Partial<UseForCase>) => {
    const world = s.grants.mirror.world(s.grants.time)
    return codeOf(s.caseRules.requireUse(wanted(changes), world))
  }
  const handIn = (submitter: string, code = CASE) =>
    codeOf(s.caseRules.requireHandIn(code, submitter))
  const decide = async (code: string, outcome: 'granted' | 'refused') => {
    await s.cases.stage(code, { stage: 'accepted' }, counter)
    await s.cases.stage(code, { stage: 'reviewed' }, bureau)
    await s.cases.stage(code, { stage: 'decided', outcome }, bureau)
  }

  describe('let a department use something', () => {
    it('that handles it, whether it accepts or decides', async () => {
      expect(await refusal({})).to.equal(undefined)
      expect(await refusal({ department: counter })).to.equal(undefined)
      expect(await refusal({ department: foreign })).to.equal('CASE_NOT_YOURS')
    })

    it('for its own matter, which nobody else is told', async () => {
      const other = OTHER_MATTER.code
      expect(await refusal({ matter: other })).to.equal('CASE_MATTER_OTHER')
      expect(await refusal({ matter: 'NO_SUCH_MATTER' })).to.equal('CASE_MATTER_OTHER')
      expect(await refusal({ matter: other, department: foreign })).to.equal('CASE_NOT_YOURS')
    })

    it('until it is decided, one way or the other', async () => {
      await decide(CASE, 'refused')
      expect(await refusal({})).to.equal('CASE_DECIDED')
      const granted = '001900000100002'
      await s.openCase({ case: granted })
      await decide(granted, 'granted')
      expect(await refusal({ case: granted })).to.equal('CASE_DECIDED')
    })

    it('by a data check alone where its matter only asks about it', async () => {
      const asked = { necessity: 'required', exemption: 'dataCheck', maxGrantDepth: 1 }
      const questions = [{ kind: 'validOn' }]
      const support = Matter.parse({
        ...MATTER,
        code: 'SUPPORT',
        rules: [],
        agency: { allowed: false },
        materials: [
          { ...asked, material: 'PROPERTY', holder: 'LANDLORD', questions },
          { ...asked, material: 'LICENCE_COPY', holder: 'APPLICANT', exemption: 'certificatePull' },
          { ...asked, material: 'LICENCE_COPY', holder: 'LANDLORD', questions },
        ],
      })
      await s.publish(support)
      const code = '001900000100003'
      await s.openCase({ case: code, matter: { code: support.code } })
      const of = (changes: Partial<UseForCase>) =>
        refusal({ case: code, matter: support.code, ...changes })
      expect(await of({ isCheck: true })).to.equal(undefined)
      expect(await of({})).to.equal('DATA_CHECK_NEEDED')
      // Whose it is decides, where of one it is shown and of another not.
      const licence = { subject: { kind: 'certificate', type: LICENCE } } as const
      const shown = { ...licence, chains: [chainTo(tenant, bureau)] }
      expect(await of(shown)).to.equal(undefined)
      expect(await of({ ...shown, isCheck: true })).to.equal(undefined)
      expect(await of({ ...licence, chains: [chainTo(landlord, bureau)] })).to.equal(
        'DATA_CHECK_NEEDED',
      )
      // Nobody asks about it, so that nothing is said of how it is used.
      expect(await of({ subject: { kind: 'material', type: 'LEASE' } })).to.equal(undefined)
    })

    it('once it is opened, where the catalogue holds the matter; else it is one of elsewhere', async () => {
      expect(await refusal({ case: UNKNOWN })).to.equal('CASE_NOT_OPENED')
      expect(await refusal({ case: UNKNOWN, matter: 'NO_SUCH_MATTER' })).to.equal(undefined)
      expect(await s.caseRules.indexOf(UNKNOWN)).to.equal(undefined)
      expect(await s.caseRules.indexOf(CASE)).to.equal((await s.cases.get(CASE)).index)
    })
  })

  describe('let a grant be passed on', () => {
    it('as deep as the matter allows for what it asks of that holder', async () => {
      const through = [people.landlord, people.tenant, people.agent]
      const deep = [chainTo(landlord, people.tenant, people.agent, bureau)]
      expect(await refusal({ chains: deep })).to.equal(undefined)
      const deeper = [chainTo(landlord, ...through, bureau)]
      expect(await refusal({ chains: deeper })).to.equal('GRANT_TOO_DEEP_FOR_MATTER')
      const licence = { kind: 'certificate', type: LICENCE } as const
      const own = (...grantees: Hex[]) => ({
        subject: licence,
        chains: [chainTo(tenant, ...grantees, bureau)],
      })
      expect(await refusal(own(people.agent))).to.equal(undefined)
      expect(await refusal(own(people.agent, people.agent))).to.equal('GRANT_TOO_DEEP_FOR_MATTER')
      const material = { kind: 'material', type: 'RESOLUTION' } as const
      expect(await refusal({ ...own(people.agent), subject: material })).to.equal(
        'GRANT_TOO_DEEP_FOR_MATTER',
      )
      expect(await refusal({ ...own(), subject: material })).to.equal(undefined)
    })

    it('by its parties, its agents and those who handle it, and by nobody else', async () => {
      expect(await refusal(by(counter))).to.equal(undefined)
      expect(await refusal(by(people.tenant))).to.equal(undefined)
      const strange = addressOf('somebody else')
      expect(await refusal(by(people.tenant, strange))).to.equal('GRANTEE_NOT_IN_CASE')
      const alone = '001900000100002'
      await s.openCase({ case: alone })
      expect(await refusal({ ...by(people.tenant), case: alone })).to.equal(undefined)
      expect(await refusal({ ...by(people.agent), case: alone })).to.equal('GRANTEE_NOT_IN_CASE')
    })

    it('by each holder of what is used', async () => {
      const chains = [chainTo(landlord, bureau), chainTo(tenant, addressOf('somebody'), bureau)]
      expect(await refusal({ chains })).to.equal('GRANTEE_NOT_IN_CASE')
    })
  })

  describe('let a material be handed in', () => {
    it('by those who handle it, and by the ways in of the node', async () => {
      for (const one of [`department ${counter}`, `department ${bureau}`, 'window-3'])
        expect(await handIn(one)).to.equal(undefined)
      expect(await handIn(`department ${foreign}`)).to.equal('CASE_NOT_YOURS')
    })

    it('until it is decided', async () => {
      await decide(CASE, 'granted')
      expect(await handIn(`department ${counter}`)).to.equal('CASE_DECIDED')
      expect(await handIn('window-3')).to.equal('CASE_DECIDED')
      expect(await handIn(`department ${foreign}`)).to.equal('CASE_NOT_YOURS')
    })

    it('before it is opened by the ways in of the node alone, so that nobody prepares the case of another', async () => {
      expect(await handIn('window-3', UNKNOWN)).to.equal(undefined)
      for (const one of [foreign, counter, bureau])
        expect(await handIn(`department ${one}`, UNKNOWN)).to.equal('CASE_NOT_OPENED')
      await s.openCase({ case: UNKNOWN })
      expect(await handIn(`department ${counter}`, UNKNOWN)).to.equal(undefined)
    })

    it('by whoever says so where no case can be opened, of one of elsewhere', async () => {
      const empty = await CaseScene.openWithoutMatters(async () => new MemoryKeyValueStore())
      const found = await codeOf(empty.caseRules.requireHandIn(UNKNOWN, `department ${foreign}`))
      await empty.close()
      expect(found).to.equal(undefined)
    })
  })
})
