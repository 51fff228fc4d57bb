import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endpoints } from '../../packages/api/src/index.ts'

const folder = fileURLToPath(new URL('../../packages/web/src/routes', import.meta.url))
export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** One address of the app, as its folder spells it, without groups. */
export interface Route {
  path: string
  kind: 'api' | 'page'
  /** The methods that it takes, for a page its actions too (`POST ?/name`); `any`: whatever comes. */
  takes: string[]
}

/** Every address that the app answers at: those of the pages from the files that make them, those of the API as they are declared. */
export function discoverRoutes(): Route[] {
  const routes = new Map<string, Route>()
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!/^\+(server|page\.server|page)\.(ts|svelte)$/.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    const path = `/${relative(folder, entry.parentPath)}`.replaceAll(/\/\([^)]+\)/g, '').replace(/^$/, '/')
    const kind = entry.name === '+server.ts' ? 'api' : 'page'
    const route = routes.get(path) ?? { path, kind, takes: kind === 'page' ? ['GET'] : [] }
    route.takes.push(...(kind === 'api' ? exportedMethods(text) : actions(text)))
    routes.set(path, route)
  }
  for (const { method, path } of Object.values(endpoints)) {
    const route = routes.get(path) ?? { path, kind: 'api', takes: [] }
    route.takes.push(method)
    routes.set(path, route)
  }
  return [...routes.values()].sort((one, other) => one.path.localeCompare(other.path))
}

function exportedMethods(text: string): string[] {
  if (/export const fallback\b/.test(text)) return ['any']
  return methods.filter((method) =>
    new RegExp(`export (const|async function|function) ${method}\\b`).test(text),
  )
}

function actions(text: string): string[] {
  const [, body] = /export const actions = \{\n([\s\S]*?)\n\}/.exec(text) ?? []
  return [...(body ?? '').matchAll(/^ {2}(?:async )?(\w+)(?::|\()/gm)].map(([, name]) =>
    name === 'default' ? 'POST' : `POST ?/${name}`,
  )
}
