import type { Job } from '@tributary/engine'
import { isFinished } from '../job-status.ts'

/** What became of an upload, as a headline; it is imported only where its job read values. */
export function uploadHeadline({ status }: Pick<Job, 'status'>, fileName: string): string {
  if (!isFinished(status)) return `Importing ${fileName}…`
  if (status === 'succeeded') return `${fileName} is imported.`
  return status === 'partial' ? `${fileName} is imported in part.` : `${fileName} could not be imported.`
}

/** What an upload's import counted: rows and values, what became of them, and what was not used. */
export function uploadCounts({
  status,
  counts,
}: Pick<Job, 'status' | 'counts'>): { name: string; count: number }[] {
  const { read, values, new: added, changed, unchanged, removed, setAside, rejected } = counts
  const rows = { name: read === 1 ? 'row read' : 'rows read', count: read }
  if (!isFinished(status)) return [rows]
  const some = [
    { name: 'changed', count: changed },
    { name: 'unchanged', count: unchanged },
    { name: 'removed', count: removed },
    { name: 'set aside', count: setAside },
  ].filter(({ count }) => count > 0)
  return [
    rows,
    { name: values === 1 ? 'value' : 'values', count: values },
    { name: 'new', count: added },
    ...some,
    { name: 'rejected', count: rejected },
  ]
}
