import type { Job, ValuesChanged } from '@tributary/engine'

/** Something on the page that shows jobs or values. */
export interface JobFollower {
  changed(job: Job): void
  valuesChanged(changes: ValuesChanged): void
  /** Changes may have been missed. */
  missed(): void
}

const retryMs = 5000
const followers = new Set<JobFollower>()
let source: EventSource | undefined
let retry: ReturnType<typeof setTimeout> | undefined

/** Notifies of the user's jobs and values as they change, while the page is looked at. Returns what ends it. */
export function followJobs(follower: JobFollower): () => void {
  if (followers.size === 0) document.addEventListener('visibilitychange', adjust)
  followers.add(follower)
  adjust()
  return () => {
    followers.delete(follower)
    if (followers.size === 0) document.removeEventListener('visibilitychange', adjust)
    adjust()
  }
}

/** One stream for all of a page, and none for a page that nobody sees: browsers and the server allow a few. */
function adjust(): void {
  const wanted = followers.size > 0 && !document.hidden
  if (wanted && !source) open()
  if (!wanted) close()
}

function open(): void {
  clearTimeout(retry)
  const opened = new EventSource('/api/import-jobs/events')
  source = opened
  opened.addEventListener('open', tellMissed)
  opened.addEventListener('job', ({ data }) => {
    const job = JSON.parse(data as string) as Job
    for (const follower of followers) follower.changed(job)
  })
  opened.addEventListener('values', ({ data }) => {
    const changes = JSON.parse(data as string) as ValuesChanged
    for (const follower of followers) follower.valuesChanged(changes)
  })
  opened.addEventListener('error', () => {
    // It connects again by itself, unless it was refused.
    if (opened.readyState !== EventSource.CLOSED || source !== opened) return
    close()
    retry = setTimeout(() => {
      tellMissed()
      adjust()
    }, retryMs)
  })
}

function close(): void {
  clearTimeout(retry)
  source?.close()
  source = undefined
}

function tellMissed(): void {
  for (const follower of followers) follower.missed()
}
