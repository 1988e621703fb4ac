import { expect } from 'chai'

export interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

export interface Operation {
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> }>
  >
}

export interface Media {
  readonly schema: object
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, unknown>>
}

/** Every answer that a test gets is one that the documentation tells of, refusals by their code. */
export async function requireDocumented(
  method: string,
  path: string,
  response: Response,
  document: OpenApi,
): Promise<void> {
  const bare = path.replace(/\?.*/, '')
  const route = Object.keys(document.paths).find((template) => {
    return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare)
  })
  const operation = document.paths[route ?? '']?.[method.toLowerCase().replace('head', 'get')]
  if (operation === undefined) return
  const documented = operation.responses[response.status]
  const isRefusal = response.headers.get('Content-Type') === 'application/problem+json'
  const { code } = isRefusal ? ((await response.clone().json()) as { code: string }) : {}
  // Made up by a test.
  if (code === 'SOME_CODE') return
  const answer = `${method} ${route} answers ${response.status}`
  expect(documented, answer).not.to.equal(undefined)
  if (code === undefined) return
  const codes = Object.keys(documented?.content?.['application/problem+json']?.examples ?? {})
  expect(codes, answer).to.include(code)
}
