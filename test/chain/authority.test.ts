import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { computeAddress } from 'ethers'
import { openDevelopmentAuthority } from '../../node/chain/embedded/authority.ts'
import { codeOf } from '../support/codes.ts'

describe('the authority of an embedded chain', () => {
  let folder: string
  let path: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'onceledger-'))
    path = join(folder, 'authority.json')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made once, for its owner’s eyes only, and says what it is for', async () => {
    const made = await openDevelopmentAuthority(folder)
    expect(computeAddress(made.privateKey).toLowerCase()).to.equal(made.address)
    expect(statSync(path).mode & 0o777).to.equal(0o600)
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
    expect(Object.keys(kept)).to.deep.equal(['address', 'privateKey', 'note'])
    expect(kept['note']).to.match(/^development key/)
    expect(await openDevelopmentAuthority(folder)).to.deep.equal(made)
  })

  it('is another in each folder', async () => {
    const [one, other] = await Promise.all([
      openDevelopmentAuthority(join(folder, 'a')),
      openDevelopmentAuthority(join(folder, 'b')),
    ])
    expect(one.address).to.not.equal(other.address)
  })

  for (const [what, alter] of [
    ['cut', (text: string) => text.slice(0, 20)],
    ['of another address', (text: string) => text.replace(/"0x[0-9a-f]{4}/, '"0x0000')],
    ['with more in it', (text: string) => text.replace('{', '{"more":1,')],
  ] as const) {
    it(`is not guessed from a file that is ${what}`, async () => {
      await openDevelopmentAuthority(folder)
      writeFileSync(path, alter(readFileSync(path, 'utf8')))
      expect(await codeOf(openDevelopmentAuthority(folder))).to.equal('AUTHORITY_FILE_MALFORMED')
    })
  }
})
