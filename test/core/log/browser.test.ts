import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { build } from 'esbuild'
import { utf8 } from '../../../node/core/bytes.ts'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import { cosignCheckpoint } from '../../../node/core/tlog/cosignature.ts'
import { signCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import { formatTlogProof } from '../../../node/core/tlog/tlogProof.ts'
import { formatVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import { keyPair, witnessPair } from './support.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

async function bundleForBrowser(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'page',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** A realm that has the language and three globals of the web: no Node, no Buffer. */
function runInBareRealm(script: string, ...args: string[]): unknown {
  const call = `;page.run(${args.map((arg) => JSON.stringify(arg)).join(',')})`
  return runInNewContext(script + call, { TextEncoder, TextDecoder, crypto })
}

const VERIFIER = `
  import { hashLeaf } from './node/core/hash/hash.ts'
  import { utf8 } from './node/core/bytes.ts'
  import { verifyInclusion } from './node/core/merkle/verify.ts'
  import { verifyCheckpoint } from './node/core/tlog/checkpoint.ts'
  import { verifyWitnesses } from './node/core/tlog/cosignature.ts'
  import { parseTlogProof } from './node/core/tlog/tlogProof.ts'
  import { parseVerifierKey } from './node/core/tlog/verifierKey.ts'

  export function run(text, entry, origin, logKey, witnessKey) {
    try {
      const proof = parseTlogProof(text)
      const head = verifyCheckpoint(proof.checkpoint, { origin, key: parseVerifierKey(logKey) })
      verifyWitnesses(proof.checkpoint, [parseVerifierKey(witnessKey)], 1)
      verifyInclusion(hashLeaf(utf8(entry)), proof, head)
      return 'verified ' + head.size
    } catch (error) {
      return error.code ?? String(error)
    }
  }
`

describe('the core in a browser', () => {
  it('bundles whole, without a module of Node', async () => {
    const files = globSync('node/core/**/*.ts', { cwd: ROOT }).filter(
      (file) => !file.endsWith('.node.ts'),
    )
    const imports = files.map((file, i) => `import * as module${i} from './${file}'`)
    const names = files.map((_, i) => `module${i}`)
    const script = await bundleForBrowser(
      `${imports.join('\n')}\nexport const run = () => [${names.join(',')}].length`,
    )
    expect(script).not.to.match(/["']node:|require\(/)
    expect(runInBareRealm(script)).to.equal(files.length)
  })

  it('verifies an entry up to a cosigned checkpoint, and tells what is wrong with another', async () => {
    const [log, witness] = [keyPair('log.example', 1), witnessPair('witness.example', 2)]
    const builder = await TreeBuilder.resume(0, () => Promise.reject(new Error('read')))
    for (let i = 0; i < 300; i++) builder.append(hashLeaf(utf8(`entry ${i}`)))
    const head = { origin: 'log.example', size: builder.size, root: builder.root() }
    const signed = await signCheckpoint(head, log.signer)
    const checkpoint = await cosignCheckpoint(signed, witness.signer, 1_790_000_000)
    const proof = builder.inclusionProof(200)
    const text = formatTlogProof({ index: 200, proof, checkpoint })

    const script = await bundleForBrowser(VERIFIER)
    const keys = [formatVerifierKey(log.key), formatVerifierKey(witness.key)] as const
    const verify = (text: string, entry: string, origin = 'log.example') =>
      runInBareRealm(script, text, entry, origin, ...keys)
    expect(verify(text, 'entry 200')).to.equal('verified 300')
    expect(verify(text, 'entry 201')).to.equal('MERKLE_ROOT_MISMATCH')
    expect(verify(text.replace('index 200', 'index 300'), 'entry 200')).to.equal(
      'MERKLE_INDEX_BEYOND_SIZE',
    )
    expect(verify(text.replace('\n300\n', '\n301\n'), 'entry 200')).to.equal(
      'NOTE_SIGNATURE_INVALID',
    )
    expect(verify(text, 'entry 200', 'other.example')).to.equal('CHECKPOINT_ORIGIN_MISMATCH')
    expect(verify(text.replace('v1\n', 'v2\n'), 'entry 200')).to.equal('TLOG_PROOF_MALFORMED')
  })
})
