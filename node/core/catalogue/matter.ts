import * as z from 'zod'
import { HolderCodeType, shownText } from '../statements/parts.ts'
import { MatterQuestion } from './matterQuestion.ts'
import { Industry } from './industry.ts'
import { distinct, entryCode, entryHead, fieldName, Level, ServiceTarget } from './parts.ts'

/** Characters of what is undertaken in the place of a material. */
export const MOST_UNDERTAKEN = 1000

/** Grants deeper than that do not exist: see `grants/rules.ts`. */
const DEEPEST = 8

export const Necessity = z.enum(['required', 'optional', 'later'])
export type Necessity = z.infer<typeof Necessity>

/** Pull 电子证照调取, reuse 电子材料复用, check as data 数据核验, commitment 告知承诺, must submit 不可免交. */
export const Exemption = z.enum([
  'certificatePull',
  'reuse',
  'dataCheck',
  'commitment',
  'mustSubmit',
])
export type Exemption = z.infer<typeof Exemption>

/** Whose material it is, by the part that somebody plays in the case: APPLICANT, LANDLORD, AGENT, … */
export const HolderRole = z
  .string()
  .regex(/^[A-Z]+(_[A-Z]+)*$/, 'not a role')
  .max(32)
export type HolderRole = z.infer<typeof HolderRole>

export const RequiredMaterial = z
  .strictObject({
    material: entryCode,
    /** `later` 容缺后补: the case goes on without it for now. */
    necessity: Necessity,
    holder: HolderRole,
    exemption: Exemption,
    /** From the holder's own grant, 1, down to the department's; 0: none is passed on or needed. */
    maxGrantDepth: z.int().min(0).max(DEEPEST),
    /** Fields that the matter needs unmasked. */
    plain: distinct(fieldName, 200).optional(),
    /** What is asked about it, where its way is a data check 数据核验: nothing of it is shown. */
    questions: z.array(MatterQuestion).min(1).max(20).optional(),
    /** What is undertaken in its place 告知承诺, where that is its way. */
    undertaking: z
      .strictObject({
        /** Word for word; a common sentence unless given, see `undertakings/words.ts`. */
        text: shownText(MOST_UNDERTAKEN).optional(),
        /** Days from that of the case, up to the end of which the material has to come; without them it need not. */
        days: z.int().min(1).max(3650).optional(),
      })
      .optional(),
  })
  .meta({ id: 'RequiredMaterial' })
export type RequiredMaterial = z.infer<typeof RequiredMaterial>

export const FieldPlace = z.strictObject({ material: entryCode, field: fieldName })
export type FieldPlace = z.infer<typeof FieldPlace>

/** Compares a field with another one, or with what the case says. */
export const Rule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'not the id of a rule'),
    /** For people. */
    text: shownText(200),
    /**
     * The left equals the right; is one of the right's list; is the same day; is a day not before the right's.
     */
    kind: z.enum(['equal', 'oneOf', 'sameDay', 'notBefore']),
    left: FieldPlace,
    right: z.union([FieldPlace, z.strictObject({ case: fieldName })]),
  })
  .meta({ id: 'MatterRule' })
export type Rule = z.infer<typeof Rule>

/** 授权代办: who may act for the applicant. */
export const Agency = z
  .discriminatedUnion('allowed', [
    z.strictObject({ allowed: z.literal(false) }),
    z.strictObject({
      allowed: z.literal(true),
      /** Agents one after the other, the applicant's own 1. */
      maxDepth: z.int().min(1).max(DEEPEST),
      /** What an agent may be. */
      kinds: distinct(HolderCodeType, 8).min(1),
      /** Material type that proves the agency. */
      proof: entryCode.optional(),
    }),
  ])
  .meta({ id: 'Agency' })
export type Agency = z.infer<typeof Agency>

/** What somebody can apply for, and what it takes 政务服务事项. */
export const Matter = z
  .strictObject({
    kind: z.literal('matter'),
    ...entryHead,
    name: shownText(200),
    /** Such as 行政许可. */
    type: shownText(50).optional(),
    level: Level,
    serviceTarget: ServiceTarget,
    /** Of whose trade it is 行业; none where it is of no particular one. */
    industries: distinct(Industry, 20).min(1).optional(),
    /** Whether departments of other regions take applications, too 跨省通办. */
    crossRegion: z.boolean(),
    workingDays: z.int().min(0).max(1000).optional(),
    /** Codes in the national catalogue of matters. */
    basicCode: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    implementationCode: z
      .string()
      .regex(/^[0-9A-Z]{31}$/)
      .optional(),
    handlingItemCode: z
      .string()
      .regex(/^[0-9A-Z]{33}$/)
      .optional(),
    /** The benefit without application that came of it. */
    benefit: entryCode.optional(),
    materials: z.array(RequiredMaterial).max(100),
    rules: z.array(Rule).max(100),
    agency: Agency,
  })
  .refine(({ materials }) => {
    const asked = materials.map(({ material, holder }) => `${holder} ${material}`)
    return new Set(asked).size === asked.length
  }, 'a material of the same holder twice')
  .refine(
    ({ materials }) =>
      materials.every(
        ({ exemption, undertaking }) => exemption === 'commitment' || undertaking === undefined,
      ),
    'an undertaking where the way is no commitment',
  )
  .refine(
    ({ materials }) =>
      materials.every(
        ({ exemption, questions }) => (exemption === 'dataCheck') === (questions !== undefined),
      ),
    'a data check without questions, or questions where the way is none',
  )
  .refine(({ materials, rules }) => {
    const checked = materials.filter(({ exemption }) => exemption === 'dataCheck')
    const codes = new Set(checked.map(({ material }) => material))
    const isShown = checked.some(({ plain }) => plain !== undefined)
    return !isShown && !rules.flatMap(placesOf).some(({ material }) => codes.has(material))
  }, 'a rule, or plain fields, of a material that is checked and not shown')
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, 'a rule twice')
  .refine(
    ({ materials, rules }) =>
      rules.flatMap(placesOf).every(({ material }) => isAskedOnce(materials, material)),
    'a rule about a material that the matter does not ask for just once',
  )
  .meta({ id: 'Matter' })
export type Matter = z.infer<typeof Matter>

/** The fields that a rule reads. */
export function placesOf({ left, right }: Rule): FieldPlace[] {
  return 'material' in right ? [left, right] : [left]
}

/** Of two holders' materials of one type, a rule could not say which it means. */
function isAskedOnce(materials: readonly RequiredMaterial[], code: string): boolean {
  return materials.filter(({ material }) => material === code).length === 1
}
