import type { JobCounts } from '@tributary/engine'
import { expect, it } from 'vitest'
import { uploadCounts, uploadHeadline } from './upload-words.ts'

const counts: JobCounts = {
  requests: 0,
  bytes: 0,
  pages: 1,
  read: 5,
  values: 10,
  new: 4,
  changed: 0,
  unchanged: 0,
  removed: 0,
  setAside: 2,
  rejected: 0,
}

it.each([
  ['succeeded', 'a.csv is imported.'],
  ['partial', 'a.csv is imported in part.'],
  ['failed', 'a.csv could not be imported.'],
  ['cancelled', 'a.csv could not be imported.'],
  ['running', 'Importing a.csv…'],
] as const)('says of a job that is %s: %s', (status, words) =>
  expect(uploadHeadline({ status }, 'a.csv')).toBe(words),
)

it('counts rows apart from values, and names what was set aside', () => {
  const words = uploadCounts({ status: 'succeeded', counts }).map(({ name, count }) => `${count} ${name}`)
  expect(words).toEqual(['5 rows read', '10 values', '4 new', '2 set aside', '0 rejected'])
  expect(uploadCounts({ status: 'running', counts })).toEqual([{ name: 'rows read', count: 5 }])
})
