import { z } from 'zod'
import { Day } from '../../../node/core/catalogue/day.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { MaterialSubmitted, StatementId } from '../../../node/core/statement.ts'
import { CertificateIssued } from '../../../node/core/statements/certificate.ts'
import { CertificateStatus } from '../certificates/schema.ts'
import { GrantSummary } from '../grants/schema.ts'
import { MaterialStanding } from '../materials/schema.ts'
import { limit, mirrorCursor, next, position, seconds } from '../registered/schema.ts'

const day = (description: string) => Day.optional().meta({ description })

/** Beside what is in the statement: how it stands now, for no case in particular. */
const judged = {
  name: z.string().optional().meta({
    description: 'As its type is called today; absent where nobody published the type',
  }),
  usable: z.boolean().meta({ description: 'For a case that has nothing of it yet' }),
  until: day('The first day on which it will be over; absent where nothing but an event ends it'),
  because: z.string().optional().meta({ description: 'Why it is not usable, as a use is told' }),
  by: StatementId.optional().meta({ description: 'What ended it, or took its place' }),
  on: day('The first day on which it was over'),
  from: day('The first day on which it counts'),
}

const logged = {
  id: StatementId,
  index: position.meta({ description: 'Position in the log' }),
  at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
}

export const FiledMaterial = z
  .strictObject({
    ...logged,
    type: MaterialSubmitted.shape.type,
    title: MaterialSubmitted.shape.title,
    submitter: MaterialSubmitted.shape.submitter,
    submitterName: z.string().optional().meta({
      description: 'Name of the department that handed it in, where it is registered',
    }),
    standing: MaterialStanding,
    ...judged,
  })
  .meta({ id: 'FiledMaterial' })
export type FiledMaterial = z.infer<typeof FiledMaterial>

export const FiledCertificate = z
  .strictObject({
    ...logged,
    type: CertificateIssued.shape.type,
    identifier: CertificateIssued.shape.identifier,
    issuer: HexAddress,
    status: CertificateStatus.shape.code,
    validFrom: seconds,
    validTo: seconds
      .optional()
      .meta({ description: 'Seconds since 1970; the first in which it is not valid any more' }),
    ...judged,
  })
  .meta({ id: 'FiledCertificate' })
export type FiledCertificate = z.infer<typeof FiledCertificate>

const section = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next }).optional()

export const Portfolio = z
  .strictObject({
    holder: HexHash,
    industry: z.string().optional().meta({ description: 'Of which alone it is, as asked for' }),
    materials: section(FiledMaterial),
    certificates: section(FiledCertificate),
    grants: section(GrantSummary).meta({
      description: '`terms.notAfter` says when one ends. Absent where an industry is asked for',
    }),
  })
  .meta({ id: 'Portfolio' })
export type Portfolio = z.infer<typeof Portfolio>

export const SECTIONS = ['materials', 'certificates', 'grants'] as const

export const PortfolioQuery = z
  .strictObject({
    limit,
    of: z.enum(SECTIONS).optional().meta({ description: 'One section alone; all unless given' }),
    cursor: mirrorCursor.meta({ description: '`next` of the page of that section before' }),
    industry: z
      .string()
      .optional()
      .meta({
        description:
          'GB/T 4754: a section (`H`), a division (`H62`), a group or a class. What matters of that industry ask for, and ' +
          'certificates of the industry itself',
      }),
  })
  .refine(({ of, cursor }) => cursor === undefined || of !== undefined, 'a cursor of no section')
  .refine(
    ({ of, industry }) => of !== 'grants' || industry === undefined,
    'grants are of no industry',
  )
export type PortfolioQuery = z.infer<typeof PortfolioQuery>
