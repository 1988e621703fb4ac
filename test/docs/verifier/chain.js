import { attempt, demand, from0x, fromHex, keccak, refuse, uint256 } from './bytes.js'

export function readRlp(bytes) {
  const code = 'RLP'
  const [item, rest] = readItem(bytes)
  demand(rest.length === 0, code)
  return item

  function readItem(input) {
    demand(input.length > 0, code)
    const first = input[0]
    if (first < 0x80) return [input.subarray(0, 1), input.subarray(1)]
    if (first < 0xc0) {
      const [body, rest] = take(input, first - 0x80)
      demand(!(body.length === 1 && body[0] < 0x80), code)
      return [body, rest]
    }
    const [body, rest] = take(input, first - 0xc0)
    const items = []
    for (let left = body; left.length > 0;) {
      const [item, others] = readItem(left)
      items.push(item)
      left = others
    }
    return [items, rest]
  }

  function take(input, lead) {
    let start = 1
    let length = lead
    if (lead > 55) {
      start += lead - 55
      const digits = input.subarray(1, start)
      demand(digits.length === lead - 55 && digits.length <= 4 && digits[0] !== 0, code)
      length = digits.readUIntBE(0, digits.length)
      demand(length > 55, code)
    }
    demand(input.length >= start + length, code)
    return [input.subarray(start, start + length), input.subarray(start + length)]
  }
}

/** Value of the key; undefined when the proof shows that it has none. */
function readTrie(root, key, proof) {
  const unused = [...proof]
  let left = [...key.toString('hex')].map((digit) => Number.parseInt(digit, 16))
  const take = (wanted) => {
    const node = unused.shift()
    demand(node !== undefined && keccak(node).equals(wanted), 'TRIE')
    return readRlp(node)
  }
  let node = take(root)
  let value
  while (node !== undefined) {
    demand(Array.isArray(node), 'TRIE')
    let child
    if (node.length === 17) {
      if (left.length === 0) {
        value = node[16]
        break
      }
      child = node[left[0]]
      left = left.slice(1)
    } else {
      demand(node.length === 2 && node[0].length > 0, 'TRIE')
      const digits = [...node[0].toString('hex')].map((digit) => Number.parseInt(digit, 16))
      const path = digits.slice(digits[0] % 2 === 1 ? 1 : 2)
      const begins = path.every((digit, index) => digit === left[index])
      if (digits[0] >= 2) {
        if (begins && path.length === left.length) value = node[1]
        break
      }
      if (!begins) break
      left = left.slice(path.length)
      child = node[1]
    }
    if (Array.isArray(child)) node = child
    else node = child.length === 0 ? undefined : take(child)
  }
  demand(unused.length === 0 && !Array.isArray(value), 'TRIE')
  return value?.length === 0 ? undefined : value
}

/** A step of reading proofs, under the code that its check has for it. */
export const under = (code, step) => {
  const found = attempt(() => ({ value: step() }))
  return found === undefined ? refuse(code) : found.value
}

export function readHeader(bytes) {
  const fields = readRlp(bytes)
  demand(Array.isArray(fields) && fields.length >= 15 && !fields.some(Array.isArray), 'HEADER')
  const [parentHash, , , stateRoot, transactionsRoot, , , , number, , , timestamp] = fields
  const hashes = [parentHash, stateRoot, transactionsRoot]
  demand(
    hashes.every(({ length }) => length === 32),
    'HEADER',
  )
  const [height, time] = [number, timestamp].map(readCount)
  return { hash: keccak(bytes), parentHash, stateRoot, transactionsRoot, number: height, time }
}

function readCount(digits) {
  demand(digits.length <= 7 && digits[0] !== 0, 'HEADER')
  const value = digits.length === 0 ? 0 : Number(`0x${digits.toString('hex')}`)
  demand(Number.isSafeInteger(value), 'HEADER')
  return value
}

/** Storage root of a contract; undefined where the proof shows that there is none. */
export function readAccount(stateRoot, address, proof, code) {
  return under(code, () => {
    const value = readTrie(stateRoot, keccak(from0x(address)), proof.map(from0x))
    if (value === undefined) return undefined
    const fields = readRlp(value)
    demand(Buffer.isBuffer(fields[2]) && fields[2].length === 32, 'ACCOUNT')
    return fields[2]
  })
}

/** The 32 bytes in a slot. */
export function readSlot(storageRoot, slot, proof, code) {
  return under(code, () => {
    const value = readTrie(storageRoot, keccak(slot), proof.map(from0x))
    const integer = value === undefined ? Buffer.alloc(0) : readRlp(value)
    demand(!Array.isArray(integer) && integer.length <= 32, 'WORD')
    return Buffer.concat([Buffer.alloc(32 - integer.length), integer])
  })
}

export function checkChain(anchors, foreign, chain, { size, root }) {
  const here = anchors.filter(({ chainId }) => chainId === chain.chainId)
  if (here.length === 0) return foreign ? 'ANCHOR_CHAIN_UNKNOWN' : 'ANCHOR_PENDING'
  const inRegistry = here.filter(({ registry }) => registry === chain.registry)
  if (inRegistry.length === 0) return 'ANCHOR_REGISTRY_UNTRUSTED'
  const anchor = inRegistry.find(({ logId }) => logId === chain.logId)
  if (anchor === undefined) return 'ANCHOR_LOG_MISMATCH'
  if (anchor.header === undefined) return 'ANCHOR_PROOF_ABSENT'

  const header = under('ANCHOR_HEADER_MALFORMED', () => readHeader(from0x(anchor.header)))
  if (!header.hash.equals(from0x(anchor.blockHash))) return 'ANCHOR_HEADER_MISMATCH'
  if (header.number !== anchor.blockNumber) return 'ANCHOR_BLOCK_NUMBER_MISMATCH'

  const { registry, accountProof, storageProof } = anchor
  const code = 'ANCHOR_ACCOUNT_PROOF_INVALID'
  const storageRoot = readAccount(header.stateRoot, registry, accountProof, code)
  if (storageRoot === undefined) return 'ANCHOR_REGISTRY_ABSENT'

  const inner = keccak(Buffer.concat([from0x(anchor.logId), uint256(1)]))
  const slot = keccak(Buffer.concat([uint256(size), inner]))
  const word = readSlot(storageRoot, slot, storageProof, 'ANCHOR_STORAGE_PROOF_INVALID')
  if (word.equals(Buffer.alloc(32))) return 'ANCHOR_ROOT_ABSENT'
  if (!word.equals(root)) return 'ANCHOR_ROOT_MISMATCH'

  const { transaction, transactionProof } = anchor
  if (transaction !== undefined) {
    if (transactionProof === undefined) return 'ANCHOR_TRANSACTION_UNPROVEN'
    const raw = under('ANCHOR_TRANSACTION_PROOF_INVALID', () => {
      const key = encodeIndex(transactionProof.index)
      const nodes = transactionProof.nodes.map(from0x)
      return readTrie(header.transactionsRoot, key, nodes) ?? refuse('ABSENT')
    })
    if (!keccak(raw).equals(from0x(transaction))) return 'ANCHOR_TRANSACTION_MISMATCH'
  }
  return chain.blocks.includes(anchor.blockHash)
    ? 'CHECKPOINT_ANCHORED'
    : 'ANCHOR_BLOCK_NOT_TRUSTED'
}

/** RLP of an index. */
function encodeIndex(index) {
  const digits = index === 0 ? '' : index.toString(16)
  const bytes = fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
  if (bytes.length === 1 && bytes[0] < 0x80) return bytes
  return Buffer.concat([Buffer.of(0x80 + bytes.length), bytes])
}
