import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { searchDatabase } from './search-database.ts'
import { databaseUrl, templateDatabase } from './start-postgres.ts'

/** A database of a test file's own. */
export interface TestDatabase {
  url: string
  /** Asks as the database's owner, whom no policy binds. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** Looks for secrets in it first, and fails where one stands there in plain. */
  drop(): Promise<void>
}

/** Clones the migrated template; `empty` gives one without any table. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('databaseServer')
  const name = `tributary_test_${randomBytes(6).toString('hex')}`
  await onServer(server, `create database ${name} ${empty ? '' : `template ${templateDatabase}`}`)
  const url = databaseUrl(server, name)
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const query = async <Row extends object>(text: string, values?: unknown[]) =>
    (await pool.query<Row>(text, values)).rows
  return {
    url,
    query,
    async drop() {
      try {
        await searchDatabase(query)
      } finally {
        await pool.end()
        // Without "force": a connection that a test left open fails it.
        await onServer(server, `drop database ${name}`)
      }
    },
  }
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
