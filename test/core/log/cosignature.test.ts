import { expect } from 'chai'
import { signCheckpoint, verifyCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import {
  cosignCheckpoint,
  isCosignature,
  verifyWitnesses,
} from '../../../node/core/tlog/cosignature.ts'
import { formatNote, parseNote } from '../../../node/core/tlog/note.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import published from '../../vectors/c2sp-checkpoints.json' with { type: 'json' }
import { codeOf, keyPair, mutationsOf, witnessPair } from './support.ts'

const NOW = 1_790_000_000
const log = keyPair('log.example', 1)
const [first, second, third] = [
  witnessPair('witness.example/1', 11),
  witnessPair('witness.example/2', 12),
  witnessPair('witness.example/3', 13),
]
const keys = [first.key, second.key, third.key]
const head = { origin: 'log.example', size: 5, root: new Uint8Array(32).fill(7) }
const signed = await signCheckpoint(head, log.signer)
const cosigned = await cosignCheckpoint(
  await cosignCheckpoint(signed, first.signer, NOW),
  second.signer,
  NOW + 1,
)

describe('cosignatures', () => {
  for (const { origin, note, witnesses } of published.checkpoints)
    if (witnesses.length > 0)
      it(`of ${witnesses.length} public witnesses on ${origin} verify`, () => {
        const keys = witnesses.map(parseVerifierKey)
        expect(verifyWitnesses(note, keys, keys.length)).to.deep.equal(keys)
        const clobbered = note.replace(/\n\d+\n/, '\n42\n')
        for (const key of keys)
          expect(codeOf(() => verifyWitnesses(clobbered, [key], 1))).to.equal(
            'NOTE_SIGNATURE_INVALID',
          )
      })

  it('ride along with the signature of the log', () => {
    expect(verifyCheckpoint(cosigned, { origin: 'log.example', key: log.key })).to.deep.equal(head)
    expect(verifyWitnesses(cosigned, keys, 2)).to.deep.equal([first.key, second.key])
    expect(cosigned.startsWith(signed)).to.equal(true)
  })

  it('carry their time, which is signed', () => {
    const { text, signatures } = parseNote(cosigned)
    const [, { signature }] = signatures as [unknown, { signature: Uint8Array }]
    expect(new DataView(signature.buffer).getBigUint64(signature.byteOffset)).to.equal(BigInt(NOW))
    expect(isCosignature(first.key, text, signature)).to.equal(true)
    for (let bit = 0; bit < 8 * signature.length; bit += 5) {
      const flipped = signature.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(isCosignature(first.key, text, flipped), `bit ${bit}`).to.equal(false)
    }
  })

  it('are of one length', () => {
    const { text, signatures } = parseNote(cosigned)
    const { signature } = signatures[1]!
    const padded = new Uint8Array(signature.length + 1)
    padded.set(signature)
    for (const other of [signature.subarray(1), signature.subarray(0, -1), padded])
      expect(isCosignature(first.key, text, other)).to.equal(false)
    for (let length = 0; length <= 9; length++)
      expect(isCosignature(first.key, text, signature.slice(0, length))).to.equal(false)
  })

  it('are not given by a key for plain signatures', () => {
    const { text, signatures } = parseNote(cosigned)
    const plain = { ...first.key, type: 1 }
    expect(isCosignature(plain, text, signatures[1]!.signature)).to.equal(false)
  })

  it('may be of any second from 1970 on', async () => {
    for (const time of [0, 1, Number.MAX_SAFE_INTEGER])
      expect(
        verifyWitnesses(await cosignCheckpoint(signed, first.signer, time), keys, 1),
      ).to.deep.equal([first.key])
  })

  it('are refused of a time past 2^53, which is the future', () => {
    const { text, signatures } = parseNote(cosigned)
    const signature = signatures[1]!.signature.slice()
    new DataView(signature.buffer).setBigUint64(0, 2n ** 53n)
    expect(isCosignature(first.key, text, signature)).to.equal(false)
  })

  it('are not made for a time that is none', async () => {
    for (const time of [-1, 1.5, NaN, 2 ** 53]) {
      const error: unknown = await cosignCheckpoint(signed, first.signer, time).catch(
        (error: unknown) => error,
      )
      expect(error).to.be.instanceOf(TypeError)
    }
  })

  it('need not be there when the quorum is 0', () => {
    expect(verifyWitnesses(signed, keys, 0)).to.deep.equal([])
    expect(verifyWitnesses(signed, [], 0)).to.deep.equal([])
  })

  it('miss the quorum when fewer witnesses signed, strangers not counted', () => {
    for (const [keys, quorum] of [
      [[first.key, second.key, third.key], 3],
      [[first.key], 2],
      [[third.key], 1],
      [[], 1],
    ] as const)
      expect(codeOf(() => verifyWitnesses(cosigned, keys, quorum), 'unverified')).to.equal(
        'WITNESS_QUORUM_NOT_MET',
      )
  })

  it('count once for a witness that signed twice, or that is listed twice', async () => {
    const twice = await cosignCheckpoint(cosigned, first.signer, NOW + 5)
    expect(codeOf(() => verifyWitnesses(twice, [first.key], 2))).to.equal('WITNESS_QUORUM_NOT_MET')
    const listed = [first.key, first.key]
    expect(codeOf(() => verifyWitnesses(cosigned, listed, 2))).to.equal('WITNESS_QUORUM_NOT_MET')
  })

  it('count once for one key under two names', async () => {
    const alias = witnessPair('alias.example', 11)
    const note = await cosignCheckpoint(cosigned, alias.signer, NOW)
    const keys = [first.key, alias.key]
    expect(codeOf(() => verifyWitnesses(note, keys, 2))).to.equal('WITNESS_QUORUM_NOT_MET')
  })

  it('damn the note when one of a known witness is bad, the quorum met or not', () => {
    const { text, signatures } = parseNote(cosigned)
    const swapped = signatures.map((line, i) =>
      i === 2 ? { ...line, signature: signatures[1]!.signature } : line,
    )
    const note = formatNote({ text, signatures: swapped })
    expect(codeOf(() => verifyWitnesses(note, keys, 1), 'unverified')).to.equal(
      'NOTE_SIGNATURE_INVALID',
    )
    expect(verifyWitnesses(note, [first.key], 1)).to.deep.equal([first.key])
  })

  it('are missed or refused with any one character changed, dropped or doubled', async () => {
    const note = await cosignCheckpoint(signed, first.signer, NOW)
    const start = note.indexOf('— log.example')
    const end = note.indexOf('— witness')
    for (const mutation of mutationsOf(note)) {
      const outsideLogLine =
        mutation.slice(0, start) !== note.slice(0, start) ||
        mutation.slice(-(note.length - end)) !== note.slice(end)
      if (outsideLogLine)
        expect(codeOf(() => verifyWitnesses(mutation, [first.key], 1))).not.to.equal('accepted')
    }
  })
})
