import { requireTests } from '../support/named.ts'
import type { Named } from '../support/named.ts'

/** What can be wrong with what comes in, and which tests send it through what people use. */
type Table = Readonly<Record<string, readonly Named[]>>

const MATTERS = 'badInput/matters.ts'
const FIELDS = 'badInput/fields.ts'
const MATERIALS = 'badInput/materials.ts'
const DOCUMENTS = 'badInput/documents.ts'
const STAGES = 'badInput/cases.ts'
const REQUESTS = 'badInput/requests.ts'
const BENEFITS = 'badInput/benefits.ts'
const IMPORT = 'imports/import.test.ts'
const ENCODING = 'imports/encoding.test.ts'

const BANK: Table = {
  'an unknown matter': [
    [MATTERS, 'that nobody published are refused'],
    [MATTERS, 'in a theme that nobody published'],
  ],
  'an unknown version': [
    [MATTERS, 'in a version that is not there'],
    [MATTERS, 'in a version that is none'],
  ],
  'a case for a date before the matter’s first version': [
    [MATTERS, 'on a day before their first version'],
  ],
  'fields that are missing': [[FIELDS, 'missing, all of them']],
  'fields that are extra': [[FIELDS, "'extra'"]],
  'fields of the wrong type': [
    [FIELDS, 'a number in place of a text'],
    [FIELDS, 'a day that does not exist'],
    [IMPORT, 'says what is wrong of each line'],
  ],
  'a wrong check digit': [
    [FIELDS, 'with a wrong check digit are refused at'],
    [FIELDS, 'with a wrong check digit within'],
    [FIELDS, 'with a wrong check digit register nobody'],
    [BENEFITS, 'whose code cannot be right'],
    [IMPORT, 'quarantines unknown types and failed check characters'],
  ],
  'an agent where the matter allows none': [[MATTERS, 'with an agent where they allow none']],
  'agents deeper than allowed': [[MATTERS, 'with agents deeper than they allow']],
  'a single-use form used twice': [
    [MATERIALS, 'that serve once are refused for a second case'],
    [MATERIALS, 'that came in for one case'],
    ['benefits/behavior.ts', 'uses up what serves once'],
  ],
  'an expired material': [[MATERIALS, 'that are over are refused']],
  'a superseded material': [[MATERIALS, 'whose place a newer one took']],
  'a withdrawn material': [[MATERIALS, 'that were withdrawn are refused']],
  'an erased material': [[MATERIALS, 'that were erased are refused']],
  'another holder’s material with the right digest': [
    [MATERIALS, 'under grants of whoever is not the holder'],
    [MATERIALS, 'by no case of another applicant'],
    [MATERIALS, 'give nobody their bytes for the digest alone'],
    ['materials/behavior.ts', 'do not come from a digest alone'],
  ],
  'a manifest with a bad line in the middle': [
    [IMPORT, 'says what is wrong of each line'],
    ['imports/manifest.test.ts', 'of JSON loses a bad line in the middle'],
  ],
  'a manifest with a missing file': [[IMPORT, 'IMPORT_FILE_MISSING']],
  'a manifest with a wrong digest': [[IMPORT, 'CONTENT_DIGEST_MISMATCH']],
  'a manifest with a BOM': [[IMPORT, 'a byte order mark']],
  'a manifest in GB 18030': [[IMPORT, "['GB 18030', (text"]],
  'a manifest of mojibake': [
    [IMPORT, 'that was read in a wrong encoding before'],
    [ENCODING, 'UTF-8 that was taken for GB 18030'],
    [ENCODING, 'GB 18030 that was taken for Latin'],
  ],
  'a manifest in another encoding': [[IMPORT, 'in no encoding that it reads']],
  'a PDF that is encrypted': [[DOCUMENTS, 'where it is encrypted']],
  'a PDF that is damaged': [[DOCUMENTS, 'where it is damaged']],
  'a PDF that is signed': [
    [DOCUMENTS, 'where it is signed, and its signature holds'],
    ['scenarios/markedDocument.test.ts', 'which verifies with its signature whole'],
  ],
  'stages out of order': [
    [STAGES, 'are refused out of their order'],
    [STAGES, 'are refused a second time'],
  ],
  'stages by a foreign department': [
    [STAGES, 'that has nothing to do with the case'],
    [STAGES, 'to the other department of the case'],
  ],
  'approving an expired request': [
    [REQUESTS, 'are neither approved nor declined once they expired'],
  ],
  'the same benefit period twice': [
    [BENEFITS, 'are given once in a period'],
    [BENEFITS, 'that take a confirmation are given once'],
  ],
  'a service run by a department that does not own it': [
    [BENEFITS, 'by no department that does not own them'],
    [MATTERS, 'by a department that neither owns them nor stands below'],
  ],
}

const SUBMIT = 'api/submit.test.ts'
const UPLOAD = 'api/upload.test.ts'
const LOG = 'api/log.test.ts'
const ALTERED = 'core/evidence/altered.test.ts'
const RPC = 'chain/ethers.test.ts'
const STARTS = 'badInput/starts.test.ts'

const LEDGER: Table = {
  'an empty body': [
    [SUBMIT, 'an empty body'],
    [SUBMIT, 'an empty content'],
    ['api/batch.test.ts', 'is refused when it is empty'],
  ],
  'a wrong Content-Digest': [
    [SUBMIT, 'a wrong Content-Digest'],
    [SUBMIT, 'a Content-Digest that is none'],
  ],
  'a missing Content-Digest': [[SUBMIT, 'a content without any digest']],
  'a content that does not match the stated digest': [
    [SUBMIT, 'a content that does not match the stated digest'],
  ],
  'a digest of the wrong length or algorithm': [
    [SUBMIT, 'a digest that is too short'],
    [SUBMIT, 'a digest of an unknown algorithm'],
    [SUBMIT, 'a Content-Digest of no known algorithm'],
  ],
  'an aborted upload': [
    [UPLOAD, 'that is aborted leaves nothing behind'],
    ['api/serve.test.ts', 'keeps nothing of what was not handed in to its end'],
  ],
  'a stream past the limit': [
    [UPLOAD, 'past the limit is answered 413'],
    [UPLOAD, 'of 2 GiB is refused'],
    ['store/largeContents.test.ts', 'as soon as they pass the limit, and leave nothing behind'],
  ],
  'duplicate keys, floats and lone surrogates': [
    [SUBMIT, 'a duplicate key'],
    [SUBMIT, 'a float'],
    [SUBMIT, 'a lone surrogate'],
  ],
  'unknown fields': [[SUBMIT, 'an unknown field']],
  'the same Idempotency-Key with another body': [
    [SUBMIT, 'refuses the same Idempotency-Key with another body'],
  ],
  'a path that climbs': [[LOG, '/log/tile/0/x001/../..']],
  'a tile beyond the log': [[LOG, "['/log/tile/0/002.p/1', 404, 'TILE_NOT_FOUND']"]],
  'evidence with one field altered': [
    [ALTERED, 'fails by its own code'],
    [ALTERED, 'never passes with any bit of its text flipped'],
    ['core/verify/altered.test.ts', 'never passes with any one leaf'],
  ],
  'a proof for another size': [
    [ALTERED, 'the proof to one for a smaller size'],
    [ALTERED, 'the proof to one for a larger size'],
  ],
  'an inner node offered as a leaf': [
    [ALTERED, 'the leaf to its parent, an inner node'],
    ['core/log/verify.test.ts', 'refuses an inner node offered as a leaf'],
  ],
  'a checkpoint signed by an unknown key, or badly by a known one': [
    [ALTERED, 'the checkpoint’s signer'],
    [ALTERED, 'the signature under the log’s own key id'],
    ['core/log/checkpoint.test.ts', 'when an unknown key signed'],
  ],
  'an anchor from another chain or contract': [
    [ALTERED, 'the anchor’s contract'],
    ['core/evidence/anchor.test.ts', 'on a chain that is not trusted does no harm'],
  ],
  'a data folder of another log': [[STARTS, 'of another log']],
  'a wrong master key': [
    [STARTS, 'under a wrong master key'],
    ['cli/rotate.test.ts', 'MASTER_KEY_WRONG'],
  ],
  'a full disk': [
    ['store/files.test.ts', 'lose nothing they have answered when the disk fills up'],
    ['store/level.test.ts', 'on a disk without room'],
    ['store/largeContents.test.ts', 'leave nothing behind when the disk is full'],
    ['ledger/writer.test.ts', "'STORE_FULL'"],
  ],
  'an RPC that times out': [
    [RPC, 'gives up on a node that does not answer'],
    ['ledger/anchoring/anchoring.test.ts', "'CHAIN_TIMEOUT'"],
  ],
  'an RPC that returns nonsense': [
    [RPC, 'half of an answer'],
    ['ledger/anchoring/anvil.test.ts', 'goes on after any nonsense'],
  ],
  'an RPC that limits log ranges': [
    ['chain/registries.test.ts', 'block range is too wide'],
    ['chain/registries.test.ts', 'refuses even one block'],
  ],
}

for (const [where, table] of [
  ['the material bank', BANK],
  ['the ledger', LEDGER],
] as const)
  describe(`bad input to ${where}`, () => {
    for (const [what, named] of Object.entries(table))
      it(`is tried: ${what}`, () => requireTests(named))
  })
