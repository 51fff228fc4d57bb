import type { Field, MappedRecord } from '@tributary/plugin-sdk'
import type { Database } from '../packages/engine/src/database/database.ts'
import { commitWindows } from '../packages/engine/src/import-run/commit-windows.ts'
import { stageRecords } from '../packages/engine/src/values/stage-records.ts'
import { owner } from './stored.ts'
import type { ImportJob } from '../packages/engine/src/database/schema.ts'

export const windowDays = 30
export const rowsPerRun = 1_000_000
const perDay = Math.ceil(rowsPerRun / windowDays)
const millisecondsApart = Math.floor(86_400_000 / perDay)

const fields: Record<string, Field> = {
  field0: { name: 'Heart rate', type: 'number', unit: '/min', day: 'mean' },
}

/** The days that a run of the benchmark imports: a month of its own each. */
export function dayOf(run: number, number: number): string {
  return Temporal.PlainDate.from('2026-01-02')
    .add({ days: run * (windowDays + 2) + number })
    .toString()
}

/** A day's rows, in UTC: so many that a month has a million. */
export function* rowsOf(day: string): Generator<{ start: number; value: number }> {
  const start = Temporal.PlainDate.from(day).toZonedDateTime('UTC').epochMilliseconds
  for (let row = 0; row < perDay; row++)
    yield { start: start + row * millisecondsApart, value: 50 + (row % 120) }
}

function* recordsOf(day: string): Generator<MappedRecord> {
  for (const { start, value } of rowsOf(day)) yield { field: 'field0', start, value }
}

/** Imports a month day by day, each a window: from mapped records to committed rows. Gives how many rows changed. */
export async function importMonth(database: Database, job: ImportJob, run: number): Promise<number> {
  const account = { userId: owner, sourceId: 'bench', accountId: 'ada' }
  const zone = 'UTC'
  let writing = Promise.resolve()
  for (let number = 0; number < windowDays; number++) {
    const day = dayOf(run, number)
    const staged = await stageRecords({ fields, days: { from: day, to: day, zone } }, recordsOf(day))
    const target = {
      job,
      account,
      zone,
      mappingVersion: 1,
      now: Temporal.Now.instant(),
    }
    await writing
    // As a run does: the next window is read while this one is written.
    writing = database.asUser(owner, async (db) => {
      await commitWindows(db, target, [
        {
          dataType: '',
          stream: 'field0',
          fields,
          from: day,
          to: day,
          staged,
          confirmed: false,
          settlesAfterDays: undefined,
          fetchId: '0',
          counts: { pages: 1, requests: 1, bytes: 0 },
          isSecondResponse: false,
        },
      ])
    })
  }
  await writing
  const { new: added = 0, changed = 0, removed = 0 } = job.counts['field0'] ?? {}
  return added + changed + removed
}

/** A connection and a job of it that runs. */
export async function beginJob(database: Database): Promise<ImportJob> {
  return database.asUser(owner, async (db) => {
    const { id } = await db
      .insertInto('user_integrations')
      .values({
        user_id: owner,
        source_id: 'bench',
        account_id: 'ada',
        state: 'connected',
        history_from: '2020-01-01',
      })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'source_id', 'account_id']).doUpdateSet({ state: 'connected' }),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    await db.deleteFrom('import_jobs').where('connection_id', '=', id).execute()
    return db
      .insertInto('import_jobs')
      .values({
        user_id: owner,
        connection_id: id,
        source_id: 'bench',
        trigger: 'manual',
        from_day: '2026-01-01',
        to_day: '2026-01-01',
        status: 'running',
        priority: 1,
        run_after: Temporal.Now.instant().toString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}
