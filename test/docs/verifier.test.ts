import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import fc from 'fast-check'
import { loadConfig } from '../../api/config.ts'
import { serve } from '../../api/serve.ts'
import { formatEvidence } from '../../node/core/evidence.ts'
import type { Evidence } from '../../node/core/evidence.ts'
import { formatTrust } from '../../node/core/trust.ts'
import type { TrustDocument } from '../../node/core/trust.ts'
import * as sample from '../core/evidence/sample.ts'
import { bothVerdicts, VERIFIER } from './stranger.ts'

const FOLDER = 'test/vectors/worked-example'
const evidenceText = readFileSync(`${FOLDER}/licence.evidence.json`, 'utf8')
const trustDocument = JSON.parse(readFileSync(`${FOLDER}/trust.json`, 'utf8')) as TrustDocument
const content = readFileSync(`${FOLDER}/licence.txt`)

describe('a verifier written from docs/formats.md alone', () => {
  it('shares no module with the ledger', () => {
    const folder = dirname(VERIFIER)
    const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const imported = sources.flatMap((source) =>
      [...source.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name),
    )
    const foreign = imported.filter((name) => !/^(?:node:|\.\/[a-z]+\.js$|ethers$)/.test(name))
    expect(foreign).to.deep.equal([])
  })

  it('passes the worked example as a program of its own', async () => {
    const files = ['licence.evidence.json', 'trust.json', 'licence.txt'].map((name) =>
      join(FOLDER, name),
    )
    const { stdout } = await promisify(execFile)(process.execPath, [VERIFIER, ...files])
    expect(stdout).to.match(/^pass +content +CONTENT_MATCHES\n[^]*\npass\n$/)
  })

  it('agrees with the ledger’s own on documents altered anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(alteredText(), async (text) => {
        const [ours, theirs] = await bothVerdicts(text, trustDocument, content)
        expect(theirs).to.deep.equal(ours)
      }),
      { numRuns: 200 },
    )
  })

  it('agrees on evidence that is signed, proven or anchored otherwise', async () => {
    const chains = sample.trustIn((await sample.makeEvidence()).anchors).chains
    const trust: TrustDocument = {
      v: 1,
      log: { origin: sample.ORIGIN, key: sample.LOG_SIGNER.vkey },
      witnesses: { quorum: 2, keys: sample.WITNESSES.map(({ vkey }) => vkey) },
      chains: [...chains],
    }
    const seen = new Set<string>()
    for (const evidence of await otherEvidence()) {
      const text = formatEvidence(evidence)
      for (const changed of otherTrust(trust)) {
        const [ours, theirs] = await bothVerdicts(text, changed)
        expect(theirs).to.deep.equal(ours)
        for (const code of ours) seen.add(code.split(' ').at(-1) ?? '')
      }
    }
    expect(seen).to.include.all.keys(
      'MERKLE_PROOF_TOO_LONG',
      'MERKLE_PROOF_TOO_SHORT',
      'MERKLE_INDEX_BEYOND_SIZE',
      'TLOG_PROOF_EXTRA',
      'CHECKPOINT_ORIGIN_MISMATCH',
      'CHECKPOINT_KEY_UNKNOWN',
      'WITNESS_QUORUM_NOT_MET',
      'WITNESSES_NOT_REQUIRED',
      'ANCHOR_ROOT_ABSENT',
      'ANCHOR_ROOT_MISMATCH',
      'ANCHOR_REGISTRY_ABSENT',
      'ANCHOR_PROOF_ABSENT',
      'ANCHOR_PENDING',
      'ANCHOR_BLOCK_NOT_TRUSTED',
      'ANCHOR_CHAIN_UNKNOWN',
      'ANCHOR_NOT_REQUIRED',
    )
  })

  it('passes what a running ledger hands out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'once-'))
    const serving = await serve(
      loadConfig({ ONCE_DATA: folder, ONCE_PORT: '0', ONCE_LOG_LEVEL: 'silent' }),
    )
    try {
      const evidencePath = join(folder, 'licence.evidence.json')
      writeFileSync(evidencePath, await submit(serving.url, folder))
      const files = [evidencePath, join(folder, 'trust.json'), join(FOLDER, 'licence.txt')]
      const { stdout } = await promisify(execFile)(process.execPath, [VERIFIER, ...files])
      expect(stdout).to.match(/^pass +anchor +CHECKPOINT_ANCHORED$/m)
      expect(stdout).to.match(/\npass\n$/)
    } finally {
      await serving.close()
      rmSync(folder, { recursive: true })
    }
  })
})

/** Hands the content in and waits for the anchor. */
async function submit(url: string, folder: string): Promise<string> {
  const [{ token }] = JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8')) as [
    { token: string },
  ]
  const form = new FormData()
  form.append('statement', '{"type":"11100000MB0143028R001"}')
  form.append('content', new Blob([content], { type: 'text/plain' }))
  const answer = await fetch(`${url}/v1/materials?wait=anchored`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: form,
  })
  expect(answer.status).to.equal(201)
  return answer.text()
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  2,
  -1,
  1.5,
  2 ** 53,
  '',
  '0x',
  'material.erased',
  'md5:00',
  '2026-02-30T00:00:00.000Z',
  [],
  {},
]

/** The worked example with some text, or some member, changed, gone or doubled. */
function alteredText(): fc.Arbitrary<string> {
  const letter = fc.constantFrom(...'0123456789abcdefABZ=/+-.xé—{}[]",:\\ \n\u00a0'.split(''))
  const place = fc.nat({ max: evidenceText.length - 1 })
  const cut = fc
    .tuple(place, fc.nat({ max: 20 }), fc.string({ unit: letter, maxLength: 2 }))
    .map(
      ([at, length, other]) => evidenceText.slice(0, at) + other + evidenceText.slice(at + length),
    )
  const member = fc
    .tuple(fc.nat(), fc.constantFrom(...STRANGE, undefined), fc.boolean())
    .map(([which, value, rename]) => {
      const document: unknown = JSON.parse(evidenceText)
      const places = placesIn(document)
      const { holder, name } = places[which % places.length] ?? expect.fail('no place')
      if (value !== undefined) holder[name] = value
      else if (rename) holder[`${name}2`] = holder[name]
      else delete holder[name]
      return JSON.stringify(document)
    })
  return fc.oneof(cut, member)
}

type Holder = Record<string, unknown>

function placesIn(value: unknown): { holder: Holder; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Holder
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesIn(holder[name])])
}

async function otherEvidence(): Promise<Evidence[]> {
  const [first, second] = sample.WITNESSES
  const proof = [...Array<Uint8Array>(3)].map((_, height) => new Uint8Array(32).fill(height))
  const checkpoints = [
    { origin: 'another.example/log' },
    { size: 8 },
    { size: sample.INDEX },
    { root: new Uint8Array(32) },
    { signer: sample.makeSigner(sample.ORIGIN, 9) },
    { witnesses: first ? [first] : [] },
    { witnesses: first && second ? [second, first, second] : [] },
    { witnesses: [] },
  ]
  const proofs = [
    { index: 0 },
    { proof: [] },
    { proof },
    { proof: [...proof, ...proof] },
    { extra: Uint8Array.of(1) },
    { checkpoint: 'no note\n' },
    { checkpoint: `${sample.ORIGIN}\n07\nAA==\n\n— a AAAAAAA=\n` },
  ]
  const anchor = await sample.makeAnchor()
  const { header: _, accountProof: __, storageProof: ___, transactionProof: ____, ...bare } = anchor
  const { transaction: _____, ...nameless } = bare
  const { transactionProof: ______, ...unproven } = anchor
  return Promise.all([
    sample.makeEvidence(),
    ...checkpoints.map(async (changes) =>
      sample.makeEvidence({
        proof: await sample.makeProof({ checkpoint: await sample.makeCheckpoint(changes) }),
      }),
    ),
    ...proofs.map(async (changes) =>
      sample.makeEvidence({ proof: await sample.makeProof(changes) }),
    ),
    ...[[], [bare], [nameless], [unproven]].map((anchors) => sample.makeEvidence({ anchors })),
    sample.makeEvidence({ anchors: [{ ...anchor, chainId: 5 }] }),
    sample.makeEvidence({ anchors: [{ ...anchor, chainId: 5 }, anchor] }),
    sample.makeEvidence({ anchors: [await sample.makeAnchor(new Map([[3, sample.rootOf(3)]]))] }),
    sample.makeEvidence({ anchors: [await sample.makeAnchor(new Map([[7, sample.rootOf(3)]]))] }),
    sample.makeEvidence({
      anchors: [await sample.makeAnchor(undefined, `0x${'60'.repeat(20)}`)],
    }),
  ])
}

function otherTrust(trust: TrustDocument): TrustDocument[] {
  const [chain] = trust.chains
  const other = { ...(chain ?? expect.fail('no chain')), blocks: [] }
  return [
    trust,
    { ...trust, witnesses: { quorum: 0, keys: trust.witnesses.keys } },
    { ...trust, witnesses: { quorum: 0, keys: [] }, chains: [] },
    { ...trust, chains: [other] },
    { ...trust, chains: [...trust.chains, { ...other, chainId: 1 }] },
    { ...trust, log: { origin: 'another.example/log', key: trust.log.key } },
    JSON.parse(formatTrust(trust)) as TrustDocument,
  ]
}
