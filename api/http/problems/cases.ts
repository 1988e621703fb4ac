import type { Sentences } from './sentences.ts'

/** Cases, and what they need. */
export const CASES: Sentences = {
  CHECK_MALFORMED: 'These are no questions to a certificate or material; see `issues` and /docs.',
  QUESTION_NOT_OF_FIELD:
    'What is in `field` is neither a birthday nor a citizen number; ask about another field.',
  CASE_MALFORMED: 'This is no case to be opened; see `issues` and /docs.',
  CASE_STAGE_MALFORMED: 'This is no stage of a case; see `issues` and /docs.',
  RESOLUTION_MALFORMED: 'This does not say what to resolve; see `issues` and /docs.',
  CASE_NOT_FOUND: 'This ledger has no case with this code; check the code.',
  CASE_NOT_YOURS:
    'This case is for its applicant, those who act for it, and the departments that handle or supervise it; ask one of them.',
  CASE_CODE_TAKEN: 'Another case has this code; take the next one, or read the case that has it.',
  CASE_DAY_IN_FUTURE: 'A case is of today or of a day before; correct `day`.',
  CASE_MATTER_VERSION_OTHER:
    'On that day another version of the matter was in force, see `inForce`; leave the version out, or correct the day.',
  CASE_THEME_OTHER: 'The theme does not hold this matter; take one of `matters`, or no theme.',
  CASE_BUNDLE_OTHER:
    'No such case of this applicant and this theme was filed first; take the code of the first one as `bundle`, and its theme.',
  CASE_BUNDLE_MATTER_TAKEN:
    'This matter has its case in the bundle, see `case`; what is applied for anew is another bundle: leave it out.',
  CASE_BUNDLE_DECIDED:
    'All cases of the bundle are decided; what is applied for anew is another bundle: leave it out.',
  CASE_ROLE_NOT_ASKED:
    'The matter asks nothing of who plays `role`; name one of `roles`, or leave it out.',
  CASE_HOLDER_UNKNOWN: 'Nobody registered the holder id that plays `role`; register it first.',
  CASE_TARGET_OTHER:
    'This `matter` is for persons or for organisations alone, see `serviceTarget`, and the applicant is none; correct the applicant or the matter.',
  CASE_AGENT_IS_APPLICANT: 'Nobody is an agent of their own; leave the agent out.',
  CASE_DECIDER_NOT_OWNER:
    'A matter is decided by the department that owns it or by one below; take one of those.',
  CASE_DEPARTMENT_NOT_ACCREDITED:
    'The department that would decide may not use materials now; ask the department above it.',
  CASE_REGION_NOT_SERVED:
    'This matter takes no applications in other provinces; apply where it is decided.',
  CASE_DECIDED:
    'The case is decided, and needs nothing any more; ask for another case, or leave it.',
  CASE_NOT_OPENED:
    'Nobody opened this case here, where such cases are opened; open it first, or correct the code.',
  CASE_MATTER_OTHER: 'The case is one of another matter; name its own, `matter`, or another case.',
  DATA_CHECK_NEEDED:
    'The matter only asks about `material` and looks at none of it; ask by a data check, see `questions` of the matter.',
  GRANT_TOO_DEEP_FOR_MATTER:
    'The grant went through more hands than the matter allows, see `maxDepth`; ask for one that went through fewer.',
  GRANTEE_NOT_IN_CASE:
    'The grant went through `account`, which acts for nobody in this case; ask for one by its parties, or by agents whom the case names.',
  CASE_STAGE_OUT_OF_ORDER:
    'The case does not come to this stage now; bring it to `next` first, or, without `next`, leave it: it is closed.',
  CASE_STAGE_NOT_YOURS: 'This stage is the work of `department`, which has to say it.',
  CASE_STAGE_TAKEN: 'The case came to this stage before, with other words; read what was said.',
  CASE_STAGE_NOT_REACHED: 'The case has not come to this stage; ask for one that it has.',
  REUSE_MALFORMED: 'These are no signed uses for the materials of a case; see `issues`.',
  REUSE_OTHER_CASE:
    'The use was signed for another case or matter; sign it for the `case` and `matter` of this one.',
  REUSE_NOT_REQUIRED: 'The matter asks for no such material; see the resolution of the case.',
  REUSE_NOT_READY:
    'The material cannot be used for the case now; `reasons` says why: ask for what is missing, or for the material itself.',
  REUSE_OTHER_QUESTIONS:
    'Of this material the matter asks `questions`, and shows nothing; sign just these. Where there are none, sign a use.',
  REUSE_OTHER_CANDIDATE:
    'The case takes another one, `candidate`; `reasons` says why not this one.',
  MATERIAL_EXEMPTED:
    'This need not be handed in: use `candidate`, or else give an undertaking; or state why it has to be.',
}
