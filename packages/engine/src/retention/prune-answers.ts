import type { Parts } from '../parts.ts'
import { readRawDays } from './raw-days-setting.ts'
import { pruneBodies } from './prune-bodies.ts'
import { type FetchLimits, pruneFetches } from './prune-fetches.ts'
import { pruneEvents } from '../events/prune-events.ts'
import { pruneJobs } from '../jobs/prune-jobs.ts'
import { takeTurn } from './retention-turn.ts'

/** Answers that nothing is read from any more are kept so long, to look into what went wrong. */
const unusedDays = 7

type PruneParts = Pick<Parts, 'database' | 'registry' | 'configuration' | 'log'>

/**
 * Removes what nothing needs any more, once a day whatever the number of processes: fetches that broke off, those that newer
 * ones superseded, the pages that an admin wants kept for some days only, old jobs and old events. Uploaded files stay until they are
 * undone. What fails for one user, or in one part of the work, is logged and tried again on the next day. Returns whether it
 * was this process's turn.
 */
export async function pruneAnswers(
  parts: PruneParts,
  now: Temporal.Instant,
  isStopped: () => boolean = () => false,
): Promise<boolean> {
  const { database, log } = parts
  return takeTurn(
    database,
    now,
    async () => {
      const limits = { unusedBefore: ago(now, unusedDays), pagesBefore: await readPageLimits(parts, now) }
      const users = await database.asSystem((db) => db.selectFrom('users').select('id').execute())
      for (const { id } of users) await pruneUser(parts, id, { now, limits, isStopped })
      return !isStopped()
    },
    (err) => log.warn({ err }, 'the lease of the daily pruning could not be renewed'),
  )
}

async function pruneUser(
  { database, log }: PruneParts,
  userId: string,
  { now, limits, isStopped }: { now: Temporal.Instant; limits: FetchLimits; isStopped: () => boolean },
): Promise<void> {
  const steps = {
    fetches: () => pruneFetches(database, userId, limits, isStopped),
    bodies: () => pruneBodies(database, userId, isStopped),
    jobs: () => pruneJobs(database, userId, now, isStopped),
    events: () => pruneEvents(database, userId, now, isStopped),
  }
  for (const [step, prune] of Object.entries(steps)) {
    if (isStopped()) return
    try {
      await prune()
    } catch (err) {
      log.error({ user: userId, step, err }, 'data that nothing needs any more could not be removed')
    }
  }
}

/** By source: pages older than this moment are removed. A source whose setting cannot be read keeps its pages. */
async function readPageLimits(
  { registry, configuration, log }: PruneParts,
  now: Temporal.Instant,
): Promise<Map<string, string>> {
  const limits = new Map<string, string>()
  for (const source of registry.handlers.keys()) {
    try {
      const days = await readRawDays(configuration, source)
      if (days !== undefined) limits.set(source, ago(now, days))
    } catch (err) {
      log.error({ source, err }, 'for how many days raw answers are kept could not be read')
    }
  }
  return limits
}

const ago = (now: Temporal.Instant, days: number) => now.subtract({ hours: 24 * days }).toString()
