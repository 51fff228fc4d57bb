import type { JobCounts } from '@tributary/api'

export type { JobCounts }

export const noCounts: JobCounts = {
  requests: 0,
  bytes: 0,
  pages: 0,
  read: 0,
  values: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  removed: 0,
  setAside: 0,
  rejected: 0,
}

export function addCounts(one: JobCounts, other: JobCounts): JobCounts {
  return Object.fromEntries(
    Object.entries(one).map(([name, count]) => [name, count + other[name as keyof JobCounts]]),
  ) as unknown as JobCounts
}
