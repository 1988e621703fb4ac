import { expect } from 'chai'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import {
  hasRights,
  type AccreditedDepartment,
  type DepartmentReader,
} from '../../../node/core/parties/accreditation.ts'
import { EVERY_TYPE, rightTo, type Role } from '../../../node/core/parties/roles.ts'

const NOW = 1_691_200_800
const LICENCE: Hex = `0x${'11'.repeat(32)}`
const PROPERTY: Hex = `0x${'22'.repeat(32)}`

/** Number 0 is the authority, each of the others is accredited by the one before. */
const department = (level: number): Hex => `0x${level.toString(16).padStart(40, '0')}`

class Line implements DepartmentReader {
  readonly departments = new Map<Hex, AccreditedDepartment>()
  /** `department type from until`; `until` 0 while permitted. */
  readonly types: { department: Hex; type: Hex; from: number; until: number }[] = []

  constructor(levels: number) {
    for (let level = 0; level <= levels; level++)
      this.departments.set(department(level), {
        accreditor: level === 0 ? undefined : department(level - 1),
        rights: rightTo('issuer') | rightTo('user'),
        standing: 0,
        notBefore: NOW - 100,
        notAfter: NOW + 100,
      })
  }

  change(level: number, change: Partial<AccreditedDepartment>): this {
    const known = this.departments.get(department(level))!
    this.departments.set(department(level), { ...known, ...change })
    return this
  }

  permit(level: number, type: Hex, from: number, until = 0): this {
    this.types.push({ department: department(level), type, from, until })
    return this
  }

  departmentOf(of: Hex): AccreditedDepartment | undefined {
    return this.departments.get(of)
  }

  isPermitted(of: Hex, certificateType: Hex, time: number): boolean {
    return this.types.some(
      ({ department: by, type, from, until }) =>
        by === of && type === certificateType && from <= time && (until === 0 || time < until),
    )
  }
}

describe('what a department may do', () => {
  it('is what it and each above it may do', () => {
    expect(may(new Line(3))).to.equal(true)
    expect(may(new Line(3), 'auditor')).to.equal(false)
    expect(hasRights(department(3), undefined, undefined, NOW, new Line(3))).to.equal(true)
    for (const level of [1, 2, 3])
      expect(may(new Line(3).change(level, { rights: rightTo('issuer') }))).to.equal(false)
  })

  for (const [how, standing] of [
    ['suspended', 1],
    ['withdrawn', 2],
  ] as const)
    it(`is nothing while it or one above it is ${how}`, () => {
      for (const level of [1, 2, 3]) {
        const line = new Line(3).change(level, { standing })
        const inGoodStanding = hasRights(department(3), undefined, undefined, NOW, line)
        expect([may(line), inGoodStanding]).to.deep.equal([false, false])
      }
    })

  it('is bounded by the window of each, both ends included', () => {
    for (const level of [1, 2, 3]) {
      const line = new Line(3).change(level, { notBefore: NOW - 10, notAfter: NOW + 10 })
      const at = (offset: number) => may(line, 'user', undefined, NOW + offset)
      expect([-11, -10, 10, 11].map(at)).to.deep.equal([false, true, true, false])
    }
  })

  it('ends with the lines that the authority began', () => {
    expect(may(new Line(3), 'user', undefined, NOW, 4)).to.equal(false)
    const cut = new Line(3)
    cut.departments.delete(department(1))
    expect(may(cut)).to.equal(false)
  })

  it('is everything, always, for the authority', () => {
    const line = new Line(0).change(0, { rights: 0, standing: 1, notAfter: 0 })
    expect(may(line, 'auditor', LICENCE, NOW, 0)).to.equal(true)
  })

  it('includes a certificate type that each was permitted, by name or as every type', () => {
    const every = rightTo('issuer') | EVERY_TYPE
    const line = new Line(3).permit(3, LICENCE, NOW - 50, NOW + 50).change(2, { rights: every })
    expect(may(line, 'issuer', LICENCE)).to.equal(false)
    line.permit(1, LICENCE, NOW - 50)
    expect(may(line, 'issuer', LICENCE)).to.equal(true)
    expect(may(line, 'issuer', PROPERTY)).to.equal(false)
    expect(may(line, 'issuer', LICENCE, NOW + 50)).to.equal(false)
    expect(may(line, 'issuer', LICENCE, NOW - 51)).to.equal(false)
  })

  it('reaches eight levels down and no further', () => {
    const line = new Line(9)
    expect(may(line, 'user', undefined, NOW, 8)).to.equal(true)
    expect(may(line, 'user', undefined, NOW, 9)).to.equal(false)
  })

  it('is nothing in a circle', () => {
    const line = new Line(3).change(1, { accreditor: department(3) })
    expect(may(line)).to.equal(false)
    const own = new Line(1).change(1, { accreditor: department(1) })
    expect(may(own, 'user', undefined, NOW, 1)).to.equal(false)
  })
})

function may(line: Line, role: Role = 'user', type?: Hex, time = NOW, level = 3): boolean {
  return hasRights(department(level), role, type, time, line)
}
