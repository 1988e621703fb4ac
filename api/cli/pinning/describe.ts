import { encodeHex } from '../../../node/core/bytes.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import type { TrustDocument } from '../../../node/core/trust.ts'

/** What a trust believes, for a person who compares it with what the operator publishes elsewhere. */
export function describeTrust({ log, chains, registries }: TrustDocument): string {
  return [
    `origin       ${log.origin}`,
    `log key      ${log.key}`,
    `fingerprint  ${fingerprint(log.key)}`,
    ...chains.flatMap(({ chainId, registry, logId, blocks }) => [
      `chain        ${chainId}, ${blocks.length} blocks`,
      `  registry   ${registry}`,
      `  log id     ${logId}`,
    ]),
    ...(registries
      ? [
          `registries   chain ${registries.chainId}`,
          `  parties    ${registries.parties}`,
          `  certificates ${registries.certificates}`,
          `  grants     ${registries.grants}`,
        ]
      : []),
  ].join('\n')
}

/** SHA-256 of the public key, in groups that can be read out. */
function fingerprint(vkey: string): string {
  const digest = encodeHex(sha256(parseVerifierKey(vkey).key))
  return digest.replaceAll(/(.{4})(?=.)/g, '$1 ')
}
