import { expect, test } from 'vitest'
import { type Ending, judge, notBegun } from './close-job.ts'

const now = Temporal.Instant.from('2026-11-20T12:00:00Z')
const ending = (more: Partial<Ending>): Ending => ({
  ...notBegun,
  covered: 1,
  ...more,
})
const judged = (more: Partial<Ending>, before: { failures?: number; waits?: number } = {}) => {
  const { status, state, runAfter } = judge(ending(more), { failures: 0, waits: 0, ...before }, now)
  return [status, state, runAfter ? now.until(runAfter).total('seconds') : null]
}

test('a job has succeeded only where nothing failed, and is partial only where something came', () => {
  expect(judged({})).toEqual(['succeeded', 'connected', null])
  expect(judged({ failed: 1 })).toEqual(['partial', 'connected', null])
  expect(judged({ failed: 1, covered: 0 })).toEqual(['failed', 'connected', null])
  for (const code of ['unavailable', 'not-allowed', 'reauthorize', 'misconfigured', 'retired'] as const) {
    expect(judged({ code, failed: 1 }, { failures: 4 })[0], code).toBe('partial')
    expect(judged({ code, failed: 1, covered: 0 }, { failures: 4 })[0], code).toBe('failed')
  }
})

test('what a source could not answer is tried again four times, ever later', () => {
  const waits = [0, 1, 2, 3, 4].map((failures) => judged({ code: 'unavailable', failed: 1 }, { failures })[2])
  expect(waits).toEqual([10, 60, 300, 1800, null])
})

test('a limit is waited for as long as the source says, or ever longer, up to an hour', () => {
  const code = 'rate-limited'
  expect(judged({ code, retryAt: now.add({ minutes: 20 }) }, { waits: 9 })).toEqual([
    'waiting',
    'connected',
    1200,
  ])
  expect([0, 1, 2, 5, 6, 60].map((waits) => judged({ code }, { waits })[2])).toEqual([
    60, 120, 240, 1920, 3600, 3600,
  ])
})
