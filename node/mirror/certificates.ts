import type { Hex } from '../chain/chain.ts'
import type { MirroredCertificates, StatusRecord } from './mirror.ts'
import { bare } from './records.ts'
import type { MirrorState } from './state.ts'

export class Certificates implements MirroredCertificates {
  readonly #state: MirrorState

  constructor(state: MirrorState) {
    this.#state = state
  }

  statusOf(certificate: Hex): number {
    return this.changesOf(certificate).at(-1)?.status ?? 0
  }

  statusAt(certificate: Hex, at: number): number {
    const changes = this.changesOf(certificate)
    return changes.findLast(({ recorded }) => recorded.time <= at)?.status ?? 0
  }

  changesOf(certificate: Hex): readonly StatusRecord[] {
    return this.#state.get('certificate', bare(certificate)) ?? []
  }
}
