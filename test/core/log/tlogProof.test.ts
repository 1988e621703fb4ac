import { expect } from 'chai'
import fc from 'fast-check'
import { decodeBase64, decodeHex, utf8 } from '../../../node/core/bytes.ts'
import { hashLeaf, sha256 } from '../../../node/core/hash/hash.ts'
import { inclusionProof } from '../../../node/core/merkle/tree.ts'
import { verifyInclusion } from '../../../node/core/merkle/verify.ts'
import { verifyCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import { formatTlogProof, parseTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import log from '../../vectors/c2sp-tlog-tiles.json' with { type: 'json' }
import { codeOf, mutationsOf } from './support.ts'

// The example of C2SP tlog-proof; the checkpoint is shortened there too, and never looked at here.
const example = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJw[...]1roloI=
`

const readTile = (_level: number, _index: number, width: number) =>
  Promise.resolve(decodeHex(log.tiles.at(-1)!).slice(0, width * 32))

describe('tlog-proofs', () => {
  it('read as the example of the specification has it', () => {
    const { extra, index, proof, checkpoint } = parseTlogProof(example)
    expect(extra).to.have.length(39)
    expect(index).to.equal(73_894)
    expect(proof).to.have.length(5)
    expect(proof[4]).to.deep.equal(decodeBase64('AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk='))
    expect(checkpoint.startsWith('example.com/fancylog\n109482\n')).to.equal(true)
    expect(formatTlogProof(parseTlogProof(example))).to.equal(example)
  })

  it('are written as published', () => {
    const [h1, h2] = [sha256(utf8('hash1')), sha256(utf8('hash2'))]
    const encoded = [h1, h2].map((hash) => Buffer.from(hash).toString('base64'))
    const checkpoint = 'test checkpoint\n'
    expect(formatTlogProof({ index: 5, proof: [h1, h2], checkpoint })).to.equal(
      `c2sp.org/tlog-proof@v1\nindex 5\n${encoded[0]}\n${encoded[1]}\n\ntest checkpoint\n`,
    )
    const extra = utf8('extra information')
    expect(formatTlogProof({ extra, index: 10, proof: [h1], checkpoint })).to.equal(
      `c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n${encoded[0]}\n\ntest checkpoint\n`,
    )
    expect(formatTlogProof({ index: 0, proof: [], checkpoint })).to.equal(
      'c2sp.org/tlog-proof@v1\nindex 0\n\ntest checkpoint\n',
    )
  })

  it('carry an entry of a published log to the checkpoint that its operator signed', async () => {
    const trust = { origin: 'example.com/log/testdata', key: parseVerifierKey(log.key) }
    const checkpoint = log.checkpoints[15]!
    const proof = await inclusionProof(10, 15, readTile)
    const text = formatTlogProof({ index: 10, proof, checkpoint })
    const unverified = parseTlogProof(text)
    const head = verifyCheckpoint(unverified.checkpoint, trust)
    verifyInclusion(hashLeaf(utf8('ileven')), unverified, head)
    const other = hashLeaf(utf8('eleven'))
    expect(codeOf(() => verifyInclusion(other, unverified, head))).to.equal('MERKLE_ROOT_MISMATCH')
  })

  const hash = 'AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk='
  const start = 'c2sp.org/tlog-proof@v1'
  const malformed = {
    'with nothing in them': '',
    'with another header': 'wrong-header\nindex 0\n\ncheckpoint\n',
    'of another version': 'c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n',
    'with carriage returns': `${start}\r\nindex 0\r\n\r\ncheckpoint\r\n`,
    'with extra data that is no base64': `${start}\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n`,
    'with empty extra data': `${start}\nextra \nindex 0\n\ncheckpoint\n`,
    'with two extra lines': `${start}\nextra AA==\nextra AA==\nindex 0\n\ncheckpoint\n`,
    'with the index before the extra line': `${start}\nindex 0\nextra AA==\n\ncheckpoint\n`,
    'without an index': `${start}\n\n\ncheckpoint\n`,
    'with an index that is no number': `${start}\nindex notanumber\n\ncheckpoint\n`,
    'with a negative index': `${start}\nindex -5\n\ncheckpoint\n`,
    'with a zero before the index': `${start}\nindex 05\n\ncheckpoint\n`,
    'with an index past 2^53': `${start}\nindex 9007199254740992\n\ncheckpoint\n`,
    'with a hash that is no base64': `${start}\nindex 0\n!!notbase64!!\n\ncheckpoint\n`,
    'with a hash of 64 bytes': `${start}\nindex 0\n${'A'.repeat(86)}==\n\ncheckpoint\n`,
    'with a hash that has unused bits set': `${start}\nindex 0\n${hash.replace('vk=', 'vl=')}\n\nc\n`,
    'with 64 hashes': `${start}\nindex 0\n${`${hash}\n`.repeat(64)}\ncheckpoint\n`,
    'without an empty line': `${start}\nindex 0\n${hash}\ncheckpoint\n`,
    'without a checkpoint': `${start}\nindex 0\n${hash}\n\n`,
    'with one very long line': `${start}\nindex 0\n${'a'.repeat(65 * 1024)}\n`,
  }
  for (const [title, text] of Object.entries(malformed))
    it(`are refused ${title}`, () => {
      expect(codeOf(() => parseTlogProof(text), 'invalid')).to.equal('TLOG_PROOF_MALFORMED')
    })

  it('are not made of parts that cannot be read back', () => {
    const sound = { index: 0, proof: [decodeBase64(hash)], checkpoint: 'checkpoint\n' }
    for (const parts of [
      { ...sound, index: -1 },
      { ...sound, index: 0.5 },
      { ...sound, index: 2 ** 53 },
      { ...sound, proof: [new Uint8Array(31)] },
      { ...sound, proof: Array.from({ length: 64 }, () => sound.proof[0]!) },
      { ...sound, extra: new Uint8Array(0) },
      { ...sound, checkpoint: '' },
    ])
      expect(codeOf(() => formatTlogProof(parts), 'invalid')).to.equal('TLOG_PROOF_MALFORMED')
  })

  it('hold up to 63 hashes', () => {
    for (const length of [0, 1, 63]) {
      const proof = Array.from({ length }, (_, i) => new Uint8Array(32).fill(i))
      const parts = { index: Number.MAX_SAFE_INTEGER, proof, checkpoint: 'checkpoint\n' }
      expect(parseTlogProof(formatTlogProof(parts))).to.deep.equal(parts)
    }
  })

  it('have one spelling: what is accepted is formatted back as it was', () => {
    for (const mutation of mutationsOf(example))
      if (codeOf(() => parseTlogProof(mutation), 'invalid') === 'accepted')
        expect(formatTlogProof(parseTlogProof(mutation))).to.equal(mutation)
  })

  it('come back from text as they went in', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const proof = fc.record(
      {
        extra: fc.uint8Array({ minLength: 1, maxLength: 100 }),
        index: fc.maxSafeNat(),
        proof: fc.array(hash, { maxLength: 63 }),
        checkpoint: fc.string({ minLength: 1, unit: 'binary' }),
      },
      { requiredKeys: ['index', 'proof', 'checkpoint'] },
    )
    fc.assert(
      fc.property(proof, (proof) => {
        expect(parseTlogProof(formatTlogProof(proof))).to.deep.equal(proof)
      }),
    )
  })
})
