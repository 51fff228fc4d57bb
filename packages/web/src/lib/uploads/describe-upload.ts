import type { Job, UploadInfo } from '@tributary/engine'
import { isFinished } from '../job-status.ts'
import { dayRange } from '../values/describe-day.ts'
import { fileSize } from './file-size.ts'

/** An upload with what its import counted; `null` where the job is gone. */
export interface ShownUpload extends UploadInfo {
  job: Pick<Job, 'status' | 'reason' | 'counts'> | null
}

/** An upload in one line: its size, its days, its rows and values. */
export function describeUpload({ bytes, from, to, job, undone }: ShownUpload): string {
  const days = from !== null && to !== null ? dayRange(from, to) : null
  return [fileSize(bytes), days, rows(job, undone)].filter((part) => part !== null).join(' · ')
}

function rows(job: ShownUpload['job'], undone: boolean): string | null {
  if (!job) return null
  if (!isFinished(job.status)) return 'being imported'
  if (job.status === 'failed') return 'could not be imported'
  if (job.status === 'cancelled' && undone) return 'stopped'
  const { read, values, setAside, rejected } = job.counts
  return [
    `${read.toLocaleString('en')} ${read === 1 ? 'row' : 'rows'}`,
    `${values.toLocaleString('en')} ${values === 1 ? 'value' : 'values'}`,
    ...(setAside > 0 ? [`${setAside.toLocaleString('en')} set aside`] : []),
    ...(rejected > 0 ? [`${rejected.toLocaleString('en')} rejected`] : []),
  ].join(', ')
}
