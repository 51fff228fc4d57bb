import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { emptyDatabase, offerDatabase, takeFreeDatabase } from './reusable-databases.ts'
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

/** A database like the migrated template, or without any table if it is `empty`. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('databaseServer')
  const name = `tributary_test_${randomBytes(6).toString('hex')}`
  const isReused = !empty && (await takeFreeDatabase(server, name))
  if (!isReused)
    await onServer(server, `create database ${name} ${empty ? '' : `template ${templateDatabase}`}`)
  const url = databaseUrl(server, name)
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const query = async <Row extends object>(text: string, values?: unknown[]) =>
    (await pool.query<Row>(text, values)).rows
  return {
    url,
    query,
    async drop() {
      let isEmptied = false
      try {
        await searchDatabase(query)
        isEmptied = !empty && (await emptyDatabase(query, inject('templateFingerprint')))
      } finally {
        await pool.end()
        // Without "force": a connection that a test left open fails it.
        await (isEmptied ? offerDatabase(server, name) : onServer(server, `drop database ${name}`))
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
