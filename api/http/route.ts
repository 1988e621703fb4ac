import type Koa from 'koa'
import type { z } from 'zod'
import type { ErrorKind } from '../../node/core/errors.ts'
import type { Action, Principal } from './auth.ts'

export interface RequestState {
  /** Undefined on public routes. */
  principal?: Principal
  /** The route that answers, for logs and metrics: never the path, which may name a material. */
  route?: Route
}

export type Context = Koa.ParameterizedContext<
  RequestState,
  {
    params: Readonly<Record<string, string>>
    /** Set by the router: what has this path, with any method. */
    matched?: readonly { readonly methods: string[] }[]
  }
>

export type Handler = (ctx: Context) => Promise<void>

/** One operation: how it is reached, who may, what it does, and all that its documentation says. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** As in OpenAPI, `/v1/materials/{id}`. A last `{name}` may stand for several segments, see `tail`. */
  readonly path: string
  /** The last parameter takes the rest of the path, slashes included. */
  readonly tail?: boolean
  /** Undefined: public. */
  readonly action?: Action
  readonly handle: Handler
  /** Undefined for pages, which are no part of the API. */
  readonly documentation?: Documentation
}

export interface Documentation {
  readonly id: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: {
    readonly path?: z.ZodObject
    readonly query?: z.ZodObject
    readonly header?: z.ZodObject
  }
  /** By media type. */
  readonly request?: Readonly<Record<string, Body>>
  /** By status. */
  readonly answers: Readonly<Record<string, AnswerDocumentation>>
  /** Codes of this operation, beside those of every operation. */
  readonly errors?: Errors
}

export interface AnswerDocumentation {
  readonly description: string
  /** By media type. */
  readonly content?: Readonly<Record<string, Body>>
  readonly headers?: z.ZodObject
}

export interface Body {
  readonly schema: z.ZodType
  readonly example?: unknown
}

export type Errors = Readonly<Partial<Record<ErrorKind, readonly string[]>>>

/** The principal of a route that is not public. */
export function principalOf(ctx: Context): Principal {
  if (ctx.state.principal === undefined) throw new TypeError('the route is public')
  return ctx.state.principal
}

/** A parameter of the route's own path. */
export function parameter(ctx: Context, name: string): string {
  const value = ctx.params[name]
  if (value === undefined) throw new TypeError(`the route has no parameter ${name}`)
  return value
}
