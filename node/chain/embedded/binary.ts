import { createRequire } from 'node:module'
import { LedgerError } from '../../core/errors.ts'

/** npm installs the one package among anvil's that fits the machine. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux x64': '@foundry-rs/anvil-linux-amd64/bin/anvil',
  'linux arm64': '@foundry-rs/anvil-linux-arm64/bin/anvil',
  'darwin x64': '@foundry-rs/anvil-darwin-amd64/bin/anvil',
  'darwin arm64': '@foundry-rs/anvil-darwin-arm64/bin/anvil',
  'win32 x64': '@foundry-rs/anvil-win32-amd64/bin/anvil.exe',
}

/**
 * The native program, not npm's wrapper around it: the wrapper would stand between it and its signals.
 *
 * @throws LedgerError unavailable/EMBEDDED_CHAIN_UNSUPPORTED
 */
export function findAnvil(): string {
  const machine = `${process.platform} ${process.arch}`
  const path = PACKAGES[machine]
  try {
    if (path === undefined) throw new Error('no package for this machine')
    // The platform's package is a dependency of anvil's, which need not be visible from here.
    const require = createRequire(
      createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'),
    )
    return require.resolve(path)
  } catch (cause) {
    throw new LedgerError('unavailable', 'EMBEDDED_CHAIN_UNSUPPORTED', { machine }, { cause })
  }
}
