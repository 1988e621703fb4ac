import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestAnvil } from './anvil.ts'

/** One chain for all tests of the enclosing suite; `current` while they run. */
export function suiteAnvil(): { readonly current: TestAnvil } {
  const folder = mkdtempSync(join(tmpdir(), 'onceledger-'))
  let anvil: TestAnvil | undefined
  before(async () => {
    anvil = await TestAnvil.start(folder)
  })
  after(async () => {
    await anvil?.close()
    rmSync(folder, { recursive: true })
  })
  return {
    get current() {
      if (anvil === undefined) throw new Error('only while tests run')
      return anvil
    },
  }
}
