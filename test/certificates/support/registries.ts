import type { RegistryReader } from '../../../node/certificates/certificates.ts'
import { mayFollow } from '../../../node/core/certificates/status.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'

interface Department {
  account: Hex
  readonly types: Set<Hex>
  until: number
}

/** What the chain would say, told by a test. */
export class TestRegistries implements RegistryReader {
  stale = false
  readonly #departments = new Map<Hex, Department>()
  readonly #changes = new Map<Hex, { readonly status: number; readonly time: number }[]>()

  permit(department: Hex, types: readonly string[], until = Infinity): void {
    this.#departments.set(department, {
      account: department,
      types: new Set(types.map(certificateTypeWord)),
      until,
    })
  }

  rekey(department: Hex, account: Hex): void {
    const known = this.#departments.get(department)
    if (known) known.account = account
  }

  /** As the contract does: what may not follow is refused. */
  record(certificate: Hex, status: number, time: number): void {
    const changes = this.#changes.get(certificate) ?? []
    if (!mayFollow(changes.at(-1)?.status ?? 0, status)) throw new Error('the contract reverts')
    this.#changes.set(certificate, [...changes, { status, time }])
  }

  assertFresh(): void {
    if (this.stale) throw new LedgerError('unavailable', 'MIRROR_STALE')
  }

  readonly departments: RegistryReader['departments'] = {
    accountAs: (department, role, certificateType, time) => {
      const known = this.#departments.get(department)
      if (role !== 'issuer' || !known?.types.has(certificateType)) return undefined
      return time <= known.until ? known.account : undefined
    },
  }

  readonly certificates: RegistryReader['certificates'] = {
    statusOf: (certificate) => this.#changes.get(certificate)?.at(-1)?.status ?? 0,
    statusAt: (certificate, time) =>
      this.#changes.get(certificate)?.findLast((change) => change.time <= time)?.status ?? 0,
    changesOf: (certificate) => this.#changes.get(certificate) ?? [],
  }
}
