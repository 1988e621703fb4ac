// Compiles the contracts and writes what the product needs of them: no compiler runs where the product does.
import { readdir, writeFile } from 'node:fs/promises'
import { artifacts, config, tasks } from 'hardhat'
import type { ContractArtifact } from '../node/chain/deployment.ts'

const CONTRACTS = new URL('../contracts/', import.meta.url)
const ARTIFACTS = new URL('../node/chain/artifacts/', import.meta.url)

/** File name and text of each artifact, of the contracts right in `contracts/`. */
export async function compileArtifacts(): Promise<Map<string, string>> {
  await tasks.getTask('build').run({ quiet: true })
  const sources = (await readdir(CONTRACTS)).filter((name) => name.endsWith('.sol')).toSorted()
  const texts = await Promise.all(sources.map((source) => artifactOf(source.slice(0, -4))))
  return new Map(texts)
}

async function artifactOf(contractName: string): Promise<[file: string, text: string]> {
  const artifact = await artifacts.readArtifact(`contracts/${contractName}.sol:${contractName}`)
  const [compiler] = config.solidity.profiles.default!.compilers
  const { outputSelection: _, ...settings } = compiler!.settings as Record<string, unknown>
  const kept: ContractArtifact = {
    contractName,
    compiler: { version: compiler!.version, settings },
    abi: artifact.abi,
    bytecode: artifact.bytecode,
    deployedBytecode: artifact.deployedBytecode,
    immutableReferences: Object.values(artifact.immutableReferences ?? {}).flat(),
  }
  return [`${contractName}.json`, `${JSON.stringify(kept, null, 1)}\n`]
}

if (import.meta.main)
  for (const [file, text] of await compileArtifacts()) {
    await writeFile(new URL(file, ARTIFACTS), text)
    console.log(`node/chain/artifacts/${file}`)
  }
