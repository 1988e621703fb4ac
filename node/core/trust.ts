import * as z from 'zod'
import { LedgerError } from './errors.ts'
import { HexAddress, HexHash } from './ethereum/hex.ts'
import { canonicalize, parseStrictJson } from './json.ts'
import { Registries } from './parties/registries.ts'
import { parseBy } from './schema.ts'
import type { LogTrust } from './tlog/checkpoint.ts'
import { parseVerifierKey, SIGNATURE_TYPE } from './tlog/verifierKey.ts'
import type { VerifierKey } from './tlog/verifierKey.ts'

/** C2SP signed-note verifier key, `<name>+<key id>+<base64>`. */
const verifierKey = z.string().max(512)

/** A log on a chain that the verifier follows: evidence must be anchored there. */
export const TrustedChain = z
  .strictObject({
    chainId: z.int().min(1),
    registry: HexAddress,
    logId: HexHash,
    /** Blocks known to belong to the chain, learned from a source that the verifier believes. */
    blocks: z.array(HexHash).max(100_000),
    /** Where to ask about other blocks. */
    rpc: z.url({ protocol: /^(?:https?|wss?)$/ }).optional(),
  })
  .meta({ id: 'TrustedChain' })
export type TrustedChain = z.infer<typeof TrustedChain>

/** trust.json: what a verifier decides to believe. Never taken from evidence. */
export const TrustDocument = z
  .strictObject({
    v: z.literal(1),
    log: z.strictObject({ origin: z.string().min(1).max(512), key: verifierKey }),
    witnesses: z
      .strictObject({
        /** How many different witnesses must have cosigned. */
        quorum: z.int().min(0),
        keys: z.array(verifierKey).max(100),
      })
      .refine(({ quorum, keys }) => quorum <= keys.length, 'a quorum of more witnesses than named'),
    /** One of them must hold the checkpoint, and none contradict it; none named: anchors are not asked for. */
    chains: z
      .array(TrustedChain)
      .max(16)
      .refine(
        (chains) => new Set(chains.map(({ chainId }) => chainId)).size === chains.length,
        'a chain id twice',
      ),
    /** Where parties, certificates and grants are recorded; without it nothing is known of them. */
    registries: Registries.optional(),
  })
  .meta({ id: 'Trust' })
export type TrustDocument = z.infer<typeof TrustDocument>

/** `TrustDocument` with its keys read. */
export interface Trust {
  readonly log: LogTrust
  readonly witnesses: { readonly quorum: number; readonly keys: readonly VerifierKey[] }
  readonly chains: readonly TrustedChain[]
  readonly registries?: Registries
}

const TRUST_LIMITS = { bytes: 16 * 1024 * 1024, depth: 8 }

/**
 * @throws LedgerError invalid/JSON_*, see `parseStrictJson`
 * @throws LedgerError invalid/TRUST_VERSION_UNSUPPORTED, TRUST_MALFORMED
 * @throws LedgerError invalid/VKEY_MALFORMED, TRUST_KEY_TYPE_WRONG: a witness's key in the place of the log's, or the
 *   reverse
 */
export function parseTrust(source: string | Uint8Array): Trust {
  return readTrust(parseStrictJson(source, TRUST_LIMITS))
}

/** As `parseTrust`, for a value that was strict JSON. */
export function readTrust(value: unknown): Trust {
  const { v } = typeof value === 'object' && value !== null ? (value as { v?: unknown }) : {}
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('invalid', 'TRUST_VERSION_UNSUPPORTED', { v })
  }
  const { log, witnesses, chains, registries } = parseBy(TrustDocument, value, 'TRUST_MALFORMED')
  return {
    log: { origin: log.origin, key: readKey(log.key, SIGNATURE_TYPE.ed25519) },
    witnesses: {
      quorum: witnesses.quorum,
      keys: witnesses.keys.map((key) => readKey(key, SIGNATURE_TYPE.cosignature)),
    },
    chains,
    ...(registries && { registries }),
  }
}

/** RFC 8785 text. */
export function formatTrust(document: TrustDocument): string {
  return canonicalize(document)
}

function readKey(text: string, type: number): VerifierKey {
  const key = parseVerifierKey(text)
  if (key.type !== type) {
    throw new LedgerError('invalid', 'TRUST_KEY_TYPE_WRONG', { name: key.name })
  }
  return key
}
