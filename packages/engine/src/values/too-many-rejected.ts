/** Where more of a window's records than this part could not be read, its empty days are not known to be empty. */
const tolerableRejections = 0.1

/** Whether so many records could not be read that the job is only a part of one; implausible values were read. */
export function tooManyRejected({
  read,
  rejected,
}: {
  read: number
  rejected: { unreadable: number }
}): boolean {
  return rejected.unreadable > read * tolerableRejections
}
