import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Wallet } from 'ethers'
import { composeUse } from '../../api/client/composeUse.ts'
import { Matter } from '../../node/core/catalogue/matter.ts'
import { readDisclosed } from '../../node/core/certificates/credential.ts'
import { parseJwt } from '../../node/core/certificates/sdJwt.ts'
import { encode0x } from '../../node/core/ethereum/hex.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { ScopeItem } from '../../node/core/grants/scope.ts'
import { isGrantedPlain } from '../../node/core/uses/plain.ts'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import type { DecidedUse } from '../../node/uses/deciding.ts'
import { UseMasking } from '../../node/uses/masking.ts'
import { CASE, tenant } from '../cases/support/scene.ts'
import { certificateType, materialType } from '../core/catalogue/support.ts'
import { ID_CARD, MATTER, OTHER_MATTER } from '../core/resolution/scene.ts'
import { NOW } from '../grants/support/scene.ts'
import { TEST_ORIGIN } from '../support/log.ts'
import { UseScene } from './support/scene.ts'

const WRITTEN = {
  name: '王小明',
  idNumber: '310199199003150014',
  birthDate: '1990-03-15',
  address: '上海市杨浦区示例路1号',
}
/** Asks for the number and the name in clear; the other matter asks for nothing in clear. */
const IDENTIFYING = Matter.parse({
  ...MATTER,
  code: 'IDENTIFY',
  materials: [
    {
      material: 'ID_COPY',
      exemption: 'certificatePull',
      maxGrantDepth: 1,
      holder: 'APPLICANT',
      necessity: 'required',
      plain: ['idNumber', 'name'],
    },
  ],
  rules: [],
})

/** A case of each matter. */
const CASES: Readonly<Record<string, string>> = {
  [IDENTIFYING.code]: '001900000100021',
  [OTHER_MATTER.code]: '001900000100022',
}

export function masksFields(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`what is released of sensitive fields on ${name}`, () => {
    let s: UseScene
    let card: string
    before(async () => {
      s = await UseScene.open(openStore)
      const fields = { ...WRITTEN, validTo: '2030-03-15' }
      card = await s.cases.issue(ID_CARD, [tenant], { fields })
      await s.cases.publish(IDENTIFYING)
      for (const [matter, code] of Object.entries(CASES)) {
        const opening = { case: code, matter: { code: matter }, parties: undefined }
        await s.cases.openCase(opening, s.cases.registry.account)
      }
    })
    after(() => s.close())

    async function released(matter: string, fields: string[], plain?: string[]) {
      const { grants, registry } = s.cases
      const item = { certificateType: ID_CARD, fields, ...(plain && { plain }), may: 'copy' }
      const grant = await s.cases.grant(grants.tenant, {
        holder: tenant,
        items: [item as ScopeItem],
        purposes: [{ matter }],
        grantee: registry.account,
      })
      const asked = {
        subject: { kind: 'certificate', id: card } as const,
        fields,
        manner: 'copy' as const,
        context: {
          case: CASES[matter] as string,
          matter,
          officer: '张示例',
          cause: '核对身份',
          salt: randomBytes(32).toString('hex'),
        },
      }
      const { id } = await s.request(asked, await authorized(grant, asked))
      const copy = parseDerivedCopy(await text(await s.uses.openCopy(id)))
      const { statement } = await s.uses.get(id)
      if (statement.kind !== 'use.released') throw new Error('it was released')
      const disclosed = readDisclosed(copy.credential ?? '').fields
      return { copy, receipt: statement, disclosed }
    }

    async function authorized(
      grant: Hex,
      asked: Parameters<UseScene['authorize']>[1],
    ): Promise<Authorization> {
      const { grants, registry } = s.cases
      const { chain = [] } = await grants.grants.get(grant)
      const { use, openings } = composeUse(
        {
          ...asked,
          subject: { ...asked.subject, type: ID_CARD },
          user: registry.account,
          origin: TEST_ORIGIN,
          region: undefined,
          chain,
          view: await grants.grants.viewOf(grant),
          sequence: 0,
          notAfter: NOW + 600,
        },
        grants.registries,
      )
      const wallet = new Wallet(encode0x(registry.key))
      const signature = grants.sign(wallet, { type: 'Use', message: use })
      return { chain: [...chain], use, signature, openings }
    }

    const ALL = ['address', 'birthDate', 'certificateNumber', 'idNumber', 'issuer', 'name']

    it('is masked unless somebody asked for more, and not disclosed', async () => {
      const { copy, receipt, disclosed } = await released(OTHER_MATTER.code, ALL)
      expect(copy.fields).to.deep.include({
        birthDate: '1990-**-**',
        certificateNumber: '***',
        idNumber: '***',
        name: '王**',
      })
      expect(copy.fields['address']).to.equal('上海市****例路1号')
      expect(copy.masked).to.deep.equal([
        'address',
        'birthDate',
        'certificateNumber',
        'idNumber',
        'name',
      ])
      expect(Object.keys(disclosed)).to.deep.equal(['issuer'])
      expect(JSON.stringify(copy)).not.to.include(WRITTEN.idNumber).and.not.to.include(WRITTEN.name)
      expect(receipt).not.to.have.property('plain')
    })

    it('stands in nothing that is always disclosed: not in the credential, nor in what is logged', async () => {
      const { statement } = await s.cases.certificates.get(card)
      const { copy, receipt } = await released(OTHER_MATTER.code, ALL)
      const { payload } = parseJwt(readDisclosed(copy.credential ?? '').jwt)
      for (const told of [copy, receipt, statement, payload])
        expect(JSON.stringify(told)).not.to.include(WRITTEN.idNumber)
    })

    it('is masked where the grant alone names it, or the matter alone', async () => {
      const byGrant = await released(OTHER_MATTER.code, ['idNumber'], ['idNumber'])
      expect(byGrant.copy.fields).to.deep.equal({ idNumber: '***' })
      const byMatter = await released('IDENTIFY', ['idNumber'])
      expect(byMatter.copy.fields).to.deep.equal({ idNumber: '***' })
      for (const { disclosed, receipt } of [byGrant, byMatter]) {
        expect(disclosed).to.deep.equal({})
        expect(receipt).not.to.have.property('plain')
      }
    })

    it('is in clear where both name it, which the receipt says', async () => {
      const plain = ['address', 'idNumber', 'name']
      const { copy, receipt, disclosed } = await released('IDENTIFY', ALL, plain)
      expect(copy.fields).to.deep.include({ idNumber: WRITTEN.idNumber, name: WRITTEN.name })
      expect(copy.masked).to.deep.equal(['address', 'birthDate', 'certificateNumber'])
      expect(Object.keys(disclosed).toSorted()).to.deep.equal(['idNumber', 'issuer', 'name'])
      expect(receipt.plain).to.deep.equal(['idNumber', 'name'])
    })

    it('is in clear by an item that allows all that is asked, and by no other', async () => {
      const asked = {
        subject: { kind: 'certificate' as const, id: card, type: ID_CARD },
        fields: ['idNumber', 'name'],
        manner: 'copy' as const,
      }
      const shows = (...items: object[]) =>
        isGrantedPlain(
          'idNumber',
          [{ openings: { items: items.map((item) => ({ item })) } } as never],
          asked,
        )
      const all = { certificateType: ID_CARD, fields: ['idNumber', 'name'], may: 'copy' }
      const less = { ...all, fields: ['idNumber'], plain: ['idNumber'] }
      expect(shows({ ...all, plain: ['idNumber'] })).to.equal(true)
      expect(shows(all, less)).to.equal(false)
      expect(shows(all, { ...all, plain: ['idNumber'], may: 'read' })).to.equal(false)
      expect(shows({ ...all, plain: ['name'] })).to.equal(false)
    })

    it('is masked on a certificate by what was published of its type, and where nobody declared it', async () => {
      const entry = certificateType({
        fields: certificateType().fields.map((one) =>
          one.name === 'premises' ? { ...one, sensitivity: 'L3' } : one,
        ),
      })
      const find = ((kind: string) => (kind === 'certificateType' ? entry : undefined)) as never
      const masking = new UseMasking({ catalogue: { find }, dayOf: async () => '2023-11-16' })
      const fields = ['certificateNumber', 'premises', 'seats']
      const mask = await masking.of({
        request: {
          fields,
          manner: 'read',
          context: { case: CASE, matter: 'X' },
          authorizations: [],
        },
        subject: { kind: 'certificate', id: 'c', index: 1, type: entry.code },
      } as unknown as DecidedUse)
      expect(fields.map((name) => mask.show(name, '一二三四五六七八'))).to.deep.equal([
        '一二三四五六七八',
        '一二****七八',
        '***',
      ])
    })

    it('is masked on a material by its type, and as it is on one that nobody published', async () => {
      const entry = materialType({
        fields: [
          { name: 'amount', label: '金额', type: 'number', required: true, sensitivity: 'L3' },
          { name: 'payer', label: '付款人', type: 'string', required: true, sensitivity: 'L2' },
        ],
      })
      const masking = new UseMasking({
        catalogue: {
          find: ((kind: string) => (kind === 'materialType' ? entry : undefined)) as never,
        },
        dayOf: async () => '2023-11-16',
      })
      const unpublished = new UseMasking({
        catalogue: { find: () => undefined },
        dayOf: async () => '2023-11-16',
      })
      const decided = {
        request: { fields: [], manner: 'copy', context: { case: CASE, matter: 'X' } },
        subject: { kind: 'material', id: 'm', index: 1, type: entry.code },
        material: { fields: { amount: 812, payer: '甲' } },
      } as unknown as DecidedUse
      const mask = await masking.of(decided)
      expect([mask.show('amount', 812), mask.show('payer', '甲')]).to.deep.equal(['***', '甲'])
      expect((await unpublished.of(decided)).isMasked('amount')).to.equal(false)
    })
  })
}
