import { sql } from 'kysely'
import { beginFetch, packPage } from '../archive/store-pages.ts'
import type { Transaction } from '../database/database.ts'
import { localDay } from '../domain/clock.ts'
import { pushStream } from '../domain/push-stream.ts'
import { insertJob } from '../jobs/insert-jobs.ts'
import { isWaiting } from '../jobs/job-states.ts'
import { moveJobs } from '../jobs/move-jobs.ts'

/** The connection that a device sends to. */
export interface PushConnection {
  id: string
  user_id: string
  source_id: string
  account_id: string
}

/**
 * Archives the body of one delivery and requests its import; returns the job's id. Deliveries join the job of their
 * connection that waits.
 */
export async function receiveDelivery(
  db: Transaction,
  connection: PushConnection,
  body: Buffer,
  now: Temporal.Instant,
): Promise<string> {
  const { user_id, source_id, account_id } = connection
  const jobId = (await joinWaiting(db, connection, now)) ?? (await requestJob(db, connection, now))
  const day = localDay(now, 'UTC')
  const fetch = {
    user_id,
    source_id,
    account_id,
    stream: pushStream,
    data_type: '',
    from_day: day,
    to_day: day,
    zone: 'UTC',
    job_id: jobId,
  }
  await beginFetch(db, fetch, true, [await packPage(0, body)])
  return jobId
}

async function joinWaiting(
  db: Transaction,
  { id }: PushConnection,
  now: Temporal.Instant,
): Promise<string | undefined> {
  const [job] = await moveJobs(db, 'joined', {
    where: sql`id = (
      select id from import_jobs where connection_id = ${id}::uuid and trigger = 'push' and ${isWaiting}
      limit 1 for update skip locked)`,
    change: { run_after: sql`least(run_after, ${now.toString()}::timestamptz)` },
    due: true,
  })
  return job?.id
}

function requestJob(db: Transaction, connection: PushConnection, now: Temporal.Instant): Promise<string> {
  const { id, user_id, source_id } = connection
  const day = localDay(now, 'UTC')
  return insertJob(
    db,
    sql`values (${user_id}::uuid, ${id}::uuid, ${source_id}, 'push', 'days', array[${pushStream}]::text[],
      ${day}::date, ${day}::date, ${now.toString()}::timestamptz, null::uuid)`,
    now,
  )
}
