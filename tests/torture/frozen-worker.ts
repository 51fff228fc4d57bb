import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario, Stage } from './scenario.ts'

const mostTries = 100

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

/** Freezes the process at a moment at which it has jobs locked, and returns how many these are. */
async function freezeAtWork(stage: Stage, pid: number): Promise<number> {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    void stage.importAgain('fitbit')
    process.kill(pid, 'SIGSTOP')
    // Transactions of the processes that go on end within this time.
    await pause(500)
    const locked = await lockedJobs(stage)
    await pause(300)
    const stillLocked = (await lockedJobs(stage)).filter((id) => locked.includes(id))
    if (stillLocked.length > 0) return stillLocked.length
    process.kill(pid, 'SIGCONT')
    await pause(Math.random() * 300)
  }
  throw new Error('the worker was never frozen while it had a job locked')
}

/** The running jobs whose rows a transaction has locked. */
async function lockedJobs({ query }: Stage): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select id from tributary.import_jobs where status = 'running'
     and id not in (select id from tributary.import_jobs where status = 'running' for update skip locked)`,
  )
  return rows.map(({ id }) => id)
}
