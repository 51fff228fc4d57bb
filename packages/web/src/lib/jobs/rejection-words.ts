import type { JobRejection } from '@tributary/engine'

/** Why a record was rejected, in a word. */
export const rejectionCodes: Record<JobRejection['code'], string> = {
  unreadable: 'Could not be read',
  implausible: 'Implausible',
}

/** Where a rejected record stands: its stream and the place in the answer, or the line of a file. */
export function rejectionPlace(
  { stream, path, page }: Pick<JobRejection, 'stream' | 'path' | 'page'>,
  nameOf: (stream: string) => string,
): string {
  const places = [
    stream === 'file' ? null : nameOf(stream),
    path ?? null,
    page === null ? null : `answer ${page + 1}`,
  ]
  return places.filter((place) => place !== null).join(', ') || 'From the file'
}
