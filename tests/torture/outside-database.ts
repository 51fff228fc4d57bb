import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../packages/engine/src/database/embedded/start-embedded-postgres.ts'
import { type DatabaseProxy, startDatabaseProxy } from '../../packages/engine/src/testing/database-proxy.ts'
import type { Scenario, Stage } from './scenario.ts'

interface OutsideDatabase extends Pick<Stage, 'query' | 'proxy'> {
  /** The settings by which the application finds it. */
  settings: Record<string, string>
  close(): Promise<void>
}

/** Opens the database that a scenario needs, and a way to it for the torture itself. */
export async function openOutsideDatabase(
  kind: Scenario['database'],
  folder: string,
): Promise<OutsideDatabase> {
  if (kind === 'embedded') {
    const url = () => embeddedUrl(join(folder, 'data'))
    return { settings: {}, query: (...asked) => runSql(url(), ...asked), proxy: noProxy, async close() {} }
  }
  const silent = { info() {}, warn() {}, error: (message: string) => console.error(message) }
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'server'), log: silent })
  const proxy = kind === 'proxied' ? await startDatabaseProxy(server.url) : undefined
  return {
    settings: { DATABASE_URL: proxy?.url ?? server.url },
    query: (...asked) => runSql(Promise.resolve(server.url), ...asked),
    proxy: proxy ?? noProxy,
    async close() {
      await proxy?.close()
      await server.stop()
    },
  }
}

const noProxy = new Proxy({} as DatabaseProxy, {
  get() {
    throw new Error('The database of this scenario has no proxy.')
  },
})

async function embeddedUrl(dataDir: string): Promise<string> {
  const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim()
  const port = (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[3]
  return `postgres://postgres:${password}@127.0.0.1:${port}/tributary`
}

async function runSql<Row extends object>(
  url: Promise<string>,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: await url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}
