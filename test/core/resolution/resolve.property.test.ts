import { expect } from 'chai'
import fc from 'fast-check'
import type { Candidate } from '../../../node/core/resolution/candidates.ts'
import type { Asking } from '../../../node/core/resolution/asking.ts'
import { placeOf } from '../../../node/core/resolution/asking.ts'
import { Resolution } from '../../../node/core/resolution/document.ts'
import type { ScopeItem } from '../../../node/core/grants/scope.ts'
import type { HeldGrant } from '../../../node/core/resolution/granted.ts'
import { neededFields, requiredOf } from '../../../node/core/resolution/required.ts'
import {
  asking,
  CASE,
  certificate,
  coOwner,
  grant,
  landlord,
  material,
  MATTER,
  NOW,
  resolved,
  stranger,
  tenant,
  TYPES,
} from './scene.ts'

const SECRET = 'written on the paper'
const required = requiredOf([MATTER], false)
const typeOf = (code: string) => {
  const type = TYPES.find((one) => one.code === code)
  if (type === undefined) throw new Error(code)
  return type
}

const someHolders = fc.subarray([tenant, landlord, coOwner, stranger], { minLength: 1 })
const someFields = (code: string) =>
  Object.fromEntries(
    typeOf(code).fields.map(({ name, type }) => [name, type === 'date' ? '2023-08-01' : SECRET]),
  )

const aMaterial = (code: string): fc.Arbitrary<Candidate> =>
  fc
    .record({
      holders: someHolders,
      caseCode: fc.constantFrom(undefined, undefined, CASE, '001900000100009'),
      isWithdrawn: fc.boolean(),
      isErased: fc.boolean(),
    })
    .map(({ holders, caseCode, isWithdrawn, isErased }) => {
      const { material: said, ...found } = material(code, {
        holders,
        fields: someFields(code),
        ...(caseCode && { caseCode }),
        ...(isWithdrawn && { ended: { code: 'MATERIAL_WITHDRAWN', by: 'w' } }),
      })
      return isErased || said === undefined ? found : { ...found, material: said }
    })

const aCertificate = (code: string): fc.Arbitrary<Candidate> =>
  fc
    .record({
      holders: someHolders,
      status: fc.constantFrom(0, 1, 2, 7),
      validTo: fc.constantFrom(undefined, NOW - 1, NOW, NOW + 1),
    })
    .map(({ holders, status, validTo }) =>
      certificate(typeOf(code).certificateType ?? '', {
        holders,
        status,
        ...(validTo !== undefined && { validTo }),
      }),
    )

/** A bank with anything in it, and grants of anything to anybody. */
const anyAsking: fc.Arbitrary<Asking> = fc
  .tuple(
    ...required.map((one) => {
      const { material: code } = one
      const isPulled = typeOf(code).certificateType !== undefined
      return fc
        .array(isPulled ? fc.oneof(aCertificate(code), aMaterial(code)) : aMaterial(code), {
          maxLength: 4,
        })
        .map((items) => [placeOf(one), items] as const)
    }),
  )
  .chain((found) => {
    const candidates = new Map(
      found.map(([place, items]) => [
        place,
        { items: items.toSorted((a, b) => b.index - a.index), more: false },
      ]),
    )
    const items = found.flatMap(([, all]) => all).flatMap(itemsOf)
    return fc
      .array(
        fc.record({
          holder: fc.constantFrom(tenant, landlord, coOwner),
          items: fc.subarray(items),
          length: fc.integer({ min: 1, max: 4 }),
          left: fc.constantFrom(0, 1, 2, Infinity),
          isDead: fc.boolean(),
          matter: fc.constantFrom(MATTER.code, MATTER.code, 'FOOD_NEW'),
        }),
        { maxLength: 6 },
      )
      .map((all) => {
        const grants = new Map<`0x${string}`, HeldGrant[]>()
        for (const { holder, items, isDead, ...rest } of all)
          grants.set(holder, [
            ...(grants.get(holder) ?? []),
            grant(items, {
              ...rest,
              ...(isDead && { dead: { code: 'GRANT_IS_REVOKED', hop: 0 } }),
            }),
          ])
        return asking({ candidates, grants })
      })
  })

function itemsOf(candidate: Candidate): ScopeItem[] {
  if (candidate.kind === 'material')
    return candidate.material ? [{ material: candidate.material.id, may: 'copy' as const }] : []
  const one = required.find(({ material: code }) => typeOf(code).certificateType === candidate.type)
  if (one === undefined) return []
  const fields = [...neededFields(one, typeOf(one.material))]
  return [{ certificateType: candidate.type, fields, may: 'copy' as const }]
}

const resolveAll = (asked: Asking) =>
  resolved(
    asked,
    Object.fromEntries(
      [...asked.candidates.values()]
        .flatMap(({ items }) => items)
        .flatMap((one) =>
          one.kind === 'certificate' ? [[one.id, { location: SECRET, owners: [SECRET] }]] : [],
        ),
    ),
  )

describe('resolving any bank', () => {
  it('is written as its schema says, and says the same twice', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        const { get: _, ...document } = resolveAll(asked)
        const { get: __, ...again } = resolveAll(asked)
        expect(Resolution.parse(document)).to.deep.equal(document)
        expect(again).to.deep.equal(document)
      }),
    )
  })

  it('accounts for every candidate: taken, or not taken for a reason', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        for (const one of resolveAll(asked).materials) {
          if (one.state === 'notNeeded') continue
          const known = asked.candidates.get(placeOf(one))?.items ?? []
          const said = [
            ...(one.candidate ? [one.candidate.index] : []),
            ...one.rejected.map(({ index }) => index),
          ]
          expect(said).to.have.members(known.map(({ index }) => index))
        }
      }),
    )
  })

  it('takes nothing that is not of the party, or that ended', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        for (const one of resolveAll(asked).materials) {
          const items = asked.candidates.get(placeOf(one))?.items ?? []
          const taken = items.find(({ index }) => index === one.candidate?.index)
          if (taken === undefined) continue
          const holders =
            taken.kind === 'certificate' ? taken.holders : (taken.material?.holders ?? [])
          expect(holders).to.include(one.holder === 'LANDLORD' ? landlord : tenant)
          if (taken.kind === 'certificate') expect(taken.status).to.be.lessThan(2)
          else expect(taken).not.to.have.property('ended')
        }
      }),
    )
  })

  it('is ready only by a live grant of each holder, and asks for every one that is missing', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        const { materials, requests } = resolveAll(asked)
        const spent = new Map<string, number>()
        for (const { state, candidate, missing, material: code } of materials) {
          for (const { holder, grant: id } of candidate?.grants ?? []) {
            const held = asked.grants.get(holder)?.find((one) => one.grant === id)
            expect(held?.dead).to.equal(undefined)
            spent.set(id, (spent.get(id) ?? 0) + 1)
            expect(spent.get(id)).to.be.at.most(held?.left ?? 0)
          }
          if (state === 'ready') expect(missing).to.deep.equal([])
          for (const { holder } of missing)
            expect(requests.find((one) => one.holder === holder)?.materials).to.include(code)
        }
      }),
    )
  })

  it('shows no word of what was neither granted nor handed in for the case', () => {
    fc.assert(
      fc.property(anyAsking, (asked) => {
        for (const { state, fields } of resolveAll(asked).materials)
          if (state === 'grantMissing') expect(JSON.stringify(fields)).not.to.contain(SECRET)
      }),
    )
  })
})
