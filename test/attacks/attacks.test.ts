import { attacksByAccounts } from './accounts.ts'
import { attacksByCertificates } from './certificates.ts'
import { attacksByEvidence } from './evidence.ts'
import { attacksByGrants } from './grants.ts'
import { attacksBySessions } from './sessions.ts'
import { attacksBySignatures } from './signatures.ts'
import { Assault } from './support/assault.ts'
import { attacksByUses } from './uses.ts'

describe('attacks over HTTP on one node', () => {
  let assault: Assault
  before(async () => {
    assault = await Assault.open()
  })
  after(() => assault.close())

  describe('a grant', () => attacksByGrants(() => assault))
  describe('a use', () => attacksByUses(() => assault))
  describe('an account', () => attacksByAccounts(() => assault))
  describe('a signature', () => attacksBySignatures(() => assault))
  describe('a session', () => attacksBySessions(() => assault))
  describe('evidence', () => attacksByEvidence(() => assault))
  describe('a certificate', () => attacksByCertificates(() => assault))
})
