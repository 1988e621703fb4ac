export { LedgerError, isLedgerError } from '../../node/core/errors.ts'
export type { BatchOptions, BatchResult } from './batch.ts'
export type { BenefitBatch, BenefitOutcome } from './benefitBatch.ts'
export { BenefitClient } from './benefits.ts'
export { CaseClient } from './cases.ts'
export type { CasesOf } from './cases.ts'
export { CatalogueClient } from './catalogue.ts'
export { CertificateClient } from './certificates.ts'
export { CheckClient } from './checks.ts'
export { FigureClient } from './figures.ts'
export type { FiguresOf } from './figures.ts'
export { GrantClient, signPreview } from './grants.ts'
export type { GrantsOf, RegisterOptions, RelayOptions } from './grants.ts'
export { OnceClient } from './onceClient.ts'
export { DepartmentClient, HolderClient } from './parties.ts'
export type { DepartmentOptions } from './parties.ts'
export type { Handed } from './requests.ts'
export type {
  MaterialContent,
  SubmitOptions,
  SubmittedMaterial,
  WaitOptions,
} from './onceClient.ts'
export type { SessionInfo } from './session.ts'
export type { Signer, TypedDataDomain } from './signer.ts'
export type { ClientOptions } from './transport.ts'
export type { Content } from './upload.ts'
export { UseClient } from './uses.ts'
export type { LiveOptions, UseOptions, UsesOf } from './uses.ts'
