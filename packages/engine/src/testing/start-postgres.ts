import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../database/embedded/start-embedded-postgres.ts'
import { migrate } from '../database/migrate.ts'
import { readSettings } from '../configuration/settings.ts'
import { dropFreeDatabases, fingerprint } from './reusable-databases.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that test databases are cloned on. */
    databaseServer: string
    /** What tells whether a database is still like the template. */
    templateFingerprint: string
  }
}

export const templateDatabase = 'tributary_test_template'

const silent = { info() {}, warn() {}, error: (message: string) => console.error(message) }

/** Starts one PostgreSQL for all tests, or takes that of `DATABASE_URL`, and prepares the database they clone. */
export default async function startPostgres({ provide }: TestProject): Promise<() => Promise<void>> {
  const outside = readSettings().databaseUrl
  const folder = await mkdtemp(join(tmpdir(), 'tributary-test-'))
  const server = outside
    ? { url: outside, stop: () => Promise.resolve() }
    : await startEmbeddedPostgres({ dataDir: folder, log: silent, durable: false })
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query(`drop database if exists ${templateDatabase}`)
  await admin.query(`create database ${templateDatabase}`)
  await admin.end()
  const template = databaseUrl(server.url, templateDatabase)
  await migrate(template)
  provide('databaseServer', server.url)
  provide('templateFingerprint', await readFingerprint(template))
  return async () => {
    await dropFreeDatabases(server.url)
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function readFingerprint(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await fingerprint(async (text, values) => (await client.query(text, values)).rows)
  } finally {
    await client.end()
  }
}

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
