import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { LedgerError } from '../../../node/core/errors.ts'
import { SENTENCES } from '../problems.ts'
import { send } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { docsPage, problemListPage, problemPage } from './pages.ts'

const swagger = (name: string) => fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))
const own = (name: string) => fileURLToPath(new URL(`./assets/${name}`, import.meta.url))

/** All that the pages load: nothing comes from anywhere else. */
const ASSETS: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  'swagger-ui.css': { file: swagger('swagger-ui.css'), type: 'text/css; charset=utf-8' },
  'swagger-ui-bundle.js': {
    file: swagger('swagger-ui-bundle.js'),
    type: 'text/javascript; charset=utf-8',
  },
  'docs.js': { file: own('docs.js'), type: 'text/javascript; charset=utf-8' },
  'docs.css': { file: own('docs.css'), type: 'text/css; charset=utf-8' },
  'icon.svg': { file: own('icon.svg'), type: 'image/svg+xml' },
}

const PAGE_HEADERS = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
}

/** @param openApi JSON text, made when it is first asked for */
export function docsRoutes(openApi: () => Promise<string>): Route[] {
  const assets = new Map<string, Promise<Buffer>>()
  return [
    {
      method: 'GET',
      path: '/',
      async handle(ctx) {
        send(ctx, 302, 'text/plain', '', { Location: '/docs' })
      },
    },
    {
      method: 'GET',
      path: '/openapi.json',
      async handle(ctx) {
        send(ctx, 200, 'application/json', await openApi(), { 'Cache-Control': 'no-cache' })
      },
    },
    {
      method: 'GET',
      path: '/docs',
      async handle(ctx) {
        sendPage(ctx, docsPage())
      },
    },
    {
      method: 'GET',
      path: '/docs/assets/{name}',
      async handle(ctx) {
        const name = parameter(ctx, 'name')
        const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined
        if (asset === undefined) throw new LedgerError('notFound', 'ROUTE_NOT_FOUND')
        const bytes = assets.get(name) ?? readFile(asset.file)
        assets.set(name, bytes)
        send(ctx, 200, asset.type, await bytes, { 'Cache-Control': 'public, max-age=3600' })
      },
    },
    {
      method: 'GET',
      path: '/problems',
      async handle(ctx) {
        sendPage(ctx, problemListPage())
      },
    },
    {
      method: 'GET',
      path: '/problems/{code}',
      async handle(ctx) {
        const code = parameter(ctx, 'code')
        const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined
        if (sentence === undefined) throw new LedgerError('notFound', 'PROBLEM_UNKNOWN')
        sendPage(ctx, problemPage(code, sentence))
      },
    },
  ]
}

function sendPage(ctx: Context, html: string): void {
  send(ctx, 200, 'text/html; charset=utf-8', html, PAGE_HEADERS)
}
