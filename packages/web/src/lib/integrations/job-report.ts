import type { Job, JobStatus } from '@tributary/engine'
import { dayRange } from '../values/describe-day.ts'

/** A job in words. */
export interface JobReport {
  tone: 'busy' | 'good' | 'warn' | 'bad'
  sentence: string
  /** What is counted so far, or at the end. */
  counts: { name: string; count: number }[]
}

const sentences: Record<JobStatus, (days: string) => string> = {
  queued: (days) => `Waiting to import ${days}`,
  running: (days) => `Importing ${days}`,
  waiting: (days) => `Import of ${days} is waiting`,
  retrying: (days) => `Import of ${days} will be tried again`,
  succeeded: (days) => `Imported ${days}`,
  partial: (days) => `Imported ${days} in part`,
  failed: (days) => `Import of ${days} failed`,
  cancelled: (days) => `Import of ${days} was cancelled`,
}

const tones: Record<JobStatus, JobReport['tone']> = {
  queued: 'busy',
  running: 'busy',
  waiting: 'warn',
  retrying: 'warn',
  succeeded: 'good',
  partial: 'warn',
  failed: 'bad',
  cancelled: 'warn',
}

/** Says of a job what it does or did, and what it found. */
export function jobReport({ status, from, to, counts }: Job): JobReport {
  const found = [
    { name: 'new', count: counts.new },
    { name: 'changed', count: counts.changed },
    { name: 'unchanged', count: counts.unchanged },
    { name: 'removed', count: counts.removed },
    ...(counts.setAside > 0 ? [{ name: 'set aside', count: counts.setAside }] : []),
    ...(counts.rejected > 0 ? [{ name: 'rejected', count: counts.rejected }] : []),
  ]
  const ended = status === 'succeeded' || status === 'partial'
  return {
    tone: tones[status],
    sentence: sentences[status](dayRange(from, to)),
    counts: ended ? found : status === 'running' ? [{ name: 'read', count: counts.read }] : [],
  }
}
