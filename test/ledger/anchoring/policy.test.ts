import { expect } from 'chai'
import * as fc from 'fast-check'
import { backoffPause } from '../../../node/chain/backoff.ts'
import { bumpFees, capFees, priceOf } from '../../../node/chain/fees.ts'

const pauses = (random: () => number) =>
  [1, 2, 3, 4, 5, 100, 10_000].map((failures) =>
    backoffPause({ first: 1_000, max: 8_000 }, failures, random),
  )

describe('pauses after failures', () => {
  it('double up to the longest', () => {
    expect(pauses(() => 1)).to.deep.equal([1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000])
  })

  it('are shortened to a half at most, by chance', () => {
    expect(pauses(() => 0)).to.deep.equal([500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000])
  })
})

describe('raised fees', () => {
  const wei = fc.bigInt({ min: 0n, max: 10n ** 30n })
  const fees = fc.oneof(
    fc.record({ gasPrice: wei }),
    fc.record({ maxFeePerGas: wei, maxPriorityFeePerGas: wei }),
  )

  it('are an eighth higher, and no lower than the market', () => {
    fc.assert(
      fc.property(fees, fees, (previous, market) => {
        const bumped = bumpFees(previous, market)
        expect(priceOf(bumped) * 8n >= priceOf(previous) * 9n).to.equal(true)
        expect(priceOf(bumped) >= priceOf(market)).to.equal(true)
        expect(Object.keys(bumped)).to.deep.equal(Object.keys(previous))
      }),
    )
  })

  it('raise the tip as well as the whole: nodes compare both', () => {
    expect(
      bumpFees(
        { maxFeePerGas: 100n, maxPriorityFeePerGas: 8n },
        { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
      ),
    ).to.deep.equal({ maxFeePerGas: 113n, maxPriorityFeePerGas: 9n })
  })

  it('grow even where an eighth rounds to nothing', () => {
    expect(bumpFees({ gasPrice: 1n }, { gasPrice: 0n })).to.deep.equal({ gasPrice: 2n })
  })

  it('stay nothing on a chain whose gas is free', () => {
    expect(bumpFees({ gasPrice: 0n }, { gasPrice: 0n })).to.deep.equal({ gasPrice: 0n })
  })
})

describe('capped fees', () => {
  it('offer the cap where the market asks more, tip included', () => {
    expect(capFees({ gasPrice: 9n }, 5n)).to.deep.equal({ gasPrice: 5n })
    expect(capFees({ maxFeePerGas: 9n, maxPriorityFeePerGas: 2n }, 5n)).to.deep.equal({
      maxFeePerGas: 5n,
      maxPriorityFeePerGas: 2n,
    })
    expect(capFees({ maxFeePerGas: 9n, maxPriorityFeePerGas: 8n }, 5n)).to.deep.equal({
      maxFeePerGas: 5n,
      maxPriorityFeePerGas: 5n,
    })
  })

  it('leave a market below the cap, or without one, alone', () => {
    expect(capFees({ gasPrice: 9n }, 9n)).to.deep.equal({ gasPrice: 9n })
    expect(capFees({ gasPrice: 9n }, undefined)).to.deep.equal({ gasPrice: 9n })
  })
})
