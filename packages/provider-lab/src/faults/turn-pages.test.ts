import { afterEach, beforeEach, expect, test } from 'vitest'
import { client } from '../sources/google-health/test-health.ts'
import type { HealthClient, Page } from '../sources/google-health/test-health.ts'
import { startTestLab } from '../test-client.ts'
import type { TestLab } from '../test-client.ts'
import type { PageFault } from './fault.ts'

const source = 'google-health'
const path = 'exercise/dataPoints'
const filter =
  'exercise.interval.civil_start_time >= "2026-10-01" AND exercise.interval.civil_start_time < "2026-11-01"'

let lab: TestLab
let health: HealthClient
let whole: Page[]
beforeEach(async () => {
  lab = await startTestLab('2026-11-20T12:00:00Z', { options: { [source]: { largestPage: 4 } } })
  health = await client(lab)
  whole = await health.pages(path, { filter })
})
afterEach(() => lab.close())

const turnWrong = (pages: PageFault, times = 1) =>
  lab.lab.faults.add({ source, path: /exercise/, times, respond: { pages } })
const names = (pages: readonly Page[]) =>
  pages.flatMap(({ dataPoints }) => dataPoints.map(({ name }) => name))

test('pages are as small as the lab is told', () => {
  expect(whole.length).toBeGreaterThan(2)
  for (const { dataPoints } of whole.slice(0, -1)) expect(dataPoints).toHaveLength(4)
})

test('after something came in at the front, each page repeats the last item of the one before', async () => {
  turnWrong('repeat', Infinity)
  const pages = await health.pages(path, { filter })
  expect(pages.map(({ dataPoints }) => dataPoints.length)).toEqual(
    whole.map(({ dataPoints }, index) => dataPoints.length + (index > 0 ? 1 : 0)),
  )
  expect([...new Set(names(pages))]).toEqual(names(whole))
  pages.slice(1).forEach(({ dataPoints }, index) => {
    expect(dataPoints[0]).toEqual(whole[index]?.dataPoints.at(-1))
  })
})

test('after something went away at the front, each page leaves out its first item', async () => {
  turnWrong('skip', Infinity)
  const pages = await health.pages(path, { filter })
  const skipped = whole.slice(1).map(({ dataPoints }) => dataPoints[0]?.name)
  expect(names(pages)).toEqual(names(whole).filter((name) => !skipped.includes(name)))
})

test.each([
  ['same-token', 1],
  ['new-tokens', 5],
] as const)('pages with %s never end', async (fault, tokens) => {
  turnWrong(fault, 5)
  const seen: Page[] = [await health.page(path, { filter })]
  while (seen.length < 5)
    seen.push(await health.page(path, { filter, pageToken: seen.at(-1)!.nextPageToken }))
  expect(new Set(seen.map(({ nextPageToken }) => nextPageToken)).size).toBe(tokens)
  expect(names(seen)).toEqual(Array.from({ length: 5 }, () => names(whole.slice(0, 1))).flat())
  expect(seen.every(({ nextPageToken }) => nextPageToken !== '')).toBe(true)
})
