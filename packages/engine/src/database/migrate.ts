import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { openConnection } from './connection.ts'
import { lockMigrations } from './locks.ts'

const folder = new URL('./migrations/', import.meta.url)

/** The database cannot be brought to this version; the message is one sentence for the person who starts it. */
export class MigrationError extends Error {}

/**
 * Brings the schema `tributary` up to date: each file of `migrations/` once, in order, in a transaction of its own. Safe
 * when many processes start at once. A file that changed after it ran is refused, and so is a database that is newer.
 */
export async function migrate(url: string): Promise<void> {
  const client = await openConnection({ url, long: true }).catch((cause: unknown) => {
    throw new MigrationError(`The database cannot be reached: ${reasonOf(cause)}.`, { cause })
  })
  try {
    await client.query(lockMigrations)
    await client.query(`
      create schema if not exists tributary;
      create table if not exists tributary.migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from tributary.migrations',
    )
    const applied = new Map(rows.map((row) => [row.name, row.checksum]))
    for (const migration of await readMigrations()) {
      const known = applied.get(migration.name)
      applied.delete(migration.name)
      if (known === undefined) await apply(client, migration)
      else if (known !== migration.checksum) {
        throw new MigrationError(
          `Migration ${migration.name} ran in this database in another form; run the version of Tributary that it belongs to.`,
        )
      }
    }
    const unknown = applied.keys().next().value
    if (unknown !== undefined) {
      throw new MigrationError(
        `The database is newer than this version of Tributary: it knows migration ${unknown}.`,
      )
    }
  } finally {
    await client.end()
  }
}

interface Migration {
  name: string
  sql: string
  checksum: string
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into tributary.migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (cause) {
    throw new MigrationError(`Migration ${name} failed: ${reasonOf(cause)}.`, { cause })
  }
}

function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string }
  return message || code || String(error)
}
