/** What was done for one stream, or for a whole job. */
export interface JobCounts {
  /** Requests sent, refused ones and repetitions among them. */
  requests: number
  /** Bytes received, uncompressed. */
  bytes: number
  pages: number
  /** Records that the mapping gave; of a file, its rows. */
  read: number
  /** Single values found in them. */
  values: number
  new: number
  changed: number
  unchanged: number
  removed: number
  /** Values that are not used because another one of the same day, or of the same instant, counts. */
  setAside: number
  rejected: number
}

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
