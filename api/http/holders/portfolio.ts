import { requireIndustry } from '../../../node/core/catalogue/industry.ts'
import { statusCodeOf } from '../../../node/core/certificates/status.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { Usability } from '../../../node/core/usability/usability.ts'
import { actsAs } from '../../../node/grants/access.ts'
import type {
  FiledCertificate as FoundCertificate,
  FiledMaterial as FoundMaterial,
  Portfolios,
} from '../../../node/holdings/portfolio.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { sift } from '../../../node/store/pages.ts'
import { readerOf } from '../grants/access.ts'
import type { AccessParts } from '../grants/access.ts'
import { presentSummary } from '../grants/present.ts'
import { submitterNameOf } from '../materials/access.ts'
import { registeredParties } from '../materials/parties.ts'
import type { MaterialParties } from '../materials/parties.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { indexCursor } from '../registered/schema.ts'
import { sendJson } from '../respond.ts'
import { principalOf } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { departmentAsking, holderIn } from './access.ts'
import { portfolio } from './portfolioDocumentation.ts'
import { PortfolioQuery } from './portfolioSchema.ts'
import type { FiledCertificate, FiledMaterial, Portfolio } from './portfolioSchema.ts'

export interface PortfolioRouteParts extends AccessParts {
  readonly portfolios: Pick<Portfolios, 'materials' | 'certificates'>
  readonly directory: PartyDirectory
  readonly mirror: Mirror
}

/**
 * The file of a subject: of all of it that whoever asks is shown by the lists of materials, certificates and grants.
 */
export function portfolioRoute(parts: PortfolioRouteParts): Route {
  const parties = registeredParties(parts)
  return {
    method: 'GET',
    path: '/v1/holders/{id}/portfolio',
    action: 'readHolder',
    documentation: portfolio,
    async handle(ctx) {
      const query = parseBy(PortfolioQuery, { ...ctx.query }, 'QUERY_MALFORMED')
      if (query.industry !== undefined) requireIndustry(query.industry)
      const holder = holderIn(ctx)
      const asking: Asking = { holder, query, department: departmentOf(ctx, holder, parts) }
      const { of, industry } = query
      const isAsked = (section: typeof of) => of === undefined || of === section
      const [materials, certificates, grants] = await Promise.all([
        isAsked('materials') ? materialsOf(ctx, asking, parts, parties) : undefined,
        isAsked('certificates') ? certificatesOf(asking, parts) : undefined,
        isAsked('grants') && industry === undefined ? grantsOf(ctx, asking, parts) : undefined,
      ])
      const answer: Portfolio = {
        holder,
        ...(industry !== undefined && { industry }),
        ...(materials && { materials }),
        ...(certificates && { certificates }),
        ...(grants && { grants }),
      }
      sendJson(ctx, 200, answer, { 'Cache-Control': 'private, no-store' })
    },
  }
}

interface Asking {
  readonly holder: Hex
  readonly query: PortfolioQuery
  /** Undefined: the holder itself. */
  readonly department: Hex | undefined
}

/** @throws LedgerError notFound/HOLDER_NOT_FOUND, forbidden/HOLDER_NOT_YOURS, unavailable/MIRROR_STALE */
function departmentOf(
  ctx: Context,
  holder: Hex,
  { mirror }: Pick<PortfolioRouteParts, 'mirror'>,
): Hex | undefined {
  // An account may have been released since.
  mirror.assertFresh()
  const department = departmentAsking(ctx, holder, mirror)
  if (mirror.holders.registrarOf(holder) === undefined)
    throw new LedgerError('notFound', 'HOLDER_NOT_FOUND')
  return department
}

async function materialsOf(
  ctx: Context,
  asking: Asking,
  { portfolios }: PortfolioRouteParts,
  parties: MaterialParties,
): Promise<Portfolio['materials']> {
  const submitter = asking.department === undefined ? undefined : principalOf(ctx).name
  const { items, next } = await portfolios.materials(filedOf(asking), submitter)
  const shown = items.map(async (item) => ({
    ...presentMaterial(item),
    ...(await submitterNameOf(item, parties)),
  }))
  return { items: await Promise.all(shown), ...cursorOf(next) }
}

async function certificatesOf(
  asking: Asking,
  { portfolios }: PortfolioRouteParts,
): Promise<Portfolio['certificates']> {
  const { items, next } = await portfolios.certificates(filedOf(asking), asking.department)
  return { items: items.map(presentCertificate), ...cursorOf(next) }
}

/** A department is told of those that were made to it, as in their list. */
async function grantsOf(
  ctx: Context,
  { holder, query: { limit, cursor }, department }: Asking,
  parts: PortfolioRouteParts,
): Promise<Portfolio['grants']> {
  const reader = readerOf(ctx, parts)
  const { items, next } = await sift(
    { limit, next: cursor },
    (most, from) =>
      parts.grants.ofHolder(holder, { limit: most, ...(from !== undefined && { cursor: from }) }),
    ({ grantee }) => department === undefined || actsAs(reader, grantee),
  )
  return { items: items.map(presentSummary), ...(next !== undefined && { next }) }
}

function filedOf({ holder, query: { limit, cursor, industry } }: Asking) {
  const before = parseBy(indexCursor, cursor, 'QUERY_MALFORMED')
  return { holder, industry, ...pageOf({ limit, cursor: before }) }
}

function presentMaterial({
  index,
  at,
  statement,
  standing,
  name,
  usability,
}: FoundMaterial): FiledMaterial {
  const { id, type, title, submitter } = statement
  return {
    id,
    index,
    at,
    type,
    ...(title !== undefined && { title }),
    submitter,
    standing,
    ...(name !== undefined && { name }),
    ...presentUsability(usability),
  }
}

function presentCertificate({
  record,
  facts,
  name,
  usability,
}: FoundCertificate): FiledCertificate {
  const { id, index, at, statement } = record
  const { type, identifier, issuer, validFrom, validTo } = statement
  return {
    id,
    index,
    at,
    type,
    identifier,
    issuer,
    status: statusCodeOf(facts.status),
    validFrom,
    ...(validTo !== undefined && { validTo }),
    ...(name !== undefined && { name }),
    ...presentUsability(usability),
  }
}

function presentUsability(usability: Usability) {
  const { usable } = usability
  if (usable) return { usable, ...(usability.until !== undefined && { until: usability.until }) }
  const { code, by, on, from } = usability.why
  return {
    usable,
    because: code,
    ...(by !== undefined && { by }),
    ...(on !== undefined && { on }),
    ...(from !== undefined && { from }),
  }
}
