import { startEmbeddedChain } from '../../../node/chain/embedded/embeddedChain.ts'

// A process to be killed: it runs an embedded chain and says where.
const chain = await startEmbeddedChain({ folder: process.argv[2] ?? '' })
process.stdout.write(`${chain.url}\n`)
