export { LedgerError, isLedgerError } from '../../node/core/errors.ts'
export type { BatchItem, BatchItemWithContent, BatchOptions, BatchResult } from './batch.ts'
export type { BenefitBatch, BenefitOutcome } from './benefitBatch.ts'
export { BenefitClient } from './benefits.ts'
export { CaseClient } from './cases.ts'
export type { CasesOf, ReuseOutcome } from './cases.ts'
export { CatalogueClient } from './catalogue.ts'
export type { CatalogueNames, CatalogueOutcome } from './cataloguing/loading.ts'
export { CertificateClient } from './certificates.ts'
export { CheckClient } from './checks.ts'
export { FigureClient } from './figures.ts'
export type { FiguresOf } from './figures.ts'
export type { Narrowing, RequestAnswer } from './granting/answering.ts'
export { chainOf } from './granting/chain.ts'
export { draftGrant } from './granting/drafting.ts'
export type { DraftedGrant, Giving, Source } from './granting/drafting.ts'
export { maskOf, placesOf } from './granting/places.ts'
export type { Places } from './granting/places.ts'
export type {
  AnsweredRequest,
  DecideRequest,
  EndSigning,
  GrantSigning,
  GrantSource,
} from './granting/signing.ts'
export { GrantRequestClient, requestOf } from './grantRequests.ts'
export { reasonsOf } from '../../node/core/resolution/reasons.ts'
export type { Reason } from '../../node/core/resolution/reasons.ts'
export type { RequestsOf } from './grantRequests.ts'
export { GrantClient, signPreview } from './grants.ts'
export type { GrantsOf, RegisterOptions, RelayOptions, SignedOf } from './grants.ts'
export { OnceClient } from './onceClient.ts'
export { DepartmentClient, HolderClient } from './parties.ts'
export type { DepartmentDraft, DepartmentOptions } from './parties.ts'
export { QuarantineClient } from './quarantine.ts'
export type { Handed } from './requests.ts'
export type {
  MaterialContent,
  SubmitOptions,
  SubmittedMaterial,
  WaitOptions,
} from './onceClient.ts'
export type { SessionInfo } from './session.ts'
export type { AskedSigner, Signer, TypedDataDomain } from './signer.ts'
export { SigningAccount } from './signing/account.ts'
export { accountOf, signAct } from './signing/signAct.ts'
export type { Said, Signatory, SigningOptions } from './signing/signatory.ts'
export type { WantedUndertaking } from './signing/undertaking.ts'
export { describeQuestion, namesOf, wordsOf } from './signing/words.ts'
export type { Agree, Sentence } from './signing/words.ts'
export type { ClientOptions } from './transport.ts'
export { UndertakingClient } from './undertakings.ts'
export type { UndertakingsOf } from './undertakings.ts'
export type { Content } from './upload.ts'
export { UseClient } from './uses.ts'
export type { LiveOptions, UseDocument, UseOptions, UsesOf } from './uses.ts'
export type { Granted, UseDraft, UseReason, Wanted } from './using/drafting.ts'
export type { Drafting, UseSigning } from './using/signing.ts'
