import { expect, it } from 'vitest'
import { previewSentence, storedSentence } from './remap-words.ts'

const none = { records: 0, measurements: 0, dailyValues: 0, unreadable: 0, largest: [] }

it('says what would change, has changed or could not be read', () => {
  expect(previewSentence(none, 'would')).toBe('Nothing would change.')
  expect(previewSentence({ ...none, records: 1, dailyValues: 2 }, 'would')).toBe(
    '2 daily values would change, from 1 daily record.',
  )
  expect(previewSentence({ ...none, records: 2, measurements: 1200, dailyValues: 3 }, 'did')).toBe(
    '3 daily values have changed, from 2 daily records and 1,200 measurements.',
  )
  expect(previewSentence({ ...none, unreadable: 1 }, 'did')).toBe(
    'Nothing has changed. 1 answer cannot be read any more; what came of it stays as it is.',
  )
})

it('says how much is stored', () => {
  expect(storedSentence({ fetches: 0, pages: 0, bytes: 0, compressedBytes: 0 })).toBe(
    'No response is stored.',
  )
  expect(storedSentence({ fetches: 2, pages: 1830, bytes: 4_200_000, compressedBytes: 130_000 })).toBe(
    '1,830 stored responses · 4.2 MB (130 kB on disk)',
  )
})
