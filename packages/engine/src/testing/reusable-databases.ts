import { randomBytes } from 'node:crypto'
import pg from 'pg'

/**
 * Databases that tests have finished with, emptied for the next ones: cloning the template takes half a second of processor time, and
 * emptying a small database a few milliseconds. They are found by their name.
 */
const freePrefix = 'tributary_test_free_'

/** A larger one costs more to empty than to clone. */
const mostBytes = 24 * 2 ** 20

type Query = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>

/** Renames a database that a test has finished with; returns whether there is one. */
export async function takeFreeDatabase(server: string, name: string): Promise<boolean> {
  return withClient(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where starts_with(datname, $1) order by random()`,
      [freePrefix],
    )
    for (const { datname } of rows) {
      // Another process may take the same one.
      const isTaken = await client.query(`alter database ${datname} rename to ${name}`).then(
        () => true,
        () => false,
      )
      if (isTaken) return true
    }
    return false
  })
}

/** Offers an emptied database to other tests. It fails while a connection to it is open, as dropping it does. */
export async function offerDatabase(server: string, name: string): Promise<void> {
  const free = `${freePrefix}${randomBytes(6).toString('hex')}`
  await withClient(server, (client) => client.query(`alter database ${name} rename to ${free}`))
}

export async function dropFreeDatabases(server: string): Promise<void> {
  await withClient(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where starts_with(datname, $1)`,
      [freePrefix],
    )
    for (const { datname } of rows) await client.query(`drop database ${datname}`)
  })
}

/** Deletes all rows that the template does not have. Returns whether the database is like the template then, and small. */
export async function emptyDatabase(query: Query, template: string): Promise<boolean> {
  const [size] = await query<{ bytes: string }>(`select pg_database_size(current_database()) as bytes`)
  if (Number(size?.bytes) > mostBytes) return false
  await query(`
    do $$
    declare
      name text;
    begin
      set local session_replication_role = replica;
      for name in select oid::regclass::text from pg_class
        where relnamespace = 'tributary'::regnamespace and relkind in ('r', 'p') and not relispartition
          and relname not in (${seededTables.map((table) => `'${table}'`).join(', ')})
      loop
        execute format('delete from %s', name);
      end loop;
      perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        from pg_sequences where last_value is not null;
    end $$`)
  return (await fingerprint(query)) === template
}

/** Tables that a migration fills. */
const seededTables = ['migrations', 'retention_runs']

/** Changes when a table, column, policy, function or another definition changes, a table gets statistics, or a seeded row changes. */
export async function fingerprint(query: Query): Promise<string> {
  const relations = `(select oid from pg_class where relnamespace in ('tributary'::regnamespace, 'public'::regnamespace))`
  const sources = [
    `select 'relation' as kind, oid::text as id, xmin::text as version from pg_class where oid in ${relations}`,
    `select 'column', attrelid || ' ' || attnum, xmin::text from pg_attribute where attrelid in ${relations}`,
    `select 'policy', oid::text, xmin::text from pg_policy`,
    `select 'trigger', oid::text, xmin::text from pg_trigger`,
    `select 'constraint', oid::text, xmin::text from pg_constraint where conrelid in ${relations}`,
    `select 'function', oid::text, xmin::text from pg_proc where pronamespace in ('tributary'::regnamespace, 'public'::regnamespace)`,
    `select 'schema', oid::text, xmin::text from pg_namespace where nspname !~ '^pg_(toast_)?temp_'`,
    `select 'extension', oid::text, xmin::text from pg_extension`,
    `select 'event trigger', oid::text, xmin::text from pg_event_trigger`,
    `select 'default', oid::text, xmin::text from pg_default_acl`,
    `select 'statistics', starelid::text, staattnum::text from pg_statistic where starelid in ${relations}`,
    `select 'large object', oid::text, xmin::text from pg_largeobject_metadata`,
    `select 'setting', setrole::text, setconfig::text from pg_db_role_setting
       where setdatabase = (select oid from pg_database where datname = current_database())`,
    `select 'grant', '', datacl::text from pg_database where datname = current_database() and datacl is not null`,
    ...seededTables.map((table) => `select 'row', '${table}', t::text from tributary.${table} t`),
  ]
  const [row] = await query<{ found: string }>(
    `select md5(string_agg(concat_ws(' ', kind, id, version), ',' order by kind, id, version)) as found
     from (${sources.join(' union all ')}) as parts`,
  )
  return row?.found ?? ''
}

async function withClient<Result>(
  server: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
