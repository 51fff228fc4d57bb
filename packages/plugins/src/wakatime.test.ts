import type { HttpClient } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { mapPages } from './testing/map-pages.ts'
import { wakatime } from './wakatime.ts'

const { summaries } = wakatime.plugin.streams

function summary(date: string, total: number, projects = {}, languages = {}) {
  const parts = (seconds: Record<string, number>) =>
    Object.entries(seconds).map(([name, total_seconds]) => ({ name, total_seconds, percent: 1 }))
  return {
    grand_total: { total_seconds: total, text: '' },
    range: { date, timezone: 'Europe/Berlin' },
    projects: parts(projects),
    languages: parts(languages),
    editors: [],
  }
}

test('a day has its coding time, and as dimensions its projects and languages', async () => {
  const page = {
    data: [summary('2026-11-18', 5400.5, { tributary: 5000.25, notes: 400.25 }, { TypeScript: 5400.5 })],
  }
  expect(await mapPages(summaries, [page])).toEqual([
    { date: '2026-11-18', fields: { codingTime: 5400.5 } },
    { date: '2026-11-18', dimension: 'tributary', fields: { codingTimeByProject: 5000.25 } },
    { date: '2026-11-18', dimension: 'notes', fields: { codingTimeByProject: 400.25 } },
    { date: '2026-11-18', dimension: 'TypeScript', fields: { codingTimeByLanguage: 5400.5 } },
  ])
})

test('0 seconds are no value', async () => {
  const page = { data: [summary('2026-11-18', 0, { idle: 0 }, { Text: 0 })] }
  const records = await mapPages(summaries, [page])
  expect(records.flatMap((record) => ('fields' in record ? Object.values(record.fields) : []))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test.each([{}, { data: {} }, { error: 'Unauthorized' }, []])(
  '%j is an error and no empty window',
  async (page) => {
    await expect(mapPages(summaries, [page])).rejects.toThrow('off the schema')
  },
)

test('a day or a part of one that cannot be read is rejected alone', async () => {
  const odd = { ...summary('2026-11-17', 60), languages: undefined }
  const page = { data: [{}, odd, summary('2026-11-18', 60, { tributary: Number.NaN, notes: 60 })] }
  expect(await mapPages(summaries, [page])).toEqual([
    { rejected: expect.any(String), record: {} },
    { rejected: expect.any(String), record: odd, dates: ['2026-11-17'] },
    { date: '2026-11-18', fields: { codingTime: 60 } },
    { rejected: expect.any(String), record: expect.anything(), dates: ['2026-11-18'] },
    { date: '2026-11-18', dimension: 'notes', fields: { codingTimeByProject: 60 } },
  ])
})

test('it asks for the days in the person’s zone, and for the account’s id', async () => {
  const asked: unknown[] = []
  const http = {
    get: (path: string, query?: unknown) => {
      asked.push([path, query])
      return Promise.resolve({ data: { id: '5b1c' } })
    },
  } as unknown as HttpClient
  const days = { from: '2026-11-01', to: '2026-11-18', zone: 'Asia/Tokyo' }
  await Array.fromAsync(wakatime.fetchData('summaries', { http, dataType: '', ...days }))
  expect(await wakatime.plugin.api.identify?.(http)).toEqual({ id: '5b1c' })
  expect(asked).toEqual([
    ['users/current/summaries', { start: '2026-11-01', end: '2026-11-18', timezone: 'Asia/Tokyo' }],
    ['users/current', undefined],
  ])
})
