import type pg from 'pg'
import {
  exceptions,
  grants,
  guardedTables,
  openTables,
  ownerFunctions,
  ownRuleOf,
  ownTables,
  type Role,
  roles,
} from './role-rules.ts'

/** What is wrong, and the statement that mends it. */
export interface RoleFault {
  says: string
  mend: string
}

const knownTables = roles.flatMap((role) => Object.keys(grants[role]))

type Client = Pick<pg.Client, 'query'>

/** Everything by which the roles of a database are, or could become, more than `role-rules.ts` says. */
export async function findRoleFaults(client: Client): Promise<RoleFault[]> {
  const faults: RoleFault[] = []
  for (const look of [
    findAttributes,
    findMemberships,
    findOwned,
    findGrants,
    findOpenTables,
    findUnguarded,
    findPolicies,
    findViews,
  ])
    faults.push(...(await look(client)))
  return faults
}

async function ask(client: Client, text: string, values: unknown[] = []): Promise<Record<string, string>[]> {
  return (await client.query<Record<string, string>>(text, values)).rows
}

async function findAttributes(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select rolname as role, attribute from pg_roles, lateral (values ('superuser', rolsuper),
       ('bypassrls', rolbypassrls), ('createrole', rolcreaterole), ('createdb', rolcreatedb),
       ('replication', rolreplication), ('login', rolcanlogin)) as v(attribute, held)
     where held and rolname = any($1)`,
    [roles],
  )
  return rows.map(({ role, attribute }) => ({
    says: `the role ${role} has the right ${attribute}`,
    mend: `alter role ${role} no${attribute}`,
  }))
}

async function findMemberships(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select member::regrole::text as role, roleid::regrole::text as held from pg_auth_members
     where member::regrole::text = any($1)`,
    [roles],
  )
  return rows.map(({ role, held }) => ({
    says: `the role ${role} has the rights of ${held}`,
    mend: `revoke ${held} from ${role}`,
  }))
}

async function findOwned(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select refobjid::regrole::text as role, pg_describe_object(classid, objid, objsubid) as what
     from pg_shdepend where deptype = 'o' and refclassid = 'pg_authid'::regclass and refobjid::regrole::text = any($1)
       and dbid in (0, (select oid from pg_database where datname = current_database()))`,
    [roles],
  )
  return rows.map(({ role, what }) => ({
    says: `the role ${role} owns ${what}`,
    mend: `reassign owned by ${role} to current_user`,
  }))
}

/** Rights on tables and views that no rule gives, held by a role of ours or, within our schema, by everybody. */
async function findGrants(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select coalesce(grantee.rolname, 'public') as role, quote_ident(nspname) || '.' || quote_ident(relname) as what,
       case nspname when 'tributary' then relname else '' end as table, privilege from (
         select oid, relname, relnamespace, a.grantee, lower(privilege_type) as privilege
         from pg_class, aclexplode(relacl) a
         union all
         select c.oid, relname, relnamespace, a.grantee, lower(privilege_type) || '(' || attname || ')'
         from pg_class c join pg_attribute on attrelid = c.oid, aclexplode(attacl) a) held
       join pg_namespace n on n.oid = relnamespace left join pg_roles grantee on grantee.oid = held.grantee
     where grantee.rolname = any($1) or held.grantee = 0 and nspname = 'tributary'
     union all
     select rolname, 'schema ' || quote_ident(nspname), '', lower(privilege_type) from pg_namespace,
       aclexplode(nspacl) a join pg_roles on pg_roles.oid = a.grantee
     where rolname = any($1) and not (nspname = 'tributary' and privilege_type = 'USAGE')
     union all
     select 'public', 'schema tributary', '', lower(privilege_type) from pg_namespace, aclexplode(nspacl) a
     where a.grantee = 0 and nspname = 'tributary'`,
    [roles],
  )
  const allowed = new Set(listGrants().map(({ role, table, privilege }) => `${role} ${table} ${privilege}`))
  return rows
    .filter(({ role, table, privilege }) => !allowed.has(`${role} ${table} ${privilege}`))
    .map(({ role, what, privilege }) => ({
      says: `${role === 'public' ? 'everybody' : `the role ${role}`} may ${privilege} on ${what}`,
      mend: `revoke ${privilege} on ${what} from ${role}`,
    }))
}

/** Each right that the rules give, columns one by one. */
export function listGrants(): { role: Role; table: string; privilege: string }[] {
  return roles.flatMap((role) =>
    Object.entries(grants[role]).flatMap(([table, text]) =>
      text.split(' ').flatMap((part) => {
        const [, name = part, columns] = /^(\w+)\((.*)\)$/.exec(part) ?? []
        const privileges = columns ? columns.split(',').map((column) => `${name}(${column})`) : [name]
        return privileges.map((privilege) => ({ role, table, privilege }))
      }),
    ),
  )
}

async function findOpenTables(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select relname as table from pg_class where relnamespace = 'tributary'::regnamespace and relkind in ('r', 'p')
       and relname <> all($1) and (not relrowsecurity or not exists (
         select from pg_policy where polrelid = pg_class.oid) and relname <> all($2))`,
    [[...openTables, ...Object.keys(guardedTables)], knownTables],
  )
  return rows.map(({ table = '' }) => ({
    says: `the table tributary.${table} has no row-level security`,
    mend: knownTables.includes(table)
      ? `alter table tributary.${table} enable row level security`
      : `alter table tributary.${table} set schema public`,
  }))
}

/** Tables that take rows by COPY and have lost the trigger that looks at them. */
async function findUnguarded(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select tgrelid::regclass::text as table, tgname as trigger from pg_trigger
     where tgrelid = any($1::regclass[]) and tgenabled in ('O', 'A')`,
    [Object.keys(guardedTables).map((table) => `tributary.${table}`)],
  )
  const found = rows.map(({ table, trigger }) => `${table} ${trigger}`)
  return Object.entries(guardedTables)
    .filter(([table, trigger]) => !found.includes(`tributary.${table} ${trigger}`))
    .map(([table, trigger]) => ({
      says: `the table tributary.${table} takes rows of anybody`,
      mend: `create or replace trigger ${trigger} after insert on tributary.${table}
        referencing new table as arrived for each statement execute function tributary.${trigger}();
        alter table tributary.${table} enable trigger ${trigger}`,
    }))
}

/** Policies that no rule names, and tables of users that lost theirs. */
async function findPolicies(client: Client): Promise<RoleFault[]> {
  const rows = await ask(
    client,
    `select tablename as table, policyname as policy, lower(cmd) as command, role from pg_policies, unnest(roles) as role
     where schemaname = 'tributary' and permissive = 'PERMISSIVE'`,
  )
  const found = rows.map(({ table, policy, command, role }) => `${table} ${policy} ${command} ${role}`)
  const expected = listPolicies()
  const foreign = rows
    .filter((_, index) => !expected.includes(found[index] ?? ''))
    .map(({ table, policy }) => ({
      says: `the policy ${policy} on tributary.${table} is none of Tributary's`,
      mend: `drop policy ${policy} on tributary.${table}`,
    }))
  const lost = ownTables
    .filter((table) => !found.includes(`${table} own all tributary_app`))
    .map((table) => ({
      says: `the policy own on tributary.${table} is gone`,
      mend: `create policy own on tributary.${table} to tributary_app using (${ownRuleOf(table)})`,
    }))
  return [...foreign, ...lost]
}

/** Each policy that the rules name: table, policy, command, role. */
export function listPolicies(): string[] {
  return [
    ...ownTables.map((table) => `${table} own all tributary_app`),
    ...exceptions.map(({ table, policy, command, role }) => `${table} ${policy} ${command} ${role}`),
  ]
}

/** A view or function with its owner's rights would look past row-level security. */
async function findViews(client: Client): Promise<RoleFault[]> {
  const views = await ask(
    client,
    `select relname as name from pg_class where relnamespace = 'tributary'::regnamespace and relkind in ('v', 'm')
     and not coalesce(reloptions::text[] && array['security_invoker=true', 'security_invoker=on'], false)`,
  )
  const functions = await ask(
    client,
    `select oid::regprocedure::text as name from pg_proc
     where pronamespace = 'tributary'::regnamespace and prosecdef and proname <> all($1)`,
    [ownerFunctions],
  )
  return [
    ...views.map(({ name }) => ({
      says: `the view tributary.${name} shows what its owner sees`,
      mend: `alter view tributary.${name} set (security_invoker = true)`,
    })),
    ...functions.map(({ name }) => ({
      says: `the function ${name} works with its owner's rights`,
      mend: `alter function ${name} security invoker`,
    })),
  ]
}
