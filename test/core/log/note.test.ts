import { expect } from 'chai'
import fc from 'fast-check'
import { decodeBase64, decodeHex, encodeBase64 } from '../../../node/core/bytes.ts'
import type { Note } from '../../../node/core/tlog/note.ts'
import { formatNote, parseNote, signNote, verifyNote } from '../../../node/core/tlog/note.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import vectors from '../../vectors/c2sp-signed-note.json' with { type: 'json' }
import { codeOf, keyPair, mutationsOf } from './support.ts'

const log = keyPair('log.example', 1)
const other = keyPair('other.example', 2)
const text = 'one line\n\nand another\n'

async function noteBy(...pairs: (typeof log)[]): Promise<string> {
  const notes = await Promise.all(pairs.map(({ signer }) => signNote(text, signer)))
  const signatures = notes.flatMap((note) => parseNote(note).signatures)
  return formatNote({ text, signatures })
}

/** The note with one bit of its only signature flipped. */
function corrupt(note: string): string {
  const { text, signatures } = parseNote(note)
  const [first, ...rest] = signatures
  const signature = first!.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte))
  return formatNote({ text, signatures: [{ ...first!, signature }, ...rest] })
}

describe('signed notes', () => {
  for (const { case: title, note, signers } of vectors.notes)
    it(`verify as published: ${title}`, () => {
      const keys = signers.map(parseVerifierKey)
      expect(verifyNote(parseNote(note), keys)).to.deep.equal(keys)
      for (const key of keys) expect(verifyNote(parseNote(note), [key])).to.deep.equal([key])
      expect(formatNote(parseNote(note))).to.equal(note)
    })

  it('are signed as published, byte for byte', async () => {
    const { seed, key, text, note } = vectors.seeded
    const { signer, key: made } = keyPair('PeterNeumann', decodeHex(seed))
    expect(made).to.deep.equal(parseVerifierKey(key))
    expect(await signNote(text, signer)).to.equal(note)
  })

  it('are signed by a signer that answers later as by one that answers at once', async () => {
    const later = { ...log.signer, sign: async (message: Uint8Array) => log.signer.sign(message) }
    expect(await signNote(text, later)).to.equal(await signNote(text, log.signer))
  })

  for (const { case: title, note } of vectors.malformed)
    it(`are refused as published: ${title}`, () => {
      expect(codeOf(() => parseNote(note), 'invalid')).to.equal('NOTE_MALFORMED')
    })

  const line = `— log.example ${encodeBase64(new Uint8Array(68))}\n`
  const malformed = {
    'without a text': `\n${line}`,
    'without an empty line': `text\n${line}`,
    'with a hyphen for the dash': `text\n\n${line.replace('—', '-')}`,
    'with two spaces': `text\n\n${line.replace(' ', '  ')}`,
    'with a space at the end of a line': `text\n\n${line.replace('\n', ' \n')}`,
    'with a carriage return': `text\n\n${line.replace('\n', '\r\n')}`,
    'with a tab in the text': `te\txt\n\n${line}`,
    'with a lone surrogate': `te\uD800xt\n\n${line}`,
    'with a plus in the key name': `text\n\n${line.replace('log.', 'log+')}`,
    'with a Unicode space in the key name': `text\n\n${line.replace('log.', 'log\u3000')}`,
    'with a next-line character in the key name': `text\n\n${line.replace('log.', 'log\u0085')}`,
    'with an empty key name': `text\n\n${line.replace('log.example', '')}`,
    'with a key id and no signature': 'text\n\n— log.example AAAAAA==\n',
    'with base64 unpadded': `text\n\n${line.replace('=', '')}`,
    'with base64 that has unused bits set': `text\n\n${line.replace('AAA=', 'AAB=')}`,
    'with an empty line at the end': `text\n\n${line}\n`,
  }
  for (const [title, note] of Object.entries(malformed))
    it(`are refused ${title}`, () => {
      expect(codeOf(() => parseNote(note), 'invalid')).to.equal('NOTE_MALFORMED')
    })

  it('may have 100 signatures, not more', () => {
    const note = `text\n\n${line.repeat(100)}`
    expect(formatNote(parseNote(note))).to.equal(note)
    expect(codeOf(() => parseNote(`text\n\n${line.repeat(101)}`))).to.equal('NOTE_MALFORMED')
  })

  it('keep empty lines, DEL and other scripts in the text, and names of other scripts', () => {
    for (const text of ['\n', 'a\n\n\n', 'ed è subito sera.\n', '日本\u007f\n']) {
      const note = `${text}\n${line.replace('log', '日志')}`
      expect(parseNote(note)).to.deep.include({ text })
      expect(formatNote(parseNote(note))).to.equal(note)
    }
  })

  it('are not made of parts that cannot be read back', () => {
    const [signature] = parseNote(`text\n\n${line}`).signatures
    const sound = { text: 'text\n', signatures: [signature!] }
    for (const parts of [
      { ...sound, text: 'text' },
      { ...sound, text: '' },
      { ...sound, text: 'te\txt\n' },
      { ...sound, signatures: [] },
      { ...sound, signatures: Array.from({ length: 101 }, () => signature!) },
      { ...sound, signatures: [{ ...signature!, name: 'a name' }] },
      { ...sound, signatures: [{ ...signature!, signature: new Uint8Array(0) }] },
    ])
      expect(codeOf(() => formatNote(parts), 'invalid')).to.equal('NOTE_MALFORMED')
  })

  it('have one spelling: what is accepted is formatted back as it was', async () => {
    for (const mutation of mutationsOf(await noteBy(log, other)))
      if (codeOf(() => parseNote(mutation), 'invalid') === 'accepted')
        expect(formatNote(parseNote(mutation))).to.equal(mutation)
  })

  it('come back from text as they went in, or are refused both ways', () => {
    const signature = fc.record({
      name: fc.oneof(fc.string({ unit: 'binary' }), fc.domain()),
      keyId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      signature: fc.uint8Array({ maxLength: 3 }),
    })
    const anyNote = fc.record({
      text: fc.oneof(fc.lorem(), fc.string({ unit: 'binary' })).map((text) => `${text}\n`),
      signatures: fc.array(signature, { maxLength: 4 }),
    })
    fc.assert(
      fc.property(anyNote, (note: Note) => {
        if (codeOf(() => formatNote(note), 'invalid') === 'accepted')
          expect(parseNote(formatNote(note))).to.deep.equal(note)
      }),
    )
  })

  it('are refused with any one character changed, dropped or doubled', async () => {
    const codes = new Set<string>()
    for (const mutation of mutationsOf(await noteBy(log)))
      codes.add(codeOf(() => verifyNote(parseNote(mutation), [log.key])))
    expect([...codes].toSorted()).to.deep.equal([
      'NOTE_KEY_UNKNOWN',
      'NOTE_MALFORMED',
      'NOTE_SIGNATURE_INVALID',
    ])
  })

  it('are refused when no known key signed, the same name or the same key id included', async () => {
    const note = parseNote(await noteBy(other))
    const sameName = keyPair('other.example', 3).key
    const sameId = { ...log.key, keyId: other.key.keyId }
    for (const keys of [[], [log.key], [sameName], [sameId]])
      expect(codeOf(() => verifyNote(note, keys), 'unverified')).to.equal('NOTE_KEY_UNKNOWN')
  })

  it('are refused for one bad signature of a known key beside good ones', async () => {
    const note = await noteBy(log, other)
    expect(verifyNote(parseNote(note), [log.key, other.key])).to.have.length(2)
    const bad = parseNote(corrupt(note))
    expect(codeOf(() => verifyNote(bad, [log.key, other.key]), 'unverified')).to.equal(
      'NOTE_SIGNATURE_INVALID',
    )
  })

  it('are refused for a bad signature of a known key beside a good one of the same key', async () => {
    const good = await noteBy(log)
    const signatures = [good, corrupt(good)].flatMap((note) => parseNote(note).signatures)
    expect(codeOf(() => verifyNote({ text, signatures }, [log.key]))).to.equal(
      'NOTE_SIGNATURE_INVALID',
    )
  })

  it('are accepted beside a bad signature of an unknown key', async () => {
    const bad = parseNote(corrupt(await noteBy(other, log)))
    expect(verifyNote(bad, [log.key])).to.deep.equal([log.key])
  })

  it('are not signed by a key that is for cosignatures', async () => {
    const { key } = keyPair('log.example', 1, 0x04)
    const note = parseNote(await noteBy(log))
    const relabelled = { ...note.signatures[0]!, keyId: key.keyId }
    const act = () => verifyNote({ text, signatures: [relabelled] }, [key])
    expect(codeOf(act)).to.equal('NOTE_SIGNATURE_INVALID')
  })
})

describe('key ids', () => {
  it('stand big-endian in front of the signature', async () => {
    const [line] = (await noteBy(log)).split('\n').slice(-2)
    const bytes = decodeBase64(line!.split(' ')[2]!)
    expect(new DataView(bytes.buffer).getUint32(0)).to.equal(log.key.keyId)
  })
})
