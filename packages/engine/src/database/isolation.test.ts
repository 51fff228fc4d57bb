import { plugins } from '@tributary/plugins'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { copyRows } from './copy-rows.ts'
import { type Database, openDatabase } from './database.ts'

/** Every table and view that holds rows of a person. */
const personal = [
  'users',
  'user_keys',
  'api_tokens',
  'user_integrations',
  'oauth_flows',
  'import_jobs',
  'fetches',
  'raw_bodies',
  'raw_pages',
  'uploads',
  'import_rejections',
  'coverage',
  'remaps',
  'remap_windows',
  'remap_days',
  'remap_measurements',
  'series',
  'measurements',
  'daily_records',
  'daily_metric_values',
  'metric_templates',
  'manual_entries',
  'events',
  'value_changes',
  'plugins',
  'first_connections',
  'daily_metrics',
]

/** How users get in: a matter of the role for what crosses users alone. */
const signingIn = ['sessions', 'sign_in_methods', 'second_steps', 'backup_codes', 'pending_sign_ins']

let tributary: TestEngine
let database: Database
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
  await tributary.engine.plugins.startAuthorization(ada, 'fitbit')
  await tributary.database.query(`insert into tributary.metric_templates (user_id, name, position, metrics)
    values ('${ada.user.id}', 'Mine', 1, '[]')`)
  await tributary.engine.metrics.enter(ada.user.id, { metric: 'fitbit.steps', date: '2026-11-01', value: 1 })
  await tributary.engine.metrics.enter(ada.user.id, { metric: 'fitbit.steps', date: '2026-11-01', value: 2 })
  await tributary.engine.accounts.tokens.create(ada.user.id, { name: 'Mine', scopes: ['read'], days: null })
  await tributary.database.query(`insert into tributary.uploads (user_id, source_id, layer, file_name)
    values ('${ada.user.id}', 'fitbit', 1, 'a.csv')`)
  await tributary.database.query(`insert into tributary.source_fields (source_id, field, type, user_id)
    values ('fitbit', 'mine', 'text', '${ada.user.id}')`)
  await tributary.database.query(`insert into tributary.import_rejections (user_id, fetch_id, code, reason)
    select user_id, min(id), 'unreadable', 'x' from tributary.fetches group by user_id`)
  await tributary.database.query(`insert into tributary.measurements (series_id, start_at, end_at, value)
    select min(id), now(), now(), 1 from tributary.series`)
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await tributary.database.query(`insert into tributary.remap_days (remap_id, number, series_id, day, action)
    select id, 1, 1, '2026-11-01', 'removed' from tributary.remaps`)
  await tributary.database
    .query(`insert into tributary.remap_measurements (remap_id, number, series_id, start_at, action)
    select id, 1, 1, now(), 'removed' from tributary.remaps`)
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

async function count(table: string, userId: string): Promise<number> {
  const { rows } = await database.asUser(userId, (db) =>
    sql<{ count: number }>`select count(*)::integer as count from ${sql.table(table)}`.execute(db),
  )
  return rows[0]?.count ?? -1
}

test.each(personal)('of %s a user sees their own rows and another user sees none of them', async (table) => {
  expect(await count(table, ada.user.id)).toBeGreaterThan(0)
  expect(await count(table, ben.user.id)).toBe(table === 'users' ? 1 : 0)
})

test.each(personal)('of %s a query without a user sees no row', async (table) => {
  const client = new pg.Client({ connectionString: tributary.database.url, options: '-c role=tributary_app' })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from tributary.${table}`,
    )
    expect(rows[0]?.count).toBe(0)
  } finally {
    await client.end()
  }
})

test('what a plugin declares everybody sees, and the fields of an upload its user alone', async () => {
  const own = (userId: string) =>
    database.asUser(userId, (db) =>
      db.selectFrom('source_fields').select('field').where('user_id', 'is not', null).execute(),
    )
  expect(await own(ada.user.id)).toEqual([{ field: 'mine' }])
  expect(await own(ben.user.id)).toEqual([])
  expect(await count('source_fields', ben.user.id)).toBeGreaterThan(0)
})

test('the tables of this test are all tables with a user and all views', async () => {
  const rows = await tributary.database.query<{ name: string }>(`
    select distinct table_name as name from information_schema.columns
    where table_schema = 'tributary' and column_name in ('user_id', 'series_id', 'remap_id')`)
  const elsewhere = [...signingIn, 'source_fields', 'measurement_rows']
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => !elsewhere.includes(name))
      .sort(),
  ).toEqual(personal.filter((name) => name !== 'users').sort())
})

test('every table is under row-level security, but for what the plugins declare and what takes measurements by COPY', async () => {
  const rows = await tributary.database.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = 'tributary'::regnamespace and relkind = 'r' and not relrowsecurity order by 1`)
  expect(rows.map(({ name }) => name)).toEqual(['integration_sources', 'measurement_rows', 'migrations'])
})

test.each(
  personal.filter(
    (table) => !['plugins', 'first_connections', 'daily_metrics', 'measurements'].includes(table),
  ),
)('into %s a user writes no row of another user', async (table) => {
  const columns = await tributary.database.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
       where attrelid = 'tributary.${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
  )
  const names = columns.map(({ name }) => name).join(', ')
  const [row] = await tributary.database.query<{ row: string }>(
    `select to_jsonb(t)::text as row from tributary.${table} t order by (to_jsonb(t) ->> 'user_id' = $1) desc nulls last limit 1`,
    [ada.user.id],
  )
  const write = database.asUser(ben.user.id, (db) =>
    sql`insert into ${sql.table(table)} (${sql.raw(names)}) overriding system value
          select ${sql.raw(names)} from jsonb_populate_record(null::${sql.table(table)}, ${row?.row}::jsonb)`.execute(
      db,
    ),
  )
  await expect(write).rejects.toMatchObject({ code: '42501' })
})

test('a user cannot write a row of another user', async () => {
  const write = database.asUser(ben.user.id, (db) =>
    db
      .insertInto('daily_metric_values')
      .values({
        user_id: ada.user.id,
        day: '2026-01-01',
        metric_name: 'x.y',
        source: 'x',
        value: 1,
        text_value: null,
        basis: 'manual',
      })
      .execute(),
  )
  await expect(write).rejects.toThrow('row-level security')
})

test('where measurements come in by COPY a user brings none to the series of another, and sees and changes nothing', async () => {
  const own = await database.asUser(ada.user.id, (db) => db.selectFrom('series').select('id').execute())
  const bring = (userId: string) =>
    database.asUser(userId, (db) =>
      copyRows(db, 'measurement_rows', [0, 1], (row, encode) => {
        encode.integer(own[0]?.id ?? 0)
        encode.time(row)
        encode.time(row)
        encode.float(1)
      }),
    )
  const before = await count('measurements', ada.user.id)
  await expect(bring(ben.user.id)).rejects.toThrow("a series that is not the user's")
  expect(await count('measurements', ada.user.id)).toBe(before)
  await bring(ada.user.id)
  expect(await count('measurements', ada.user.id)).toBe(before + 2)
  for (const statement of [
    sql`select 1 from measurement_rows`,
    sql`update measurement_rows set value = 2`,
    sql`delete from measurement_rows`,
    sql`insert into measurement_rows values (1, now(), now(), 1) on conflict (series_id, start_at) do update set value = 2`,
  ])
    await expect(database.asUser(ada.user.id, (db) => statement.execute(db))).rejects.toThrow(
      'permission denied',
    )
})

test.each([...signingIn, 'failed_attempts', 'system_config', 'installation_secrets', 'sign_up_links'])(
  'the role that works for a user may not read %s',
  async (table) => {
    await expect(count(table, ada.user.id)).rejects.toThrow('permission denied')
  },
)

test('the role for what crosses users may not read what a person measured', async () => {
  for (const table of [
    'measurements',
    'daily_records',
    'daily_metric_values',
    'raw_pages',
    'events',
    'value_changes',
  ]) {
    const read = database.asSystem((db) => sql`select 1 from ${sql.table(table)}`.execute(db))
    await expect(read).rejects.toThrow('permission denied')
  }
  const secrets = database.asSystem((db) => sql`select credentials from user_integrations`.execute(db))
  await expect(secrets).rejects.toThrow('permission denied')
})
