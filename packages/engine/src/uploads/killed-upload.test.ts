import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { claimJob, releaseLostJobs } from '../jobs/claim-job.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'

let tributary: TestEngine
let ada: SignedIn
let database: Database

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  database = openDatabase({ url: tributary.database.url })
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

/** A file of this many minutes with a value that is one number more than the minute before. */
function minutes(count: number, first = 0): string {
  const start = Temporal.Instant.from('2026-03-01T00:00:00Z')
  const rows = Array.from({ length: count }, (_, n) => `${start.add({ minutes: n }).toString()},${first + n}`)
  return `Time,Level\n${rows.join('\n')}\n`
}

async function receive(content: string, fileName: string): Promise<string> {
  const { engine } = tributary
  const { id } = await engine.uploads.receive(ada.user.id, 'csv', {
    fileName,
    content: (async function* () {
      yield Buffer.from(content)
    })(),
    mapping: () => undefined,
  })
  return id
}

const getJob = (id: string) => tributary.engine.jobs.get(ada.user.id, id)

/** Lets the lease of a job end, as it does when its worker is silent. */
async function endLease(id: string): Promise<void> {
  await tributary.database.query(
    `update tributary.import_jobs set lease_until = now() - interval '1 second' where id = $1 and status = 'running'`,
    [id],
  )
}

test('an upload whose workers died five times is imported', async () => {
  const id = await receive(minutes(3000), 'levels.csv')
  for (let times = 0; times < 5; times++) {
    expect(await claimJob(database, tributary.clock.now(), { seconds: -1 })).toMatchObject({ id })
    await releaseLostJobs(database, tributary.clock.now())
  }
  tributary.startWorker()
  await tributary.settled()
  expect(await getJob(id)).toMatchObject({ status: 'succeeded', counts: { read: 3000, new: 3000 } })
})

/** Makes the first attempt of a job fail between its writing and its settling, as a kill at that moment does. */
async function loseFirstAttempt(): Promise<void> {
  await tributary.database.query(`
    create function tributary.lose() returns trigger language plpgsql as $$ begin raise 'killed'; end $$;
    create trigger lose before update on tributary.import_jobs for each row
      when (new.attempt = 1 and new.status not in ('running', 'queued')) execute function tributary.lose()`)
}

const isWritten = async (id: string) => Object.keys((await getJob(id)).streams).includes('file')

test('an upload that was killed between its writing and its settling counts what it brought, as one at peace does', async () => {
  const older = minutes(3000)
  const newer = minutes(3100).replace(',5\n', ',6\n')
  const ben = createUploader(tributary, await tributary.addUser('ben@example.org'))
  tributary.startWorker()
  await ben.upload(older, { fileName: 'levels.csv' })
  const peaceful = await ben.upload(newer, { fileName: 'levels.csv' })
  expect(peaceful.counts).toMatchObject({ new: 100, changed: 1, unchanged: 2999 })

  const first = await receive(older, 'levels.csv')
  await tributary.settled()
  expect((await getJob(first)).counts).toMatchObject({ new: 3000 })
  await loseFirstAttempt()
  const id = await receive(newer, 'levels.csv')
  await expect.poll(() => isWritten(id)).toBe(true)
  await endLease(id)
  await tributary.settled()
  const { status, counts, reason } = await getJob(id)
  expect({ status, counts, reason }).toEqual({
    status: 'succeeded',
    counts: peaceful.counts,
    reason: peaceful.reason,
  })
})
