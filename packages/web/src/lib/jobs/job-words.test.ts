import { expect, it } from 'vitest'
import { countWords, jobDuration } from './job-words.ts'

it.each([
  ['2026-11-20T12:00:00.400Z', 'under 1 s'],
  ['2026-11-20T12:00:04Z', '4 s'],
  ['2026-11-20T12:02:05Z', '2 min 5 s'],
  ['2026-11-20T14:02:05Z', '2 h 2 min'],
])('says how long a job worked that ended at %s: %s', (finishedAt, text) =>
  expect(jobDuration({ startedAt: '2026-11-20T12:00:00Z', finishedAt })).toBe(text),
)

it('says of a job that has not ended no duration', () => {
  expect(jobDuration({ startedAt: '2026-11-20T12:00:00Z', finishedAt: null })).toBeNull()
})

it('names what was counted, the bytes for people, and leaves out what was not there', () => {
  const none = {
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
  const words = (counts: object) =>
    countWords({ ...none, ...counts }).map(({ name, text }) => `${text} ${name}`)
  expect(words({})).toEqual(['0 records read', '0 new', '0 changed', '0 unchanged'])
  const all = {
    requests: 1,
    bytes: 1234,
    pages: 5,
    read: 1000,
    values: 3000,
    new: 1,
    removed: 4,
    setAside: 3,
  }
  expect(words({ ...all, rejected: 2 })).toEqual([
    '1 request',
    '1.2 kB received',
    '5 pages',
    '1,000 records read',
    '3,000 values',
    '1 new',
    '0 changed',
    '0 unchanged',
    '4 removed',
    '3 set aside',
    '2 rejected',
  ])
})
