import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scenario, Stage } from './scenario.ts'

/** Kills backends of the embedded PostgreSQL, as a kernel without memory does, and then the whole server. */
export function killedDatabase({ backends, servers }: { backends: number; servers: number }): Scenario {
  return {
    database: 'embedded',
    longestOutageMs: 10_000,
    async inflict(stage) {
      await stage.startImports()
      const ofBackends = await killEach(stage, backends, () => anyBackend(stage))
      const ofServers = await killEach(stage, servers, () => postmaster(stage))
      return `${backends} backends killed (pages back after at most ${ofBackends} ms), PostgreSQL killed ${servers} times (${ofServers} ms)`
    },
  }
}

/** Kills a process so many times, each time once pages are back. Returns the longest time until then, in milliseconds. */
async function killEach({ prober }: Stage, times: number, find: () => Promise<number>): Promise<number> {
  let longest = 0
  for (let done = 0; done < times; done++) {
    process.kill(await find(), 'SIGKILL')
    const began = performance.now()
    await prober.allAnswer()
    longest = Math.max(longest, Math.round(performance.now() - began))
  }
  return longest
}

async function anyBackend({ query }: Stage): Promise<number> {
  const [backend] = await query<{ pid: number }>(
    `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
     order by state = 'active' desc, state_change desc limit 1`,
  )
  if (!backend) throw new Error('there is no backend to kill')
  return backend.pid
}

async function postmaster({ folder }: Stage): Promise<number> {
  return Number((await readFile(join(folder, 'data/postgres/postmaster.pid'), 'utf8')).split('\n')[0])
}
