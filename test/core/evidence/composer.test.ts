import { expect } from 'chai'
import fc from 'fast-check'
import { decodeUtf8, utf8 } from '../../../node/core/bytes.ts'
import { composeEvidence } from '../../../node/core/evidence.ts'
import { EvidenceComposer } from '../../../node/core/evidenceComposer.ts'
import { formatTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import { makeAnchor } from './sample.ts'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('composing the evidence of many statements', () => {
  it('gives what composing each alone gives, and leaves what it gave before as it was', async () => {
    const anchor = await makeAnchor()
    const checkpoint = 'example.org/log\n7\nroot\n\n— example.org/log "signature"\\\n'
    const part = fc.record({
      statement: fc.string({ unit: 'grapheme', maxLength: 30_000 }).map(utf8),
      salt: bytesOf(32),
      entry: fc.string().map(utf8),
      index: fc.nat(),
      proof: fc.array(bytesOf(32), { maxLength: 20 }),
    })
    const cases = fc.tuple(fc.array(part, { maxLength: 8 }), fc.constantFrom([], [anchor]))
    fc.assert(
      fc.property(cases, ([parts, anchors]) => {
        const composer = new EvidenceComposer(checkpoint, anchors)
        const given = parts.map((one) => composer.compose(one))
        for (const [i, { index, proof, ...rest }] of parts.entries()) {
          const alone = { ...rest, proof: formatTlogProof({ index, proof, checkpoint }), anchors }
          expect(decodeUtf8(given[i] as Uint8Array)).to.equal(composeEvidence(alone))
        }
      }),
    )
  })
})
