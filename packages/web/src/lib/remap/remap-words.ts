import type { RemapPreview, StoredAnswers } from '@tributary/engine'
import { fileSize } from '../uploads/file-size.ts'

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** Says how much is stored of a connection's answers. */
export function storedSentence({ pages, bytes, compressedBytes }: StoredAnswers): string {
  if (pages === 0) return 'No response is stored.'
  return `${count(pages, 'stored response', 'stored responses')} · ${fileSize(bytes)} (${fileSize(compressedBytes)} on disk)`
}

/** Says what reading stored answers again would change, or has changed. */
export function previewSentence(
  { records, measurements, dailyValues, unreadable }: RemapPreview,
  tense: 'would' | 'did',
): string {
  const parts = [
    ...(records > 0 ? [count(records, 'daily record', 'daily records')] : []),
    ...(measurements > 0 ? [count(measurements, 'measurement', 'measurements')] : []),
  ]
  const one = dailyValues + records + measurements === 1
  const verb = tense === 'would' ? 'would change' : one ? 'has changed' : 'have changed'
  const changes =
    parts.length === 0
      ? tense === 'would'
        ? 'Nothing would change.'
        : 'Nothing has changed.'
      : `${count(dailyValues, 'daily value', 'daily values')} ${verb}, from ${parts.join(' and ')}.`
  if (unreadable === 0) return changes
  const left = `${count(unreadable, 'answer', 'answers')} cannot be read any more`
  return `${changes} ${left}; what came of ${unreadable === 1 ? 'it' : 'them'} stays as it is.`
}
