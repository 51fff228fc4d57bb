import type { Client } from 'pg'

/**
 * Leaves nothing to be done in the background for what was written before: it is vacuumed, analyzed and on the disk.
 *
 * Tables that are still empty are left alone. One that was vacuumed while it was is planned for as if it stayed so, which no
 * hub meets whose tables fill by themselves.
 */
export async function settle(database: Client): Promise<void> {
  const { rows } = await database.query<{ names: string }>(
    `select string_agg(oid::regclass::text, ', ') as names from pg_class
     where relkind = 'r' and relnamespace in ('tributary'::regnamespace, 'public'::regnamespace) and pg_relation_size(oid) > 0`,
  )
  await database.query(`vacuum (analyze) ${rows[0]?.names}`)
  await database.query('checkpoint')
}
