import { expect } from 'chai'
import fc from 'fast-check'
import { decodeBase64, decodeHex, encodeHex } from '../../../node/core/bytes.ts'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import { decodeEntryBundle } from '../../../node/core/merkle/tiles.ts'
import { verifyConsistency, verifyInclusion } from '../../../node/core/merkle/verify.ts'
import { rootOf, TileTree } from '../../../node/core/merkle/tree.ts'
import {
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '../../../node/core/tlog/checkpoint.ts'
import { formatNote, parseNote, signNote } from '../../../node/core/tlog/note.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import published from '../../vectors/c2sp-checkpoints.json' with { type: 'json' }
import publishedLog from '../../vectors/c2sp-tlog-tiles.json' with { type: 'json' }
import { codeOf, keyPair, mutationsOf } from './support.ts'

const log = keyPair('log.example', 1)
const root = new Uint8Array(32).fill(7)
const head = { origin: 'log.example', size: 5, root }
const trust = { origin: 'log.example', key: log.key }
const rootLine = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='

describe('checkpoints', () => {
  for (const { origin, size, root, key, note } of published.checkpoints)
    it(`of ${origin} at ${size} read and verify as published`, () => {
      const checkpoint = { origin, size, root: decodeBase64(root) }
      expect(parseCheckpoint(parseNote(note).text)).to.deep.equal(checkpoint)
      expect(formatCheckpoint(checkpoint)).to.equal(parseNote(note).text)
      expect(formatNote(parseNote(note))).to.equal(note)
      if (key === undefined) return
      const trust = { origin, key: parseVerifierKey(key) }
      expect(verifyCheckpoint(note, trust)).to.deep.equal(checkpoint)
    })

  it('of a whole published log verify, extend one another, and are what its entries make', async () => {
    const trust = { origin: 'example.com/log/testdata', key: parseVerifierKey(publishedLog.key) }
    const heads = publishedLog.checkpoints.map((note) => verifyCheckpoint(note, trust))
    const entries = decodeEntryBundle(decodeHex(publishedLog.bundles.at(-1)!))
    const tile = decodeHex(publishedLog.tiles.at(-1)!)
    const readTile = (_level: number, _index: number, width: number) =>
      Promise.resolve(tile.slice(0, width * 32))
    const tree = new TileTree(readTile)
    const builder = await TreeBuilder.resume(0, readTile)
    for (const [size, to] of heads.entries()) {
      expect(to.size).to.equal(size)
      expect(encodeHex(builder.root())).to.equal(encodeHex(to.root))
      expect(await rootOf(size, readTile)).to.deep.equal(to.root)
      for (const from of heads.slice(0, size))
        verifyConsistency(from, to, await tree.consistencyProof(from.size, size))
      for (let index = 0; index < size; index++) {
        const proof = await tree.inclusionProof(index, size)
        verifyInclusion(hashLeaf(entries[index]!), { index, proof }, to)
      }
      if (size < entries.length) builder.append(hashLeaf(entries[size]!))
    }
  })

  it('are signed and verified', async () => {
    const note = await signCheckpoint(head, log.signer)
    expect(note).to.match(new RegExp(`^log.example\n5\n${rootLine}\n\n— log.example [^\n]+\n$`))
    expect(verifyCheckpoint(note, trust)).to.deep.equal(head)
  })

  it('keep extension lines', async () => {
    const extended = { ...head, extensions: ['a line', '另一行'] }
    const note = await signCheckpoint(extended, log.signer)
    expect(verifyCheckpoint(note, trust)).to.deep.equal(extended)
  })

  for (const { case: title, text } of published.malformed)
    it(`are refused as published: ${title}`, () => {
      expect(codeOf(() => parseCheckpoint(text), 'invalid')).to.equal('CHECKPOINT_MALFORMED')
    })

  const malformed = {
    'with nothing in them': '',
    'without an origin': `\n5\n${rootLine}\n`,
    'with an empty extension line': `log.example\n5\n${rootLine}\n\n`,
    'with an empty line between': `log.example\n\n5\n${rootLine}\n`,
    'with a carriage return': `log.example\r\n5\r\n${rootLine}\r\n`,
    'with a root one byte short': 'log.example\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==\n',
    'with a root in hex': `log.example\n5\n${'07'.repeat(32)}\n`,
    'with unused bits set in the root': `log.example\n5\n${rootLine.replace('wc=', 'wd=')}\n`,
    'with a space after the root': `log.example\n5\n${rootLine} \n`,
  }
  for (const [title, text] of Object.entries(malformed))
    it(`are refused ${title}`, () => {
      expect(codeOf(() => parseCheckpoint(text), 'invalid')).to.equal('CHECKPOINT_MALFORMED')
    })

  const sizes = ['05', '+5', '-1', ' 5', '5 ', '0x5', '5.0', '5e0', '٥', '9007199254740992']
  for (const size of [...sizes, ...published.malformedSizes])
    it(`are refused with the size ${JSON.stringify(size)}`, () => {
      const text = `log.example\n${size}\n${rootLine}\n`
      expect(codeOf(() => parseCheckpoint(text), 'invalid')).to.equal('CHECKPOINT_SIZE_MALFORMED')
    })

  it('are not made of parts that cannot be read back', () => {
    for (const parts of [
      { ...head, origin: '' },
      { ...head, origin: 'two\nlines' },
      { ...head, origin: 'a\ttab' },
      { ...head, origin: '\uD800' },
      { ...head, size: -1 },
      { ...head, size: 1.5 },
      { ...head, size: 2 ** 53 },
      { ...head, root: root.subarray(1) },
      { ...head, extensions: [''] },
      { ...head, extensions: ['two\nlines'] },
    ])
      expect(codeOf(() => formatCheckpoint(parts), 'invalid')).to.equal('CHECKPOINT_MALFORMED')
  })

  it('have one spelling: what is accepted is formatted back as it was', () => {
    for (const mutation of mutationsOf(formatCheckpoint({ ...head, extensions: ['more'] })))
      if (codeOf(() => parseCheckpoint(mutation), 'invalid') === 'accepted')
        expect(formatCheckpoint(parseCheckpoint(mutation))).to.equal(mutation)
  })

  it('come back from text as they went in', () => {
    const line = fc.string({ unit: 'binary', minLength: 1 })
    const checkpoint = fc.record({
      origin: line,
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(checkpoint, (checkpoint) => {
        if (codeOf(() => formatCheckpoint(checkpoint), 'invalid') === 'accepted')
          expect(parseCheckpoint(formatCheckpoint(checkpoint))).to.deep.equal(checkpoint)
      }),
    )
  })

  it('are refused with any one character changed, dropped or doubled', async () => {
    const note = await signCheckpoint(head, log.signer)
    for (const mutation of mutationsOf(note))
      expect(
        codeOf(() => verifyCheckpoint(mutation, trust)),
        mutation,
      ).not.to.equal('accepted')
  })

  it('are refused of another origin, signed by the key though they are', async () => {
    const note = await signCheckpoint({ ...head, origin: 'other.example' }, log.signer)
    expect(codeOf(() => verifyCheckpoint(note, trust), 'unverified')).to.equal(
      'CHECKPOINT_ORIGIN_MISMATCH',
    )
  })

  it('are refused when an unknown key signed, and when a known one signed something else', async () => {
    const stranger = keyPair('log.example', 2)
    const note = await signCheckpoint(head, stranger.signer)
    expect(codeOf(() => verifyCheckpoint(note, trust), 'unverified')).to.equal('NOTE_KEY_UNKNOWN')
    const forged = (await signCheckpoint(head, log.signer)).replace('\n5\n', '\n6\n')
    expect(codeOf(() => verifyCheckpoint(forged, trust), 'unverified')).to.equal(
      'NOTE_SIGNATURE_INVALID',
    )
  })

  it('are refused before they are read: a signature comes first', async () => {
    const note = await signNote('not a checkpoint\n', keyPair('log.example', 2).signer)
    expect(codeOf(() => verifyCheckpoint(note, trust))).to.equal('NOTE_KEY_UNKNOWN')
    const signed = await signNote('not a checkpoint\n', log.signer)
    expect(codeOf(() => verifyCheckpoint(signed, trust))).to.equal('CHECKPOINT_MALFORMED')
  })
})
