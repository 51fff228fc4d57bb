import type { JobRejection } from '@tributary/engine'

/** Why a record was rejected, in a word. */
export const rejectionCodes: Record<JobRejection['code'], string> = {
  unreadable: 'Could not be read',
  implausible: 'Implausible',
}

/** Where a rejected record stands: its stream and response, e.g. `Vitals, response 1`, or the line of a file, e.g. `Line 12`. */
export function rejectionPlace(
  { stream, path, page }: Pick<JobRejection, 'stream' | 'path' | 'page'>,
  nameOf: (stream: string) => string,
): string {
  const places = [
    stream === 'file' ? null : nameOf(stream),
    path ?? null,
    page === null ? null : `response ${page + 1}`,
  ]
  const place = places.filter((one) => one !== null).join(', ') || 'In the file'
  return place.charAt(0).toUpperCase() + place.slice(1)
}
