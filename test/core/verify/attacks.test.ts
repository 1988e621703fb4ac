import { expect } from 'chai'
import { verifyEvidence } from '../../../node/core/verify/verifyEvidence.ts'
import { USE } from '../../contracts/grants.ts'
import { faults } from '../evidence/codeOf.ts'
import { ASKED_ATTACKS } from './attacks/asked.ts'
import { CERTIFICATE_ATTACKS } from './attacks/certificates.ts'
import { CHECK_ATTACKS } from './attacks/checks.ts'
import { GRANT_ATTACKS } from './attacks/grants.ts'
import { MOMENT_ATTACKS } from './attacks/moment.ts'
import { SIGNATURE_ATTACKS } from './attacks/signatures.ts'
import { ACCOUNT, domain, KEYS, makeWorld } from './world.ts'

// The log, its checkpoint, its anchor and every signature are right in each of these: a ledger that lies could write
// them.

const ATTACKS = [
  ...GRANT_ATTACKS,
  ...ASKED_ATTACKS,
  ...CHECK_ATTACKS,
  ...MOMENT_ATTACKS,
  ...SIGNATURE_ATTACKS,
  ...CERTIFICATE_ATTACKS,
]

describe('what a ledger that lies could write', () => {
  for (const [title, changes, expected] of ATTACKS)
    it(`does not pass: ${title}`, async () => {
      const { used, trust, content } = await makeWorld(changes)
      const verdict = await verifyEvidence(used, trust, { content })
      expect(faults(verdict)).to.deep.equal(expected)
      expect(verdict.result).not.to.equal('pass')
    })

  it('does not pass: a signature for another chain or contract', async () => {
    for (const other of [{ verifyingContract: ACCOUNT.stranger }, { chainId: 1 }]) {
      const { used } = await makeWorld()
      if (used.statement.kind !== 'use.released') expect.fail('no receipt')
      const use = used.statement.authorizations[0]?.use ?? expect.fail('no use')
      const signature = await KEYS.counter.signTypedData({ ...domain(), ...other }, USE, use)
      const world = await makeWorld({
        authorization: () => ({ signature: signature as `0x${string}` }),
      })
      expect(faults(await verifyEvidence(world.used, world.trust))).to.deep.equal({
        use: 'USE_SIGNATURE_OF_CONTRACT',
      })
    }
  })
})
