import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario, Stage } from './scenario.ts'

const mostTries = 40

/** Freezes a worker process in the middle of a transaction while it imports, and lets it go on later. */
export function frozenWorker({ seconds }: { seconds: number }): Scenario {
  return {
    database: 'outside',
    workers: 2,
    async inflict(stage) {
      await stage.startImports()
      const [worker] = stage.hub.workers()
      if (!worker?.pid) throw new Error('there is no worker to freeze')
      const jobs = await freezeAtWork(stage, worker.pid)
      const began = performance.now()
      const elapsed = () => performance.now() - began
      try {
        await stage.importAgain('google-health')
        while (elapsed() < seconds * 1000) await pause(500)
      } finally {
        process.kill(worker.pid, 'SIGCONT')
      }
      await stage.settled()
      const settledMs = Math.round(elapsed() - seconds * 1000)
      return `a worker frozen for ${seconds} s with the rows of ${jobs} jobs locked; all jobs done ${settledMs} ms later`
    },
  }
}

/** Freezes the process while it has jobs locked, and returns how many these are. */
async function freezeAtWork(stage: Stage, pid: number): Promise<number> {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const blocked = blockRollUps(stage)
    if (await someoneWaits(stage, blocked)) {
      process.kill(pid, 'SIGSTOP')
      await blocked
      // Transactions of the processes that go on end within this time.
      await pause(1000)
      const locked = await lockedJobs(stage)
      if (locked.length > 0) return locked.length
      process.kill(pid, 'SIGCONT')
    }
    await blocked
  }
  throw new Error('the worker was never frozen while it had a job locked')
}

/** Holds for some seconds the lock that an import waits for after it has locked its job. */
async function blockRollUps({ query }: Stage): Promise<void> {
  await query(`do $$ begin
    perform pg_advisory_xact_lock(hashtextextended('kinds ' || id, 0)) from tributary.users;
    perform pg_sleep(3);
  end $$`)
}

/** Whether a transaction waits for an advisory lock before the given time is over. */
async function someoneWaits({ query }: Stage, until: Promise<void>): Promise<boolean> {
  const over = until.then(() => true as const)
  const soon = () => pause(50).then(() => false as const)
  for (;;) {
    const waiting = await query(
      `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    )
    if (waiting.length > 0) return true
    if (await Promise.race([over, soon()])) return false
  }
}

/** The running jobs whose rows a transaction has locked. */
async function lockedJobs({ query }: Stage): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select id from tributary.import_jobs where status = 'running'
     and id not in (select id from tributary.import_jobs where status = 'running' for update skip locked)`,
  )
  return rows.map(({ id }) => id)
}
