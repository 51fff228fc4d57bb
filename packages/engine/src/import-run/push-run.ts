import {
  type BaseIntegrationHandler,
  type Delivery,
  ImportError,
  importErrorCode,
} from '@tributary/plugin-sdk'
import { readPage } from '../archive/read-page.ts'
import type { Transaction } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import { pushStream } from '../domain/push-stream.ts'
import { toStorableText } from '../domain/storable-text.ts'
import { close, type Ending, notBegun } from '../jobs/close-job.ts'
import { AttemptLost } from '../jobs/fence.ts'
import type { Parts } from '../parts.ts'
import { readPlugin } from '../sources/call-plugin.ts'
import { asCore } from '../sources/core-error.ts'
import { stageRecords } from '../values/stage-records.ts'
import { tooManyRejected } from '../values/too-many-rejected.ts'
import { commitDelivery, type StagedDelivery } from './commit-delivery.ts'
import type { EngineRun } from './engine-run.ts'
import { logFailure } from './log-failure.ts'

/** What the deliveries of a job share. */
interface PushAttempt {
  parts: Parts
  job: ImportJob
  handler: BaseIntegrationHandler
  accountId: string
  zone: string
  ending: Ending
}

/** The run of a job that imports what devices sent: its deliveries that are archived and not yet committed. */
export async function createPushRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
): Promise<EngineRun> {
  const { accountId, zone, fetchIds } = await parts.database.asUser(job.user_id, (db) => prepare(db, job))
  const attempt: PushAttempt = { parts, job, handler, accountId, zone, ending: { ...notBegun } }
  return {
    kind: 'push',
    zone,
    ending: attempt.ending,
    uncommitted: new Map(),
    async *deliveries() {
      for (const fetchId of fetchIds) yield deliver(attempt, fetchId)
    },
    settle: async () => void (await close(parts, job, attempt.ending)),
  }
}

async function prepare(db: Transaction, job: ImportJob) {
  const { account_id, zone } = await db
    .selectFrom('user_integrations')
    .innerJoin('users', 'users.id', 'user_integrations.user_id')
    .select(['user_integrations.account_id', 'users.time_zone as zone'])
    .where('user_integrations.id', '=', job.connection_id)
    .executeTakeFirstOrThrow()
  if (account_id === null) throw new ImportError('reauthorize', 'The connection was ended; connect again.')
  const fetches = await db
    .selectFrom('fetches')
    .select('id')
    .where('job_id', '=', job.id)
    .where('stream', '=', pushStream)
    .where('covered_at', 'is', null)
    .orderBy('id')
    .execute()
  return { accountId: account_id, zone, fetchIds: fetches.map(({ id }) => id) }
}

function deliver(attempt: PushAttempt, fetchId: string): Delivery {
  const { parts, job, handler, ending } = attempt
  const { plugin } = handler
  return {
    async stage(map) {
      const body = await readBody(attempt, fetchId)
      const fields = Object.fromEntries(
        (plugin.push?.fields ?? []).flatMap((id) => (plugin.fields[id] ? [[id, plugin.fields[id]]] : [])),
      )
      const records = readPlugin(plugin.name, 'reading a delivery', () => map(body))
      const staged: StagedDelivery = { fetchId, fields, staged: await stageRecords({ fields }, records) }
      return { commit: () => commit(attempt, staged) }
    },
    fail(error) {
      const code = importErrorCode(error)
      if (error instanceof AttemptLost || code === undefined) return Promise.reject(error as Error)
      logFailure(parts.log, job, error as ImportError)
      ending.failed += 1
      Object.assign(ending, { code, problem: code, reason: toStorableText((error as Error).message) })
      return Promise.resolve()
    },
  }
}

async function readBody({ parts, job, handler }: PushAttempt, fetchId: string): Promise<unknown> {
  const raw = await asCore(() => parts.database.asUser(job.user_id, (db) => readPage(db, fetchId, 0)))
  try {
    return JSON.parse(raw?.toString() ?? '')
  } catch (error) {
    throw new ImportError('bad-record', `A delivery to ${handler.plugin.name} is not JSON.`, { cause: error })
  }
}

async function commit(attempt: PushAttempt, delivery: StagedDelivery): Promise<void> {
  const { parts, job, accountId, zone, ending } = attempt
  const account = { userId: job.user_id, sourceId: job.source_id, accountId }
  const target = { job, account, zone, now: parts.clock.now() }
  await parts.database.asUser(job.user_id, (db) => commitDelivery(db, target, delivery))
  ending.covered += 1
  const { staged } = delivery
  const { unreadable } = staged.rejected
  if (unreadable > 0)
    ending.reason = `${unreadable} of ${staged.read} records could not be read; the others were imported.`
  if (!tooManyRejected(staged)) return
  ending.failed += 1
  Object.assign(ending, { code: 'bad-record', problem: 'bad-record' })
}
