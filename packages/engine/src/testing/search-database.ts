import { canaryBytes, canaryTexts, findCanary } from './canaries.ts'

type Query = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>

/** Looks for secrets in every column of every table; throws with the places of those that it finds. */
export async function searchDatabase(query: Query): Promise<void> {
  const columns = await query<{ place: string; table: string; column: string; binary: boolean }>(
    `select format('%s.%s', c.oid::regclass, attname) as place, c.oid::regclass::text as "table",
       quote_ident(attname) as "column", atttypid = 'bytea'::regtype as binary
     from pg_class c join pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped
       join pg_type t on t.oid = atttypid
     where relkind in ('r', 'm') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
       and relnamespace::regnamespace::text !~ '^pg_'
       and (typcategory in ('S', 'A') or typname in ('bytea', 'json', 'jsonb', 'xml'))`,
  )
  if (columns.length === 0) return
  const texts = canaryTexts.map((text) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`)
  const asked = columns.map(({ table, column, binary }, at) =>
    binary
      ? `select ${at} as at, encode(${column}, 'hex') as found from ${table}, canaries
         where exists (select from unnest(bytes) as one where position(one in ${column}) > 0)`
      : `select ${at} as at, ${column}::text as found from ${table}, canaries where ${column}::text like any (texts)`,
  )
  const rows = await query<{ at: number; found: string }>(
    `with canaries as materialized (select $1::text[] as texts, $2::bytea[] as bytes)
     select at, min(found) as found from (${asked.join(' union all ')}) as a group by at`,
    [texts, canaryBytes],
  )
  if (rows.length === 0) return
  const places = rows.map(({ at, found }) => {
    const canary = findCanary(columns[at]?.binary ? Buffer.from(found, 'hex') : found)
    return `${columns[at]?.place}: …${canary}… in ${found.slice(0, 200)}`
  })
  throw new Error(`a secret stands in the database in plain:\n${places.join('\n')}`)
}
