import { demand, from0x, keccak, refuse, to0x, word } from './bytes.js'
import { readAccount, readHeader, readSlot, under } from './chain.js'

export const HOUR = 3600

/** A function that opens the state of a kind, once; refuses with the code that stands in a check's place. */
export function statesOf({ states = [] }, { registries, chains }) {
  return (of) => {
    demand(registries !== undefined, 'REGISTRIES_NOT_TRUSTED')
    const state = states.find((state) => state.of === of) ?? refuse('STATE_ABSENT')
    return openState(state, registries, chains)
  }
}

const read = (text) => under('STATE_HEADER_MALFORMED', () => readHeader(from0x(text)))

function openState(state, registries, chains) {
  const { chainId, blockNumber, blockHash, contracts } = state
  demand(chainId === registries.chainId, 'STATE_CHAIN_UNTRUSTED')
  const header = read(state.header)
  demand(to0x(header.hash) === blockHash, 'STATE_HEADER_MISMATCH')
  demand(header.number === blockNumber, 'STATE_BLOCK_NUMBER_MISMATCH')
  const line = [header]
  for (const text of state.headers ?? []) {
    const next = read(text)
    demand(next.parentHash.equals(line.at(-1).hash), 'STATE_LINK_BROKEN')
    line.push(next)
  }
  const values = new Map()
  for (const { address, accountProof, slots } of contracts) {
    const code = 'STATE_CONTRACT_PROOF_INVALID'
    const root = readAccount(header.stateRoot, address, accountProof, code)
    demand(root !== undefined, 'STATE_CONTRACT_ABSENT')
    for (const { slot, proof } of slots) {
      const value = readSlot(root, from0x(slot), proof, 'STATE_SLOT_PROOF_INVALID')
      values.set(`${address} ${slot}`, BigInt(to0x(value)))
    }
  }
  const known = chains.filter((chain) => chain.chainId === chainId).flatMap(({ blocks }) => blocks)
  demand(known.includes(to0x(line.at(-1).hash)), 'STATE_BLOCK_NOT_TRUSTED')
  const slotOf = (contract, slot) =>
    values.get(`${registries[contract]} ${to0x(slot)}`) ?? refuse('STATE_NOT_PROVEN')
  const [, next] = line
  const until = next === undefined ? header.time : Math.max(header.time, next.time - 1)
  return {
    ...reader(slotOf),
    number: header.number,
    hash: blockHash,
    time: header.time,
    until,
    isFollowed: next !== undefined,
    isNear: (time) => header.time - HOUR <= time && time <= until + HOUR,
  }
}

/** m(p, k) of a mapping; p a number, or the slot of a mapping in a mapping. */
const m = (p, key) => keccak(Buffer.concat([word(key), Buffer.isBuffer(p) ? p : word(p)]))
const bits = (value, from, to) =>
  Number((value >> BigInt(from)) & ((1n << BigInt(to - from + 1)) - 1n))
const accountIn = (value) => `0x${value.toString(16).padStart(40, '0').slice(-40)}`

const FLAGS = { issuer: 1, user: 3 }
const [EVERY_TYPE, KNOWN, SUSPENDED, WITHDRAWN, REKEYED] = [5, 8, 9, 10, 11]

function reader(slotOf) {
  const departmentOf = (address) => {
    const value = slotOf('parties', m(2, address))
    return {
      accreditor: accountIn(value),
      has: (flag) => bits(value, 160 + flag, 160 + flag) === 1,
      notBefore: bits(value, 176, 215),
      notAfter: bits(value, 216, 255),
    }
  }
  const isPermitted = (address, type, time) => {
    const value = slotOf('parties', m(m(6, address), type))
    const [from, until] = [bits(value, 0, 47), bits(value, 48, 95)]
    return from !== 0 && from <= time && (until === 0 || time < until)
  }
  return {
    may(department, role, time, type) {
      let address = department
      for (let level = 0; level <= 8; level++) {
        const { accreditor, has, notBefore, notAfter } = departmentOf(address)
        if (!has(KNOWN)) return false
        if (BigInt(accreditor) === 0n) return true
        if (has(SUSPENDED) || has(WITHDRAWN) || !has(FLAGS[role])) return false
        if (time < notBefore || time > notAfter) return false
        if (type !== undefined && !has(EVERY_TYPE) && !isPermitted(address, type, time))
          return false
        address = accreditor
      }
      return false
    },
    accountOf(department) {
      if (!departmentOf(department).has(REKEYED)) return department
      const accounts = m(4, department)
      const count = slotOf('parties', accounts)
      const last = BigInt(to0x(keccak(accounts))) + count - 1n
      return accountIn(slotOf('parties', word(last)) >> 96n)
    },
    bindingOf(holder, account) {
      const value = slotOf('parties', m(m(9, holder), account))
      const [from, until] = [bits(value, 0, 47), bits(value, 48, 95)]
      return { from, until, grantsEndedAt: bits(value, 96, 143) }
    },
    changesOf(certificate) {
      const page = (number) => slotOf('certificates', m(m(2, certificate), number))
      return Array.from({ length: bits(page(0), 224, 255) }, (_, i) => {
        const at = 56 * (i % 4)
        const changes = page(Math.floor(i / 4))
        return { status: bits(changes, at, at + 7), time: bits(changes, at + 8, at + 55) }
      })
    },
    grantOf(id) {
      const value = slotOf('grants', m(2, id))
      return {
        registeredAt: bits(value, 0, 47),
        revokedAt: bits(value, 48, 95),
        used: bits(value, 96, 127),
        lastUse: `0x${(value >> 128n).toString(16).padStart(32, '0')}`,
      }
    },
    epochOf: (account) => Number(slotOf('grants', m(3, account))),
  }
}
