import type { Benefit } from '../catalogue/benefit.ts'
import { LedgerError } from '../errors.ts'

/**
 * 免申即享: what a benefit goes by is there, or the benefit is not given. Nobody is asked to hand anything in for it, in
 * either mode.
 *
 * @param uploads material types that somebody would have to hand in
 * @throws LedgerError invalid/BENEFIT_TAKES_NO_UPLOAD {benefit, mode, uploads}
 */
export function requireNoUpload(
  { code, mode }: Pick<Benefit, 'code' | 'mode'>,
  uploads: readonly string[],
): void {
  if (uploads.length > 0)
    throw new LedgerError('invalid', 'BENEFIT_TAKES_NO_UPLOAD', { benefit: code, mode, uploads })
}
