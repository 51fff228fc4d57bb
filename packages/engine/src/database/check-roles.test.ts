import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { checkRoles } from './check-roles.ts'
import { findRoleFaults, listGrants, listPolicies } from './role-faults.ts'
import { exceptions } from './role-rules.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

/** Roles are those of the whole server: what breaks them is taken back before anybody else sees it. */
async function faultsAfter(statement: string) {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(statement)
    return { faults: await findRoleFaults(client), mended: await mend(client) }
  } finally {
    await client.query('rollback')
    await client.end()
  }
}

/** Does what each fault says is to be done, and looks again. */
async function mend(client: pg.Client) {
  for (const { mend } of await findRoleFaults(client)) await client.query(mend)
  return findRoleFaults(client)
}

test('a database as the migrations leave it is in order', async () => {
  await expect(checkRoles(database.url)).resolves.toBeUndefined()
})

test.each([
  ['alter role tributary_app superuser', 'the role tributary_app has the right superuser'],
  ['alter role tributary_app bypassrls', 'the role tributary_app has the right bypassrls'],
  ['alter role tributary_system createrole', 'the role tributary_system has the right createrole'],
  ['alter role tributary_system login', 'the role tributary_system has the right login'],
  ['grant pg_read_all_data to tributary_app', 'the role tributary_app has the rights of pg_read_all_data'],
  ['grant tributary_app to tributary_system', 'the role tributary_system has the rights of tributary_app'],
  [
    'alter table tributary.series owner to tributary_app',
    'the role tributary_app owns table tributary.series',
  ],
  ['grant delete on tributary.audit_log to tributary_system', 'may delete on tributary.audit_log'],
  ['grant select on tributary.measurements to tributary_system', 'may select on tributary.measurements'],
  ['grant update (role) on tributary.users to tributary_app', 'may update(role) on tributary.users'],
  [
    'grant select (credentials) on tributary.user_integrations to tributary_system',
    'may select(credentials) on tributary.user_integrations',
  ],
  ['grant select on tributary.sessions to public', 'everybody may select on tributary.sessions'],
  ['grant create on schema tributary to tributary_app', 'may create on schema tributary'],
  ['create table public.x (); grant select on public.x to tributary_app', 'may select on public.x'],
  [
    'alter table tributary.raw_pages disable row level security',
    'tributary.raw_pages has no row-level security',
  ],
  ['create table tributary.more (user_id uuid)', 'tributary.more has no row-level security'],
  [
    'create table tributary.more (user_id uuid); alter table tributary.more enable row level security',
    'tributary.more has no row-level security',
  ],
  [
    'drop trigger keep_to_own_series on tributary.measurement_rows',
    'the table tributary.measurement_rows takes rows of anybody',
  ],
  [
    'alter table tributary.measurement_rows disable trigger all',
    'the table tributary.measurement_rows takes rows of anybody',
  ],
  ['grant select on tributary.measurement_rows to tributary_app', 'may select on tributary.measurement_rows'],
  ['drop policy own on tributary.series', 'the policy own on tributary.series is gone'],
  [
    'create policy x on tributary.series to tributary_system using (true)',
    "the policy x on tributary.series is none of Tributary's",
  ],
  ['create policy x on tributary.uploads using (true)', 'the policy x on tributary.uploads is none of'],
  ['alter view tributary.plugins set (security_invoker = false)', 'the view tributary.plugins shows'],
  ['alter function tributary.current_user_id() security definer', "works with its owner's rights"],
])('"%s" is found, and the statement that is given mends it', async (statement, says) => {
  const { faults, mended } = await faultsAfter(statement)
  expect(faults.map((fault) => fault.says).join()).toContain(says)
  expect(mended).toEqual([])
})

test('a database that is not in order refuses the start by one sentence', async () => {
  const broken = await createTestDatabase()
  try {
    await broken.query('alter table tributary.fetches disable row level security')
    await expect(checkRoles(broken.url)).rejects.toThrow(
      /^The database does not keep users apart: the table tributary\.fetches has no row-level security; run: alter table tributary\.fetches enable row level security;$/,
    )
  } finally {
    await broken.drop()
  }
})

test('the rules name every policy and every right that there is, and none besides', async () => {
  const policies = await database.query<{ policy: string }>(
    `select concat_ws(' ', tablename, policyname, lower(cmd), role) as policy
     from pg_policies, unnest(roles) as role where schemaname = 'tributary'`,
  )
  expect(policies.map(({ policy }) => policy).sort()).toEqual(listPolicies().sort())
  const rights = await database.query<{ held: string }>(
    `select concat_ws(' ', grantee, table_name, lower(privilege_type)) as held
     from information_schema.table_privileges where table_schema = 'tributary' and grantee like 'tributary_%'
     union
     select concat_ws(' ', a.grantee::regrole, relname, lower(privilege_type) || '(' || attname || ')')
     from pg_class c join pg_attribute on attrelid = c.oid, aclexplode(attacl) a
     where relnamespace = 'tributary'::regnamespace`,
  )
  expect(rights.map(({ held }) => held).sort()).toEqual(
    listGrants()
      .map(({ role, table, privilege }) => `${role} ${table} ${privilege}`)
      .sort(),
  )
})

test('every policy "own" asks for the user of the transaction, and every exception has its reason', async () => {
  const rows = await database.query<{ rule: string }>(
    `select concat_ws(' ', qual, with_check) as rule from pg_policies
     where schemaname = 'tributary' and policyname = 'own'`,
  )
  expect(rows.length).toBeGreaterThan(15)
  for (const { rule } of rows) expect(rule).toMatch(/current_user_id\(\)|SELECT (series|remaps)\.id/)
  expect(exceptions.every(({ why }) => /^[A-Z].*\.$/.test(why))).toBe(true)
})
