import { setTimeout as pause } from 'node:timers/promises'
import type { TestDatabase } from './test-database.ts'

type Query = TestDatabase['query']

/**
 * By table: how many rows, and entries of its indexes, some work read. The work has to close the database connections that it
 * opens: the server counts what a connection read at its end at the latest.
 */
export async function rowsReadBy(
  { query }: Pick<TestDatabase, 'query'>,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  // The connections of the test itself, so that what they read before is not counted with the work.
  const flush = () => query('select pg_stat_force_next_flush(), pg_sleep(0.05)')
  await Promise.all([flush(), flush()])
  const known = await readConnections(query)
  const before = await readCounts(query)
  await work()
  while ((await readConnections(query)).difference(known).size > 0) await pause(20)
  const after = await readCounts(query)
  return Object.fromEntries(
    Object.entries(after)
      .map(([table, rows]) => [table, rows - (before[table] ?? 0)] as const)
      .filter(([, rows]) => rows > 0),
  )
}

async function readConnections(query: Query): Promise<Set<number>> {
  const rows = await query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and backend_type <> 'autovacuum worker'`,
  )
  return new Set(rows.map(({ pid }) => pid))
}

async function readCounts(query: Query): Promise<Record<string, number>> {
  const rows = await query<{ table: string; rows: string }>(
    `select relname as table, seq_tup_read + coalesce(entries, 0) as rows
     from pg_stat_user_tables left join (
       select relid, sum(idx_tup_read) as entries from pg_stat_user_indexes group by relid) as indexes using (relid)
     where schemaname = 'tributary'`,
  )
  return Object.fromEntries(rows.map(({ table, rows: count }) => [table, Number(count)]))
}
