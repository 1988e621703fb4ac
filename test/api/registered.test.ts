import { expect } from 'chai'
import { benefitRoutes } from '../../api/http/benefits/routes.ts'
import type { BenefitRouteParts } from '../../api/http/benefits/routes.ts'
import { caseRoutes } from '../../api/http/cases/routes.ts'
import type { CaseRouteParts } from '../../api/http/cases/routes.ts'
import { certificateRoutes } from '../../api/http/certificates/routes.ts'
import type { CertificateParts } from '../../api/http/certificates/routes.ts'
import { checkRoutes } from '../../api/http/checks/routes.ts'
import type { CheckRouteParts } from '../../api/http/checks/routes.ts'
import { departmentRoutes } from '../../api/http/departments/routes.ts'
import { mask } from '../../api/http/holders/present.ts'
import { figureRoutes } from '../../api/http/figures/routes.ts'
import type { Figures } from '../../api/http/figures/routes.ts'
import { holderRoutes } from '../../api/http/holders/routes.ts'
import type { HolderParts } from '../../api/http/holders/routes.ts'
import { createOpenApi } from '../../api/http/openapi.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { requestRoutes } from '../../api/http/requests/routes.ts'
import type { RequestRouteParts } from '../../api/http/requests/routes.ts'
import type { Body, Route } from '../../api/http/route.ts'
import { useRoutes } from '../../api/http/uses/routes.ts'
import type { UseParts } from '../../api/http/uses/routes.ts'
import type { OpenApi } from './support/documented.ts'

/** Routes are data: what they need to answer is not asked for here. */
const parts = { chain: { registries: { chainId: 1 } }, mirror: {} } as HolderParts &
  CertificateParts &
  UseParts &
  CaseRouteParts &
  CheckRouteParts &
  RequestRouteParts &
  BenefitRouteParts & { readonly figures: Figures }
const routes: Route[] = [
  ...departmentRoutes(parts),
  ...holderRoutes(parts),
  ...certificateRoutes(parts),
  ...useRoutes(parts),
  ...caseRoutes(parts),
  ...checkRoutes(parts),
  ...requestRoutes(parts),
  ...benefitRoutes(parts),
  ...figureRoutes(parts.figures),
]

describe('the documentation of parties, certificates and uses', () => {
  const document = JSON.parse(JSON.stringify(createOpenApi(routes, 'test'))) as OpenApi

  it('names every operation once', () => {
    const ids = routes.map(({ documentation }) => documentation?.id)
    expect(new Set(ids)).to.have.length(routes.length)
    expect(Object.keys(document.paths)).to.have.length.above(20)
  })

  it('shows examples that fit their schemas', () => {
    for (const { documentation } of routes) {
      const bodies = [
        ...Object.entries(documentation?.request ?? {}),
        ...Object.values(documentation?.answers ?? {}).flatMap(({ content = {} }) =>
          Object.entries(content),
        ),
      ] as [string, Body][]
      for (const [type, { schema, example }] of bodies) {
        if (example === undefined) continue
        const { error } = schema.safeParse(example)
        expect(error?.issues, `${documentation?.id} ${type}`).to.equal(undefined)
      }
    }
  })

  it('has a sentence for every code of every refusal', () => {
    for (const { documentation } of routes)
      for (const codes of Object.values(documentation?.errors ?? {}))
        for (const code of codes) expect(SENTENCES, documentation?.id).to.have.property(code)
  })
})

describe('masked names and codes', () => {
  it('keep the first and last character, and their length', () => {
    expect(mask('张三')).to.equal('张*')
    expect(mask('欧阳示例')).to.equal('欧**例')
    expect(mask('91310110MADEM002XN')).to.equal('9****************N')
    expect(mask('甲')).to.equal('甲*')
    expect(mask('𠮷田𠮷')).to.equal('𠮷*𠮷')
  })
})
