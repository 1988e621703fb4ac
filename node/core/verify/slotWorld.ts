import { encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import {
  accountCountSlot,
  accountSlot,
  bindingSlot,
  departmentSlot,
  epochSlot,
  grantStateSlot,
  statusPageSlot,
  toBigInt,
  typeSlot,
} from '../ethereum/slots.ts'
import type { Binding, GrantState, GrantWorld } from '../grants/world.ts'
import type { Registries } from '../parties/registries.ts'
import { hasRights } from '../parties/accreditation.ts'
import type { AccreditedDepartment, DepartmentReader } from '../parties/accreditation.ts'
import type { Role } from '../parties/roles.ts'

/**
 * 32 bytes of a contract's storage.
 *
 * @throws LedgerError unverified/STATE_NOT_PROVEN
 */
export type ReadSlot = (contract: Hex, slot: Hex) => Uint8Array

const ZERO_ADDRESS: Hex = `0x${'0'.repeat(40)}`

/** Flags of a department, as in Departments.sol; the rights are the low bits. */
const RIGHTS = (1 << 6) - 1
const KNOWN = 1 << 8
const SUSPENDED = 1 << 9
const WITHDRAWN = 1 << 10
const REKEYED = 1 << 11

/** Changes to a page of a certificate's history, and bits of each, as in CertificateRegistry.sol. */
const PER_PAGE = 4
const CHANGE_BITS = 56
const COUNT_AT = 224

interface Department {
  readonly accreditor: Hex
  readonly flags: number
  readonly notBefore: number
  readonly notAfter: number
}

/** A change of status: the code, and seconds since 1970. */
export interface StatusEntry {
  readonly status: number
  readonly at: number
}

/** The contracts' own view functions, over their storage: what they would answer at `time` in that state. */
export class SlotWorld implements GrantWorld, DepartmentReader {
  readonly time: number
  readonly #registries: Registries
  readonly #read: ReadSlot

  /** @param time seconds since 1970: the timestamp of the block whose state is read */
  constructor(registries: Registries, time: number, read: ReadSlot) {
    this.time = time
    this.#registries = registries
    this.#read = read
  }

  /** The same state, asked at another time: a chain that makes blocks on demand may not have made one since. */
  at(time: number): SlotWorld {
    return new SlotWorld(this.#registries, time, this.#read)
  }

  epochOf(account: Hex): number {
    return Number(this.#word('grants', epochSlot(account)))
  }

  stateOf(grant: Hex): GrantState {
    const word = this.#word('grants', grantStateSlot(grant))
    return {
      registeredAt: bits(word, 0, 48),
      revokedAt: bits(word, 48, 48),
      used: bits(word, 96, 32),
      lastUse: `0x${(word >> 128n).toString(16).padStart(32, '0')}`,
    }
  }

  bindingOf(holder: Hex, account: Hex): Binding {
    const word = this.#word('parties', bindingSlot(holder, account))
    return { from: bits(word, 0, 48), until: bits(word, 48, 48), grantsEndedAt: bits(word, 96, 48) }
  }

  accountAs(department: Hex, role: Role, certificateType?: Hex): Hex | undefined {
    return hasRights(department, role, certificateType, this.time, this)
      ? this.accountOf(department)
      : undefined
  }

  accountOf(department: Hex): Hex {
    if ((this.#department(department).flags & REKEYED) === 0) return department
    const count = Number(this.#word('parties', accountCountSlot(department)))
    const word = this.#word('parties', accountSlot(department, count - 1))
    return addressOf(word >> 96n)
  }

  /** Every change of a certificate's status, the first first. */
  statusHistory(certificate: Hex): StatusEntry[] {
    const page = (number: number) => this.#word('certificates', statusPageSlot(certificate, number))
    const count = Number(page(0) >> BigInt(COUNT_AT))
    return Array.from({ length: count }, (_, i) => {
      const at = (i % PER_PAGE) * CHANGE_BITS
      const changes = page(Math.floor(i / PER_PAGE))
      return { status: bits(changes, at, 8), at: bits(changes, at + 8, 48) }
    })
  }

  departmentOf(department: Hex): AccreditedDepartment | undefined {
    const { accreditor, flags, notBefore, notAfter } = this.#department(department)
    if ((flags & KNOWN) === 0) return undefined
    return {
      // Only the authority has nobody above it.
      accreditor: accreditor === ZERO_ADDRESS ? undefined : accreditor,
      rights: flags & RIGHTS,
      standing: (flags & WITHDRAWN) !== 0 ? 2 : (flags & SUSPENDED) !== 0 ? 1 : 0,
      notBefore,
      notAfter,
    }
  }

  isPermitted(department: Hex, certificateType: Hex, time: number): boolean {
    const word = this.#word('parties', typeSlot(department, certificateType))
    const [from, until] = [bits(word, 0, 48), bits(word, 48, 48)]
    return from !== 0 && from <= time && (until === 0 || time < until)
  }

  #department(department: Hex): Department {
    const word = this.#word('parties', departmentSlot(department))
    return {
      accreditor: addressOf(word),
      flags: bits(word, 160, 16),
      notBefore: bits(word, 176, 40),
      notAfter: bits(word, 216, 40),
    }
  }

  #word(contract: 'parties' | 'certificates' | 'grants', slot: Hex): bigint {
    return toBigInt(this.#read(this.#registries[contract], slot))
  }
}

/** @param count up to 53 */
function bits(word: bigint, at: number, count: number): number {
  return Number((word >> BigInt(at)) & ((1n << BigInt(count)) - 1n))
}

function addressOf(word: bigint): Hex {
  return encode0x(
    Uint8Array.from({ length: 20 }, (_, i) => Number((word >> BigInt(8 * (19 - i))) & 0xffn)),
  )
}
