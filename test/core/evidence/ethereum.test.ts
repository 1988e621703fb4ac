import { readFileSync } from 'node:fs'
import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { expect } from 'chai'
import { AbiCoder, keccak256 } from 'ethers'
import fc from 'fast-check'
import { encodeHex } from '../../../node/core/bytes.ts'
import { decodeHeader, encodeHeader } from '../../../node/core/ethereum/header.ts'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { checkpointRootSlot } from '../../../node/core/ethereum/registry.ts'
import { readProvenSlot } from '../../../node/core/ethereum/state.ts'
import {
  proveTransaction,
  readProvenTransaction,
} from '../../../node/core/ethereum/transactions.ts'
import { proveKey, readProven } from '../../../node/core/ethereum/trie.ts'
import { codeOf, codeOfAsync } from './codeOf.ts'

interface Headers {
  readonly headers: { name: string; block: Record<string, string> & { hash: Hex } }[]
}

interface Proofs {
  readonly account: { address: Hex; storageHash: Hex; accountProof: Hex[] }
  readonly storage: {
    address: Hex
    accountProof: Hex[]
    storageHash: Hex
    storageProof: { key: Hex; value: Hex; proof: Hex[] }[]
  }
  readonly transactions: { transactions: { hash: Hex; raw: Hex }[] }
}

const { headers } = readVectors('ethereum-headers.json') as Headers
const vectors = readVectors('ethereum-proofs.json') as Proofs

describe('block header', () => {
  for (const { name, block } of headers) {
    it(`of ${name} hashes to its block's hash`, () => {
      const rlp = encodeHeader(block) ?? expect.fail('no header')
      const header = decodeHeader(rlp)
      expect(encode0x(header.hash)).to.equal(block.hash)
      expect(header.number).to.equal(Number(block['number']))
      expect(encode0x(header.stateRoot)).to.equal(block['stateRoot'])
      expect(encode0x(header.transactionsRoot)).to.equal(block['transactionsRoot'])
    })
  }

  it('is not made up when any member is changed, missing or foreign', () => {
    for (const { block } of headers) {
      for (const [name, value] of Object.entries(block)) {
        const last = value.endsWith('1') ? '2' : '1'
        expect(encodeHeader({ ...block, [name]: `${value.slice(0, -1)}${last}` }), name).to.equal(
          undefined,
        )
        expect(encodeHeader({ ...block, [name]: undefined }), name).to.equal(undefined)
        expect(encodeHeader({ ...block, [name]: 7 }), name).to.equal(undefined)
      }
    }
  })

  it('takes null for a member that the fork does not have', () => {
    const london = headers[1]?.block ?? expect.fail('no London header')
    expect(encodeHeader({ ...london, withdrawalsRoot: null })).to.deep.equal(encodeHeader(london))
  })

  it('is refused when it is no header', () => {
    const word = new Uint8Array(32)
    const fields: (Uint8Array | Uint8Array[])[] = Array.from({ length: 15 }, () => word)
    fields[8] = Uint8Array.of(12)
    fields[11] = Uint8Array.of(99)
    const { number, timestamp } = decodeHeader(RLP.encode(fields))
    expect([number, timestamp]).to.deep.equal([12, 99])
    const wrong = {
      'a string': RLP.encode(word),
      'too few members': RLP.encode(fields.slice(1)),
      'a list inside': RLP.encode(fields.with(2, [word])),
      'a short state root': RLP.encode(fields.with(3, word.slice(1))),
      'a number with a leading zero': RLP.encode(fields.with(8, Uint8Array.of(0, 12))),
      'an unsafe number': RLP.encode(fields.with(8, new Uint8Array(8).fill(0xff))),
      'a time with a leading zero': RLP.encode(fields.with(11, word)),
      'bytes after its end': Uint8Array.of(...RLP.encode(fields), 0),
      'a missing end': RLP.encode(fields).slice(0, -1),
      nothing: new Uint8Array(0),
    }
    for (const [title, rlp] of Object.entries(wrong)) {
      expect(
        codeOf(() => decodeHeader(rlp)),
        title,
      ).to.equal('HEADER_MALFORMED')
    }
  })
})

describe('EIP-1186 proof', () => {
  const mainnet = headers.find(({ name }) => name.startsWith('mainnet 17463226'))?.block

  it('shows an account of mainnet under the state root of its block', async () => {
    const stateRoot = decode0x(mainnet?.['stateRoot'] as Hex)
    const { address, accountProof, storageHash } = vectors.account
    const account = await readProven(
      stateRoot,
      keccak_256(decode0x(address)),
      accountProof.map(decode0x),
    )
    const fields = RLP.decode(account) as Uint8Array[]
    expect(encode0x(fields[2] ?? new Uint8Array())).to.equal(storageHash)
  })

  const { address, accountProof, storageProof } = vectors.storage
  const stateRoot = keccak_256(decode0x(accountProof[0] ?? '0x'))
  const [written, empty] = storageProof

  function readSlot(
    slot: { key: Hex; proof: Hex[] } | undefined,
    changes: { stateRoot?: Uint8Array; address?: Hex; accountProof?: Hex[] } = {},
  ): Promise<Uint8Array> {
    const { key, proof } = slot ?? expect.fail('no slot')
    return readProvenSlot(
      changes.stateRoot ?? stateRoot,
      decode0x(changes.address ?? address),
      decode0x(key),
      {
        accountProof: (changes.accountProof ?? accountProof).map(decode0x),
        storageProof: proof.map(decode0x),
      },
    )
  }

  it('shows a written slot of a public network, and an empty one', async () => {
    expect(encodeHex(await readSlot(written))).to.equal('1e4ebdd7'.padStart(64, '0'))
    expect(encodeHex(await readSlot(empty))).to.equal('0'.repeat(64))
  })

  it('is refused for another state root, account or slot', async () => {
    expect(await codeOfAsync(() => readSlot(written, { stateRoot: new Uint8Array(32) }))).to.equal(
      'ACCOUNT_PROOF_INVALID',
    )
    const other: Hex = `0x${'11'.repeat(20)}`
    expect(await codeOfAsync(() => readSlot(written, { address: other }))).to.equal(
      'ACCOUNT_PROOF_INVALID',
    )
    const key: Hex = `0x${'22'.repeat(32)}`
    expect(await codeOfAsync(() => readSlot({ key, proof: written?.proof ?? [] }))).to.equal(
      'STORAGE_PROOF_INVALID',
    )
  })

  it('shows that an account is absent', async () => {
    const absent = new Uint8Array(20).fill(9)
    const pairs = [1, 2, 3].map(
      (byte) => [keccak_256(new Uint8Array(20).fill(byte)), RLP.encode([byte])] as const,
    )
    const { root, proof } = await proveKey(pairs, keccak_256(absent))
    const slotProof = { accountProof: proof, storageProof: [] }
    expect(
      await codeOfAsync(() => readProvenSlot(root, absent, new Uint8Array(32), slotProof)),
    ).to.equal('ACCOUNT_ABSENT')
  })

  it('of a forged state that holds no accounts or no words is refused', async () => {
    const contract = new Uint8Array(20).fill(1)
    const slot = new Uint8Array(32).fill(2)
    const storageOf = (value: Uint8Array) => proveKey([[keccak_256(slot), value]], keccak_256(slot))
    const readForged = async (account: Uint8Array, storageProof: Uint8Array[]) => {
      const key = keccak_256(contract)
      const { root, proof } = await proveKey([[key, account]], key)
      return readProvenSlot(root, contract, slot, { accountProof: proof, storageProof })
    }
    const root = new Uint8Array(32)
    for (const value of [
      Uint8Array.of(0xb8),
      Uint8Array.of(1),
      Uint8Array.of(0xc0),
      Uint8Array.of(0xf9, 0xff),
      RLP.encode([1, 0, root.slice(1), root]),
      RLP.encode([1, 0, [root], root]),
    ]) {
      expect(await codeOfAsync(() => readForged(value, []))).to.equal('ACCOUNT_PROOF_INVALID')
    }
    for (const value of [
      Uint8Array.of(0xb8),
      Uint8Array.of(0xc0),
      RLP.encode(new Uint8Array(33)),
    ]) {
      const storage = await storageOf(value)
      expect(
        await codeOfAsync(() => readForged(RLP.encode([1, 0, storage.root, root]), storage.proof)),
      ).to.equal('STORAGE_PROOF_INVALID')
    }
    const sound = await storageOf(RLP.encode(7))
    expect(encodeHex(await readForged(RLP.encode([1, 0, sound.root, root]), sound.proof))).to.equal(
      '7'.padStart(64, '0'),
    )
  })

  it('holds exactly the nodes of the path', async () => {
    const key = keccak_256(decode0x(written?.key ?? '0x'))
    const proof = (written?.proof ?? []).map(decode0x)
    const root = keccak_256(proof[0] ?? new Uint8Array())
    const foreign = decode0x(empty?.proof[1] ?? '0x')
    expect(await readProven(root, key, proof)).to.have.length(5)

    const wrong = {
      'no node': [],
      'a node too few at the end': proof.slice(0, -1),
      'a node too few at the root': proof.slice(1),
      'a node too many': [...proof, foreign],
      'a foreign node in between': proof.toSpliced(1, 0, foreign),
      'a node twice': [...proof, proof[0] ?? foreign],
      'another order': proof.toReversed(),
      'an empty node': [...proof, new Uint8Array(0)],
    }
    for (const [title, nodes] of Object.entries(wrong)) {
      expect(await codeOfAsync(() => readProven(root, key, nodes)), title).to.equal(
        'TRIE_PROOF_INVALID',
      )
    }
  })

  it('does not survive a flipped bit in any node', async () => {
    const key = keccak_256(decode0x(written?.key ?? '0x'))
    const proof = (written?.proof ?? []).map(decode0x)
    const root = keccak_256(proof[0] ?? new Uint8Array())
    const bits = proof.reduce((bits, node) => bits + node.length * 8, 0)
    await fc.assert(
      fc.asyncProperty(fc.nat(bits - 1), async (bit) => {
        const nodes = proof.map((node) => node.slice())
        let place = bit >> 3
        const node = nodes.find((node) => place < node.length || void (place -= node.length))
        if (node !== undefined) node[place] = (node[place] ?? 0) ^ (1 << (bit & 7))
        expect(await codeOfAsync(() => readProven(root, key, nodes))).to.equal('TRIE_PROOF_INVALID')
      }),
      { numRuns: 200 },
    )
  })

  it('reads what any trie holds, and that it holds nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 4 }), {
          minLength: 2,
          maxLength: 30,
          selector: encodeHex,
        }),
        fc.nat(60),
        async (names, length) => {
          const keys = names.map((name) => keccak_256(name))
          const pairs = keys.map((key) => [key, new Uint8Array(length + 1).fill(1)] as const)
          const [absent = new Uint8Array(), ...present] = keys
          const held = pairs.slice(1)
          const trie = await createMPT()
          for (const [key, value] of held) await trie.put(key, value)
          for (const key of present) {
            const { root, proof } = await proveKey(held, key)
            expect(await readProven(root, key, proof)).to.have.length(length + 1)
          }
          const { root, proof } = await proveKey(held, absent)
          expect(await readProven(root, absent, proof)).to.equal(undefined)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('transaction proof', () => {
  const block = headers[0]?.block
  const root = decode0x(block?.['transactionsRoot'] as Hex)
  const raw = vectors.transactions.transactions.map(({ raw }) => decode0x(raw))

  it('shows every transaction of a block of mainnet', async () => {
    for (const [index, { hash }] of vectors.transactions.transactions.entries()) {
      const proof = (await proveTransaction(root, raw, index)) ?? expect.fail('no proof')
      expect(encode0x(await readProvenTransaction(root, proof))).to.equal(hash)
    }
  })

  it('is not given for transactions that are not the block’s', async () => {
    expect(await proveTransaction(root, raw.toReversed(), 0)).to.equal(undefined)
    expect(await proveTransaction(root, raw.slice(1), 0)).to.equal(undefined)
  })

  it('is refused for another place, and past the end', async () => {
    const { proof } = (await proveTransaction(root, raw, 1)) ?? expect.fail('no proof')
    for (const index of [0, 2, 3, 4, 1000]) {
      expect(await codeOfAsync(() => readProvenTransaction(root, { index, proof }))).to.equal(
        'TRANSACTION_PROOF_INVALID',
      )
    }
  })
})

describe('storage slot of an anchored root', () => {
  it('is where Solidity keeps mapping(bytes32 => mapping(uint64 => bytes32)) of slot 1', () => {
    const abi = AbiCoder.defaultAbiCoder()
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.maxSafeNat(),
        (logId, size) => {
          const inner = keccak256(abi.encode(['bytes32', 'uint256'], [logId, 1]))
          const outer = keccak256(abi.encode(['uint256', 'bytes32'], [size, inner]))
          expect(encode0x(checkpointRootSlot(logId, size))).to.equal(outer)
        },
      ),
    )
  })
})

function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8'))
}
