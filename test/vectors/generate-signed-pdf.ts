// Writes signed.pdf: `node test/vectors/generate-signed-pdf.ts`. It needs the program of OpenSSL, and each run makes
// another key. One page, to which an incremental update adds a signature as programs that sign add theirs: ISO 32000-2
// §12.8.3.3, `adbe.pkcs7.detached`, a CMS signature (RFC 5652) with signed attributes, RSA and SHA-256. pdfsig says
// that it is valid.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePdf } from '../derived/support/samples.ts'

/** Bytes of the signature at most. */
const ROOM = 2048
const TEXT = 'BT /F1 14 Tf 20 150 Td (Signed lease, example) Tj ET'

const folder = mkdtempSync(join(tmpdir(), 'once-signed-'))
try {
  writeFileSync(join(import.meta.dirname, 'signed.pdf'), signedPdf())
} finally {
  rmSync(folder, { recursive: true })
}

function signedPdf(): Buffer {
  const original = writePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${TEXT.length}>>stream\n${TEXT}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]).toString('latin1')
  const hole = `<${'0'.repeat(2 * ROOM)}>`
  const range = '#'.repeat(32)
  const objects: readonly (readonly [number: number, text: string])[] = [
    [1, '<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[6 0 R]>>>>'],
    [
      3,
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R]>>',
    ],
    [6, '<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/Rect[0 0 0 0]/P 3 0 R/V 7 0 R>>'],
    [
      7,
      `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/M(D:20261123100000+08'00')/ByteRange[${range}]/Contents${hole}>>`,
    ],
  ]
  let text = original
  const rows = objects.map(([number, object]) => {
    const offset = String(text.length).padStart(10, '0')
    text += `${number} 0 obj\n${object}\nendobj\n`
    return `${number} 1\n${offset} 00000 n \n`
  })
  const before = /startxref\n(\d+)/.exec(original)?.[1]
  const at = text.length
  text += `xref\n0 1\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size 8/Root 1 0 R/Prev ${before}>>\nstartxref\n${at}\n%%EOF\n`

  const from = text.indexOf(hole)
  const to = from + hole.length
  text = text.replace(range, `0 ${from} ${to} ${text.length - to}`.padEnd(range.length))
  const cms = sign(Buffer.from(text.slice(0, from) + text.slice(to), 'latin1'))
  return Buffer.from(text.replace(hole, `<${cms.toString('hex').padEnd(2 * ROOM, '0')}>`), 'latin1')
}

function sign(bytes: Buffer): Buffer {
  writeFileSync(join(folder, 'signed'), bytes)
  const subject = ['-days', '3650', '-subj', '/CN=Example signer']
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key', '-out', 'cert', ...subject)
  const parts = ['-in', 'signed', '-signer', 'cert', '-inkey', 'key', '-md', 'sha256']
  openssl('cms', '-sign', '-binary', ...parts, '-outform', 'DER', '-out', 'cms')
  return readFileSync(join(folder, 'cms'))
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
}
