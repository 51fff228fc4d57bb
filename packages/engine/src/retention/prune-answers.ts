import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { removeBodies } from '../import-run/remove-bodies.ts'
import type { Parts } from '../parts.ts'
import { pruneJobs } from './prune-jobs.ts'
import { readKeepRawDays } from './keep-raw-days.ts'

/** Answers that nothing is read from any more are kept so long, to look into what went wrong. */
const unusedDays = 7
const rememberedDays = 30

/**
 * Removes raw answers that nothing needs any more, once a day whatever the number of processes: of fetches that broke
 * off, of those that newer ones replaced on all of their days, and what an admin wants kept for some days only. Uploaded
 * files stay until they are undone. Tells whether it was this process's turn.
 */
export async function pruneAnswers(
  parts: Pick<Parts, 'database' | 'registry' | 'configuration'>,
  now: Temporal.Instant,
): Promise<boolean> {
  const { database, registry, configuration } = parts
  if (!(await takeDay(database, now))) return false
  const limits: { source: string; before: string }[] = []
  for (const source of registry.handlers.keys()) {
    const days = await readKeepRawDays(configuration, source)
    if (days !== undefined) limits.push({ source, before: ago(now, days) })
  }
  const users = await database.asSystem((db) => db.selectFrom('users').select('id').execute())
  const faults: unknown[] = []
  for (const { id } of users) {
    try {
      await database.asUser(id, async (db) => {
        await removeUnused(db, id, ago(now, unusedDays))
        for (const { source, before } of limits) await removeOld(db, id, source, before)
      })
      await database.asUser(id, (db) => removeBodies(db, id))
      await pruneJobs(database, id, now)
    } catch (error) {
      // One user's fault keeps nobody else's answers.
      faults.push(error)
    }
  }
  if (faults.length > 0)
    throw new AggregateError(faults, `Answers of ${faults.length} users could not be removed.`)
  return true
}

const ago = (now: Temporal.Instant, days: number) => now.subtract({ hours: 24 * days }).toString()

async function takeDay(database: Database, now: Temporal.Instant): Promise<boolean> {
  const today = localDay(now, 'UTC')
  return database.asSystem(async (db) => {
    const { rows } = await sql`
      insert into retention_runs (day, ran_at) values (${today}, ${now.toString()}) on conflict do nothing
      returning day`.execute(db)
    await sql`delete from retention_runs where day < ${today}::date - ${rememberedDays}::integer`.execute(db)
    return rows.length > 0
  })
}

/** Fetches that broke off, and those that newer ones replaced on all of their days, which in another zone are other hours. */
async function removeUnused(db: Transaction, userId: string, before: string): Promise<void> {
  await sql`
    delete from fetches f where user_id = ${userId} and upload_id is null
      and coalesce(covered_at, started_at) < ${before}::timestamptz
      and (covered_at is null or datemultirange(daterange(from_day, to_day, '[]')) <@ (
        select range_agg(daterange(n.from_day, n.to_day, '[]')) from fetches n
        where n.user_id = f.user_id and n.source_id = f.source_id and n.account_id = f.account_id
          and n.stream = f.stream and n.data_type = f.data_type and n.zone is not distinct from f.zone and n.to_day >= f.from_day and n.from_day <= f.to_day and n.id > f.id
          and n.covered_at is not null and n.upload_id is null))`.execute(db)
}

/** The pages of a source's old fetches; that they were there, and what they covered, stays known. */
async function removeOld(db: Transaction, userId: string, source: string, before: string): Promise<void> {
  await sql`
    with old as (
      update fetches set pages_removed_at = now()
      where user_id = ${userId} and source_id = ${source} and upload_id is null and pages_removed_at is null
        and covered_at < ${before}::timestamptz
      returning id
    )
    delete from raw_pages where fetch_id in (select id from old)`.execute(db)
}
