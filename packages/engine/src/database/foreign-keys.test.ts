import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

/** Tables with few rows at any time. */
const small = ['oauth_flows', 'system_config']
/** Rows that are never deleted. */
const permanent = ['integration_sources']

test('rows that a deleted row cascades to are found by an index', async () => {
  const rows = await database.query<{ key: string }>(
    `select r.relname || ': ' || pg_get_constraintdef(c.oid) as key
     from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_class t on t.oid = c.confrelid
     where c.contype = 'f' and c.connamespace = 'tributary'::regnamespace
       and r.relname <> all($1) and t.relname <> all($2)
       and not exists (select from pg_index i where i.indrelid = c.conrelid
         and c.conkey @> i.indkey[0:cardinality(c.conkey) - 1] and c.conkey <@ i.indkey[0:cardinality(c.conkey) - 1]
         and coalesce(pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$', true))`,
    [small, permanent],
  )
  expect(rows.map(({ key }) => key)).toEqual([])
})
