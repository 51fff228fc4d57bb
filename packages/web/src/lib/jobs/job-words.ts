import type { Job, JobCounts, JobTrigger, ProblemOwner } from '@tributary/engine'
import { fileSize } from '../uploads/file-size.ts'

/** Why a job was asked for. */
export const triggers: Record<JobTrigger, string> = {
  connect: 'After connecting',
  manual: 'Asked for by hand',
  schedule: 'By schedule',
  history: 'History',
  view: 'A day that was viewed',
  upload: 'An upload',
  push: 'Sent by a device',
}

/** Who can do something about a job's problem. */
export const ownerWords: Record<ProblemOwner, string> = {
  person: 'You can correct this.',
  admin: 'An admin can correct this.',
  source: 'The problem lies with the source; nothing is left for you to do.',
  plugin: 'The problem lies with the plugin of this source.',
}

/** How long a job worked, e.g. `4 s` or `2 min 5 s`; `null` before its end. */
export function jobDuration({ startedAt, finishedAt }: Pick<Job, 'startedAt' | 'finishedAt'>): string | null {
  if (startedAt === null || finishedAt === null) return null
  const seconds = Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
  if (seconds < 1) return 'under 1 s'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `${minutes} min ${whole % 60} s`
}

/** What was counted, in the order in which it happens; what was not there at all is left out. */
export function countWords(counts: JobCounts): { name: string; text: string }[] {
  const plain = (name: string, count: number) => ({ name, text: count.toLocaleString('en') })
  const some = (name: string, count: number) => (count > 0 ? [plain(name, count)] : [])
  return [
    ...some(counts.requests === 1 ? 'request' : 'requests', counts.requests),
    ...(counts.bytes > 0 ? [{ name: 'received', text: fileSize(counts.bytes) }] : []),
    ...some(counts.pages === 1 ? 'page' : 'pages', counts.pages),
    plain(counts.read === 1 ? 'record read' : 'records read', counts.read),
    ...some(counts.values === 1 ? 'value' : 'values', counts.values),
    plain('new', counts.new),
    plain('changed', counts.changed),
    plain('unchanged', counts.unchanged),
    ...some('removed', counts.removed),
    ...some('set aside', counts.setAside),
    ...some('rejected', counts.rejected),
  ]
}
