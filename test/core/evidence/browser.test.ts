import { createContext, runInContext } from 'node:vm'
import { expect } from 'chai'
import { build } from 'esbuild'
import { formatEvidence } from '../../../node/core/evidence.ts'
import { formatTrust } from '../../../node/core/trust.ts'
import type { Verdict } from '../../../node/core/verdict.ts'
import { verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import {
  flipped,
  GIVEN,
  LOG_SIGNER,
  makeAnchor,
  makeEvidence,
  ORIGIN,
  trustIn,
  WITNESSES,
} from './sample.ts'

const ROOT = new URL('../../../', import.meta.url)

describe('the verifier in a browser', () => {
  let bundle: { text: string; inputs: string[] }
  before(async () => {
    const { metafile, outputFiles } = await build({
      stdin: {
        contents: `
          export { parseTrust } from './node/core/trust.ts'
          export { verifyEvidenceText } from './node/core/verify/verifyEvidence.ts'
          export { sm3 } from '#sm3'`,
        resolveDir: ROOT.pathname,
        loader: 'ts',
      },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'once',
      minify: true,
      metafile: true,
      write: false,
    })
    bundle = { text: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) }
  })

  it('holds nothing of Node, and less than 400 KB', () => {
    expect(
      bundle.inputs.filter((path) => /^node:|\.node\.ts$|^\(disabled\)/.test(path)),
    ).to.deep.equal([])
    expect(bundle.text.length).to.be.within(1, 400_000)
  })

  it('comes to the same verdicts', async () => {
    const anchor = await makeAnchor()
    const evidence = await makeEvidence({ anchors: [anchor] })
    const trust = formatTrust({
      v: 1,
      log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
      witnesses: { quorum: 2, keys: WITNESSES.map(({ vkey }) => vkey) },
      chains: [
        {
          chainId: anchor.chainId,
          registry: anchor.registry,
          logId: anchor.logId,
          blocks: [anchor.blockHash],
        },
      ],
    })
    const page = createContext({
      TextEncoder,
      TextDecoder,
      URL,
      atob,
      btoa,
      crypto,
      trust,
      content: GIVEN,
    })
    runInContext(bundle.text, page)

    const altered = { ...evidence, salt: flipped(evidence.salt) }
    for (const text of [formatEvidence(evidence), formatEvidence(altered), '{}', '']) {
      page['text'] = text
      const verdict = await (runInContext(
        'once.verifyEvidenceText(text, once.parseTrust(trust), { content })',
        page,
      ) as Promise<Verdict>)
      const expected = await verifyEvidenceText(text, trustIn([anchor]), { content: GIVEN })
      expect(verdict.checks.map(({ code }) => code)).to.deep.equal(
        expected.checks.map(({ code }) => code),
      )
      expect(verdict.result).to.equal(expected.result)
    }
  })
})
