import type { Job } from '@tributary/engine'
import { invalidateAll } from '$app/navigation'
import { callApi } from '../call-api.ts'
import { type Addressed, apiPath, query } from '../integrations/connection-path.ts'
import { isFinished } from '../job-status.ts'
import { Live } from '../live.svelte.ts'

const pageLength = 50

interface Jobs {
  /** The connection that they are of. */
  of: Addressed
  /** The newest first. */
  jobs: Job[]
  /** Whether there are older ones. */
  more: boolean
}

/** A connection's jobs. */
export type LiveJobs = Live<Jobs, 'import' | 'older'>

export function followJobsOf(of: Addressed, jobs: Job[]): LiveJobs {
  const live: LiveJobs = new Live(
    { of, jobs, more: jobs.length >= pageLength },
    {
      async read() {
        await invalidateAll()
        return undefined
      },
      takeJob(job) {
        if (job.connectionId !== of.connection) return false
        acceptJobs(live, [job])
        return isFinished(job.status)
      },
    },
  )
  return live
}

/** Takes jobs as they are now; what was loaded before stays beside them. */
export function acceptJobs(live: LiveJobs, jobs: Job[], more = live.value.more): void {
  const before = live.value.jobs.filter(({ id }) => !jobs.some((job) => job.id === id))
  live.value = { ...live.value, jobs: [...jobs, ...before].sort(newestFirst), more }
}

/** Requests the import of days. */
export function importAgain(live: LiveJobs, startDate: string, endDate: string): Promise<boolean> {
  return live.act('import', async () => {
    const path = apiPath(live.value.of, '/sync')
    const { job } = await callApi<{ job: Job }>('POST', path, { startDate, endDate })
    live.requested = job
    live.changed(job)
  })
}

export function loadOlder(live: LiveJobs): Promise<boolean> {
  return live.act('older', async () => {
    const { of, jobs: shown } = live.value
    const before = shown.at(-1)?.createdAt ?? ''
    const { jobs } = await callApi<{ jobs: Job[] }>(
      'GET',
      `/api/import-jobs${query(of, { plugin: of.plugin.id, before })}`,
    )
    acceptJobs(live, jobs, jobs.length >= pageLength)
  })
}

const newestFirst = (one: Job, other: Job) => other.createdAt.localeCompare(one.createdAt)
