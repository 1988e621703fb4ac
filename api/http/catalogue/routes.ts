import type { Catalogue } from '../../../node/catalogue/catalogue.ts'
import type { Published } from '../../../node/catalogue/shelf.ts'
import { CatalogueEntry, CatalogueKind } from '../../../node/core/catalogue/entry.ts'
import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { readJson } from '../body.ts'
import { send, sendJson } from '../respond.ts'
import { parameter, principalOf } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import { whenAnchored } from '../grants/waiting.ts'
import * as documentation from './documentation.ts'
import { DayQuery, EntryQuery, PageQuery, VersionText } from './schema.ts'
import type { CatalogueHistory, CataloguePage, CatalogueRecord, ThemeMaterials } from './schema.ts'

export interface CatalogueRouteParts {
  readonly catalogue: Catalogue
  /** Milliseconds that `?wait=anchored` waits unless the request says. */
  readonly wait: number
}

/** What there is to apply for and what it takes is public, and so is who answers for it. */
export function catalogueRoutes(parts: CatalogueRouteParts): Route[] {
  return [...readingRoutes(parts), evidenceRoute(parts), publishingRoute(parts)]
}

function readingRoutes({ catalogue }: CatalogueRouteParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/catalogue/{kind}',
      documentation: documentation.list,
      async handle(ctx) {
        const kind = kindIn(ctx)
        const query = parseBy(PageQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { on = catalogue.today(), limit, cursor = '' } = query
        const rest = catalogue.list(kind, on).filter(({ entry }) => entry.code > cursor)
        const page = rest.slice(0, limit)
        const last = page.at(-1)
        const answer: CataloguePage = {
          on,
          entries: page.map(present),
          ...(rest.length > limit && last && { next: last.entry.code }),
        }
        sendJson(ctx, 200, answer)
      },
    },
    {
      method: 'GET',
      path: '/v1/catalogue/{kind}/{code}',
      documentation: documentation.get,
      async handle(ctx) {
        const [kind, code] = [kindIn(ctx), parameter(ctx, 'code')]
        const query = parseBy(EntryQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { on = catalogue.today(), version } = query
        const found =
          version === undefined
            ? catalogue.getPublished(kind, code, on)
            : catalogue.getVersion(kind, code, version)
        sendJson(ctx, 200, present(found))
      },
    },
    {
      method: 'GET',
      path: '/v1/catalogue/{kind}/{code}/versions',
      documentation: documentation.history,
      async handle(ctx) {
        const versions = catalogue.history(kindIn(ctx), parameter(ctx, 'code')).map(present)
        sendJson(ctx, 200, { versions } satisfies CatalogueHistory)
      },
    },
    {
      method: 'GET',
      path: '/v1/catalogue/theme/{code}/materials',
      documentation: documentation.materials,
      async handle(ctx) {
        const query = parseBy(DayQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { on = catalogue.today() } = query
        const bundle = catalogue.materialsOfTheme(parameter(ctx, 'code'), on)
        const materials = bundle.map(({ askedBy, ...rest }) => ({ ...rest, askedBy: [...askedBy] }))
        sendJson(ctx, 200, { on, materials } satisfies ThemeMaterials)
      },
    },
  ]
}

function evidenceRoute({ catalogue, wait }: CatalogueRouteParts): Route {
  return {
    method: 'GET',
    path: '/v1/catalogue/{kind}/{code}/versions/{version}/evidence',
    documentation: documentation.evidence,
    async handle(ctx) {
      const [kind, code] = [kindIn(ctx), parameter(ctx, 'code')]
      const { entry } = catalogue.getVersion(kind, code, versionIn(ctx))
      const anchored = anchoredSignal(ctx, wait)
      const evidence = await whenAnchored(
        `${pathOf(entry)}/versions/${entry.version}/evidence`,
        catalogue.evidence(entry, anchored && { anchored }),
      )
      send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence)
    },
  }
}

function publishingRoute({ catalogue }: CatalogueRouteParts): Route {
  return {
    method: 'POST',
    path: '/v1/catalogue',
    action: 'publishCatalogue',
    documentation: documentation.publish,
    async handle(ctx) {
      const entry = await readJson(ctx, CatalogueEntry, 'CATALOGUE_ENTRY_MALFORMED')
      const { created, evidence } = await catalogue.publish(entry, publisherIn(ctx))
      const Location = `${pathOf(entry)}?version=${entry.version}`
      send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, { Location })
    },
  }
}

function publisherIn(ctx: Context) {
  const principal = principalOf(ctx)
  if (principal.account === undefined) return { name: principal.name }
  const { name, department } = principal
  // Whoever has a role is a department; were it none, it would pass for whoever runs the node.
  if (department === undefined) throw new LedgerError('forbidden', 'CATALOGUE_OWNER_NEEDED')
  return { name, department }
}

/** @throws LedgerError notFound/CATALOGUE_UNKNOWN */
function kindIn(ctx: Context): CatalogueKind {
  const { data } = CatalogueKind.safeParse(parameter(ctx, 'kind'))
  if (data === undefined) throw new LedgerError('notFound', 'CATALOGUE_UNKNOWN')
  return data
}

/** 0, which no version has, where it is none. */
function versionIn(ctx: Context): number {
  return VersionText.safeParse(parameter(ctx, 'version')).data ?? 0
}

function present({ entry, statement, index, at, by }: Published): CatalogueRecord {
  return { entry, statement, index, at, by }
}

function pathOf({ kind, code }: Pick<CatalogueEntry, 'kind' | 'code'>): string {
  return `/v1/catalogue/${kind}/${code}`
}
