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
      const began = performance.now()
      const transactions = await freezeInTransaction(stage, worker.pid)
      try {
        await stage.settled()
        const settledAfter = Math.round((performance.now() - began) / 1000)
        await pause(Math.max(0, seconds * 1000 - (performance.now() - began)))
        return `a worker frozen for ${seconds} s with ${transactions} open transactions; the other one had done all jobs after ${settledAfter} s`
      } finally {
        process.kill(worker.pid, 'SIGCONT')
      }
    },
  }
}

/** Freezes the process until it has a transaction open, and returns how many these are. */
async function freezeInTransaction({ query }: Stage, pid: number): Promise<number> {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    process.kill(pid, 'SIGSTOP')
    // Transactions of the processes that go on end within this time.
    await pause(500)
    const rows = await query(
      `select from pg_stat_activity
       where state = 'idle in transaction' and state_change < clock_timestamp() - interval '400 milliseconds'`,
    )
    if (rows.length > 0) return rows.length
    process.kill(pid, 'SIGCONT')
    await pause(50)
  }
  throw new Error('the worker was never frozen within a transaction')
}
