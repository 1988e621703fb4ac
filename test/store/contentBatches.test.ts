import { expect } from 'chai'
import { createHash, randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { ContentBatches } from '../../node/store/contents/batches.ts'
import { open } from '../../node/store/sealing/seal.ts'
import { codeOf } from '../behaviors/codeOf.ts'

const digestOf = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex')

describe('sealing contents in batches', () => {
  const batches = new ContentBatches()
  after(() => batches.close())

  it('hashes and seals each content under a key of its own, small or large, alone or beside others', async () => {
    const lengths = [1, 100, 4095, 4096, 10_240, 262_144, 262_145, 3_000_000, 3_000_000]
    const contents = lengths.map((length) => randomBytes(length))
    const sealed = await Promise.all(
      contents.map((bytes) => batches.seal(bytes, ['sha-256', 'sm3'])),
    )
    for (const [i, { dataKey, digests, sealed: bytes }] of sealed.entries()) {
      const content = contents[i] ?? Buffer.alloc(0)
      expect(Buffer.from(open(dataKey, 'content', bytes)).equals(content)).to.equal(true)
      expect(digests).to.deep.equal([
        `sha-256:${digestOf('sha256', content)}`,
        `sm3:${digestOf('sm3', content)}`,
      ])
    }
    const keys = sealed.map(({ dataKey }) => Buffer.from(dataKey).toString('hex'))
    expect(new Set(keys).size).to.equal(lengths.length)
  })

  it('computes the digests that are asked for, in that order', async () => {
    const bytes = randomBytes(10_000)
    const [one, other] = await Promise.all([
      batches.seal(bytes, ['sha-256']),
      batches.seal(bytes, ['sm3', 'sha-256']),
    ])
    expect(one.digests).to.deep.equal([`sha-256:${digestOf('sha256', bytes)}`])
    expect(other.digests).to.deep.equal([
      `sm3:${digestOf('sm3', bytes)}`,
      `sha-256:${digestOf('sha256', bytes)}`,
    ])
  })

  it('fails what was under way when it is closed, and starts again with the next', async () => {
    const closed = new ContentBatches()
    const bytes = randomBytes(10_000)
    const underWay = closed.seal(bytes, ['sha-256'])
    await setImmediate()
    await closed.close()
    expect(await codeOf(underWay)).to.equal('SEALING_WORKER_LOST')
    const { digests } = await closed.seal(bytes, ['sha-256'])
    expect(digests).to.deep.equal([`sha-256:${digestOf('sha256', bytes)}`])
    await closed.close()
  })
})
