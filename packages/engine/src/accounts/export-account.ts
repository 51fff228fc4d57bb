import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Transaction } from '../database/database.ts'
import { readPage } from '../archive/read-page.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { tryLockExport } from '../database/locks.ts'

const rowsAtOnce = 1_000
/** A reader that takes nothing for so long is left: meanwhile the export has a transaction and one of the connections. */
const usualWriteMs = 50_000

/** A table with rows of a user, and what of it they may have. */
interface Personal {
  name: string
  columns: string[]
  /** Whether rows of nobody stand there too. */
  named: boolean
}

/**
 * Writes everything that is a user's as JSON lines: first who and when, then `{"table", "row"}` for each row, last
 * `{"end": {"rows"}}`, without which it is not complete. Answers of sources stand in `raw_pages` as they came. What is sealed
 * or hashed stays here. It reads on only when `write` has resolved, and fails where that takes longer than `writeMs`.
 */
export async function exportAccount(
  parts: Pick<Parts, 'database' | 'clock'>,
  userId: string,
  write: (text: string) => Promise<void>,
  writeMs = usualWriteMs,
): Promise<void> {
  let begun = false
  let complete = false
  try {
    await writeAccount(parts, userId, (text) => {
      begun = true
      return within(writeMs, write(text))
    })
    complete = true
  } finally {
    const entry = { action: 'account.exported', actor: userId, details: { complete } } as const
    if (begun) await parts.database.asUser(userId, (db) => audit(db, entry))
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const ended = new AbortController()
  const late = pause(ms, 'late' as const, { ref: false, signal: ended.signal }).catch(() => 'ended' as const)
  try {
    if ((await Promise.race([work, late])) === 'late')
      throw new Error('The export ended, because its reader took nothing for too long.')
  } finally {
    ended.abort()
  }
}

async function writeAccount(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  userId: string,
  write: (text: string) => Promise<void>,
): Promise<void> {
  let rows = 0
  const put = async (table: string, batch: string[]) => {
    rows += batch.length
    if (batch.length > 0) await write(batch.map((row) => `{"table":"${table}","row":${row}}\n`).join(''))
  }
  await database.asUser(userId, async (db) => {
    if (!(await tryLockExport(db, userId)))
      throw new Problem(409, 'busy', 'An export is under way already. Wait until it has ended.')
    await write(`${JSON.stringify({ tributary: 1, user: userId, exportedAt: clock.now().toString() })}\n`)
    for (const table of await listPersonal(db)) {
      if (table.name === 'raw_pages') await exportPages(db, put)
      else await exportRows(db, table, put)
    }
  })
  const sessions = await database.asSystem((db) =>
    db
      .selectFrom('sessions')
      .select(['id', 'ip_address', 'user_agent', 'created_at', 'updated_at'])
      .where('user_id', '=', userId)
      .execute(),
  )
  await put(
    'sessions',
    sessions.map((row) => JSON.stringify(row)),
  )
  await write(`${JSON.stringify({ end: { rows } })}\n`)
}

type Put = (table: string, rows: string[]) => Promise<void>

/** Every table whose policy `own` shows a user their rows, without the columns that hold bytes: hashes and what is sealed. */
async function listPersonal(db: Transaction): Promise<Personal[]> {
  const { rows } = await sql<Personal>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns, bool_or(a.attname = 'user_id') as named
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'tributary'::regnamespace and c.relkind in ('r', 'p') and a.atttypid <> 'bytea'::regtype
      and exists (select from pg_policy where polrelid = c.oid and polname = 'own' and polcmd in ('*', 'r'))
      and has_column_privilege(c.oid, a.attnum, 'select')
    group by c.relname order by c.relname`.execute(db)
  return rows
}

async function exportRows(db: Transaction, { name, columns, named }: Personal, put: Put): Promise<void> {
  const own = named ? sql`where user_id = tributary.current_user_id()` : sql``
  await sql`declare exported no scroll cursor for select to_json(r)::text as row
    from (select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(name)} ${own}) r`.execute(
    db,
  )
  for (;;) {
    const { rows } = await sql<{ row: string }>`fetch ${sql.lit(rowsAtOnce)} from exported`.execute(db)
    await put(
      name,
      rows.map(({ row }) => row),
    )
    if (rows.length < rowsAtOnce) break
  }
  await sql`close exported`.execute(db)
}

/** Each answer that a source gave, one at a time: text as text, anything else in base64. */
async function exportPages(db: Transaction, put: Put): Promise<void> {
  const { rows } = await sql<{ fetch_id: string; page: number; received_at: Temporal.Instant }>`
    select fetch_id, page, received_at from raw_pages order by fetch_id, page`.execute(db)
  for (const { fetch_id, page, received_at } of rows) {
    const body = await readPage(db, fetch_id, page)
    if (!body) continue
    const text = body.toString('utf8')
    const content = Buffer.from(text).equals(body) ? { body: text } : { base64: body.toString('base64') }
    await put('raw_pages', [JSON.stringify({ fetch_id, page, received_at, ...content })])
  }
}
