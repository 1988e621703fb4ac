import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { holderIdOf } from '../../../node/core/parties/holder.ts'

const SALT = new Uint8Array(32).fill(7)
const CODE = '91310110MA1G8XQ32K'

describe('a holder id', () => {
  it('is the hash of salt, code type and code that the format says', () => {
    const hash = createHash('sha256')
      .update('onceledger/holder/v1\0')
      .update(SALT)
      .update(`001\0${CODE}`)
      .digest('hex')
    expect(holderIdOf(SALT, '001', CODE)).to.equal(`0x${hash}`)
  })

  it('changes with each of them', () => {
    const ids = [
      holderIdOf(SALT, '001', CODE),
      holderIdOf(SALT.with(31, 8), '001', CODE),
      holderIdOf(SALT, '099', CODE),
      holderIdOf(SALT, '001', CODE.slice(1)),
    ]
    expect(new Set(ids).size).to.equal(4)
  })

  it('needs a salt of 32 bytes', () => {
    expect(() => holderIdOf(SALT.slice(1), '001', CODE)).to.throw(TypeError)
  })
})
