import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario, Stage } from './scenario.ts'

const views = 40
const pruneMs = 200_000

/** Compares how quickly Today is shown before and after a user has so many finished jobs, and has the old ones removed. */
export function finishedJobs({ jobs }: { jobs: number }): Scenario {
  return {
    database: 'outside',
    async inflict(stage) {
      await stage.startImports()
      await stage.settled()
      const young = await timeToday(stage)
      // What others wait for meanwhile is the torture's own doing.
      await stage.prober.pause()
      await storeFinishedJobs(stage, jobs)
      stage.prober.resume()
      const old = await timeToday(stage)
      if (old > 2 * young * stage.factor) stage.faults.push('Today takes over twice as long as before')
      const { seconds, left } = await prune(stage)
      return `${jobs.toLocaleString('en')} finished jobs: Today ${Math.round(old)} ms, before ${Math.round(young)} ms; all but ${left} removed in ${seconds} s`
    },
  }
}

/** The median of some views, in milliseconds. */
async function timeToday({ ada }: Stage): Promise<number> {
  const times: number[] = []
  for (let view = 0; view < views; view++) {
    const began = performance.now()
    await (await ada.request('GET', '/today')).text()
    times.push(performance.now() - began)
  }
  return times.toSorted((one, other) => one - other)[views / 2] ?? 0
}

/** Copies the newest finished jobs of each connection into the past, one every five minutes. */
async function storeFinishedJobs({ query }: Stage, jobs: number): Promise<void> {
  await query(
    `with ended as (
       select *, count(*) over () as connections from (
         select distinct on (connection_id) * from tributary.import_jobs
         where status = 'succeeded' order by connection_id, created_at desc) newest)
     insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, priority,
       attempt, run_after, counts, created_at, started_at, finished_at)
     select user_id, connection_id, source_id, 'schedule', from_day, to_day, status, priority, 1, at, counts, at, at, at
     from ended, generate_series(1, $1 / connections) n, lateral (select now() - n * interval '5 minutes' as at) past`,
    [jobs],
  )
  // Over the years that so many jobs take, autovacuum does this again and again.
  await query('analyze tributary.import_jobs')
}

/** Lets the schedule do its daily removal again, while others' pages are measured. */
async function prune({ query }: Stage): Promise<{ seconds: number; left: number }> {
  await query('update tributary.retention_runs set done_day = null')
  const began = performance.now()
  const elapsed = () => performance.now() - began
  while ((await query('select from tributary.retention_runs where done_day is null')).length > 0) {
    if (elapsed() > pruneMs) throw new Error(`old jobs are still being removed after ${pruneMs / 1000} s`)
    await pause(500)
  }
  const [row] = await query<{ count: number }>('select count(*)::integer as count from tributary.import_jobs')
  return { seconds: Math.round(elapsed() / 1000), left: row?.count ?? 0 }
}
