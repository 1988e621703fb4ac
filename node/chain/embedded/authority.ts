import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computeAddress } from 'ethers'
import { z } from 'zod'
import { LedgerError } from '../../core/errors.ts'
import { HexAddress, HexHash } from '../../core/ethereum/hex.ts'
import type { Hex } from '../chain.ts'
import { isMissing, replaceFile } from './files.ts'

const Kept = z.strictObject({ address: HexAddress, privateKey: HexHash, note: z.string() })

/** The account that accredits the first departments of a chain of one's own. */
export interface DevelopmentAuthority {
  readonly address: Hex
  readonly privateKey: Hex
}

const NOTE =
  'development key: whoever reads it accredits departments on the local chain. On a chain that others share, ONCE_AUTHORITY names an account whose key is kept elsewhere.'

/**
 * Reads `authority.json` in the data folder, or makes it; only its owner may read it.
 *
 * @throws LedgerError invalid/AUTHORITY_FILE_MALFORMED; it does not hold the key
 */
export async function openDevelopmentAuthority(dataFolder: string): Promise<DevelopmentAuthority> {
  const path = join(dataFolder, 'authority.json')
  const kept = await read(path)
  if (kept !== undefined) return kept
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const privateKey: Hex = `0x${randomBytes(32).toString('hex')}`
  const authority = { address: addressOf(privateKey), privateKey }
  await replaceFile(path, `${JSON.stringify({ ...authority, note: NOTE }, undefined, 2)}\n`)
  return authority
}

async function read(path: string): Promise<DevelopmentAuthority | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  const authority = parse(text)
  if (authority === undefined || addressOf(authority.privateKey) !== authority.address) {
    // No cause: it would hold the key.
    throw new LedgerError('invalid', 'AUTHORITY_FILE_MALFORMED', { path })
  }
  return authority
}

function parse(text: string): DevelopmentAuthority | undefined {
  try {
    const { address, privateKey } = Kept.parse(JSON.parse(text))
    return { address, privateKey }
  } catch {
    return undefined
  }
}

function addressOf(privateKey: Hex): Hex {
  return computeAddress(privateKey).toLowerCase() as Hex
}
