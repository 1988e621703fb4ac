import type { BlockId } from '../chain/chain.ts'
import { certificateTypeWord } from '../core/acts/certificateType.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { StateProof } from '../core/stateProof.ts'
import { isAnchored } from '../ledger/anchoring/records.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { evidenceWith } from '../states/evidence.ts'
import { pathsBy, slotsOfIssuer, slotsOfStatus } from '../states/slots.ts'
import type { DepartmentPaths } from '../states/slots.ts'
import type { StateProofs } from '../states/stateProofs.ts'
import type { Write } from '../store/keyValueStore.ts'
import type { CertificateRecord } from './certificates.ts'

/** Proofs of what the registries held, for evidence of certificates. */
export interface CertificateProofs {
  /**
   * What is to be proven of a certificate that is judged now: who could issue it. To be called at once after the
   * judgement, so that both are about one block; answers what to commit with its entry.
   */
  ofIssue(issuer: Hex, type: string): (index: number) => Write[]

  /** Asks the chain for what an entry wants; nobody waits for it. */
  prove(index: number): void

  /** Evidence JSON with who could issue it, and how it stands. */
  evidence(
    record: CertificateRecord,
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array>
}

export interface ProofsParts {
  readonly ledger: Ledger
  readonly states: StateProofs
  readonly registries: Registries
  readonly mirror: {
    readonly block: (BlockId & { readonly timestamp: number }) | undefined
    readonly departments: Parameters<typeof pathsBy>[0]
    readonly certificates: {
      changesOf(
        certificate: Hex,
      ): readonly { readonly recorded: { readonly block: number; readonly time: number } }[]
    }
  }
}

/** Anchors among which the newest of this chain is looked for. */
const LOOKED_AT = 16

/** EIP-1186 proofs from the chain of the registries. */
export class ProvenCertificates implements CertificateProofs {
  readonly #parts: ProofsParts
  readonly #paths: DepartmentPaths

  constructor(parts: ProofsParts) {
    this.#parts = parts
    this.#paths = pathsBy(parts.mirror.departments)
  }

  ofIssue(issuer: Hex, type: string): (index: number) => Write[] {
    const { mirror, registries, states } = this.#parts
    const { block } = mirror
    if (block === undefined) throw new TypeError('whoever judges knows a block')
    const slots = slotsOfIssuer(issuer, certificateTypeWord(type), registries, this.#paths)
    const wanted = {
      of: 'issue',
      block: { number: block.number, hash: block.hash },
      slots,
    } as const
    return (index) => [states.want(index, [wanted])]
  }

  prove(index: number): void {
    this.#parts.states.prove(index)
  }

  evidence(
    record: CertificateRecord,
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array> {
    const { ledger, states, registries } = this.#parts
    return evidenceWith(
      record.index,
      async () => {
        const issued = await states.of(record.index)
        const standing = await this.#standing(record)
        return { states: standing ? [...issued, standing] : issued }
      },
      { ledger, states, chainId: registries.chainId },
      wait,
    )
  }

  /** How it stands, in the newest block that a verifier can trust without asking the chain, or else in the newest. */
  async #standing({
    index,
    at,
    certificateId: id,
  }: CertificateRecord): Promise<StateProof | undefined> {
    const { mirror, registries, states } = this.#parts
    const changes = mirror.certificates.changesOf(id)
    const last = changes.at(-1)?.recorded.block ?? 0
    const slots = slotsOfStatus({ id, changes: changes.length }, registries)
    const anchored = await this.#anchoredBlock(index)
    const { block } = mirror
    // A state from before it was issued would tell of no certificate.
    const newest = block && block.timestamp >= Math.floor(Date.parse(at) / 1000) ? block : undefined
    const trusted = anchored && anchored.number >= last ? anchored : undefined
    for (const block of [trusted, newest]) {
      const proof = block && (await states.now({ of: 'status', block, slots }))
      if (proof !== undefined) return proof
    }
    return undefined
  }

  /** The newest on this chain that anchors the entry too. */
  async #anchoredBlock(index: number): Promise<BlockId | undefined> {
    const { ledger, registries } = this.#parts
    const newest = await ledger.anchors({ limit: LOOKED_AT })
    const anchor = newest.find(
      (record) =>
        record.chainId === registries.chainId && record.size > index && isAnchored(record),
    )
    return anchor?.proof?.block ?? anchor?.mined?.block
  }
}
