import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The layers of `packages/engine/src`, lowest first: each folder and the folders that it may import, imports of types
 * included. `parts.ts` is what the layers above it are made of; `create-engine.ts` and `index.ts` may import everything.
 */
export const layers: Record<string, string[]> = {
  domain: [],
  runtime: [],
  contract: ['domain'],
  outgoing: ['domain'],
  database: ['domain', 'runtime', 'contract'],
  events: ['contract', 'database'],
  calendar: ['domain', 'database'],
  archive: ['domain', 'database'],
  audit: ['database'],
  secrets: ['runtime', 'database', 'audit'],
  configuration: ['database', 'audit', 'secrets'],
  sources: ['domain', 'runtime', 'outgoing', 'database', 'configuration'],
  budgets: ['domain', 'database', 'sources'],
  templates: ['domain', 'contract', 'database', 'sources'],
  values: ['domain', 'contract', 'database', 'events', 'calendar', 'archive', 'sources'],
  connections: ['domain', 'runtime', 'outgoing', 'database', 'audit', 'secrets', 'sources', 'budgets'],
  planning: ['domain', 'database', 'sources', 'connections'],
  'parts.ts': [
    'domain',
    'runtime',
    'outgoing',
    'database',
    'secrets',
    'configuration',
    'sources',
    'connections',
  ],
  coverage: ['domain', 'contract', 'database', 'sources', 'connections', 'planning', 'parts.ts'],
  daily: ['domain', 'contract', 'database', 'calendar', 'sources', 'values', 'planning', 'parts.ts'],
  jobs: ['domain', 'contract', 'database', 'events', 'sources', 'connections', 'planning', 'parts.ts'],
  explain: [
    'domain',
    'contract',
    'database',
    'calendar',
    'archive',
    'sources',
    'connections',
    'planning',
    'jobs',
    'parts.ts',
  ],
  'import-run': [
    'domain',
    'runtime',
    'outgoing',
    'database',
    'archive',
    'sources',
    'values',
    'connections',
    'planning',
    'jobs',
    'parts.ts',
  ],
  remap: [
    'domain',
    'runtime',
    'contract',
    'database',
    'calendar',
    'archive',
    'sources',
    'values',
    'connections',
    'planning',
    'parts.ts',
  ],
  push: ['domain', 'database', 'archive', 'jobs'],
  uploads: ['domain', 'runtime', 'contract', 'database', 'archive', 'sources', 'values', 'jobs', 'parts.ts'],
  connecting: [
    'domain',
    'contract',
    'outgoing',
    'database',
    'calendar',
    'archive',
    'audit',
    'secrets',
    'sources',
    'budgets',
    'values',
    'connections',
    'planning',
    'jobs',
    'remap',
    'parts.ts',
  ],
  worker: ['domain', 'runtime', 'database', 'sources', 'jobs', 'import-run', 'remap', 'parts.ts'],
  accounts: [
    'domain',
    'runtime',
    'contract',
    'database',
    'archive',
    'audit',
    'secrets',
    'configuration',
    'sources',
    'values',
    'connections',
    'planning',
    'jobs',
    'connecting',
    'parts.ts',
  ],
  retention: ['domain', 'runtime', 'database', 'events', 'configuration', 'jobs', 'accounts', 'parts.ts'],
  schedule: [
    'domain',
    'runtime',
    'contract',
    'database',
    'connections',
    'jobs',
    'uploads',
    'accounts',
    'retention',
    'parts.ts',
  ],
  admin: [
    'domain',
    'runtime',
    'contract',
    'database',
    'audit',
    'configuration',
    'sources',
    'connections',
    'connecting',
    'accounts',
    'retention',
    'schedule',
    'parts.ts',
  ],
}

const root = fileURLToPath(new URL('../packages/engine/src', import.meta.url))
/** They may import everything. */
export const composition = ['create-engine.ts', 'index.ts']
const statement =
  /(?:import|export)\s[^'"]*?from\s*['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)|import\s+['"](\.[^'"]+)['"]/g

/** The engine's own files and what each imports, both by path; without tests and their kit. */
export const imports = new Map(
  readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
    .map((file) => {
      const targets = [...readFileSync(file, 'utf8').matchAll(statement)].map((match) =>
        relative(root, resolve(dirname(file), match[1] ?? match[2] ?? match[3] ?? '')),
      )
      return [relative(root, file), targets] as const
    }),
)

/** The folder of a file, or the file itself where it lies in none. */
export const layerOf = (path: string) => path.split('/')[0] ?? path

/** The circles among files: each by a path that comes back to its beginning. */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  function follow(file: string, path: string[]): void {
    const start = path.indexOf(file)
    if (start >= 0) circles.push(path.slice(start))
    if (start >= 0 || done.has(file)) return
    for (const target of graph.get(file) ?? []) follow(target, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) follow(file, [])
  return circles
}
